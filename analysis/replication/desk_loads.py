"""What desks were asked and gave in one run."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.records import Records

Floats = NDArray[np.float64]

BUSIEST = 365.0
"""Utilisation is that of a desk's busiest stretch of so many days: neither ramp-up nor run-out dilutes it."""


class DeskLoad(NamedTuple):
    """What a desk was asked and gave in one run.

    `busy` and `open` are server-days in opening hours during the busiest year; applicants outside the list keep their
    share of the servers busy. `ready` and `start` have one entry per attempt; NaN starts have not been served.
    """

    desk: str
    servers: int
    busy: float
    open: float
    ready: Floats
    start: Floats

    def waits(self, over: float) -> Floats:
        """Days that each attempt waited, up to `over` for those still waiting."""
        waits: Floats = np.where(np.isnan(self.start), over, self.start) - self.ready
        return waits


def desk_loads(records: Records) -> Iterator[DeskLoad]:
    """The load of every desk, in the order of the scenario."""
    layout = records.layout
    names = [activity.desk for activity in layout.scenario.activities.values()]
    activity = records.plan.steps.activity[records.attempt_step]
    end = np.where(np.isnan(records.attempt_end), records.over, records.attempt_end)
    for name, desk in layout.scenario.desks.items():
        at_desk = np.array([False, *(it == name for it in names)])
        mine = np.flatnonzero(at_desk[activity])
        ready, start = records.attempt_ready[mine], records.attempt_start[mine]
        served = records.attempt_pool[mine] >= 0
        window = _busiest(start[served], end[mine][served], records.over)
        services = np.clip(start[served], *window), np.clip(end[mine][served], *window)
        hours, listed = _hours(records, name)
        capacity = desk.servers * _between(hours, *window)
        outside = capacity - desk.servers * _between(listed, *window)
        busy = _between(listed, *services).sum() + outside
        yield DeskLoad(name, desk.servers, float(busy), float(capacity), ready, start)


def _busiest(start: Floats, end: Floats, over: float) -> tuple[float, float]:
    """The `BUSIEST` days that begin with a service and hold most server-days; the whole of a shorter run."""
    if over <= BUSIEST or not len(start):
        return 0.0, over
    days = np.concatenate((start, end))
    order = np.argsort(days, kind="stable")
    days, change = days[order], np.repeat((1.0, -1.0), len(start))[order]
    done = np.concatenate(([0.0], np.cumsum(np.cumsum(change)[:-1] * np.diff(days))))
    begin = np.minimum(days, over - BUSIEST)
    held = np.interp(begin + BUSIEST, days, done) - np.interp(begin, days, done)
    best = float(begin[np.argmax(held)])
    return best, best + BUSIEST


def _hours(records: Records, desk: str) -> tuple[Floats, Floats]:
    """Share of each day up to the end of a run on which a desk is open, and in which it is there for the list."""
    pool = next(pool for pool in records.layout.pools if pool.desk == desk)
    curves = records.plan.curves
    if pool.calendar < 0:
        always = np.ones(ceil(records.over))
        return always, always
    kept = curves[pool.calendar]
    hours = 1 - kept.closed - kept.weather
    if pool.hours == pool.calendar:
        return hours, hours
    usual = curves[pool.hours].rate if pool.hours >= 0 else np.ones(kept.days)
    return hours, hours * np.divide(kept.rate, usual, out=np.zeros(kept.days), where=usual > 0)


def _between(daily: Floats, begin: Floats | float, end: Floats | float) -> Floats:
    """What is done between two moments, or arrays of them, of so much per day."""
    done = np.concatenate(([0.0], np.cumsum(daily)))
    days = np.arange(len(done))
    found: Floats = np.interp(end, days, done) - np.interp(begin, days, done)
    return found


def longest_queue(load: DeskLoad) -> int:
    """The most attempts that waited at one desk at a time; who is served at once does not queue."""
    waited = ~(load.start <= load.ready)
    left = load.start[waited]
    days = np.concatenate((left[~np.isnan(left)], load.ready[waited]))
    change = np.concatenate(
        (np.full(np.count_nonzero(~np.isnan(left)), -1), np.ones(np.count_nonzero(waited), dtype=int))
    )
    return int(np.cumsum(change[np.lexsort((change, days))]).max(initial=0))
