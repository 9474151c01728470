"""What desks were asked and gave in one run."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import SLIGHT
from parkflow.sim.circulation import circulation_of
from parkflow.sim.kinds import DESK
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

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
    return np.asarray(np.interp(end, days, done) - np.interp(begin, days, done))


def longest_queue(load: DeskLoad) -> int:
    """The most attempts that waited at one desk at a time; who is served at once does not queue."""
    waited = ~(load.start <= load.ready)
    left = load.start[waited]
    days = np.concatenate((left[~np.isnan(left)], load.ready[waited]))
    change = np.concatenate(
        (np.full(np.count_nonzero(~np.isnan(left)), -1), np.ones(np.count_nonzero(waited), dtype=int))
    )
    return int(np.cumsum(change[np.lexsort((change, days))]).max(initial=0))


class DeskLimits(NamedTuple):
    """How a desk kept its limits in one run: attempts in all, those overdue, and those of borrowed officers.

    `borrowed_days` are the days of the desk's calendar that borrowed officers sat over files.
    """

    desk: str
    attempts: int
    overdue: int
    borrowed: int
    borrowed_days: float


def desk_limits(records: Records) -> Iterator[DeskLimits]:
    """How every desk kept its limits, in the order of the scenario."""
    layout = records.layout
    overdue, borrowed = overdue_attempts(records), records.attempt_borrowed
    desk = np.array([pool.desk for pool in layout.pools] + [""])
    place = desk[np.where(_at_desks(records), records.plan.steps.resource[records.attempt_step], -1)]
    end = np.where(np.isnan(records.attempt_end), records.over, records.attempt_end)
    for name in layout.scenario.desks:
        mine = place == name
        pool = next(pool for pool in layout.pools if pool.desk == name)
        theirs = mine & borrowed
        days = _worked(records, pool.hours, records.attempt_start[theirs], end[theirs])
        yield DeskLimits(name, int(mine.sum()), int((mine & overdue).sum()), int(theirs.sum()), float(days.sum()))


def overdue_attempts(records: Records, law: Layout | None = None) -> Bools:
    """Which attempts took longer than their limit, from asking to the end of touch and circulation.

    The limits are those of `law`, a layout of the same park without its policy, or where none is given those of the run
    itself: a policy may promise less than the law allows. What is still open at the end of a run is overdue if its
    limit has passed by then.
    """
    plan, names, law = records.plan, records.layout.activities, law or records.layout
    end = _decided(records)
    overdue = np.zeros(len(end), dtype=bool)
    activity = plan.steps.activity[records.attempt_step]
    for number in np.unique(activity).tolist():
        days, clock = law.limit(names[number]) if names[number] in law.number else (np.inf, 0)
        mine = np.flatnonzero(activity == number)
        if np.isfinite(days):
            overdue[mine] = _worked(records, clock, records.attempt_ready[mine], end[mine]) > days + SLIGHT
    return overdue


def _at_desks(records: Records) -> Bools:
    at_desks: Bools = records.plan.steps.kind[records.attempt_step] == DESK
    return at_desks


def _decided(records: Records) -> Floats:
    """When each attempt was decided: at its end, or for the last of a step when the file had circulated."""
    steps, layout = records.plan.steps, records.layout
    end = np.where(np.isnan(records.attempt_end), records.over, records.attempt_end)
    behind = {
        layout.number[n]: layout.number[circulation_of(n)]
        for n in layout.activities
        if circulation_of(n) in layout.number
    }
    for activity, circulation in behind.items():
        last = np.flatnonzero(steps.activity[records.attempt_step] == activity)
        last = last[records.attempt_end[last] == records.end[records.attempt_step[last]]]
        there = np.flatnonzero(steps.activity == circulation)
        if not len(there):
            continue
        copies = steps.copy.max() + 1
        keys = steps.case[there] * copies + steps.copy[there]
        order = np.argsort(keys)
        wanted = (steps.case * copies + steps.copy)[records.attempt_step[last]]
        found = there[order[np.searchsorted(keys[order], wanted)]]
        end[last] = np.where(np.isnan(records.end[found]), records.over, records.end[found])
    return end


def _worked(records: Records, curve: int, begin: Floats, end: Floats) -> Floats:
    """Days of a curve between moments (-1: calendar days)."""
    return end - begin if curve < 0 else _between(records.plan.curves[curve].rate, begin, end)
