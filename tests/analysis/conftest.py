"""Stored runs of shipped parks, made once for all tests that read them."""

from __future__ import annotations

from pathlib import Path

import pytest

import parkflow
from parkflow.analysis.store.run_folder import Run, TableFolder


def kept(folder: Path, park: str, policies: list[str], baseline: str = "serial") -> Run:
    """Compare policies of a park and keep everything."""
    with TableFolder(folder) as tables:
        result = parkflow.compare(park, policies, baseline=baseline, replications=3, workers=1, keep=tables.append)
    parkflow.write(result, folder)
    return Run(folder)


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Zhifu under three policies."""
    return kept(tmp_path_factory.mktemp("zhifu"), "zhifu", ["reported", "green_channel"])


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Zhifu under one policy only."""
    return kept(tmp_path_factory.mktemp("single"), "zhifu", ["reported"], "reported")


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Zhifu cut off before anybody breaks ground."""
    folder = tmp_path_factory.mktemp("cut")
    (folder / "cut.toml").write_text('extends = "zhifu"\nhorizon = 160\n', encoding="utf-8")
    return kept(folder / "run", str(folder / "cut.toml"), ["reported"])


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Zhifu cut off before anybody arrives."""
    folder = tmp_path_factory.mktemp("empty")
    changed = "[portfolio.{}]\narrivals = {{ on = [2021-06-01], assumed = 'late' }}\n"
    text = "".join(changed.format(group) for group in ("new", "continuing", "others"))
    (folder / "empty.toml").write_text(f'extends = "zhifu"\nhorizon = 30\n{text}', encoding="utf-8")
    return kept(folder / "run", str(folder / "empty.toml"), ["reported"])
