"""A small office of one desk, run and swept, whose folders tests may damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import parkflow

OFFICE = """
name = "office"
title = "An office"
start = 2024-01-01
horizon = 200
assumed = "a textbook system"
question = { from = "arrival", to = "decided" }
[calendars.office]
week = [1, 1, 1, 1, 1, 0, 0]
[classes.any]
[portfolio.files]
of = "any"
count = 12
arrivals = { every = "exponential(3)" }
[desks.counter]
servers = 1
calendar = "office"
[activities.check]
step = "desk"
desk = "counter"
duration = "gamma(2, 0.5) wd"
correction = { probability = 0.3, fix = "exponential(5)" }
[activities.decided]
step = "milestone"
needs = ["check"]
[policies.fast]
title = "fast"
"""

VARIED = {"desks.counter.servers": [1, 2]}


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
