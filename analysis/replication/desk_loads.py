"""What desks were asked and gave in one run."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.attempts import DeskAttempts, attempt_activities, attempt_ends, desk_attempts
from parkflow.analysis.replication.curve_days import Curves, worked_days
from parkflow.analysis.replication.once import once
from parkflow.sim.calendars import SLIGHT
from parkflow.sim.circulation import circulation_of
from parkflow.sim.kinds import BORROWED, CALENDAR_DAYS
from parkflow.sim.layout import Layout, Pool
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
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
    at_desks, (hours, listed) = desk_attempts(records), _hours(records)
    desks = records.layout.scenario.desks
    numbers, servers = np.arange(len(desks)), np.array([desk.servers for desk in desks.values()])
    stretches = [_busiest(*at_desks.services(number), records.over) for number in numbers.tolist()]
    busiest = np.array(stretches).reshape(-1, 2)
    capacity = servers * hours.between(numbers, *busiest.T)
    outside = capacity - servers * listed.between(numbers, *busiest.T)
    services = _listed_days(at_desks, listed, busiest)
    for number, (name, desk) in enumerate(desks.items()):
        mine = at_desks.of(number)
        busy = services[mine][at_desks.pool[mine] >= 0].sum() + outside[number]
        times = at_desks.ready[mine], at_desks.start[mine]
        yield DeskLoad(name, desk.servers, float(busy), float(capacity[number]), *times)


def _listed_days(at_desks: DeskAttempts, listed: Curves, busiest: Floats) -> Floats:
    """Days in hours of its desk that each attempt took of the busiest stretch, of shape (desks, 2); NaN: unserved."""
    desk = at_desks.desk
    first, last = busiest[desk].T
    begin, end = (np.minimum(np.maximum(days, first), last) for days in (at_desks.start, at_desks.end))
    return listed.between(desk, begin, end)


def _busiest(start: Floats, end: Floats, over: float) -> tuple[float, float]:
    """The `BUSIEST` days that begin with a service and hold most server-days; the whole of a shorter run."""
    if over <= BUSIEST or not len(start):
        return 0.0, over
    days = np.concatenate((start, end))
    order = np.argsort(days, kind="stable")
    days, change = days[order], np.repeat((1.0, -1.0), len(start))[order]
    done = np.concatenate(([0.0], np.cumsum(np.cumsum(change)[:-1] * np.diff(days))))
    latest = over - BUSIEST
    begin = np.append(days[: days.searchsorted(latest)], latest)
    held = np.interp(begin + BUSIEST, days, done) - np.interp(begin, days, done)
    best = float(begin[np.argmax(held)])
    return best, best + BUSIEST


def _hours(records: Records) -> tuple[Curves, Curves]:
    """How long each desk is open, and how long it is there for the list; one curve per desk."""
    pools = [first_pool(records.layout, name) for name in records.layout.scenario.desks]
    rate, closed, weather = records.plan.calendars
    days = max(rate.shape[1], ceil(records.over))
    hours, listed = np.zeros((2, len(pools), days))
    for number, pool in enumerate(pools):
        if pool.calendar < 0:
            hours[number, : ceil(records.over)] = listed[number, : ceil(records.over)] = 1.0
            continue
        open_ = 1 - closed[pool.calendar] - weather[pool.calendar]
        hours[number, : len(open_)] = listed[number, : len(open_)] = open_
        if pool.hours != pool.calendar:
            usual = rate[pool.hours] if pool.hours >= 0 else np.ones(len(open_))
            share = np.divide(rate[pool.calendar], usual, out=np.zeros(len(open_)), where=usual > 0)
            listed[number, : len(open_)] *= share
    return Curves.of(hours), Curves.of(listed)


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
    at_desks, desks = desk_attempts(records), records.layout.scenario.desks
    overdue = overdue_attempts(records)[at_desks.number]
    borrowed = at_desks.pool == BORROWED
    hours = np.array([first_pool(records.layout, name).hours for name in desks], dtype=np.int64)[at_desks.desk]
    days = np.zeros(len(borrowed))
    days[borrowed] = _worked(records, hours[borrowed], at_desks.start[borrowed], at_desks.end[borrowed])
    for number, name in enumerate(desks):
        mine = at_desks.of(number)
        theirs = borrowed[mine]
        counts = len(theirs), int(overdue[mine].sum()), int(theirs.sum())
        yield DeskLimits(name, *counts, float(days[mine][theirs].sum()))


def first_pool(layout: Layout, desk: str) -> Pool:
    """The first of the pools of servers of one desk; they all keep the same hours."""
    return next(pool for pool in layout.pools if pool.desk == desk)


def overdue_attempts(records: Records, law: Layout | None = None) -> Bools:
    """Which attempts took longer than their limit, from asking to the end of touch and circulation.

    The limits are those of `law`, a layout of the same park without its policy, or where none is given those of the run
    itself: a policy may promise less than the law allows. What is still open at the end of a run is overdue if its
    limit has passed by then.
    """
    activity = attempt_activities(records)
    days, clock = _limits(records.layout, law or records.layout)
    overdue = np.zeros(len(activity), dtype=bool)
    mine = np.flatnonzero(np.isfinite(days)[activity])
    if not len(mine):
        return overdue
    activity = activity[mine]
    took = _worked(records, clock[activity], records.attempt_ready[mine], _decided(records, mine))
    overdue[mine] = took > days[activity] + SLIGHT
    return overdue


def _limits(layout: Layout, law: Layout) -> tuple[Floats, Ints]:
    """Limit and the curve that it counts on, by activity number of one layout, as another has them."""
    own = [law.number.get(name, -1) for name in layout.activities]
    days, clock = _own_limits(law)
    return days[own], clock[own]


@once
def _own_limits(layout: Layout) -> tuple[Floats, Ints]:
    """Limit and the curve that it counts on, by activity number; the last entry stands for what a park has not."""
    limits = (*(layout.limit(name) for name in layout.activities), (np.inf, CALENDAR_DAYS))
    days, clock = zip(*limits, strict=True)
    return np.array(days), np.array(clock)


def _decided(records: Records, attempts: Ints) -> Floats:
    """When some attempts were decided: at their end, or for the last of a step when the file had circulated."""
    step, end = records.attempt_step[attempts], attempt_ends(records)[attempts]
    circulates = _circulation_of(records.layout)[records.plan.steps.activity[step]] >= 0
    last = np.flatnonzero(circulates & (records.attempt_end[attempts] == records.end[step]))
    circulation = _circulations(records, step[last])
    met = circulation >= 0
    circulated = records.end[circulation[met]]
    end[last[met]] = np.where(np.isnan(circulated), records.over, circulated)
    return end


def _circulations(records: Records, asking: Ints) -> Ints:
    """The step in which the file of each of some steps circulates; -1 where the plan has none."""
    steps, behind = records.plan.steps, _circulation_of(records.layout)
    there = np.flatnonzero(np.isin(np.arange(len(behind)), behind)[steps.activity])
    if not len(there):
        return np.full(len(asking), -1)
    copies = int(steps.copy.max()) + 1

    def key(step: Ints, activity: Ints) -> Ints:
        return (steps.case[step] * copies + steps.copy[step]) * len(behind) + activity

    keys = key(there, steps.activity[there])
    order = np.argsort(keys, kind="stable")
    wanted = key(asking, behind[steps.activity[asking]])
    found = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    return np.where(keys[found] == wanted, there[found], -1)


@once
def _circulation_of(layout: Layout) -> Ints:
    """By activity number, the activity in which its file circulates; -1 where it does not."""
    return np.array([layout.number.get(circulation_of(name), -1) for name in layout.activities])


def _worked(records: Records, curve: Ints, begin: Floats, end: Floats) -> Floats:
    """Days between pairs of moments, each of its own curve (-1: calendar days)."""
    days = end - begin
    on_curve = curve >= 0
    if on_curve.any():
        days[on_curve] = worked_days(records).between(curve[on_curve], begin[on_curve], end[on_curve])
    return days
