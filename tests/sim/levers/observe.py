"""What the tests of levers observe in the records of one replication."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.kinds import DESK
from parkflow.sim.records import Records

Bools = NDArray[np.bool_]
Observable = Callable[[Records], float]


def lead(begin: str, end: str, *classes: str) -> Observable:
    """Mean days between two milestones, over the projects (of these classes) that reach both."""

    def observed(records: Records) -> float:
        days = records.milestone(end) - records.milestone(begin)
        return float(np.nanmean(days[of_classes(records, classes)]))

    return observed


def spent(*activities: str, classes: Iterable[str] = ()) -> Observable:
    """Days that projects (of these classes) spend in these activities themselves, without waiting, all together."""

    def observed(records: Records) -> float:
        mine = _attempts(records, activities, classes)
        return float(np.nansum((records.attempt_end - records.attempt_start)[mine]))

    return observed


def waited(*activities: str, classes: Iterable[str] = ()) -> Observable:
    """Days that projects (of these classes) wait at desks, at these activities where any are named, all together."""

    def observed(records: Records) -> float:
        mine = _attempts(records, activities or tuple(records.layout.scenario.activities), classes)
        mine &= records.plan.steps.kind[records.attempt_step] == DESK
        return float(np.nansum((records.attempt_start - records.attempt_ready)[mine]))

    return observed


def returns(*activities: str) -> Observable:
    """Files sent back, at these activities where any are named."""

    def observed(records: Records) -> float:
        mine = _attempts(records, activities or tuple(records.layout.scenario.activities), ())
        return float(mine.sum() - len(np.unique(records.attempt_step[mine])))

    return observed


def done(*activities: str) -> Observable:
    """How many of these activities take place and are over before the horizon."""
    return lambda records: float((_attempts(records, activities, ()) & ~np.isnan(records.attempt_end)).sum())


def of_classes(records: Records, classes: Iterable[str]) -> Bools:
    """Which cases belong to projects of these classes (all where none is named), issues among them."""
    scenario, cases, wanted = records.layout.scenario, records.plan.cases, tuple(classes)
    fits = np.array([not wanted or scenario.portfolio[group].of in wanted for group in records.layout.groups])
    chosen: Bools = fits[cases.group]
    return chosen


def _attempts(records: Records, activities: Iterable[str], classes: Iterable[str]) -> Bools:
    steps, numbers = records.plan.steps, [records.layout.number[name] for name in activities]
    chosen: Bools = np.isin(steps.activity[records.attempt_step], numbers)
    return chosen & of_classes(records, classes)[steps.case[records.attempt_step]]
