"""The failures of a sweep, one line for each, written as soon as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parkflow.analysis.store.line_log import Lines, append_lines, read_lines
from parkflow.analysis.store.sealing import sealed_line

FAILURES = "failures.jsonl"
WHOLE_POINT = -1
"""Stands for all replications of a point whose scenario cannot be built."""


@dataclass(frozen=True)
class Failure:
    """A replication that failed (or `WHOLE_POINT`): the error, where it arose, and the inputs to try again with."""

    point: int
    replication: int
    error: str
    trace: str
    inputs: Mapping[str, Any]


def read_failures(folder: Path) -> tuple[list[Failure], Lines]:
    """The failures of a folder, and what is wrong with their lines."""
    lines = read_lines(folder / FAILURES)
    return [Failure(**line) for line in lines.sound], lines


def append_failures(folder: Path, failures: Iterable[Failure]) -> None:
    """Add failures; raises `OSError`."""
    append_lines(folder / FAILURES, _written(failures))


def _written(failures: Iterable[Failure]) -> Iterator[str]:
    for failure in failures:
        yield sealed_line(vars(failure))
