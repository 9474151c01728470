"""Calendars as cumulative curves of work done by date; the end of a job is found by inverting the curve.

One idea serves working days, public holidays with make-up weekends, seasons, weather, overtime and shifts.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from functools import cached_property, lru_cache
from math import ceil, inf
from typing import NamedTuple

import holidays as public_holidays
import numpy as np
from numpy.typing import NDArray

from parkflow.sim.scenario import Calendar, Scenario

Floats = NDArray[np.float64]

SLIGHT = 1e-9
"""Work in working days, and time in days, that is taken for an error of rounding."""


class WorkCurve:
    """Work done by date, in working days since day 0, straight within each day.

    `rate` is the work that each day brings; `closed` and `weather` are the shares of each day that are lost to closing
    and to season or weather. All are arrays of one entry per day up to the horizon.
    """

    def __init__(self, rate: Floats, closed: Floats, weather: Floats) -> None:
        self.rate, self.closed, self.weather = rate, closed, weather
        self.days = len(rate)

    @cached_property
    def _done(self) -> list[float]:
        """Work done before each day, and in all; lists, for the engine reads them one by one."""
        done: list[float] = _cumulative(self.rate).tolist()
        return done

    @cached_property
    def _rate(self) -> list[float]:
        rate: list[float] = self.rate.tolist()
        return rate

    def delay(self, now: float, work: float) -> float:
        """Calendar days from `now` until `work` working days are done; infinite beyond the last day.

        What is done at closing time but for an error of rounding ends then, not when the office opens again.
        """
        day = int(now)
        if day >= self.days:
            return inf
        done = self._done[day] + self._rate[day] * (now - day)
        target = done + work
        if target <= done + SLIGHT:
            return 0.0
        after = bisect_left(self._done, target - SLIGHT, day + 1)
        if after > self.days:
            return inf
        share = min((target - self._done[after - 1]) / self._rate[after - 1], 1.0)
        return max(after - 1 + share - now, 0.0)

    def is_open(self, now: float) -> bool:
        """Whether work goes forward from this moment on; at the moment of closing it no longer does."""
        day = int(now + SLIGHT)
        return day < self.days and self._rate[day] > 0

    def next_open(self, day: float) -> float:
        """The first moment from `day` on at which work goes forward; infinite if there is none."""
        here = int(day)
        while here < self.days and self._rate[here] == 0:
            here += 1
        return inf if here >= self.days else max(float(here), day)

    def lost(self, begin: Floats, end: Floats) -> tuple[Floats, Floats]:
        """Days lost to closing and to weather between two arrays of times."""
        return _between(_cumulative(self.closed), begin, end), _between(_cumulative(self.weather), begin, end)

    @property
    def total(self) -> float:
        """All the work that the calendar can bring."""
        return self._done[-1]


class Hours(NamedTuple):
    """What a calendar brings each day before weather: by its opening, and the share of that which the season leaves."""

    opening: Floats
    season: Floats
    lost: float

    def curve(self, weather: Floats | None = None) -> WorkCurve:
        """The curve of work; `weather` holds one uniform a day (none: no day is lost)."""
        season = self.season if weather is None or not self.lost else self.season * (weather >= self.lost)
        served = np.minimum(self.opening, 1.0)
        return WorkCurve(self.opening * season, 1 - served, served * (1 - season))


def hours_of(scenario: Scenario, name: str) -> Hours:
    """The hours of one calendar up to the horizon."""
    calendar, days = scenario.calendars[name], days_of(scenario)
    opening, season = _opening(calendar, scenario.start, days), _season(calendar, scenario.start, days)
    opening = opening * _windows(scenario, calendar, days) * _testing(scenario, calendar, days)
    return Hours(opening, season, calendar.lost)


def work_curve(scenario: Scenario, name: str, weather: Floats | None = None) -> WorkCurve:
    """The curve of one calendar up to the horizon; `weather` holds one uniform a day (none: no day is lost)."""
    return hours_of(scenario, name).curve(weather)


def days_of(scenario: Scenario) -> int:
    """Whole days up to the horizon (ten years where the scenario has none)."""
    return ceil(scenario.horizon or 3650.0)


def first_projected_year(country: str = "CN") -> int:
    """The first year whose make-up weekends are not published yet; later calendars are projections."""
    return max(day.year for day in _public(country, 2001, 2040).weekend_workdays) + 1


def _opening(calendar: Calendar, start: dt.date | None, days: int) -> Floats:
    first = start or dt.date(2001, 1, 1)
    weekday = (np.arange(days) + first.weekday()) % 7
    opening: Floats = np.asarray(calendar.week)[weekday]
    if calendar.holidays and start:
        law = _public(calendar.holidays, start.year, start.year + days // 365 + 1)
        opening[_offsets(law, start, days)] = 0.0
        opening[_offsets(law.weekend_workdays, start, days)] = 1.0
    return opening


def _season(calendar: Calendar, start: dt.date | None, days: int) -> Floats:
    if start is None:
        return np.ones(days)
    dates = np.datetime64(start) + np.arange(days)
    months = (dates.astype("datetime64[M]").astype(int)) % 12
    season: Floats = np.asarray(calendar.months)[months]
    if calendar.spring_festival:
        at, share = zip(*calendar.spring_festival, strict=True)
        for new_year in _lunar_new_years(start.year - 1, start.year + days // 365 + 1):
            offset = np.arange(days) - (new_year - start).days
            near = (offset >= at[0]) & (offset <= at[-1])
            season[near] *= np.interp(offset[near], at, share)
    return season


def _windows(scenario: Scenario, calendar: Calendar, days: int) -> Floats:
    factor = np.ones(days)
    for window in calendar.windows:
        factor[max(0, int(scenario.day(window.begin))) : max(0, int(scenario.day(window.end)))] *= window.factor
    return factor


def _testing(scenario: Scenario, calendar: Calendar, days: int) -> Floats:
    factor = np.ones(days)
    rounds = [int(scenario.day(when)) for when in calendar.testing]
    factor[[day for day in rounds if 0 <= day < days]] = 1 - calendar.testing_loss
    return factor


@lru_cache(maxsize=32)
def _public(country: str, first: int, last: int) -> public_holidays.HolidayBase:
    # The names are read below, and would otherwise be in the language of the machine.
    return public_holidays.country_holidays(country, years=range(first, last + 1), language="en_US")


def _lunar_new_years(first: int, last: int) -> list[dt.date]:
    by_year: dict[int, dt.date] = {}
    for day, name in sorted(_public("CN", first, last).items()):
        if "Spring Festival" in name and "Eve" not in name:
            by_year.setdefault(day.year, day)
    return list(by_year.values())


def _offsets(dates: object, start: dt.date, days: int) -> list[int]:
    offsets = ((day - start).days for day in dates)  # type: ignore[attr-defined]
    return [offset for offset in offsets if 0 <= offset < days]


def _cumulative(daily: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(daily)))


def _between(cumulative: Floats, begin: Floats, end: Floats) -> Floats:
    days = np.arange(len(cumulative))
    return np.interp(end, days, cumulative) - np.interp(begin, days, cumulative)
