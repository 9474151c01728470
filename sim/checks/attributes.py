"""Attributes are there for every class that needs them, and can be computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parkflow.sim.checks.problem import HOST, ISSUE, MOST_COPIES, Problem, Problems, Rule
from parkflow.sim.durations import Constant, Discrete, Distribution
from parkflow.sim.names import nearest
from parkflow.sim.portfolio import chances_of, sources_of
from parkflow.sim.scenario import (
    Activity,
    Attribute,
    ByCase,
    Sampled,
    Scenario,
)


def _attribute_names(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for key, attribute in attributes_used(scenario, name, activity):
            yield from _attribute_name(scenario, key, attribute, classes_through(scenario, activity))


def attributes_used(scenario: Scenario, name: str, activity: Activity) -> Iterator[tuple[str, str]]:
    """Where an activity names attributes: the key, and the attribute."""
    key, applies = f"activities.{name}", activity.applies
    if activity.per:
        yield f"{key}.per", activity.per
    if activity.fronts:
        yield f"{key}.fronts", activity.fronts
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
        if attribute not in class_attributes(scenario, kind):
            remedy = f"add classes.{kind}.attributes.{attribute}, or limit applies.classes"
            yield Problem(key, f"projects of class {kind!r} have no attribute {attribute!r}", remedy)


def classes_through(scenario: Scenario, activity: Activity) -> list[str]:
    """The classes whose projects, or whose projects' issues, may meet the activity."""
    processes = {*activity.processes, HOST} if ISSUE in activity.processes else set(activity.processes)
    classes = dict.fromkeys(group.of for group in scenario.portfolio.values() if group.process in processes)
    only = activity.applies.classes
    return [kind for kind in classes if kind in scenario.classes and (not only or kind in only)]


def class_attributes(scenario: Scenario, kind: str) -> dict[str, Attribute]:
    """The attributes of a class's projects."""
    return {**scenario.attributes, **scenario.classes[kind].attributes}


def _computed_attributes(scenario: Scenario) -> Problems:
    for kind in classes_present(scenario):
        known = class_attributes(scenario, kind)
        for name, attribute in known.items():
            key = attribute_key(scenario, kind, name)
            for source in sources_of(attribute):
                if source not in known:
                    yield Problem(
                        key, f"projects of class {kind!r} have no attribute {source!r}", nearest(source, known)
                    )
            circle = _circle(known, name)
            if circle and name == min(circle):
                what = f"attributes are computed in a circle: {' → '.join(circle)}"
                yield Problem(key, what, "give one of them a distribution")


def classes_present(scenario: Scenario) -> list[str]:
    """The classes that some group of the portfolio is of."""
    return [kind for kind in scenario.classes if any(group.of == kind for group in scenario.portfolio.values())]


def attribute_key(scenario: Scenario, kind: str, name: str) -> str:
    """Where the attribute of a class is written."""
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
        for kind in classes_through(scenario, activity) if activity.per else ():
            attribute = class_attributes(scenario, kind).get(activity.per or "")
            if attribute is not None and not _counts(attribute, class_attributes(scenario, kind)):
                what = f"{activity.per!r} does not count anything in class {kind!r}"
                yield Problem(
                    f"activities.{name}.per",
                    what,
                    f"make it whole numbers from 0 to {MOST_COPIES}, constant or discrete",
                )


def _counts(attribute: Attribute, known: Mapping[str, Attribute]) -> bool:
    if not can_be_listed(attribute, known):
        return False
    drawn = attribute.cases.values() if isinstance(attribute, ByCase) else _drawn(attribute)
    if not drawn or not all(isinstance(each, Constant | Discrete) for each in drawn):
        return False
    values = chances_of(attribute, known)
    return all(value == int(value) and 0 <= value <= MOST_COPIES for value in values)


def _drawn(attribute: Attribute) -> tuple[Distribution, ...]:
    return (attribute.sampled,) if isinstance(attribute, Sampled) else ()


def can_be_listed(attribute: Attribute, known: Mapping[str, Attribute]) -> bool:
    """Whether its cases, if any, can be told: what they depend on exists, does not lead back here, has a few values."""
    if not isinstance(attribute, ByCase):
        return True
    return attribute.of in known and not _circle(known, attribute.of) and bool(chances_of(known[attribute.of], known))


def _cases(scenario: Scenario) -> Problems:
    for kind in classes_present(scenario):
        known = class_attributes(scenario, kind)
        for name, attribute in known.items():
            if not isinstance(attribute, ByCase) or attribute.of not in known or _circle(known, attribute.of):
                continue
            key = attribute_key(scenario, kind, name)
            values = [value for value, chance in chances_of(known[attribute.of], known).items() if chance]
            if not values:
                what = f"the values of {attribute.of!r} in class {kind!r} cannot be listed"
                yield Problem(f"{key}.of", what, "make it constant, bernoulli or discrete")
            for missing in sorted(set(values) - set(map(float, attribute.cases))):
                what = f"there is no case for {attribute.of} = {missing:g}, which occurs in class {kind!r}"
                yield Problem(f"{key}.cases", what, f'add "{missing:g}" = a distribution')


RULES: tuple[Rule, ...] = (
    _attribute_names,
    _computed_attributes,
    _copies,
    _cases,
)
