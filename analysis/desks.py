"""What desks were asked and gave in one run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import Records

Floats = NDArray[np.float64]

BUSY_SEASON = (0.1, 0.9)
"""Quantiles of the starts of service between which utilisation is measured, without ramp-up and run-out."""


class DeskLoad(NamedTuple):
    """What a desk was asked and gave in one run.

    `busy` and `open` are server-days in opening hours during the window of `measure("utilisation")`. `ready` and
    `start` have one entry an attempt; NaN starts have not been served.
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
        served = ~np.isnan(start)
        window = _busy_season(start[served])
        calendar = layout.calendar_number(desk.calendar)
        busy = _open_days(records, calendar, np.clip(start[served], *window), np.clip(end[mine][served], *window))
        capacity = desk.servers * _open_days(records, calendar, *(np.array([day]) for day in window))[0]
        yield DeskLoad(name, desk.servers, float(busy.sum()), float(capacity), ready, start)


def _busy_season(starts: Floats) -> tuple[float, float]:
    """The stretch of days in which a desk starts the middle of its files."""
    if not len(starts):
        return 0.0, 0.0
    begin, end = np.quantile(starts, BUSY_SEASON)
    return float(begin), float(end)


def _open_days(records: Records, calendar: int, begin: Floats, end: Floats) -> Floats:
    if calendar < 0:
        return end - begin
    closed, weather = records.plan.curves[calendar].lost(begin, end)
    return end - begin - closed - weather
