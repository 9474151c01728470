"""Moments of projects and issues in one replication: when any activity became ready, started and ended, by name."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import project_cases
from parkflow.analysis.replication.issue_cases import issue_cases
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Who = Literal["projects", "issues"]

BEGINS = ("ready", "start")
"""What may stand behind an activity's name and a dot; the name alone stands for its end."""


def moments(records: Records, name: str, who: Who = "projects") -> Floats:
    """Day of a moment, one entry per project or planned issue; NaN where it did not come.

    `name` is an activity or milestone (its end, of all its copies), ``NAME.ready`` (when the first copy first asked),
    ``NAME.start`` (when the first copy was taken up), or a date as ``2019-08-03``. Where the park has no such activity,
    nobody meets the moment.
    """
    cases = project_cases(records) if who == "projects" else issue_cases(records)
    if (date := _date(name)) is not None:
        return np.full(len(cases), records.layout.scenario.day(date))
    activity, _, which = name.partition(".")
    if activity not in records.layout.number:
        return np.full(len(cases), np.nan)
    return _by_case(records, activity, which)[cases]


def knows_moment(records: Records, name: str) -> bool:
    """Whether a name stands for a moment that the scenario can have."""
    activity, _, which = name.partition(".")
    return _date(name) is not None or (activity in records.layout.number and which in ("", *BEGINS))


def attribute(records: Records, name: str) -> Floats:
    """One attribute of each project; NaN where its group does not have it."""
    return _of_projects(records, "attributes", name)


def covered(records: Records, practice: str) -> Bools:
    """Which projects a practice covers."""
    given = _of_projects(records, "practices", practice)
    found: Bools = given == 1.0
    return found


def _by_case(records: Records, activity: str, which: str) -> Floats:
    """The first readiness or start, or the last end, of the steps of one activity, by case; NaN where one has none."""
    steps, cases = records.plan.steps, len(records.plan.cases.first)
    mine = np.flatnonzero((steps.activity == records.layout.number[activity]) & (steps.kind != SKIPPED))
    mine = mine[~records.skipped[mine]]
    if which in BEGINS:
        found = np.full(cases, np.inf)
        days = records.first_ready[mine] if which == "ready" else records.start[mine]
        np.minimum.at(found, steps.case[mine], np.where(np.isnan(days), np.inf, days))
    else:  # never over while one copy is not
        found = np.full(cases, -np.inf)
        np.maximum.at(found, steps.case[mine], np.where(np.isnan(records.end[mine]), np.inf, records.end[mine]))
    return np.where(np.isinf(found), np.nan, found)


def _of_projects(records: Records, column: Literal["attributes", "practices"], name: str) -> Floats:
    cases, all_cases = project_cases(records), records.plan.cases
    found = np.full(len(cases), np.nan)
    for number, projects in enumerate(records.plan.projects):
        values = getattr(projects, column).get(name)
        if values is not None:
            mine = np.flatnonzero(all_cases.group[cases] == number)
            found[mine] = np.asarray(values, dtype=np.float64)[all_cases.row[cases[mine]]]
    return found


def _date(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return None
