"""Durations have units that fit their calendar; dates and calendars make sense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from parkflow.sim.calendars import days_of, work_curve
from parkflow.sim.checks.attributes import (
    attribute_key,
    attributes_used,
    class_attributes,
    classes_present,
    classes_through,
)
from parkflow.sim.checks.problem import (
    FIRST_YEAR,
    LARGEST,
    LAST_YEAR,
    MOST_SITTINGS,
    SMALLEST,
    Problem,
    Problems,
    Rule,
    is_given,
    leaves,
)
from parkflow.sim.checks.supply import lowest
from parkflow.sim.durations import TIME_UNITS, Bernoulli, Constant, Discrete, Distribution
from parkflow.sim.scenario import (
    Activity,
    Attribute,
    Calendar,
    Cohort,
    Dated,
    Product,
    Renewal,
    Sampled,
    Scenario,
)


def _units(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        if activity.step == "desk" and activity.desk not in scenario.desks:
            continue
        key, clock = f"activities.{name}", _clock(scenario, activity)
        if activity.duration is not None:
            yield from _unit(f"{key}.duration", activity, activity.duration, clock)
        if activity.correction and activity.correction.fix is not None:
            yield from _fix_unit(f"{key}.correction.fix", activity.correction.fix, activity.calendar or clock)
    for name, group in scenario.portfolio.items():
        if isinstance(group.arrivals, Renewal) and group.arrivals.every.unit not in (None, "cd"):
            key = f"portfolio.{name}.arrivals.every"
            yield Problem(key, f"arrivals are spaced in calendar days, not {group.arrivals.every.unit!r}", "write cd")


def _clock(scenario: Scenario, activity: Activity) -> str | None:
    """The calendar that the activity's own time runs on."""
    return scenario.desks[activity.desk].calendar if activity.step == "desk" and activity.desk else activity.calendar


def _unit(key: str, activity: Activity, duration: Distribution, clock: str | None) -> Problems:
    owner = f"desk {activity.desk!r}" if activity.step == "desk" else f"this {activity.step} step"
    if duration.unit not in (None, *TIME_UNITS):
        yield Problem(key, f"{duration.unit!r} is no unit of time", "write wd (working days) or cd (calendar days)")
    elif duration.unit == "wd" and clock is None:
        yield Problem(key, f"working days, but {owner} has no calendar", "give it a calendar, or write cd")
    elif duration.unit != "wd" and clock is not None:
        yield Problem(
            key, f"not in working days, but {owner} has the calendar {clock!r}", "write wd, or remove the calendar"
        )


def _fix_unit(key: str, fix: Distribution, clock: str | None) -> Problems:
    if fix.unit not in (None, *TIME_UNITS):
        yield Problem(key, f"{fix.unit!r} is no unit of time", "write wd (working days) or cd (calendar days)")
    elif fix.unit == "wd" and clock is None:
        yield Problem(
            key, "working days, but neither the activity nor its desk has a calendar", "add a calendar, or write cd"
        )


def _signs(scenario: Scenario) -> Problems:
    for key, distribution in _times(scenario):
        if distribution.lowest < 0:
            yield Problem(
                key, f"may be negative ({distribution.lowest:g})", "give a distribution that starts at 0 or above"
            )
    for name, group in scenario.portfolio.items():
        done = group.in_progress.done if group.in_progress else None
        if done is not None and (done.lowest < 0 or done.quantile(np.array([1 - 1e-9]))[0] > 1):
            yield Problem(
                f"portfolio.{name}.in_progress.done", "a share of the stage lies between 0 and 1", "e.g. uniform(0, 1)"
            )


def _times(scenario: Scenario) -> Iterator[tuple[str, Distribution]]:
    for name, activity in scenario.activities.items():
        if activity.duration is not None:
            yield f"activities.{name}.duration", activity.duration
        if activity.correction and activity.correction.fix is not None:
            yield f"activities.{name}.correction.fix", activity.correction.fix
    for name, group in scenario.portfolio.items():
        if isinstance(group.arrivals, Renewal):
            yield f"portfolio.{name}.arrivals.every", group.arrivals.every


def _attribute_signs(scenario: Scenario) -> Problems:
    """Attributes that multiply durations or count units must not be negative; those divided by must not be zero."""
    for name, activity in scenario.activities.items():
        used = [(key, a) for key, a in attributes_used(scenario, name, activity) if ".applies." not in key]
        for kind in classes_through(scenario, activity):
            known = class_attributes(scenario, kind)
            for key, attribute in used:
                least = lowest(known.get(attribute))
                if least < 0 or (least == 0 and key.startswith("crews.") and _may_vanish(known.get(attribute))):
                    yield Problem(
                        key, f"{attribute!r} may be as low as {least:g} in class {kind!r}", "raise its lower end"
                    )
    for kind in classes_present(scenario):
        known = class_attributes(scenario, kind)
        for name, computed in known.items():
            for source in computed.over if isinstance(computed, Product) else ():
                if _may_vanish(known.get(source)):
                    key = attribute_key(scenario, kind, name)
                    yield Problem(f"{key}.over", f"{source!r} may be zero in class {kind!r}", "raise its lower end")


def _may_vanish(attribute: Attribute | None) -> bool:
    """Whether a value of exactly zero has a chance; a continuous distribution from zero on has none."""
    lumpy = not isinstance(attribute, Sampled) or isinstance(attribute.sampled, Constant | Discrete | Bernoulli)
    return attribute is not None and not isinstance(attribute, Product) and lumpy and lowest(attribute) == 0


def _dates(scenario: Scenario) -> Problems:
    if scenario.start is not None:
        return
    for key, when in _all_dates(scenario):
        yield Problem(
            key, f"the date {when} needs a day 0", f"add start = {when.replace(day=1)} at the top of the file"
        )


def _all_dates(scenario: Scenario) -> Iterator[tuple[str, dt.date]]:
    for kind in ("calendars", "meetings", "stocks", "portfolio", "practices", "cohort"):
        for key, leaf in leaves(kind, getattr(scenario, kind)):
            if isinstance(leaf, dt.date):
                yield key, leaf


def sizes(scenario: Scenario) -> Problems:
    """Numbers are neither larger nor smaller than anything in a park."""
    for key, leaf in leaves("", scenario):
        if isinstance(leaf, int | float) and leaf != 0 and not SMALLEST <= abs(leaf) <= LARGEST:
            large, small = "is larger than anything in a park", "is smaller than anything in a park"
            remedy = f"give 0 or a number from {SMALLEST:g} to {LARGEST:g}"
            yield Problem(key[1:], large if abs(leaf) > LARGEST else small, remedy)


def _stretches(scenario: Scenario) -> Problems:
    if scenario.start is None and any(_all_dates(scenario)):
        return
    for key, (begin, end) in _all_stretches(scenario):
        if scenario.day(begin) > scenario.day(end):
            yield Problem(key, f"{begin} comes after {end}", "give the earlier day first")
    for name, meeting in scenario.meetings.items():
        if meeting.dates and max(map(scenario.day, meeting.dates)) < 0:
            yield Problem(
                f"meetings.{name}.dates", "all sittings lie before the start", "add later dates, or move start"
            )
        if meeting.every and days_of(scenario) - scenario.day(meeting.first) > MOST_SITTINGS * meeting.every:
            yield Problem(
                f"meetings.{name}.every", "too many sittings to hold", "give more days between sittings, or on_demand"
            )


def _too_early(scenario: Scenario) -> Problems:
    if scenario.start is None and any(_all_dates(scenario)):
        return
    for key, when, remedy in _comings(scenario):
        if scenario.day(when) < 0:
            yield Problem(key, f"{when} lies before the start", remedy)


def _comings(scenario: Scenario) -> Iterator[tuple[str, dt.date | float, str]]:
    """The days on which projects arrive and units come, with what to do about those before the start."""
    for name, group in scenario.portfolio.items():
        arrivals, key = group.arrivals, f"portfolio.{name}.arrivals"
        remedy = "move start, or let them arrive on day 0 with in_progress"
        if isinstance(arrivals, Dated):
            yield from ((f"{key}.on", when, remedy) for when in arrivals.on)
        elif isinstance(arrivals, Cohort):
            yield f"{key}.between", arrivals.between[0], remedy
            yield from ((f"{key}.batches", when, remedy) for when in arrivals.batches)
    for name, stock in scenario.stocks.items():
        remedy = "move start, or add the amount to initial"
        yield from ((f"stocks.{name}.tranches", tranche.on, remedy) for tranche in stock.tranches)


def _all_stretches(scenario: Scenario) -> Iterator[tuple[str, tuple[dt.date | float, dt.date | float]]]:
    for name, group in scenario.portfolio.items():
        if isinstance(group.arrivals, Cohort):
            yield f"portfolio.{name}.arrivals.between", group.arrivals.between
    for name, practice in scenario.practices.items():
        if practice.window:
            yield f"practices.{name}.window", practice.window
        if practice.during:
            yield f"practices.{name}.during", practice.during
    for name, calendar in scenario.calendars.items():
        for index, window in enumerate(calendar.windows):
            yield f"calendars.{name}.windows.{index}", (window.begin, window.end)


def _calendars(scenario: Scenario) -> Problems:
    for name, calendar in scenario.calendars.items():
        problems = list(_calendar(scenario, f"calendars.{name}", calendar))
        yield from problems
        dated = scenario.start is not None or not any(isinstance(leaf, dt.date) for _, leaf in leaves("", calendar))
        if not problems and dated and (calendar.lost == 1 or work_curve(scenario, name).total == 0):
            yield Problem(
                f"calendars.{name}", "never opens", "let week, months, windows and lost leave some day to work"
            )


def _calendar(scenario: Scenario, key: str, calendar: Calendar) -> Problems:
    if scenario.horizon is None:
        yield Problem(
            key, "a calendar ends at the horizon, and there is none", "add horizon = days, at the top of the file"
        )
    used = [field for field in ("week", "holidays", "months", "spring_festival") if is_given(calendar, field)]
    if used and scenario.start is None:
        yield Problem(f"{key}.{used[0]}", "needs a day 0", "add start = 2023-01-01 at the top of the file")
    if used and scenario.start and not FIRST_YEAR <= scenario.start.year < LAST_YEAR:
        yield Problem(
            "start",
            f"no calendar is known for {scenario.start.year}",
            f"start between {FIRST_YEAR} and {LAST_YEAR - 1}",
        )
    offsets = [offset for offset, _ in calendar.spring_festival]
    if offsets != sorted(set(offsets)):
        yield Problem(
            f"{key}.spring_festival", "the days from New Year must rise", "order the points by day, each once"
        )


RULES: tuple[Rule, ...] = (
    _units,
    _signs,
    _attribute_signs,
    _dates,
    _stretches,
    _too_early,
    _calendars,
)
