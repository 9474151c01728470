"""Which days are worked: weekdays, holidays and hours, read off the times at which officers end their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_files import END, date_of
from parkflow.analysis.mining.traces import SLIGHT, CaseLog
from parkflow.sim.calendars import WorkCurve, work_curve
from parkflow.sim.scenario import Calendar, Dated, Group, ProjectClass, Scenario, Window
from parkflow.sim.steps import Milestone

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CLOSED = 0.2
"""A weekday with fewer events than this share of the busiest counts as closed."""

ENOUGH = 7.0
"""Events expected on a day above which a day without any is closed (chance below 0.001 if they were independent)."""

AROUND = 14
"""Days on either side from which the events expected on a day are taken."""

FEWEST_DAYS = 28
"""Days of a log, or ends of an activity, below which weekdays are not told apart."""


@dataclass(frozen=True)
class OfficeDays:
    """The working days of a log, what they rest on, and what they leave open.

    `closing` is taken off a time before its day is asked for: where times are exact, midnight ends a day.
    """

    calendar: Calendar
    curve: WorkCurve
    closing: float
    hours: tuple[float, float] | None
    events: int
    findings: tuple[str, ...]
    untold: tuple[str, ...]

    def is_open(self, days: Floats) -> Bools:
        """Whether each time lies on a day that is worked at all; closing time belongs to the day that it ends."""
        at = np.clip((days - self.closing).astype(np.int64), 0, self.curve.days - 1)
        return self.curve.rate[at] > 0

    def work(self, begin: Floats, end: Floats) -> Floats:
        """Working days between two arrays of times."""
        done = np.concatenate(([0.0], np.cumsum(self.curve.rate)))
        at = np.arange(len(done))
        return np.interp(end, at, done) - np.interp(begin, at, done)


def office_days(log: CaseLog) -> OfficeDays:
    """The working days by the ends of what officers did, or of other activities where nobody is named."""
    closing = 0.0 if log.by_date else SLIGHT
    ends = _ends(log, closing)
    start, days = date_of(log.origin), int(np.ceil(log.until)) + 1
    counts = np.bincount(np.clip((ends - closing).astype(np.int64), 0, days - 1), minlength=days).astype(np.float64)
    holidays = "CN" if _keeps(counts, start) else None
    week, untold = _week(counts, start, _moved(start, days) if holidays else np.zeros(days, dtype=bool))
    if log.has_starts:  # ends tell how much a day had to do; what it can do shows only in whether anything ends at all
        week = tuple(float(share > 0) for share in week)
    usual = curve_of(Calendar(week=week, holidays=holidays), start, days).rate
    closed = _closed(counts, usual)
    if not _tells(counts, usual) and not holidays:
        untold.append("single closed days: too few events on a usual day to tell a holiday from a quiet day")
    calendar = Calendar(week=week, holidays=holidays, windows=tuple(_windows(closed)))
    hours, findings = _hours(ends), _findings(counts, week, holidays, closed, start)
    return OfficeDays(
        calendar, curve_of(calendar, start, days), closing, hours, len(ends), tuple(findings), tuple(untold)
    )


def _ends(log: CaseLog, closing: float) -> Floats:
    """When officers ended something; where nobody is named, when activities ended that end on some weekdays only."""
    raw, over = log.raw, log.raw.phase == END
    served = over & (raw.officer >= 0)
    if not served.any():
        weekday = (np.floor(raw.time - closing).astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        for code in range(len(raw.codes)):
            counts = np.bincount(weekday[over & (raw.code == code)], minlength=7)
            if counts.sum() >= FEWEST_DAYS and counts.min() < CLOSED * counts.max():
                served |= over & (raw.code == code)
    return np.asarray(raw.time[served if served.any() else over] - log.origin)


def curve_of(calendar: Calendar, start: dt.date, days: int) -> WorkCurve:
    """The work that each day of a calendar brings."""
    group = Group(of="case", count=1, arrivals=Dated(on=(0.0,)))
    scenario = Scenario(
        name="days", start=start, horizon=float(max(days, 1)), calendars={"office": calendar},
        classes={"case": ProjectClass()}, portfolio={"cases": group}, activities={"over": Milestone(step="milestone")},
    )  # fmt: skip
    return work_curve(scenario, "office")


def _week(counts: Floats, start: dt.date, moved: Bools) -> tuple[tuple[float, ...], list[str]]:
    """The share of a working day that each weekday brings, Monday first; one where it cannot be told from the usual.

    Days that the law closes or opens are left out.
    """
    if len(counts) < FEWEST_DAYS:
        return (1.0,) * 7, ["weekdays: the log covers less than four weeks, so every day counts as worked"]
    weekday = (np.arange(len(counts)) + start.weekday()) % 7
    groups = [counts[(weekday == day) & ~moved] for day in range(7)]
    mean = np.array([group.mean() for group in groups])
    is_open = mean >= CLOSED * mean.max()
    usual = mean[is_open].mean()
    error = np.array([group.std() / np.sqrt(len(group)) for group in groups])
    alike = np.abs(mean - usual) <= 2.7 * error + 1e-12  # 95% for seven comparisons at a time
    share = np.where(is_open, np.where(alike, 1.0, np.round(mean / usual, 2)), 0.0)
    return tuple(float(value) for value in share), []


WEEKDAYS = (1.0,) * 5 + (0.0,) * 2


def _moved(start: dt.date, days: int) -> Bools:
    """Weekdays that the law of China closes, and weekends that it opens."""
    plain, law = (curve_of(Calendar(week=WEEKDAYS, holidays=kept), start, days).rate for kept in (None, "CN"))
    return np.asarray(plain != law)


def _keeps(counts: Floats, start: dt.date) -> bool:
    """Whether the public holidays of China are kept: next to nothing happens on weekdays that they alone close."""
    usual = curve_of(Calendar(week=WEEKDAYS), start, len(counts)).rate
    shut = (usual > 0) & _moved(start, len(counts))
    expected = _expected(counts, usual)[shut].sum()
    return bool(expected >= ENOUGH and counts[shut].sum() <= 0.1 * expected)


def _expected(counts: Floats, usual: Floats) -> Floats:
    """Events expected on each day from the open days around it."""
    box, here = np.ones(2 * AROUND + 1), slice(AROUND, AROUND + len(counts))
    events = np.convolve(counts * (usual > 0), box)[here]
    days = np.convolve(usual, box)[here]
    return np.where(days > 0, usual * events / np.maximum(days, 1e-9), 0.0)


def _tells(counts: Floats, usual: Floats) -> bool:
    return bool(np.median(_expected(counts, usual)[usual > 0]) >= ENOUGH)


def _closed(counts: Floats, rate: Floats) -> Bools:
    """Days that should be worked, have no event, and should have had several."""
    closed: Bools = (rate > 0) & (counts == 0) & (_expected(counts, rate) >= ENOUGH)
    return closed


def _windows(closed: Bools) -> Iterator[Window]:
    """Stretches of closed days."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], closed.astype(np.int8), [0]))))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield Window(begin=float(begin), end=float(end), factor=0.0)


def _hours(ends: Floats) -> tuple[float, float] | None:
    """Hours between which 19 in 20 events fall; none where the log has dates only."""
    clock = (ends % 1)[(ends % 1) > SLIGHT] * 24
    if len(clock) < 20:
        return None
    low, high = np.quantile(clock, [0.025, 0.975])
    return round(float(low), 1), round(float(high), 1)


def _findings(
    counts: Floats, week: tuple[float, ...], holidays: str | None, closed: Bools, start: dt.date
) -> Iterator[str]:
    weekday = (np.arange(len(counts)) + start.weekday()) % 7
    by_day = [int(counts[weekday == day].sum()) for day in range(7)]
    yield f"events from Monday to Sunday: {', '.join(map(str, by_day))}"
    if holidays:
        yield "next to nothing happens on the public holidays of China"
    days = int(closed.sum())
    if days:
        stretches = sum(1 for before, here in pairwise([False, *closed.tolist()]) if here and not before)
        yield f"{days} further days without any event in {stretches} stretches count as closed"
