"""Every name that is referred to exists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from parkflow.sim.checks.problem import Problem, Problems, Rule
from parkflow.sim.names import nearest
from parkflow.sim.network import ARRIVAL
from parkflow.sim.scenario import (
    Activity,
    Ordered,
    Scenario,
)


def _names(scenario: Scenario) -> Problems:
    for kind in ("calendars", "attributes", "classes", "portfolio", "desks", "meetings", "stocks", "crews", "practices",
                 "activities", "policies"):  # fmt: skip
        for name in getattr(scenario, kind):
            if not name.strip() or "." in name:
                yield Problem(f'{kind}."{name}"', "a name must hold no dot and not be empty", "write '_' instead")
    if ARRIVAL in scenario.activities:
        yield Problem(f"activities.{ARRIVAL}", "every process has a milestone of this name", "choose another name")


@dataclass(frozen=True)
class _Reference:
    key: str
    kind: str
    name: str | None


def _references(scenario: Scenario) -> Problems:
    known: dict[str, Collection[str]] = {
        "calendar": scenario.calendars,
        "class": scenario.classes,
        "group": scenario.portfolio,
        "desk": scenario.desks,
        "meeting": scenario.meetings,
        "stock": scenario.stocks,
        "crew": scenario.crews,
        "practice": scenario.practices,
        "stage": scenario.stages,
        "category": scenario.issues.categories,
        "severity": scenario.issues.severities,
        "process": processes(scenario),
        "activity": (*scenario.activities, ARRIVAL),
    }
    for it in _all_references(scenario):
        if it.name is not None and it.name not in known[it.kind]:
            remedy = nearest(it.name, known[it.kind])
            yield Problem(it.key, f"no {it.kind} is called {it.name!r}", remedy)


def processes(scenario: Scenario) -> dict[str, None]:
    """All processes that activities name, in the order of the file."""
    return dict.fromkeys(process for activity in scenario.activities.values() for process in activity.processes)


def _all_references(scenario: Scenario) -> Iterator[_Reference]:
    yield from _resource_references(scenario)
    yield from _portfolio_references(scenario)
    yield from _issue_references(scenario)
    for name, activity in scenario.activities.items():
        yield from _activity_references(f"activities.{name}", activity)
    if scenario.question:
        yield _Reference("question.from", "activity", scenario.question.start)
        yield _Reference("question.to", "activity", scenario.question.end)
        yield from _each("question.groups", "group", scenario.question.groups)
    if scenario.cohort:
        yield from _each("cohort.groups", "group", scenario.cohort.groups)
        yield _Reference("cohort.milestone", "activity", scenario.cohort.milestone)


def _resource_references(scenario: Scenario) -> Iterator[_Reference]:
    for name, desk in scenario.desks.items():
        yield _Reference(f"desks.{name}.calendar", "calendar", desk.calendar)
        for served in desk.dedicated:
            yield _Reference(f"desks.{name}.dedicated", "class", served)
    for name, meeting in scenario.meetings.items():
        yield _Reference(f"meetings.{name}.calendar", "calendar", meeting.calendar)
    for name, stock in scenario.stocks.items():
        yield _Reference(f"stocks.{name}.orders", "group", stock.orders)
    for name, crew in scenario.crews.items():
        yield _Reference(f"crews.{name}.practice", "practice", crew.practice)


def _portfolio_references(scenario: Scenario) -> Iterator[_Reference]:
    for name, kind in scenario.classes.items():
        for field in ("deadline", "second_deadline"):
            if due := getattr(kind, field):
                yield _Reference(f"classes.{name}.{field}.milestone", "activity", due.milestone)
    for name, group in scenario.portfolio.items():
        yield _Reference(f"portfolio.{name}.of", "class", group.of)
        yield _Reference(f"portfolio.{name}.process", "process", group.process)
        if isinstance(group.arrivals, Ordered):
            yield _Reference(f"portfolio.{name}.arrivals.by", "stock", group.arrivals.by)
        if group.in_progress:
            yield _Reference(f"portfolio.{name}.in_progress.stage", "stage", group.in_progress.stage)
    for name, practice in scenario.practices.items():
        yield from _each(f"practices.{name}.classes", "class", practice.classes)
        yield from _each(f"practices.{name}.groups", "group", practice.groups)
        for index, effect in enumerate(practice.effects):
            yield from _each(f"practices.{name}.effects.{index}.categories", "category", effect.categories)


def _issue_references(scenario: Scenario) -> Iterator[_Reference]:
    yield from _each("issues.stage_factors", "stage", scenario.issues.stage_factors)
    for name, category in scenario.issues.categories.items():
        yield from _each(f"issues.categories.{name}.stages", "stage", category.stages)


def _activity_references(key: str, activity: Activity) -> Iterator[_Reference]:
    for kind in ("desk", "meeting", "stock", "calendar", "crew", "stage"):
        yield _Reference(f"{key}.{kind}", kind, getattr(activity, kind))
    yield _Reference(f"{key}.applies.took_place", "activity", activity.applies.took_place)
    for field in ("after", "previous"):
        for before, practice in getattr(activity, field).items():
            waived = practice != "" or field == "after"
            yield _Reference(f"{key}.{field}.{before}", "practice", practice if waived else None)
    yield _Reference(f"{key}.applies.practice", "practice", activity.applies.practice)
    yield _Reference(f"{key}.applies.unless", "practice", activity.applies.unless)
    yield from _each(f"{key}.applies.classes", "class", activity.applies.classes)
    yield from _each(f"{key}.applies.category", "category", activity.applies.category)
    yield from _each(f"{key}.applies.severity", "severity", activity.applies.severity)
    for sooner, later in activity.applies.ahead_of.items():
        yield from _each(f"{key}.applies.ahead_of", "activity", (sooner, later))
    yield from _each(f"{key}.solves", "category", activity.solves if isinstance(activity.solves, dict) else ())


def _each(key: str, kind: str, names: Iterable[str]) -> Iterator[_Reference]:
    return (_Reference(key, kind, name) for name in names)


RULES: tuple[Rule, ...] = (
    _names,
    _references,
)
