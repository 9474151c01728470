"""Where the days go: the realised critical path of every project, split into causes that sum to it exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import project_cases
from parkflow.analysis.replication.curve_days import lost
from parkflow.analysis.replication.holding import holding
from parkflow.analysis.replication.milestones import Pair, milestone_steps, project_milestones, span
from parkflow.analysis.replication.once import once
from parkflow.sim.kinds import CALENDAR_DAYS, DESK, SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records
from parkflow.sim.scenario import Cause

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CAUSES: tuple[Cause, ...] = get_args(Cause)
"""The causes of a day, in the order of every table."""

_NUMBER = {cause: number for number, cause in enumerate(CAUSES)}
_STATUTORY = ("notice", "stock")


def own_causes(layout: Layout) -> Ints:
    """What each activity's own time counts under, as an index into `CAUSES`, by activity number."""
    activities = layout.scenario.activities.values()
    own = [activity.cause or activity.usual_cause for activity in activities]
    return np.array([_NUMBER[cause] for cause in ("preparation", *own)])


@dataclass(frozen=True)
class Ways:
    """Where the days of the projects went; one row per project, NaN where it has no days.

    `days` has one column per cause, in the order of `CAUSES`. `closed` are those of its days on which the office was
    closed where the project waited or was served: a memo, already contained in the causes.
    """

    days: Floats
    closed: Floats


def cause_days(records: Records, start: str, end: str) -> dict[Cause, Floats]:
    """Days by cause on the way of each project from one milestone to another; see `ways`."""
    return dict(zip(CAUSES, ways(records, (start, end)).days.T, strict=True))


def ways(records: Records, pair: Pair, counted: Floats | None = None) -> Ways:
    """Days by cause of each project between two milestones, in the order of `project_cases`.

    `counted` are the days counted of each project, those of `span` if left out; the causes sum to them. They are
    negative where it met the milestones in the other order. A project that is cut off before the second milestone is
    on the way to the step that holds it up: of those that it waits in or works at, the one that could begin first.
    """
    cases = project_cases(records)
    first, last = (milestone_steps(records, name)[cases] for name in pair)
    length = span(records, pair).days if counted is None else counted
    began = np.where(np.isnan(length), np.nan, records.end[first])
    target = np.where(length < 0, first, np.where(np.isnan(length), -1, last))
    path = _Path(records, holding(records, target), began + np.minimum(length, 0.0), began + np.maximum(length, 0.0))
    days, closed = path.days()
    days[length < 0] *= -1.0
    days[np.isnan(length)] = closed[np.isnan(length)] = np.nan
    return Ways(days, closed)


def recounted(records: Records, pair: Pair, known: Ways, before: Floats, counted: Floats) -> Ways:
    """The ways that `known` are with the days `before`, with the days `counted`; only those that differ are walked.

    The way of a project lies in its own case and its issues, so that none depends on which others are asked about.
    """
    moved = ~((counted == before) | (np.isnan(counted) & np.isnan(before)))
    if not moved.any():
        return known
    anew = ways(records, pair, np.where(moved, counted, np.nan))
    return Ways(np.where(moved[:, None], anew.days, known.days), np.where(moved, anew.closed, known.closed))


def activities_on_the_way(records: Records) -> dict[str, bool]:
    """The activities that took place, and whether some project's way to a milestone led through each of them."""
    plan, cases = records.plan, project_cases(records)
    over = np.full(len(cases), np.inf)
    seen = np.zeros(len(records.end), dtype=bool)
    for name in project_milestones(records.layout.scenario):
        step = milestone_steps(records, name)[cases]
        met = np.where((step >= 0) & ~np.isnan(records.end[step]), step, -1)
        seen |= _Path(records, met, -over, over).owner >= 0
    there = ~np.isnan(records.end) & ~records.skipped & (plan.steps.kind != SKIPPED)
    names = np.array(records.layout.activities)
    on_it = set(names[plan.steps.activity[seen]].tolist())
    return {name: name in on_it for name in np.unique(names[plan.steps.activity[there]]).tolist()}


class _Path:
    """The way back from one step of each project (-1: none) to the time `begin`, along the steps that released it.

    A step becomes ready exactly when its releaser ends, so the steps of the way follow each other without a gap.
    """

    def __init__(self, records: Records, step: Ints, begin: Floats, end: Floats) -> None:
        self.records, self.begin, self.end = records, begin, end
        self.owner = self._walk(step)
        self.step, self.attempt = self._attempts()

    def days(self) -> tuple[Floats, Floats]:
        """Days by project and cause, of shape (projects, causes); and by project those on which it was closed."""
        begin, end, cause, calendar = self._pieces()
        project = np.tile(self.owner[self.step], 4)
        first, last = self.begin[project], self.end[project]
        begin, end = (np.minimum(np.maximum(days, first), last) for days in (begin, end))
        closed, weather = lost(self.records, calendar, begin, end)
        everyone = len(self.begin)
        days = _summed(project, cause, end - begin - weather, everyone)
        days[:, _NUMBER["weather"]] += np.bincount(project, weather, everyone)
        return days, np.bincount(project, closed, everyone).astype(np.float64)

    def _walk(self, step: Ints) -> Ints:
        """The project on whose way each step lies (-1: none)."""
        ready, released_by = self.records.first_ready, self.records.released_by
        owner = np.full(len(ready), -1)
        project = np.flatnonzero(step >= 0)
        step = step[project]
        while len(step):
            owner[step] = project
            further = (ready[step] > self.begin[project]) & (released_by[step] >= 0)
            project, step = project[further], released_by[step[further]]
        return owner

    def _attempts(self) -> tuple[Ints, Ints]:
        """Steps of all attempts on the way, those of one step together and in turn; and the numbers of the attempts."""
        chosen = np.flatnonzero(self.owner[self.records.attempt_step] >= 0)
        chosen = chosen[np.argsort(self.records.attempt_step[chosen], kind="stable")]
        return self.records.attempt_step[chosen], chosen

    def _pieces(self) -> tuple[Floats, Floats, Ints, Ints]:
        """Begin, end, cause and calendar of the fix before each attempt, its wait, its own time, and of a last fix.

        What is not over when the run is, lasts until then. The calendar is the one whose closed and lost days are told
        apart (-1: none).
        """
        records, attempt, over = self.records, self.attempt, self.records.over
        ready = records.attempt_ready[attempt]
        start, end = (
            np.where(np.isnan(times), over, times)[attempt] for times in (records.attempt_start, records.attempt_end)
        )
        again = np.zeros(len(attempt), dtype=bool)
        again[1:] = self.step[1:] == self.step[:-1]
        came_back = np.where(again, np.roll(end, 1), ready)
        in_fix = np.append(~again[1:], True)[: len(attempt)] & np.isnan(records.ready[self.step])
        cause, calendar = self._causes(again)
        begin = np.concatenate((came_back, ready, start, end))
        return begin, np.concatenate((ready, start, end, np.where(in_fix, over, end))), cause, calendar

    def _causes(self, again: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """Causes and calendars of fixes, waits, own times and last fixes; what is done about an issue is issue."""
        plan, step = self.records.plan, self.step
        activity, always_open = plan.steps.activity[step], np.full(len(step), CALENDAR_DAYS)
        own, wait, statutory = _activity_causes(self.records.layout)
        fixing = np.full(len(step), _NUMBER["correction"])
        cause = np.concatenate((fixing, wait[activity], np.where(again, fixing, own[activity]), fixing))
        office = np.where(plan.steps.kind[step] == DESK, plan.steps.calendar[step], CALENDAR_DAYS)
        worked = np.where(statutory[activity], CALENDAR_DAYS, plan.steps.calendar[step])
        calendar = np.concatenate((always_open, office, worked, always_open))
        issue = np.tile(plan.cases.category[plan.steps.case[step]] >= 0, 4)
        return np.where(issue, _NUMBER["issue"], cause), np.where(issue, CALENDAR_DAYS, calendar)


@once
def _activity_causes(layout: Layout) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """By activity number: cause of its own time, cause of its wait, and whether its clock runs on in closed offices."""
    steps = ["milestone", *(activity.step for activity in layout.scenario.activities.values())]
    own = own_causes(layout)
    wait = own.copy()
    wait[[step == "desk" for step in steps]] = _NUMBER["queueing"]
    wait[[step == "meeting" for step in steps]] = _NUMBER["meeting"]
    return own, wait, np.array([step in _STATUTORY for step in steps])


def _summed(project: Ints, cause: Ints, days: Floats, count: int) -> Floats:
    # bincount of nothing counts in whole numbers, even with weights
    flat = np.bincount(project * len(CAUSES) + cause, days, count * len(CAUSES)).astype(np.float64)
    return flat.reshape(count, len(CAUSES))
