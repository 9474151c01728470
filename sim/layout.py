"""The layout of a scenario: what no draw changes about its plan, worked out once for every replication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.background import WEEK, left_over, weekly_shares
from parkflow.sim.calendars import Hours, WorkCurve, days_of, hours_of
from parkflow.sim.checks import check
from parkflow.sim.circulation import circulation_of
from parkflow.sim.crews import daily_output
from parkflow.sim.durations import CALENDAR_DAYS_PER_WORKING_DAY
from parkflow.sim.kinds import CALENDAR_DAYS, KINDS, MILESTONE, RULES
from parkflow.sim.network import ARRIVAL, idle_activities
from parkflow.sim.portfolio import typical_attributes
from parkflow.sim.resources import Meetings, Pools, begins
from parkflow.sim.scenario import Activity, Meeting, Rule, Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

A_CENTURY = 36525.0
"""Days for which meetings sit where a scenario has no horizon."""


@dataclass(frozen=True)
class Pool:
    """Servers of one desk, shared or set apart for a class of projects."""

    desk: str
    dedicated_to: str | None
    servers: int
    rule: Rule
    hours: int
    calendar: int


@dataclass(frozen=True)
class Layout:
    """A checked scenario with its names numbered, and what is worked out once for all its plans.

    Raises `sim.checks.ScenarioError` when the scenario contradicts itself.
    """

    scenario: Scenario
    _kept: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self.scenario)

    def __getstate__(self) -> dict[str, Any]:
        """The scenario alone: what follows from it is worked out again where it is needed."""
        return {"scenario": self.scenario, "_kept": {}}

    def kept(self, make: Callable[[Layout], T]) -> T:
        """What this function or class makes of the layout, made once."""
        if make not in self._kept:
            self._kept[make] = make(self)
        found: T = self._kept[make]
        return found

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """Names of the activities by number; `ARRIVAL` is number 0."""
        return (ARRIVAL, *self.scenario.activities)

    @cached_property
    def number(self) -> dict[str, int]:
        """Numbers of the activities by name."""
        return {name: number for number, name in enumerate(self.activities)}

    @cached_property
    def idle(self) -> frozenset[str]:
        """Activities that apply to nobody; they have no place in the networks."""
        return idle_activities(self.scenario)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Names of the portfolio's groups by number."""
        return tuple(self.scenario.portfolio)

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """The servers of all desks."""
        found = []
        for name, desk in self.scenario.desks.items():
            sizes = [(None, desk.servers - sum(desk.dedicated.values())), *desk.dedicated.items()]
            clocks = self.calendar_number(desk.calendar), self._touch_curve(name)
            found += [Pool(name, key, servers, desk.rule, *clocks) for key, servers in sizes]
        return tuple(found)

    @cached_property
    def pool_columns(self) -> Pools:
        """The pools as arrays."""
        desks = list(self.scenario.desks)
        rows = [
            (
                it.servers,
                RULES[it.rule],
                desks.index(it.desk),
                it.hours,
                it.calendar,
                self.scenario.desks[it.desk].surge,
            )
            for it in self.pools
        ]
        return Pools(*np.array(rows, dtype=np.int64).reshape(-1, len(Pools._fields)).T.copy())

    @cached_property
    def meeting_columns(self) -> Meetings:
        """The meetings and the days on which they sit, as arrays."""
        meetings = self.scenario.meetings.values()
        days = [self._sittings(meeting) for meeting in meetings]
        return Meetings(
            places=np.array([meeting.places for meeting in meetings], dtype=np.int64),
            rule=np.array([RULES[meeting.rule] for meeting in meetings], dtype=np.int64),
            quorum=np.array([np.nan if m.on_demand is None else m.on_demand for m in meetings], dtype=np.float64),
            begin=begins([len(each) for each in days]),
            sittings=np.array([day for each in days for day in each], dtype=np.float64),
        )

    @cached_property
    def kinds(self) -> Ints:
        """Kind of step by activity number."""
        return np.array([MILESTONE, *(KINDS[a.step] for a in self.scenario.activities.values())])

    def resources(self, class_name: str) -> Ints:
        """Pool, meeting or stock by activity number, for projects of one class (-1: none)."""
        return np.array([-1, *(self._resource(a, class_name) for a in self.scenario.activities.values())])

    @cached_property
    def calendars(self) -> Ints:
        """Calendar of the work by activity number."""
        return np.array([CALENDAR_DAYS, *(self._calendar(a) for a in self.scenario.activities.values())])

    @cached_property
    def fix_calendars(self) -> Ints:
        """Calendar of the applicant's corrections by activity number."""
        return np.array([CALENDAR_DAYS, *(self._fix_calendar(a) for a in self.scenario.activities.values())])

    @cached_property
    def hours(self) -> tuple[Hours, ...]:
        """The hours of the calendars."""
        return tuple(hours_of(self.scenario, name) for name in self.scenario.calendars)

    @cached_property
    def curves(self) -> tuple[WorkCurve, ...]:
        """Work curves of the calendars, before weather, and of desks with a background, in an even week."""
        desks = [self.scenario.desks[name] for name in self.with_background]
        half = np.full((len(desks), days_of(self.scenario) // WEEK + 1), 0.5)
        return self.with_backgrounds(tuple(hours.curve() for hours in self.hours), weekly_shares(desks, half))

    @cached_property
    def with_background(self) -> tuple[str, ...]:
        """Desks that have applicants outside the list; their curves follow those of the calendars."""
        return tuple(name for name, desk in self.scenario.desks.items() if desk.background)

    def with_backgrounds(self, calendars: tuple[WorkCurve, ...], shares: Floats) -> tuple[WorkCurve, ...]:
        """The curves of the calendars, and behind them those of desks with a background, by its shares per week."""
        days = days_of(self.scenario)
        always = WorkCurve(np.ones(days), np.zeros(days), np.zeros(days))
        desks = (self.scenario.desks[name] for name in self.with_background)
        hours = [(*calendars, always)[self.calendar_number(desk.calendar)] for desk in desks]
        return (*calendars, *map(left_over, hours, shares))

    def _touch_curve(self, desk: str) -> int:
        """Number of the curve by which the officers of a desk work on files of the list."""
        if desk in self.with_background:
            return len(self.scenario.calendars) + self.with_background.index(desk)
        return self.calendar_number(self.scenario.desks[desk].calendar)

    def calendar_number(self, name: str | None) -> int:
        """Index of a calendar's curve."""
        return CALENDAR_DAYS if name is None else list(self.scenario.calendars).index(name)

    def _resource(self, activity: Activity, class_name: str) -> int:
        if activity.step == "desk":
            mine = [n for n, pool in enumerate(self.pools) if pool.desk == activity.desk]
            apart = [n for n in mine if self.pools[n].dedicated_to == class_name]
            return apart[0] if apart else mine[0]
        if activity.step == "meeting":
            return list(self.scenario.meetings).index(activity.meeting or "")
        if activity.step == "stock":
            return list(self.scenario.stocks).index(activity.stock or "")
        return -1

    def _calendar(self, activity: Activity) -> int:
        if activity.step == "desk" and activity.desk:
            return self._touch_curve(activity.desk)
        wanted = activity.duration is not None and activity.duration.unit == "wd"
        return self.calendar_number(activity.calendar if wanted else None)

    def _fix_calendar(self, activity: Activity) -> int:
        fix = activity.correction.fix if activity.correction else None
        if fix is None or fix.unit != "wd":
            return CALENDAR_DAYS
        if activity.desk and not activity.calendar:
            return self.calendar_number(self.scenario.desks[activity.desk].calendar)
        return self.calendar_number(activity.calendar) if activity.calendar else self._calendar(activity)

    def limit(self, name: str) -> tuple[float, int]:
        """Days within which a file should be decided, and the curve that they count on (-1: calendar days).

        Working days count on the calendar `statutory` where there is one, which no lever changes, else on the desk's.
        Infinite where nothing is promised.
        """
        activity = self.scenario.activities[name] if name != ARRIVAL else None
        if activity is None or not activity.desk:
            return np.inf, CALENDAR_DAYS
        desk = self.scenario.desks[activity.desk]
        promised = activity.limit or desk.limit
        if promised is None:
            return np.inf, CALENDAR_DAYS
        statutory = "statutory" if "statutory" in self.scenario.calendars else desk.calendar
        return promised.expectation, CALENDAR_DAYS if promised.unit == "cd" else self.calendar_number(statutory)

    def start_by(self, name: str, class_name: str) -> float:
        """Days from asking until service must begin if a typical file is to meet its limit (infinite: it has none)."""
        days, clock = self.limit(name)
        after = circulation_of(name)
        needed = self.expected(name, class_name)
        needed += self.expected(after, class_name) if after in self.number else 0.0
        return max(days - needed / (1.0 if clock == CALENDAR_DAYS else CALENDAR_DAYS_PER_WORKING_DAY), 0.0)

    def _sittings(self, meeting: Meeting) -> list[float]:
        if meeting.on_demand is not None:
            return []
        days = [self.scenario.day(when) for when in meeting.dates]
        if meeting.every:
            first = self.scenario.day(meeting.first)
            days = list(np.arange(first, self.scenario.horizon or A_CENTURY, meeting.every))
        if meeting.calendar:
            curve = self.curves[self.calendar_number(meeting.calendar)]
            days = [curve.next_open(day) for day in days if day >= 0]
        return sorted(float(day) for day in set(days) if 0 <= day < np.inf)

    @cached_property
    def typical(self) -> dict[str, dict[str, float]]:
        """Attributes of a typical project, by class."""
        return {name: typical_attributes(self.scenario, name) for name in self.scenario.classes}

    def likely(self, name: str) -> float:
        """The chance that an activity takes place, as far as it does not depend on the project."""
        if name == ARRIVAL:
            return 1.0
        applies = self.scenario.activities[name].applies
        if applies.took_place:
            return self.likely(applies.took_place)
        off = applies.practice is not None and self.scenario.practices[applies.practice].share == 0
        return 0.0 if off else applies.probability

    def expected(self, name: str, class_name: str) -> float:
        """Expected calendar days of an activity's own time for a typical project of a class.

        A working day is taken as 365/250 calendar days, and an attribute that multiplies the time as its mean.
        """
        activity = self.scenario.activities[name] if name != ARRIVAL else None
        if activity is None or activity.duration is None:
            return 0.0
        days = activity.duration.expectation
        days *= CALENDAR_DAYS_PER_WORKING_DAY if activity.duration.unit == "wd" else 1.0
        typical = self.typical[class_name]
        for attribute in activity.times:
            days *= typical[attribute]
        if activity.crew:
            means = {attribute: np.array([value]) for attribute, value in typical.items()}
            days /= float(daily_output(self.scenario.crews[activity.crew], means, np.zeros(1, dtype=bool))[0])
        return days
