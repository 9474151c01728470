"""What happened: the plan and the history of one replication, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim import choosing
from parkflow.sim.assembly import make_plan
from parkflow.sim.engines.history import History
from parkflow.sim.kinds import BORROWED, END, MILESTONE, SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.streams import Chance, Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Records:
    """One replication under one scenario; arrays of one entry per step, and of one entry per attempt.

    `ready`, `start` and `end` of a step are those of its last attempt. `attempt_step`, `attempt_ready`, `attempt_start`
    and `attempt_end` list every attempt that took or waits for time, earlier ones first; `attempt_pool` is the pool
    whose officer served it (`NOBODY`: none has, `BORROWED`: one from elsewhere). Times are days since the start; NaN
    means that it did not happen before `over`, the horizon or the last event.
    """

    plan: Plan
    ready: Floats
    start: Floats
    end: Floats
    released_by: Ints
    held: Bools
    skipped: Bools
    attempt_step: Ints
    attempt_ready: Floats
    attempt_start: Floats
    attempt_end: Floats
    attempt_pool: Ints
    levels: Floats
    over: float

    @property
    def layout(self) -> Layout:
        """The layout that the plan was made from."""
        return self.plan.layout

    @property
    def attempt_borrowed(self) -> Bools:
        """Which attempts an officer borrowed from elsewhere served."""
        borrowed: Bools = self.attempt_pool == BORROWED
        return borrowed

    @cached_property
    def first_ready(self) -> Floats:
        """When each step first became ready."""
        first = self.ready.copy()
        np.fmin.at(first, self.attempt_step, self.attempt_ready)
        return first

    @cached_property
    def withdrawn(self) -> Bools:
        """Which cases have withdrawn, and so are neither finished nor censored: those that came to an `end` step."""
        steps = self.plan.steps
        gone = (steps.kind == END) & ~self.skipped & ~np.isnan(self.ready)
        return np.bincount(steps.case[gone], minlength=len(self.plan.cases.first)) > 0

    def milestone(self, name: str) -> Floats:
        """Day on which each case reached a milestone, by case; NaN where it did not, or has it behind it."""
        steps = self.plan.steps
        days = np.full(len(self.plan.cases.first), np.nan)
        mine = (steps.activity == self.layout.number[name]) & ~self.skipped & (steps.kind != SKIPPED)
        days[steps.case[mine]] = self.end[mine]
        return days


def simulate(layout: Layout, seed: int, replication: int, chance: Chance = Streams) -> Records:
    """Draw, plan and run one replication."""
    return execute(make_plan(layout, seed, replication, chance))


def execute(plan: Plan) -> Records:
    """Run a plan, with the engine that is chosen, and keep what happened."""
    return _records(plan, choosing.execute(plan))


def _records(plan: Plan, history: History) -> Records:
    ready, start, end, returned = history.ready, history.start, history.end, history.returned
    last = np.flatnonzero(~np.isnan(ready) & ~history.skipped & (plan.steps.kind < MILESTONE))
    return Records(
        plan=plan,
        ready=ready,
        start=start,
        end=end,
        released_by=history.released_by,
        held=history.held,
        skipped=history.skipped,
        attempt_step=np.concatenate((returned[:, 0].astype(np.int64), last)),
        attempt_ready=np.concatenate((returned[:, 1], ready[last])),
        attempt_start=np.concatenate((returned[:, 2], start[last])),
        attempt_end=np.concatenate((returned[:, 3], end[last])),
        attempt_pool=np.concatenate((returned[:, 4].astype(np.int64), history.served_by[last])),
        levels=history.levels,
        over=history.over,
    )
