"""Checks of a scenario as a whole: what no field can know of itself, such as whether the desk it names exists."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calendars import days_of, work_curve
from sim.durations import TIME_UNITS, Bernoulli, Constant, Discrete, Distribution
from sim.issues import MOST_ISSUES, category_weights, expected_issues
from sim.network import ARRIVAL, network
from sim.portfolio import sources_of
from sim.scenario import (
    Activity,
    Attribute,
    Calendar,
    Cohort,
    Dated,
    Group,
    Lookup,
    Ordered,
    Practice,
    Product,
    Renewal,
    Sampled,
    Scenario,
    process_activities,
)
from sim.values import Noted, Value

ISSUE = "issue"
"""The process that every issue runs through."""

HOST = "project"
"""The process in which issues arise."""

CLOSED = "issue_closed"
"""The milestone that ends an issue."""

SMALLEST, LARGEST = 1e-12, 1e15
"""Numbers beyond these are taken for slips of the pen; whole numbers within are exact as floats."""

MOST_GATES = 2
"""Practices that hold a unit and can change one activity; the plan has room for so many."""

MOST_SITTINGS = 1_000_000
"""More sittings of one meeting than this are taken for a slip of the pen."""

MOST_COPIES = 1000
"""More copies of one activity than any park has buildings are taken for a slip of the pen."""

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Years for which lunar New Year and the public holidays can be worked out."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a scenario: the dotted path of the key, what it says, and what would be right."""

    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}; {self.remedy}"


class ScenarioError(ValueError):
    """A scenario whose parts do not fit together; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


Problems = Iterator[Problem]


def check(scenario: Scenario) -> None:
    """Raise `ScenarioError` with everything that is wrong with the scenario."""
    # Numbers out of all proportion come first, for the other rules compute with them.
    found = dict.fromkeys(_sizes(scenario)) or dict.fromkeys(problem for rule in RULES for problem in rule(scenario))
    if found:
        raise ScenarioError(found)


def nearest(name: str, known: Collection[str]) -> str:
    """A remedy for a name that does not exist: the nearest one that does, or a list of them."""
    if close := difflib.get_close_matches(name[:100], known, n=1, cutoff=0.6):
        return f"did you mean {close[0]!r}?"
    if not known:
        return "none is declared"
    some = _list(list(known)[:12])
    return f"there are {some}{', …' if len(known) > 12 else ''}" if len(known) > 1 else f"there is only {some}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


# Names


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
        "process": _processes(scenario),
        "activity": (*scenario.activities, ARRIVAL),
    }
    for it in _all_references(scenario):
        if it.name is not None and it.name not in known[it.kind]:
            remedy = nearest(it.name, known[it.kind])
            yield Problem(it.key, f"no {it.kind} is called {it.name!r}", remedy)


def _processes(scenario: Scenario) -> dict[str, None]:
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
    for field in ("after", "previous"):
        for before, practice in getattr(activity, field).items():
            yield _Reference(f"{key}.{field}.{before}", "practice", practice)
    yield _Reference(f"{key}.applies.practice", "practice", activity.applies.practice)
    yield _Reference(f"{key}.applies.unless", "practice", activity.applies.unless)
    yield from _each(f"{key}.applies.classes", "class", activity.applies.classes)
    yield from _each(f"{key}.applies.category", "category", activity.applies.category)
    yield from _each(f"{key}.solves", "category", activity.solves if isinstance(activity.solves, dict) else ())


def _each(key: str, kind: str, names: Iterable[str]) -> Iterator[_Reference]:
    return (_Reference(key, kind, name) for name in names)


# Steps and their fields

_NEEDED = {
    "work": ("duration",),
    "desk": ("desk", "duration"),
    "notice": ("duration",),
    "meeting": ("meeting",),
    "stock": ("stock",),
    "milestone": (),
    "end": (),
}
_ALLOWED = {
    "work": ("duration", "calendar", "times", "crew", "exposure", "correction"),
    "desk": ("desk", "duration", "calendar", "times", "correction"),
    "notice": ("duration", "calendar", "times"),
    "meeting": ("meeting", "duration", "calendar", "times", "correction"),
    "stock": ("stock", "amount", "gives", "when_short"),
    "milestone": (),
    "end": (),
}
_SPECIFIC = tuple(dict.fromkeys(field for fields in _ALLOWED.values() for field in fields))


def _steps(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        key, step = f"activities.{name}", activity.step
        for field in _NEEDED[step]:
            if getattr(activity, field) is None:
                yield Problem(f"{key}.{field}", f"a {step} step needs a {field}", f"add {field} = …")
        for field in _SPECIFIC:
            if field not in _ALLOWED[step] and _is_given(activity, field):
                owners = " or ".join(other for other, fields in _ALLOWED.items() if field in fields)
                yield Problem(
                    f"{key}.{field}", f"a {step} step has no {field}", f"remove it, or make it a {owners} step"
                )


def _is_given(value: Value, field: str) -> bool:
    default = type(value).model_fields[field].get_default(call_default_factory=True)
    return bool(getattr(value, field) != default)


# Precedence


def _predecessors(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for field in ("needs", "after", "previous"):
            for before in getattr(activity, field):
                yield from _predecessor(scenario, f"activities.{name}.{field}", activity, before)


def _predecessor(scenario: Scenario, key: str, activity: Activity, before: str) -> Problems:
    if before == ARRIVAL and not key.endswith(".previous"):
        return
    if before not in scenario.activities:
        known = [name for name, other in scenario.activities.items() if set(other.processes) & set(activity.processes)]
        yield Problem(key, f"no activity is called {before!r}", nearest(before, known))
    elif not set(scenario.activities[before].processes) & set(activity.processes):
        yield Problem(
            key,
            f"{before!r} belongs to no process of this activity",
            f"remove it, or give both one of {_list(activity.processes)}",
        )


def _cycles(scenario: Scenario) -> Problems:
    # Two copies of everything repeated are enough to close any circle through the previous copy.
    copies = {activity.per: 2 for activity in scenario.activities.values() if activity.per}
    for process in _processes(scenario):
        try:
            network(scenario, process, copies=copies).order()
        except ValueError as error:
            circle = str(error)
            where = f"activities.{circle.split(' → ')[0]}"
            yield Problem(where, f"the precedence goes round in a circle: {circle}", "remove one of these links")


def _previous(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        key = f"activities.{name}.previous"
        if activity.previous and activity.per is None:
            yield Problem(
                key, "this activity has no copies", "add per = the attribute that counts them, or remove previous"
            )
            continue
        for before in activity.previous:
            other = scenario.activities.get(before)
            if other and other.per != activity.per:
                yield Problem(
                    key, f"{before!r} is not repeated per {activity.per}", f"add per = {activity.per!r} to it"
                )


# Attributes


def _attribute_names(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for key, attribute in _attributes_used(scenario, name, activity):
            yield from _attribute_name(scenario, key, attribute, _classes_through(scenario, activity))


def _attributes_used(scenario: Scenario, name: str, activity: Activity) -> Iterator[tuple[str, str]]:
    key, applies = f"activities.{name}", activity.applies
    if activity.per:
        yield f"{key}.per", activity.per
    yield from ((f"{key}.times", attribute) for attribute in activity.times)
    if isinstance(activity.amount, str):
        yield f"{key}.amount", activity.amount
    for field in ("where", "at_least", "at_most"):
        yield from ((f"{key}.applies.{field}", attribute) for attribute in getattr(applies, field))
    if crew := scenario.crews.get(activity.crew or ""):
        for field in ("machines", "zone_machines"):
            if isinstance(attribute := getattr(crew, field), str):
                yield f"crews.{activity.crew}.{field}", attribute


def _attribute_name(scenario: Scenario, key: str, attribute: str, classes: list[str]) -> Problems:
    anywhere = {**scenario.attributes, **{name: None for kind in scenario.classes.values() for name in kind.attributes}}
    if attribute not in anywhere:
        yield Problem(key, f"no attribute is called {attribute!r}", nearest(attribute, anywhere))
        return
    for kind in classes:
        if attribute not in _attributes_of(scenario, kind):
            remedy = f"add classes.{kind}.attributes.{attribute}, or limit applies.classes"
            yield Problem(key, f"projects of class {kind!r} have no attribute {attribute!r}", remedy)


def _classes_through(scenario: Scenario, activity: Activity) -> list[str]:
    """The classes whose projects, or whose projects' issues, may meet the activity."""
    processes = {*activity.processes, HOST} if ISSUE in activity.processes else set(activity.processes)
    classes = dict.fromkeys(group.of for group in scenario.portfolio.values() if group.process in processes)
    only = activity.applies.classes
    return [kind for kind in classes if kind in scenario.classes and (not only or kind in only)]


def _attributes_of(scenario: Scenario, kind: str) -> dict[str, Attribute]:
    return {**scenario.attributes, **scenario.classes[kind].attributes}


def _computed_attributes(scenario: Scenario) -> Problems:
    for kind in _classes_present(scenario):
        known = _attributes_of(scenario, kind)
        for name, attribute in known.items():
            key = _attribute_key(scenario, kind, name)
            for source in sources_of(attribute):
                if source not in known:
                    yield Problem(
                        key, f"projects of class {kind!r} have no attribute {source!r}", nearest(source, known)
                    )
            circle = _circle(known, name)
            if circle and name == min(circle):
                what = f"attributes are computed in a circle: {' → '.join(circle)}"
                yield Problem(key, what, "give one of them a distribution")


def _classes_present(scenario: Scenario) -> list[str]:
    """The classes that some group of the portfolio is of."""
    return [kind for kind in scenario.classes if any(group.of == kind for group in scenario.portfolio.values())]


def _attribute_key(scenario: Scenario, kind: str, name: str) -> str:
    own = name in scenario.classes[kind].attributes
    return f"classes.{kind}.attributes.{name}" if own else f"attributes.{name}"


def _circle(known: Mapping[str, Attribute], first: str) -> list[str]:
    """The way from an attribute back to itself, or nothing."""
    came_from: dict[str, str] = {}
    waiting = [first]
    for name in waiting:
        for source in sources_of(known[name]):
            if source == first:
                return [*_way(came_from, first, name), first]
            if source in known and source not in came_from:
                came_from[source] = name
                waiting.append(source)
    return []


def _way(came_from: Mapping[str, str], first: str, last: str) -> list[str]:
    way = [last]
    while way[-1] != first:
        way.append(came_from[way[-1]])
    return way[::-1]


def _copies(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for kind in _classes_through(scenario, activity) if activity.per else ():
            attribute = _attributes_of(scenario, kind).get(activity.per or "")
            if attribute is not None and not _counts(attribute):
                what = f"{activity.per!r} does not count anything in class {kind!r}"
                yield Problem(
                    f"activities.{name}.per",
                    what,
                    f"make it whole numbers from 0 to {MOST_COPIES}, constant or discrete",
                )


def _counts(attribute: Attribute) -> bool:
    if not isinstance(attribute, Sampled) or not isinstance(attribute.sampled, Constant | Discrete):
        return False
    values = (attribute.sampled.value,) if isinstance(attribute.sampled, Constant) else attribute.sampled.values
    return all(value == int(value) and 0 <= value <= MOST_COPIES for value in values)


# Practices and issues


def _unused_practices(scenario: Scenario) -> Problems:
    used = {crew.practice for crew in scenario.crews.values()}
    for activity in scenario.activities.values():
        used |= {
            *activity.after.values(),
            *activity.previous.values(),
            activity.applies.practice,
            activity.applies.unless,
        }
    for name, practice in scenario.practices.items():
        if name not in used and not practice.effects:
            remedy = 'name it in an activity\'s after, "predecessor" = "practice", give it effects, or remove it'
            yield Problem(f"practices.{name}", "a practice nobody waives anything for", remedy)


def _effects(scenario: Scenario) -> Problems:
    tags = dict.fromkeys(tag for activity in scenario.activities.values() for tag in activity.tags)
    for name, practice in scenario.practices.items():
        for index, effect in enumerate(practice.effects):
            for tag in effect.tags:
                if tag not in tags:
                    yield Problem(
                        f"practices.{name}.effects.{index}.tags",
                        f"no activity carries the tag {tag!r}",
                        nearest(tag, tags),
                    )


def _holds(scenario: Scenario) -> Problems:
    branching = [name for name, a in scenario.activities.items() if a.step == "stock" and a.when_short == "go on"]
    for name, practice in scenario.practices.items():
        if practice.holds is not None and practice.holds not in branching:
            what = f"{practice.holds!r} is not a stock activity that goes on when the store is short"
            remedy = 'give that activity step = "stock" and when_short = "go on"'
            yield Problem(
                f"practices.{name}.holds",
                what,
                remedy if practice.holds in scenario.activities else nearest(practice.holds, branching),
            )
    for name, activity in scenario.activities.items():
        held = {p.holds: key for key, p in scenario.practices.items() if p.holds and _reaches(p, activity)}
        if len(held) > MOST_GATES:
            what = f"the practices {_list(held.values())} all hold a unit and change this activity"
            yield Problem(f"activities.{name}.tags", what, f"let at most {MOST_GATES} of them carry these tags")


def _reaches(practice: Practice, activity: Activity) -> bool:
    return any(set(effect.tags) & set(activity.tags) for effect in practice.effects)


def _branches(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for field in ("taken", "short"):
            stock = getattr(activity.applies, field)
            if stock is None:
                continue
            known = _stock_activities(scenario, activity)
            if stock not in known:
                what = f"no stock activity of the same process is called {stock!r}"
                yield Problem(f"activities.{name}.applies.{field}", what, nearest(stock, known))
            elif ISSUE not in activity.processes and stock not in _always_before(scenario, name):
                what = f"may be reached before {stock!r} has decided"
                yield Problem(f"activities.{name}.applies.{field}", what, f"add {stock!r} to its needs")


def _always_before(scenario: Scenario, name: str) -> set[str]:
    """The activities that come before this one whatever customs are waived."""
    found: set[str] = set()
    waiting = [name]
    for each in waiting:
        for before in scenario.activities[each].needs:
            if before in scenario.activities and before not in found:
                found.add(before)
                waiting.append(before)
    return found


def _stock_activities(scenario: Scenario, activity: Activity) -> list[str]:
    processes = {*activity.processes, HOST} if ISSUE in activity.processes else set(activity.processes)
    return [
        name
        for name, other in scenario.activities.items()
        if other.step == "stock" and processes & set(other.processes)
    ]


def _issues(scenario: Scenario) -> Problems:
    if scenario.issues.rate > 0:
        if not scenario.issues.categories:
            yield Problem(
                "issues.categories", "issues arise but are of no kind", "add a category with a weight above 0"
            )
        closed = process_activities(scenario, ISSUE).get(CLOSED)
        if closed is None or closed.step != "milestone":
            remedy = f'add [activities.{CLOSED}] with step = "milestone" and processes = ["{ISSUE}"]'
            yield Problem("issues.rate", f"issues arise but no milestone {CLOSED!r} ends them", remedy)
        yield from _issue_numbers(scenario)
    for name, activity in scenario.activities.items():
        yield from _issue_fields(f"activities.{name}", activity)


def _issue_numbers(scenario: Scenario) -> Problems:
    expected = expected_issues(scenario)
    if sum(expected.values()) > MOST_ISSUES / 2:
        what = f"a project meets {sum(expected.values()):.3g} issues on average, more than {MOST_ISSUES // 2}"
        yield Problem("issues.rate", what, "lower rate, stage_factors or exposure")
    stages = dict.fromkeys(scenario.activities[name].stage for name in expected)
    for stage in stages if scenario.issues.categories else ():
        if category_weights(scenario, stage).sum() == 0:
            what = f"issues arise in the stage {stage!r} but no category does"
            yield Problem("issues.categories", what, "add the stage to a category's stages")


def _issue_fields(key: str, activity: Activity) -> Problems:
    if activity.exposure and HOST not in activity.processes:
        yield Problem(f"{key}.exposure", f"issues arise only in the process {HOST!r}", "remove exposure")
    if ISSUE in activity.processes:
        return
    applies = activity.applies
    for field, given in (
        ("solves", activity.solves),
        ("applies.category", applies.category),
        ("applies.unsolved", applies.unsolved),
    ):
        if given:
            yield Problem(
                f"{key}.{field}",
                "only the handling of an issue has this",
                f'remove it, or write processes = ["{ISSUE}"]',
            )


# Durations and dates


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
        used = [(key, a) for key, a in _attributes_used(scenario, name, activity) if ".applies." not in key]
        for kind in _classes_through(scenario, activity):
            known = _attributes_of(scenario, kind)
            for key, attribute in used:
                least = _lowest(known.get(attribute))
                if least < 0 or (least == 0 and key.startswith("crews.") and _may_vanish(known.get(attribute))):
                    yield Problem(
                        key, f"{attribute!r} may be as low as {least:g} in class {kind!r}", "raise its lower end"
                    )
    for kind in _classes_present(scenario):
        known = _attributes_of(scenario, kind)
        for name, computed in known.items():
            for source in computed.over if isinstance(computed, Product) else ():
                if _may_vanish(known.get(source)):
                    key = _attribute_key(scenario, kind, name)
                    yield Problem(f"{key}.over", f"{source!r} may be zero in class {kind!r}", "raise its lower end")


def _may_vanish(attribute: Attribute | None) -> bool:
    """Whether a value of exactly zero has a chance; a continuous distribution from zero on has none."""
    lumpy = not isinstance(attribute, Sampled) or isinstance(attribute.sampled, Constant | Discrete | Bernoulli)
    return attribute is not None and not isinstance(attribute, Product) and lumpy and _lowest(attribute) == 0


def _dates(scenario: Scenario) -> Problems:
    if scenario.start is not None:
        return
    for key, when in _all_dates(scenario):
        yield Problem(
            key, f"the date {when} needs a day 0", f"add start = {when.replace(day=1)} at the top of the file"
        )


def _all_dates(scenario: Scenario) -> Iterator[tuple[str, dt.date]]:
    for kind in ("calendars", "meetings", "stocks", "portfolio", "practices", "cohort"):
        for key, leaf in _leaves(kind, getattr(scenario, kind)):
            if isinstance(leaf, dt.date):
                yield key, leaf


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Everything that a value holds in the end, with its dotted path."""
    inner: Iterable[tuple[Any, Any]]
    if isinstance(value, Value):
        inner = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, tuple):
        inner = enumerate(value)
    else:
        yield key, value
        return
    for name, one in inner:
        yield from _leaves(f"{key}.{name}", one)


def _sizes(scenario: Scenario) -> Problems:
    for key, leaf in _leaves("", scenario):
        if isinstance(leaf, int | float) and leaf != 0 and not SMALLEST <= abs(leaf) <= LARGEST:
            much = "larger" if abs(leaf) > LARGEST else "smaller"
            remedy = f"give 0 or a number from {SMALLEST:g} to {LARGEST:g}"
            yield Problem(key[1:], f"is {much} than anything in a park", remedy)


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
    for name, calendar in scenario.calendars.items():
        for index, window in enumerate(calendar.windows):
            yield f"calendars.{name}.windows.{index}", (window.begin, window.end)


# Calendars, desks, stocks, portfolio


def _calendars(scenario: Scenario) -> Problems:
    for name, calendar in scenario.calendars.items():
        problems = list(_calendar(scenario, f"calendars.{name}", calendar))
        yield from problems
        dated = scenario.start is not None or not any(isinstance(leaf, dt.date) for _, leaf in _leaves("", calendar))
        if not problems and dated and (calendar.lost == 1 or work_curve(scenario, name).total == 0):
            yield Problem(
                f"calendars.{name}", "never opens", "let week, months, windows and lost leave some day to work"
            )


def _calendar(scenario: Scenario, key: str, calendar: Calendar) -> Problems:
    if scenario.horizon is None:
        yield Problem(
            key, "a calendar ends at the horizon, and there is none", "add horizon = days, at the top of the file"
        )
    used = [field for field in ("week", "holidays", "months", "spring_festival") if _is_given(calendar, field)]
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


def _dedicated(scenario: Scenario) -> Problems:
    for name, desk in scenario.desks.items():
        apart = sum(desk.dedicated.values())
        if apart >= desk.servers:
            what = f"{apart} of {desk.servers} servers are set apart, which leaves none to share"
            yield Problem(f"desks.{name}.dedicated", what, f"set apart at most {desk.servers - 1}, or raise servers")


def _supply(scenario: Scenario) -> Problems:
    giving = {activity.stock for activity in scenario.activities.values() if activity.gives}
    for name, activity in scenario.activities.items():
        stock = scenario.stocks.get(activity.stock or "")
        if stock is None or activity.gives or activity.when_short != "wait" or stock.orders or activity.stock in giving:
            continue
        most = stock.initial + sum(tranche.amount for tranche in stock.tranches)
        least = _least_amount(scenario, activity)
        if least > most:
            what = f"can never supply: {name!r} waits for {least:g} and at most {most:g} will ever be in store"
            remedy = f'raise initial, add tranches or orders, let an activity give, or let {name!r} "go on" when_short'
            yield Problem(f"stocks.{activity.stock}", what, remedy)


def _least_amount(scenario: Scenario, activity: Activity) -> float:
    if not isinstance(activity.amount, str):
        return activity.amount
    classes = [_attributes_of(scenario, kind).get(activity.amount) for kind in _classes_through(scenario, activity)]
    return min((_lowest(attribute) for attribute in classes), default=0.0)


def _lowest(attribute: Attribute | None) -> float:
    if isinstance(attribute, Sampled):
        return attribute.sampled.lowest
    return min(attribute.value) if isinstance(attribute, Lookup) else 0.0


def _orders(scenario: Scenario) -> Problems:
    for name, stock in scenario.stocks.items():
        if stock.target > 0 and stock.orders is None:
            yield Problem(f"stocks.{name}.target", "nothing is ordered to reach it", "add orders = a group of parcels")
        parcels = scenario.portfolio.get(stock.orders or "")
        if parcels and not _is_ordered_by(parcels, name):
            remedy = f'write arrivals = {{by = "{name}"}} in portfolio.{stock.orders}'
            yield Problem(f"stocks.{name}.orders", f"the group {stock.orders!r} does not wait for its orders", remedy)
        if parcels and not _gives(scenario, parcels.process, name):
            remedy = f'end that process with an activity with step = "stock", stock = "{name}", gives = true'
            yield Problem(f"stocks.{name}.orders", f"the process {parcels.process!r} gives it no unit", remedy)
    for name, group in scenario.portfolio.items():
        by = group.arrivals.by if isinstance(group.arrivals, Ordered) else None
        if by in scenario.stocks and scenario.stocks[by].orders != name:
            yield Problem(
                f"portfolio.{name}.arrivals.by",
                f"the stock {by!r} does not order it",
                f'write orders = "{name}" in stocks.{by}',
            )


def _gives(scenario: Scenario, process: str, stock: str) -> bool:
    return any(a.gives and a.stock == stock for a in process_activities(scenario, process).values())


def _is_ordered_by(group: Group, stock: str) -> bool:
    return isinstance(group.arrivals, Ordered) and group.arrivals.by == stock


def _portfolio(scenario: Scenario) -> Problems:
    if not scenario.portfolio:
        yield Problem("portfolio", "holds no project", "add a group of projects")
    for name, group in scenario.portfolio.items():
        arrivals = group.arrivals
        if isinstance(arrivals, Cohort) and arrivals.batch_share and not arrivals.batches:
            yield Problem(
                f"portfolio.{name}.arrivals.batches", "a share arrives in batches on no date", "add batches = [dates]"
            )


# Notes


def _notes(scenario: Scenario) -> Problems:
    if scenario.note:
        return
    for key, notes in _numbered(scenario):
        if not any(noted.note for noted in notes):
            yield Problem(key, "does not say where its numbers come from", 'add source = "…" or assumed = "…"')


def _numbered(scenario: Scenario) -> Iterator[tuple[str, tuple[Noted, ...]]]:
    """Every block that bears numbers, with the values whose note covers it."""
    for kind in ("calendars", "desks", "meetings", "stocks", "crews", "portfolio", "attributes"):
        yield from ((f"{kind}.{name}", (block,)) for name, block in getattr(scenario, kind).items())
    for name, kind_of in scenario.classes.items():
        for key, attribute in kind_of.attributes.items():
            yield f"classes.{name}.attributes.{key}", (attribute, kind_of)
    for name, practice in scenario.practices.items():
        if practice.effects:
            yield f"practices.{name}", (practice, *practice.effects)
    for name, activity in scenario.activities.items():
        if activity.duration is not None or activity.correction is not None:
            yield f"activities.{name}", (activity,)
    for name, category in scenario.issues.categories.items():
        yield f"issues.categories.{name}", (category, scenario.issues)


RULES: tuple[Callable[[Scenario], Problems], ...] = (
    _names,
    _references,
    _steps,
    _predecessors,
    _previous,
    _cycles,
    _attribute_names,
    _computed_attributes,
    _copies,
    _unused_practices,
    _effects,
    _holds,
    _branches,
    _issues,
    _units,
    _signs,
    _attribute_signs,
    _dates,
    _stretches,
    _too_early,
    _calendars,
    _dedicated,
    _supply,
    _orders,
    _portfolio,
    _notes,
)
