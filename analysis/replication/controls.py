"""Control variates: what loads the queues of a replication, read off its plan, less its exactly known expectation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.kinds import DESK
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.scenario import Activity, Group, Renewal, Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Controls:
    """The controls of one scenario: the mean inter-arrival time of renewal groups and the work offered to each desk.

    The work offered is the sum over the steps in the plan of service × attempts, less its expectation given that the
    step is there; so it has expectation zero whatever decides that. Steps whose service depends on a project's
    attributes, its progress or a practice in force are left out, because their expectation is not known in advance.
    """

    layout: Layout = field(repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the controls, such as ``arrivals/new`` and ``work/planning``."""
        desks = list(self.layout.scenario.desks)
        return (*(f"arrivals/{name}" for name in self._renewals), *(f"work/{desks[desk]}" for desk in self._desks))

    def read(self, plan: Plan) -> Floats:
        """The controls of one replication, each with expectation zero; one entry a name, in days a project."""
        return np.concatenate((self._arrivals(plan), self._work(plan)[self._desks]))

    @cached_property
    def _renewals(self) -> dict[str, float]:
        """Expected time between arrivals of the groups that arrive one after another."""
        groups = self.layout.scenario.portfolio.items()
        return {name: it.arrivals.every.expectation for name, it in groups if isinstance(it.arrivals, Renewal)}

    @cached_property
    def _expected(self) -> Floats:
        """Expected service × attempts of one step, by group and activity; NaN where it is not counted."""
        scenario, layout = self.layout.scenario, self.layout
        table = np.full((len(layout.groups), len(layout.activities)), np.nan)
        for row, group in enumerate(scenario.portfolio.values()):
            for name, activity in scenario.activities.items():
                if _is_counted(scenario, group, activity):
                    table[row, layout.number[name]] = expected_work(activity)
        return table

    @cached_property
    def _desk_of(self) -> Ints:
        """Desk by activity number; -1 for what is not done at a desk."""
        desks = list(self.layout.scenario.desks)
        of = [desks.index(it.desk) if it.desk else -1 for it in self.layout.scenario.activities.values()]
        return np.array([-1, *of])

    @cached_property
    def _desks(self) -> Ints:
        """Desks that are offered some counted work."""
        return np.unique(self._desk_of[~np.isnan(self._expected).all(axis=0)])

    def _arrivals(self, plan: Plan) -> Floats:
        cases, groups = plan.cases, self.layout.groups
        means = []
        for name, expected in self._renewals.items():
            arrival = cases.arrival[(cases.group == groups.index(name)) & (cases.category < 0)]
            means.append(arrival[-1] / len(arrival) - expected)
        return np.array(means)

    def _work(self, plan: Plan) -> Floats:
        """Work offered to each desk beyond its expectation, in days a project."""
        steps, cases = plan.steps, plan.cases
        mine = np.flatnonzero((steps.kind == DESK) & (cases.category[steps.case] < 0))
        expected = self._expected[cases.group[steps.case[mine]], steps.activity[mine]]
        mine, expected = mine[~np.isnan(expected)], expected[~np.isnan(expected)]
        desk = self._desk_of[steps.activity[mine]]
        later = np.concatenate(([0.0], np.cumsum(plan.again)))
        begin = steps.next_attempt[mine]
        done = steps.work[mine] + later[begin + steps.left[mine]] - later[begin]
        offered = np.bincount(desk, done, minlength=len(self.layout.scenario.desks))
        offered -= np.bincount(desk, np.where(_is_first(plan, mine), expected, 0.0), minlength=len(offered))
        work: Floats = offered / np.count_nonzero(cases.category < 0)
        return work


def expected_work(activity: Activity) -> float:
    """Expected service over all attempts of an activity that nothing influences, in its own unit."""
    service = activity.duration.expectation if activity.duration else 0.0
    correction = activity.correction
    if correction is None:
        return service
    rounds = np.arange(correction.attempts - 1)
    again = float(np.cumprod(correction.probability * correction.decay**rounds).sum())
    return service * (1 + again * correction.repeat)


def _is_counted(scenario: Scenario, group: Group, activity: Activity) -> bool:
    """Whether the service of an activity is the same law for all projects of a group."""
    plain = activity.duration is not None and not activity.times and activity.crew is None
    in_process = group.process == "project" and "project" in activity.processes
    partly = activity.stage in group.stages or any(project.milestone for project in group.named)
    return bool(activity.desk) and plain and in_process and not partly and not _is_influenced(scenario, activity)


def _is_influenced(scenario: Scenario, activity: Activity) -> bool:
    """Whether a practice in force changes the activity for projects that need not hold a unit for it."""
    return any(
        effect.reaches(activity.tags)
        for practice in scenario.practices.values()
        if practice.share > 0 and not practice.holds
        for effect in practice.effects
    )


def _is_first(plan: Plan, steps: Ints) -> NDArray[np.bool_]:
    """Which steps are not the later segments of a step that issues have cut."""
    end = np.append(plan.cases.first[1:], np.inf)
    whole: NDArray[np.bool_] = steps < end[plan.steps.case[steps]]
    return whole
