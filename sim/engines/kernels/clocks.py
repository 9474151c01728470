"""Calendars in the compiled engine: the arithmetic of `sim.calendars.WorkCurve`, on rows of matrices."""

from __future__ import annotations

from math import inf
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import SLIGHT
from parkflow.sim.engines.kernels.inlining import inlined

Floats = NDArray[np.float64]


class Clocks(NamedTuple):
    """One row per calendar: the work done before each day (and in all), and on each day."""

    done: Floats
    rate: Floats

    @classmethod
    def of(cls, rate: Floats) -> Self:
        """Clocks from the work of each day, which is added up day by day as `WorkCurve` does."""
        done = np.zeros((rate.shape[0], rate.shape[1] + 1))
        np.cumsum(rate, axis=1, out=done[:, 1:])
        return cls(done, np.array(rate))


@inlined
def delay_by(clocks: Clocks, calendar: int, now: float, work: float) -> float:
    """`WorkCurve.delay`; calendar -1 goes on all the time."""
    if calendar < 0:
        return work
    days, day = clocks.rate.shape[1], int(now)
    if day >= days:
        return inf
    done = clocks.done[calendar, day] + clocks.rate[calendar, day] * (now - day)
    target = done + work
    if target <= done + SLIGHT:
        return 0.0
    after = _first_at_least(clocks.done, calendar, day + 1, target - SLIGHT)
    if after > days:
        return inf
    share = (target - clocks.done[calendar, after - 1]) / clocks.rate[calendar, after - 1]
    delay = after - 1 + (1.0 if share > 1.0 else share) - now
    return 0.0 if delay < 0.0 else delay


@inlined
def _first_at_least(done: Floats, row: int, begin: int, target: float) -> int:
    """What `bisect_left` finds from `begin` on, in strides that grow: most work is done within days."""
    length = done.shape[1]
    low, high, stride = begin, begin, 1
    while high < length and done[row, high] < target:
        low, high, stride = high + 1, high + stride, 2 * stride
    high = min(high, length)
    while low < high:
        middle = (low + high) >> 1
        if done[row, middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def is_open(clocks: Clocks, hours: int, now: float) -> bool:
    """`Desks.is_open` and `WorkCurve.is_open`."""
    if hours < 0:
        return True
    day = int(now + SLIGHT)
    return day < clocks.rate.shape[1] and clocks.rate[hours, day] > 0


@inlined
def opens_in(clocks: Clocks, hours: int, now: float) -> float:
    """`Desks.opens_in` and `WorkCurve.next_open`."""
    if hours < 0:
        return 0.0
    days, moment = clocks.rate.shape[1], now + SLIGHT
    day = int(moment)
    while day < days and clocks.rate[hours, day] == 0:
        day += 1
    return inf if day >= days else max(float(day), moment) - now
