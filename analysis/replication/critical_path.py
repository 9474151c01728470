"""Where the days go: the realised critical path of every project, split into causes that sum to it exactly."""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import project_cases
from parkflow.analysis.replication.milestones import milestone_steps
from parkflow.sim.calendars import WorkCurve
from parkflow.sim.kinds import CALENDAR_DAYS, DESK
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


def cause_days(records: Records, start: str, end: str) -> dict[Cause, Floats]:
    """Days by cause on the way of each project from one milestone to another; NaN where it has not reached both.

    Arrays have one entry per project, in the order of `project_cases`. The causes of a project sum to its days between
    the two, which are negative where it met them in the other order.
    """
    cases = project_cases(records)
    first, last = (milestone_steps(records, name)[cases] for name in (start, end))
    began, ended = (np.where(step < 0, np.nan, records.end[step]) for step in (first, last))
    reached = ~np.isnan(ended - began)
    later = np.where(reached, np.where(ended >= began, last, first), -1)
    days = _Path(records, later, np.minimum(began, ended), np.maximum(began, ended)).days()
    days[ended < began] *= -1.0
    days[~reached] = np.nan
    return {cause: days[:, number] for number, cause in enumerate(CAUSES)}


class _Path:
    """The way back from one step of each project (-1: none) to the time `begin`, along the steps that released it.

    A step becomes ready exactly when its releaser ends, so the steps of the way follow each other without a gap.
    """

    def __init__(self, records: Records, step: Ints, begin: Floats, end: Floats) -> None:
        self.records, self.begin, self.end = records, begin, end
        self.owner = self._walk(step)
        self.step, self.attempt = self._attempts()

    def days(self) -> Floats:
        """Days by project and cause, of shape (projects, causes)."""
        begin, end, cause, calendar = self._pieces()
        project = np.tile(self.owner[self.step], 3)
        begin = np.clip(begin, self.begin[project], self.end[project])
        end = np.clip(end, self.begin[project], self.end[project])
        closed, weather = _lost(self.records.plan.curves, calendar, begin, end)
        days = _summed(project, cause, end - begin - closed - weather, len(self.begin))
        everyone = len(self.begin)
        days[:, _NUMBER["closed office"]] += np.bincount(project, closed, everyone)
        days[:, _NUMBER["weather"]] += np.bincount(project, weather, everyone)
        return days

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
        """Begin, end, cause and calendar of the fix before each attempt, of its wait, and of its own time.

        The calendar is the one whose closed and lost days are told apart (-1: none).
        """
        records, attempt = self.records, self.attempt
        ready, start, end = (
            times[attempt] for times in (records.attempt_ready, records.attempt_start, records.attempt_end)
        )
        again = np.zeros(len(attempt), dtype=bool)
        again[1:] = self.step[1:] == self.step[:-1]
        came_back = np.where(again, np.roll(end, 1), ready)
        cause, calendar = self._causes(again)
        return np.concatenate((came_back, ready, start)), np.concatenate((ready, start, end)), cause, calendar

    def _causes(self, again: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """Causes and calendars of the fixes, waits and own times; all that is done about an issue counts as issue."""
        plan, step = self.records.plan, self.step
        activity, always_open = plan.steps.activity[step], np.full(len(step), CALENDAR_DAYS)
        own, wait, statutory = _activity_causes(self.records.layout)
        fixing = np.full(len(step), _NUMBER["correction"])
        cause = np.concatenate((fixing, wait[activity], np.where(again, fixing, own[activity])))
        office = np.where(plan.steps.kind[step] == DESK, plan.steps.calendar[step], CALENDAR_DAYS)
        worked = np.where(statutory[activity], CALENDAR_DAYS, plan.steps.calendar[step])
        calendar = np.concatenate((always_open, office, worked))
        issue = np.tile(plan.cases.category[plan.steps.case[step]] >= 0, 3)
        return np.where(issue, _NUMBER["issue"], cause), np.where(issue, CALENDAR_DAYS, calendar)


def _activity_causes(layout: Layout) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """By activity number: cause of its own time, cause of its wait, and whether its clock runs on in closed offices."""
    steps = ["milestone", *(activity.step for activity in layout.scenario.activities.values())]
    own = own_causes(layout)
    wait = own.copy()
    wait[[step == "desk" for step in steps]] = _NUMBER["queueing"]
    wait[[step == "meeting" for step in steps]] = _NUMBER["meeting"]
    return own, wait, np.array([step in _STATUTORY for step in steps])


def _lost(curves: tuple[WorkCurve, ...], calendar: Ints, begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Days closed and days lost to weather between pairs of times, each on its own calendar."""
    closed, weather = np.zeros(len(begin)), np.zeros(len(begin))
    for number, curve in enumerate(curves):
        here = calendar == number
        closed[here], weather[here] = curve.lost(begin[here], end[here])
    return closed, weather


def _summed(project: Ints, cause: Ints, days: Floats, count: int) -> Floats:
    # bincount of nothing counts in whole numbers, even with weights
    flat = np.bincount(project * len(CAUSES) + cause, days, count * len(CAUSES)).astype(np.float64)
    return flat.reshape(count, len(CAUSES))
