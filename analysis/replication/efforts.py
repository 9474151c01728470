"""What one run asked of officers and meetings, and what lay idle in its stocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from parkflow.analysis.replication.attempts import desk_attempts
from parkflow.analysis.replication.curve_days import lost
from parkflow.sim.kinds import BORROWED, MEETING
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
    at_desks = desk_attempts(records)
    days = np.zeros(len(at_desks.number))
    started = np.flatnonzero(~np.isnan(at_desks.start))
    begin, end = at_desks.start[started], at_desks.end[started]
    calendar = records.plan.steps.calendar[records.attempt_step[at_desks.number[started]]]
    closed, weather = lost(records, calendar, begin, end)
    days[started] = end - begin - (closed + weather)
    borrowed = at_desks.pool == BORROWED
    for number, name in enumerate(records.layout.scenario.desks):
        mine = at_desks.of(number)
        yield Effort(name, float(days[mine].sum()), float(days[mine][borrowed[mine]].sum()))


def sittings(records: Records) -> Iterator[Sittings]:
    """The sittings of every meeting that a case came to, in the order of the scenario."""
    steps = records.plan.steps
    heard = np.flatnonzero((steps.kind == MEETING) & ~records.skipped & ~np.isnan(records.start))
    meeting, start = steps.resource[heard], records.start[heard]
    for number, name in enumerate(records.layout.scenario.meetings):
        days = start[meeting == number]
        yield Sittings(name, len(np.unique(days)), len(days))


def idle(records: Records) -> dict[str, float]:
    """Units in store times the days that they lay there, by stock."""
    found = {}
    for number, name in enumerate(records.layout.scenario.stocks):
        log = records.levels[records.levels[:, 1] == number]
        until = np.append(log[1:, 0], records.over) if len(log) else log[:, 0]
        found[name] = float(((until - log[:, 0]) * log[:, 2]).sum())
    return found
