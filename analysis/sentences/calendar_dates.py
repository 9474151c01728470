"""Days of a park as dates of the calendar, beside which days alone say little to a reader."""

from __future__ import annotations

import datetime as dt

from parkflow.analysis.language import Words
from parkflow.sim.scenario import Scenario

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def date(day: dt.date, say: Words) -> str:
    """A date as it stands in a sentence: ``9 November 2027``, ``2027年11月9日``."""
    return say.pick(f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def on(day: float, scenario: Scenario | None, say: Words) -> str:
    """A day of a park as a date, or by its number where the park has no start."""
    if scenario is None or scenario.start is None:
        return say.pick(f"day {day:.0f}", f"第 {day:.0f} 天")
    return date(scenario.start + dt.timedelta(days=int(day)), say)


def iso(day: float, scenario: Scenario | None) -> str:
    """The same, short enough for the cell of a table: ``2027-11-09``, or the number of the day."""
    if scenario is None or scenario.start is None:
        return f"{day:.0f}"
    return (scenario.start + dt.timedelta(days=int(day))).isoformat()
