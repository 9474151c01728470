"""Calendars in the compiled engine: the same arithmetic as `sim.calendars.WorkCurve`, on rows of matrices."""

from __future__ import annotations

from math import inf

from parkflow.sim.calendars import SLIGHT
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.state import Floats, Given


@inlined
def delay_by(plan: Given, calendar: int, now: float, work: float) -> float:
    """Days from `now` until so much work is done; calendar -1 works all day."""
    return work if calendar < 0 else _delay(plan.done, plan.rate, calendar, now, work)


@inlined
def _delay(done: Floats, rate: Floats, row: int, now: float, work: float) -> float:
    """`WorkCurve.delay`."""
    days, day = rate.shape[1], int(now)
    if day >= days:
        return inf
    so_far = done[row, day] + rate[row, day] * (now - day)
    target = so_far + work
    if target <= so_far + SLIGHT:
        return 0.0
    after = _first_at_least(done, row, day + 1, target - SLIGHT)
    if after > days:
        return inf
    share = (target - done[row, after - 1]) / rate[row, after - 1]
    share = 1.0 if share > 1.0 else share
    delay = after - 1 + share - now
    return 0.0 if delay < 0.0 else delay


@inlined
def _first_at_least(done: Floats, row: int, begin: int, target: float) -> int:
    """What `bisect_left` finds from `begin` on, in steps that grow: most work is done within days."""
    length = done.shape[1]
    low, high, step = begin, begin, 1
    while high < length and done[row, high] < target:
        low, high, step = high + 1, high + step, 2 * step
    high = min(high, length)
    while low < high:
        middle = (low + high) >> 1
        if done[row, middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def is_open(plan: Given, pool: int, now: float) -> bool:
    """`Desks.is_open`, and `WorkCurve.is_open`."""
    hours = plan.pools.hours[pool]
    if hours < 0:
        return True
    day = int(now + SLIGHT)
    return day < plan.rate.shape[1] and plan.rate[hours, day] > 0


@inlined
def opens_in(plan: Given, pool: int, now: float) -> float:
    """`Desks.opens_in`, and `WorkCurve.next_open`."""
    hours = plan.pools.hours[pool]
    if hours < 0:
        return 0.0
    day = now + SLIGHT
    here, days = int(day), plan.rate.shape[1]
    while here < days and plan.rate[hours, here] == 0:
        here += 1
    if here >= days:
        return inf
    return max(float(here), day) - now
