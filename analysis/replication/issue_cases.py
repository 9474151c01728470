"""Issues of one replication: in which step each arises, and which step solved it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.once import once
from parkflow.sim.issues import expected_issues
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@once
def expects_issues(layout: Layout) -> bool:
    """Whether issues can arise in a park."""
    return any(expected_issues(layout.scenario).values())


@once
def issue_cases(records: Records) -> Ints:
    """Numbers of the cases that are issues."""
    return np.flatnonzero(records.plan.cases.category >= 0)


def host_steps(records: Records) -> Ints:
    """The step in which each issue arises, by case; -1 for other cases, and where that step is not in the plan."""
    plan = records.plan
    number = plan.steps.edges_end - plan.steps.edges_begin
    source = np.repeat(np.arange(len(number)), number)
    place = np.arange(len(source)) - np.repeat(np.cumsum(number) - number, number)
    target = plan.successors[plan.steps.edges_begin[source] + place]
    released_by = np.full(len(number), -1)
    released_by[target] = source
    return released_by[plan.cases.first]


@once
def solving_steps(records: Records) -> Ints:
    """The step that solved each case's issue, by case; -1 where none did."""
    steps = records.plan.steps
    solvers = np.flatnonzero(steps.solves)
    over = (steps.kind[solvers] != SKIPPED) & ~records.skipped[solvers] & ~np.isnan(records.end[solvers])
    solvers = solvers[over]
    latest_first = solvers[np.argsort(records.end[solvers], kind="stable")[::-1]]
    found = np.full(len(records.plan.cases.first), -1)
    found[steps.case[latest_first]] = latest_first
    return found


def solutions(records: Records) -> dict[str, int]:
    """How many issues each activity that can solve one has solved, in the order of the scenario."""
    by = solving_steps(records)
    activity = records.plan.steps.activity[by[by >= 0]]
    given = records.layout.scenario.activities.items()
    return {name: int((activity == records.layout.number[name]).sum()) for name, it in given if it.solves is not None}


def solvers(records: Records) -> NDArray[np.str_]:
    """Name of the activity that solved each planned issue; empty where none did."""
    by = solving_steps(records)[issue_cases(records)]
    names = np.array([*records.layout.activities, ""], dtype=str)
    found: NDArray[np.str_] = names[np.where(by < 0, len(names) - 1, records.plan.steps.activity[by])]
    return found


def times_begun(records: Records, name: str) -> int:
    """How often an activity took place, copies and cases together; 0 where the scenario has none of this name."""
    if name not in records.layout.number:
        return 0
    mine = np.flatnonzero(records.plan.steps.activity == records.layout.number[name])
    return int(np.count_nonzero(~np.isnan(records.ready[mine]) & ~records.skipped[mine]))
