"""The attempts of a run at its desks, those of each desk together, found in one pass for all who ask about desks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.once import once
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records
from parkflow.sim.resources import begins

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class DeskAttempts(NamedTuple):
    """Attempts at desks, desk by desk in the order of the scenario, those of one desk in the order of the records.

    `number` counts the attempts of the records; those of desk d are the entries `begin[d]:begin[d + 1]` of the other
    columns. `end` is the end of the run for what is not over.
    """

    begin: Ints
    number: Ints
    desk: Ints
    ready: Floats
    start: Floats
    end: Floats
    pool: Ints

    def of(self, desk: int) -> slice:
        """Where the attempts at one desk are."""
        return slice(int(self.begin[desk]), int(self.begin[desk + 1]))

    def services(self, desk: int) -> tuple[Floats, Floats]:
        """Start and end of the attempts that one desk has served."""
        mine = self.of(desk)
        served = self.pool[mine] >= 0
        return self.start[mine][served], self.end[mine][served]


@once
def desk_attempts(records: Records) -> DeskAttempts:
    """The attempts of a run, by desk."""
    desk = _desk_of(records.layout)[attempt_activities(records)]
    # stable, for sums over a desk depend in their last bit on the order of what is added
    number = np.argsort(desk, kind="stable")[np.count_nonzero(desk < 0) :]
    return DeskAttempts(
        begins(np.bincount(desk[number], minlength=len(records.layout.scenario.desks))),
        number,
        desk[number].astype(np.int64),
        records.attempt_ready[number],
        records.attempt_start[number],
        attempt_ends(records)[number],
        records.attempt_pool[number],
    )


@once
def attempt_activities(records: Records) -> Ints:
    """The activity of each attempt."""
    return records.plan.steps.activity[records.attempt_step]


@once
def attempt_ends(records: Records) -> Floats:
    """When each attempt ended; the end of the run for what is not over."""
    return np.where(np.isnan(records.attempt_end), records.over, records.attempt_end)


@once
def _desk_of(layout: Layout) -> NDArray[np.int16]:
    """Desk by activity number; -1 for what is not done at a desk. Small numbers are sorted in a time linear in them."""
    number = {name: place for place, name in enumerate(layout.scenario.desks)}
    at = (number[it.desk] if it.desk else -1 for it in layout.scenario.activities.values())
    return np.array([-1, *at], dtype=np.int16)
