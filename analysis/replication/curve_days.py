"""What a calendar brings between two moments: work, closed days and days lost to weather, of many stretches at once.

A curve is straight within each day, so its value at a moment is that at the last midnight and a share of the day's::

    done    0 ──── 1 ──── 1 ──── 2      at 0.25: 0 + 0.25 × (1 - 0)
    day     0      1      2      3      at 2.5:  1 + 0.5 × (2 - 1)

It takes no search to find the day, and gives what `numpy.interp` does, to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.once import once
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Curves(NamedTuple):
    """Amounts up to each midnight, of several curves one behind the other.

    Curve c holds `days` + 1 entries of `done` from entry c × (`days` + 1) on. One entry more stands behind the last
    curve: nothing of it counts, but the rise from the last midnight on is asked for before it is multiplied by 0.
    """

    done: Floats
    days: int

    @classmethod
    def of(cls, daily: Floats) -> Curves:
        """The curves of daily amounts, of shape (curves, days)."""
        count, days = daily.shape
        done = np.zeros(count * (days + 1) + 1)
        np.cumsum(daily, axis=1, out=done[:-1].reshape(count, days + 1)[:, 1:])
        return cls(done, days)

    def at(self, curve: Ints | int, moment: Floats) -> Floats:
        """The amounts up to some moments, each of its own curve; NaN for a moment that never comes."""
        inside = np.minimum(np.maximum(moment, 0.0), float(self.days))
        day = np.fmax(inside, 0.0).astype(np.int64)
        here = day + np.asarray(curve) * (self.days + 1)
        before = self.done[here]
        found: Floats = (self.done[here + 1] - before) * (inside - day) + before
        return found

    def between(self, curve: Ints | int, begin: Floats, end: Floats) -> Floats:
        """The amounts between pairs of moments."""
        return self.at(curve, end) - self.at(curve, begin)


@once
def worked_days(records: Records) -> Curves:
    """Working days by the curves of a run's plan."""
    return Curves.of(records.plan.calendars.rate)


@once
def closed_days(records: Records) -> Curves:
    """Days closed by the curves of a run's plan."""
    return Curves.of(records.plan.calendars.closed)


@once
def weather_days(records: Records) -> Curves:
    """Days lost to season and weather by the curves of a run's plan."""
    return Curves.of(records.plan.calendars.weather)


def lost(records: Records, curve: Ints, begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Days closed and days lost to weather between pairs of moments, each on its own curve (-1: always open)."""
    closed, weather = np.zeros(len(begin)), np.zeros(len(begin))
    mine = np.flatnonzero((curve >= 0) & (begin != end))
    if not len(mine):
        return closed, weather
    stretches = curve[mine], begin[mine], end[mine]
    closed[mine] = closed_days(records).between(*stretches)
    weather[mine] = weather_days(records).between(*stretches)
    return closed, weather
