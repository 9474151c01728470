"""Milestones of one replication: the day each project reached one, the span between two, and what is censored.

These are the only definitions; measures, tables, charts and reports use them or what they left in a table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import project_cases, project_groups
from parkflow.analysis.replication.once import once
from parkflow.sim.checks.steps import always_before
from parkflow.sim.kinds import MILESTONE, SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.network import ARRIVAL
from parkflow.sim.records import Records
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Pair = tuple[str, str]
"""Two milestones, the one from which days count and the one up to which they do."""


@dataclass(frozen=True)
class Reached:
    """One milestone; one entry per case: its day (NaN: not reached), and whether the case has it ahead of it at all."""

    day: Floats
    ahead: Bools


@dataclass(frozen=True)
class Span:
    """Days between two milestones; one entry per project: NaN where it is left out, and whether it is censored.

    A project is left out that is not of the groups that the park's question names, that has either milestone behind it
    or never meets it, that withdrew before the second, or that has not reached the first. One that has not reached the
    second counts up to the end of the run. Both of the last kinds are censored: a project may be left out of the days
    and censored at once.
    """

    days: Floats
    censored: Bools


def project_milestones(scenario: Scenario) -> tuple[str, ...]:
    """Names of the milestones of a project without its arrival, in the order of the scenario."""
    activities = scenario.activities.items()
    return tuple(name for name, it in activities if it.step == "milestone" and "project" in it.processes)


def in_order(scenario: Scenario, pair: Pair) -> bool:
    """Whether the second milestone never comes before the first, whatever customs are waived."""
    start, end = pair
    return start in (ARRIVAL, end) or start in always_before(scenario, end)


def milestone_steps(records: Records, name: str) -> Ints:
    """The step of each case that is this milestone, by case; -1 where it has none ahead of it."""
    number = records.layout.number[name]
    row = _milestone_rows(records.layout)[number]
    found: Ints = _steps_of(records, np.array([number]))[0] if row < 0 else _milestone_table(records)[row]
    return found


@once
def _milestone_table(records: Records) -> Ints:
    """The steps of all milestones, for all who ask about one; shape (milestones, cases)."""
    return _steps_of(records, np.flatnonzero(_milestone_rows(records.layout) >= 0))


@once
def _milestone_rows(layout: Layout) -> Ints:
    """The row of each activity in the table of milestones; -1 for what is none."""
    is_milestone = layout.kinds == MILESTONE
    return np.where(is_milestone, np.cumsum(is_milestone) - 1, -1)


def _steps_of(records: Records, activities: Ints) -> Ints:
    """The step of each case that is one of some activities and takes place, the last of its copies; -1 for none.

    Of shape (activities, cases).
    """
    steps = records.plan.steps
    row = np.full(len(records.layout.activities), -1)
    row[activities] = np.arange(len(activities))
    mine = np.flatnonzero(row[steps.activity] >= 0)
    mine = mine[~records.skipped[mine] & (steps.kind[mine] != SKIPPED)]
    found = np.full((len(activities), len(records.plan.cases.first)), -1)
    found[row[steps.activity[mine]], steps.case[mine]] = mine
    return found


def milestone_days(records: Records, name: str) -> Floats:
    """Day on which each case ended an activity, by case; NaN where it did not, or where the scenario has none of it."""
    if name not in records.layout.number:
        return np.full(len(records.plan.cases.first), np.nan)
    step = milestone_steps(records, name)
    return np.where(step < 0, np.nan, records.end[step])


def reached(records: Records, name: str, cases: Ints) -> Reached:
    """When some cases reached a milestone; raises `KeyError` where the scenario has none of this name."""
    step = milestone_steps(records, name)[cases]
    return Reached(np.where(step < 0, np.nan, records.end[step]), step >= 0)


def projects_reached(records: Records, name: str) -> Reached:
    """When the projects reached a milestone, in the order of `project_cases`; found once per milestone."""
    known = _reached_by_name(records)
    if name not in known:
        known[name] = reached(records, name, project_cases(records))
    return known[name]


@once
def _reached_by_name(records: Records) -> dict[str, Reached]:
    return {}


def span(records: Records, pair: Pair, over: float | None = None) -> Span:
    """Days of each project between two milestones, up to the day `over` at most: by default the end of the run."""
    cases = project_cases(records)
    start, end = (projects_reached(records, name) for name in pair)
    unfinished = np.isnan(start.day + end.day)
    asked = _asked_about(records) & start.ahead & end.ahead & ~(records.withdrawn[cases] & unfinished)
    days = np.where(np.isnan(end.day), records.over if over is None else over, end.day) - start.day
    return Span(np.where(asked, days, np.nan), asked & unfinished)


def restricted(records: Records, baseline: Records, pair: Pair) -> tuple[Span, Span]:
    """The spans of a run and of its baseline, both up to the same number of days after the first milestone.

    That is the time left from the later of a project's two starts to the later end of the two runs, so that a policy
    gains nothing by starting late. A project is left out of both if either run leaves it out, and censored in both if
    it is cut off in either. Raises `ValueError` where the runs do not have the same projects.
    """
    _check_same_projects(records, baseline)
    over = max(records.over, baseline.over)
    mine, theirs = span(records, pair, over), span(baseline, pair, over)
    starts = [projects_reached(it, pair[0]).day for it in (records, baseline)]
    most = over - np.maximum(*starts)
    censored = mine.censored | theirs.censored | (mine.days > most) | (theirs.days > most)
    both = np.where(np.isnan(mine.days + theirs.days), np.nan, most)
    return Span(np.minimum(mine.days, both), censored), Span(np.minimum(theirs.days, both), censored)


def saved(records: Records, baseline: Records, pair: Pair) -> Span:
    """Days that each project takes less than under the baseline, both restricted at the same time after its start."""
    mine, theirs = restricted(records, baseline, pair)
    return Span(theirs.days - mine.days, mine.censored)


def earlier(records: Records, baseline: Records, milestone: str) -> Span:
    """Days by which each project reaches a milestone earlier than under the baseline, whoever it is.

    Of every project that has it ahead of it and does not withdraw before it; one that does not reach it counts up to
    the later end of the two runs, and is censored. Raises `ValueError` where the runs do not have the same projects.
    """
    _check_same_projects(records, baseline)
    over, days, asked, open_ = max(records.over, baseline.over), [], [], []
    for run in (records, baseline):
        cases, met = project_cases(run), projects_reached(run, milestone)
        days.append(np.where(np.isnan(met.day), over, met.day))
        asked.append(met.ahead & ~(run.withdrawn[cases] & np.isnan(met.day)))
        open_.append(np.isnan(met.day))
    both = asked[0] & asked[1]
    return Span(np.where(both, days[1] - days[0], np.nan), both & (open_[0] | open_[1]))


@once
def _asked_about(records: Records) -> Bools:
    """Which projects the park's question is about."""
    question, group = records.layout.scenario.question, project_groups(records)
    named = question.groups if question else ()
    return np.isin(group, named) if named else np.ones(len(group), dtype=bool)


def _check_same_projects(records: Records, baseline: Records) -> None:
    for column in ("group", "row"):
        mine, theirs = (getattr(it.plan.cases, column)[project_cases(it)] for it in (records, baseline))
        if not np.array_equal(mine, theirs):
            raise ValueError("the policies compared do not have the same projects; give them the same portfolio")
