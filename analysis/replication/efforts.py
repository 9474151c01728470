"""What one run asked of officers and meetings, and what lay idle in its stocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from parkflow.sim.kinds import MEETING
from parkflow.sim.records import Records


class Effort(NamedTuple):
    """Working days of officers at one desk, and how many of them were those of borrowed officers."""

    place: str
    days: float
    borrowed: float


class Sittings(NamedTuple):
    """Sittings of one meeting at which a case was heard, and the cases heard."""

    meeting: str
    held: int
    places: int


def efforts(records: Records) -> Iterator[Effort]:
    """The effort of every desk, in the order of the scenario; what is being served counts up to the end of the run."""
    layout, curves = records.layout, records.plan.curves
    at = np.array(["", *(it.desk or "" for it in layout.scenario.activities.values())])
    desk = at[records.plan.steps.activity[records.attempt_step]]
    start = records.attempt_start
    end = np.where(np.isnan(records.attempt_end), records.over, records.attempt_end)
    calendar = records.plan.steps.calendar[records.attempt_step]
    days = np.where(np.isnan(start), 0.0, end - start)
    for number, curve in enumerate(curves):
        mine = (calendar == number) & (desk != "") & ~np.isnan(start)
        closed, lost = curve.lost(start[mine], end[mine])
        days[mine] -= closed + lost
    for name in layout.scenario.desks:
        yield Effort(
            name, float(days[desk == name].sum()), float(days[(desk == name) & records.attempt_borrowed].sum())
        )


def sittings(records: Records) -> Iterator[Sittings]:
    """The sittings of every meeting that a case came to, in the order of the scenario."""
    steps = records.plan.steps
    heard = (steps.kind == MEETING) & ~records.skipped & ~np.isnan(records.start)
    for number, name in enumerate(records.layout.scenario.meetings):
        days = records.start[heard & (steps.resource == number)]
        yield Sittings(name, len(np.unique(days)), len(days))


def idle(records: Records) -> dict[str, float]:
    """Units in store times the days that they lay there, by stock."""
    found = {}
    for number, name in enumerate(records.layout.scenario.stocks):
        log = records.levels[records.levels[:, 1] == number]
        until = np.append(log[1:, 0], records.over) if len(log) else log[:, 0]
        found[name] = float(((until - log[:, 0]) * log[:, 2]).sum())
    return found
