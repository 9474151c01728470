"""The plan: what every project will need and whom it can wait for, as plain arrays that any engine can execute."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import WorkCurve
from parkflow.sim.layout import Layout
from parkflow.sim.portfolio import Projects
from parkflow.sim.resources import Curves, Meetings, Pools, Stocks

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Cases(NamedTuple):
    """One entry per case: group, parent (the project of an issue, else itself), first step, day of arrival.

    `row` is the project's row in the draws of its group. Of cases that arrive at one instant, the one with the least
    `tie` comes first. `category`, `severity` and `place` are those of an issue, -1 for other cases: `place` is its
    number among the issues that its project could meet, whichever of them arise.
    """

    group: Ints
    row: Ints
    parent: Ints
    first: Ints
    arrival: Floats
    tie: Floats
    category: Ints
    severity: Ints
    place: Ints


class Steps(NamedTuple):
    """One entry per step.

    `kind` is one of those in `sim.kinds`; `resource` counts pools, meetings or stocks; `calendar` and `fix_calendar`
    count the curves (-1: calendar days). `next_attempt` points into the later attempts, `left` counts them. Gate i of a
    step is open from day `gate_begin[:, i]` to before `gate_end[:, i]` (inf: it has none) where the step `gate[:, i]`
    obtained its units (-1: whatever happened). If any is open, version k - 1 of the `held_` columns, which have shape
    (steps, versions), counts instead, bit i of k standing for gate i: its rank when the step is ready, its work when
    it starts. `condition` is a stock step whose outcome must be `wanted` (-1: none), `took_place` one that must have
    taken place (-1: none), `ahead` one that must have ended before `ahead_of` (-1: none), and a step applies only after
    day `late_after`. A file should begin to be served within `start_by` days of the curve `clock` (-1: calendar days)
    after it asked. `skip_to` is the step to complete when a step is skipped.
    """

    case: Ints
    activity: Ints
    copy: Ints
    kind: Ints
    resource: Ints
    calendar: Ints
    fix_calendar: Ints
    rank: Floats
    work: Floats
    next_attempt: Ints
    left: Ints
    gate: Ints
    gate_begin: Floats
    gate_end: Floats
    held_rank: Floats
    held_work: Floats
    held_next_attempt: Ints
    held_left: Ints
    condition: Ints
    wanted: Bools
    took_place: Ints
    ahead: Ints
    ahead_of: Ints
    unsolved_only: Bools
    solved_only: Bools
    late_after: Floats
    solves: Bools
    start_by: Floats
    clock: Ints
    amount: Floats
    gives: Bools
    goes_on: Bools
    skip_to: Ints
    waiting: Ints
    edges_begin: Ints
    edges_end: Ints

    def part(self, begin: int, end: int) -> Steps:
        """Some steps, one behind another; not a copy, so that what is written to them is written here."""
        columns: list[NDArray[Any]] = [column[begin:end] for column in self]
        return Steps(*columns)


@dataclass(frozen=True)
class Plan:
    """All that an engine needs for one replication, as arrays; nothing of the scenario but its numbers.

    Two projects, A and B, of one template with the steps filing (desk), notice (work) and permit (desk)::

        template   activity 0  1  2  3      0 is the arrival; edges 0-1, 0-2, 1-3, 2-3
                   edges_begin 0  2  3  4   targets 1 2 3 3

        cases      first       0           4            A arrives at step 0, B at step 4
        steps      number      0  1  2  3  4  5  6  7
                   activity    0  1  2  3  0  1  2  3   the template, once for each case
                   waiting     0  1  1  2  0  1  1  2   predecessors that are not over
                   resource    -  0  -  0  -  0  -  0   desk steps: the pool that serves them
                   edges_begin 0  2  3  4  4  6  7  8   what waits for step s is
        successors             1 2 3 3     5 6 7 7      successors[edges_begin[s]:edges_end[s]]

        attempts   left        0  2  0  0  0  1  0  0   how often a step will come back for correction
                   next_attempt   0           2         its later attempts begin here in
        fix, again                x  x        x         (days to correct, work of the next attempt)

    A step that issues have cut ends in a join behind all the steps of all cases (`sim.splice`), and its edges there.
    The engine draws nothing and looks nothing up by name: `layout` and `projects`, those of each group, are for
    those who read its history.
    """

    layout: Layout
    cases: Cases
    steps: Steps
    fix: Floats
    again: Floats
    successors: Ints
    pools: Pools
    meetings: Meetings
    stocks: Stocks
    calendars: Curves
    horizon: float
    projects: tuple[Projects, ...] = ()

    @cached_property
    def curves(self) -> tuple[WorkCurve, ...]:
        """The rows of `calendars` as curves."""
        return tuple(WorkCurve(*rows) for rows in zip(*self.calendars, strict=True))
