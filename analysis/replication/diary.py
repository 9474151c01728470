"""The diary of one project: stretch by stretch, who had its file and why, from the tables of a replication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.replication.tables import Table

What = Literal["milestone", "waits", "corrects", "own"]

NOTICEABLE = 0.01
"""Stretches of fewer days than this are left out."""


class Entry(NamedTuple):
    """One stretch of a diary, or a milestone, which takes no time.

    `what` is `waits` (at `place`, where `ahead` files stood before it), `corrects` (the applicant has it back) or `own`
    (the step itself, which counts under `cause`). `end` is NaN for what is not over. `issue` is empty for steps of the
    project itself.
    """

    begin: float
    end: float
    what: What
    activity: str
    step: str
    place: str
    copy: int
    attempt: int
    ahead: int
    issue: str
    cause: str


def diary(tables: Mapping[str, Table], project: str) -> list[Entry]:
    """The diary of a project, by day; raises `ArgumentError` where there is no such project."""
    known = tables["projects"]["project"].tolist()
    if project not in known:
        raise ArgumentError("project", project, f"the projects are {', '.join(known[:6])}, …")
    met = _milestones(tables["projects"], known.index(project))
    return sorted(
        (*_entries(tables["steps"], project), *met), key=lambda entry: (entry.begin, entry.what != "milestone")
    )


def _milestones(projects: Table, number: int) -> Iterator[Entry]:
    """The milestones that a project reached during the run."""
    for name in projects:
        day = float(projects[name][number]) if f"{name}_ahead" in projects else np.nan
        if not np.isnan(day):
            yield Entry(day, day, "milestone", name, "milestone", "", 1, 1, 0, "", "")


def _entries(steps: Table, project: str) -> Iterator[Entry]:
    came_back = np.nan
    for number in np.flatnonzero(steps["project"] == project).tolist():
        row = {name: column[number] for name, column in steps.items()}
        if row["attempt"] > 1:
            yield from _stretch(row, came_back, row["ready"], "corrects")
        yield from _stretch(row, row["ready"], row["start"], "waits", _ahead(steps, row))
        yield from _stretch(row, row["start"], row["end"], "own")
        came_back = row["end"]


def _stretch(row: Mapping[str, Any], begin: float, end: float, what: What, ahead: int = 0) -> Iterator[Entry]:
    """The stretch, if it has begun and is not next to nothing."""
    if not np.isnan(begin) and not end - begin < NOTICEABLE:
        yield _entry(row, begin, end, what, ahead)


def _entry(row: Mapping[str, Any], begin: float, end: float, what: What, ahead: int = 0) -> Entry:
    text = {name: str(row[name]) for name in ("activity", "step", "place", "issue", "cause")}
    return Entry(
        float(begin), float(end), what, copy=int(row["copy"]), attempt=int(row["attempt"]), ahead=ahead, **text
    )


def _ahead(steps: Table, row: Mapping[str, Any]) -> int:
    """Files that stood in the line of a desk when this one joined it."""
    same = (steps["place"] == row["place"]) & (steps["ready"] < row["ready"])
    return int(np.count_nonzero(same & ~(steps["start"] <= row["ready"]))) if row["step"] == "desk" else 0
