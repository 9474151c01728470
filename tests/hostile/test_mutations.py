"""Mutated files and command lines are refused in words or run without nonsense; never a traceback, never a hang.

More of them, and how they are made: python -m tests.hostile.mutate
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parkflow.sim.choosing import engine
from tests.hostile.drive import FORBIDDEN, file_case, line_case
from tests.hostile.mutate import outcome

FILES, LINES, PER_TEST = 1400, 100, 100
"""Together with the five hundred of `tests/scenarios/test_mutations.py` they are two thousand."""


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    """The engine is compiled once, outside the time of any case."""
    engine()


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.slow) for first in range(PER_TEST, FILES, PER_TEST))]
)
def test_mutated_files_are_refused_or_sound(first: int, tmp_path: Path) -> None:
    came = {number: outcome(file_case, number, tmp_path) for number in range(first, first + PER_TEST)}
    assert not {number: what for number, what in came.items() if what.startswith(FORBIDDEN)}
    assert "sound" in came.values()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, LINES, PER_TEST))
def test_mutated_command_lines_are_refused_or_carried_out(first: int, tmp_path: Path) -> None:
    came = {number: outcome(line_case, number, tmp_path) for number in range(first, first + PER_TEST)}
    assert not {number: what for number, what in came.items() if what.startswith(FORBIDDEN)}
