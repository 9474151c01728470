"""The office, run and swept, in folders that tests may damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import parkflow
from tests.store.office import OFFICE, VARIED


@pytest.fixture(scope="session")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario file of the office."""
    path = tmp_path_factory.mktemp("office") / "office.toml"
    path.write_text(OFFICE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def made(park: Path) -> Path:
    """The folder of a run, which nobody may touch."""
    parkflow.compare(park, "fast", replications=3, workers=1, out=park.with_name("run"))
    return park.with_name("run")


@pytest.fixture(scope="session")
def swept(park: Path) -> Path:
    """The folder of a sweep of two chunks, which nobody may touch."""
    folder = park.with_name("sweep")
    parkflow.sweep(park, VARIED, "fast", replications=2, workers=1, out=folder)
    parkflow.sweep(park, VARIED, "fast", replications=2, workers=1, out=folder, extend=1)
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    """A copy of the run that may be damaged."""
    return Path(shutil.copytree(made, tmp_path / "run"))


@pytest.fixture
def sweep(swept: Path, tmp_path: Path) -> Path:
    """A copy of the sweep that may be damaged."""
    return Path(shutil.copytree(swept, tmp_path / "sweep"))
