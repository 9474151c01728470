"""Who the projects are: when they arrive, and what they are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.durations import Bernoulli, Constant, Discrete, Distribution
from parkflow.sim.keyed import ByName
from parkflow.sim.scenario import (
    Attribute,
    ByCase,
    Cohort,
    Dated,
    Group,
    Lookup,
    Named,
    Ordered,
    Product,
    Renewal,
    Sampled,
    Scenario,
)
from parkflow.sim.streams import Purpose, Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Projects:
    """The projects of one group; every array has one row per project.

    `arrival` is in days since the start, infinite for parcels that wait to be ordered; `done` is the share of the
    stage in progress that lies behind a project already at work. `elapsed` are the days for which it has been at work
    on its expected schedule, `behind` how many more it has really been, and `ahead[a]` the share of activity a that is
    still to be done, 0 where it is over, of shape (projects, copies); an activity that is not in it is whole
    (`sim.progress`). Of those that arrive at one instant, the one with the least `tie` comes first (none: in their
    order).
    """

    name: str
    group: Group
    arrival: Floats
    attributes: Mapping[str, Floats]
    practices: Mapping[str, Bools]
    done: Floats | None = None
    tie: Floats | None = None
    ahead: Mapping[str, Floats] = field(default_factory=dict)
    elapsed: Floats | float = 0.0
    behind: Floats | float = 0.0

    @property
    def count(self) -> int:
        """Number of projects."""
        return len(self.arrival)

    @property
    def signed(self) -> Floats:
        """Day on which each project arrived, negative for those that are at work when the scenario starts."""
        return self.arrival - self.elapsed - self.behind

    def purpose(self, kind: str, name: str) -> Purpose:
        """What a stream of these projects is for: an attribute, an activity or a practice of this name."""
        return purpose_of(self.name, self.group, f"{kind}/{name}")


def purpose_of(name: str, group: Group, kind: str, each: int = 1) -> Purpose:
    """What a stream of a group of this name is for, with so many uniforms of each project.

    Projects of a list draw by their own names, whichever group they are in.
    """
    return ByName(kind, tuple(it.name for it in group.named), each) if group.named else f"{name}/{kind}"


def draw_projects(scenario: Scenario, streams: Streams) -> list[Projects]:
    """Draw the projects of all groups, in whom no practice is in force yet (`sim.coverage`)."""
    wanted = {key: size for name in scenario.portfolio for key, size in _streams_of(scenario, name).items()}
    streams.joined(tuple(wanted), tuple(wanted.values()))  # all at once, which is quicker than one by one
    return [_drawn(scenario, name, streams) for name in scenario.portfolio]


def _streams_of(scenario: Scenario, name: str) -> dict[Purpose, int]:
    """Most streams that a group draws from, with the number of uniforms."""
    group = scenario.portfolio[name]
    sampled = [key for key, it in attributes_of(scenario, group).items() if isinstance(it, Sampled | ByCase)]
    kinds = ["tie", *(f"attribute/{key}" for key in sampled)]
    return {purpose_of(name, group, kind): group.count for kind in kinds}


def _drawn(scenario: Scenario, name: str, streams: Streams) -> Projects:
    """Draw the projects of one group."""
    group = scenario.portfolio[name]
    arrival = _arrivals(scenario, group, name, streams)
    attributes = _attributes(scenario, group, name, streams)
    done = None
    if any(group.stages):
        uniforms = streams.uniforms(purpose_of(name, group, "in_progress"), group.count)
        done = np.clip(group.in_progress.done.quantile(uniforms), 0.0, 1.0) if group.in_progress else uniforms
    tie = streams.uniforms(purpose_of(name, group, "tie"), group.count)
    return Projects(name, group, arrival, attributes, {}, done, tie)


def attributes_of(scenario: Scenario, group: Group) -> dict[str, Attribute]:
    """The attributes of a group's projects: the scenario's, and what the class says otherwise."""
    return {**scenario.attributes, **scenario.classes[group.of].attributes}


def typical_attributes(scenario: Scenario, class_name: str) -> dict[str, float]:
    """Attributes of a typical project of a class: means, and what follows from means."""
    given = {**scenario.attributes, **scenario.classes[class_name].attributes}
    values: dict[str, Floats] = {}
    while len(values) < len(given):
        for key, attribute in given.items():
            if isinstance(attribute, Sampled | ByCase):
                values[key] = np.array([_mean(attribute, given)])
            elif all(other in values for other in sources_of(attribute)):
                values[key] = _computed(attribute, values, 1)
    return {key: float(value[0]) for key, value in values.items()}


def _mean(attribute: Sampled | ByCase, given: Mapping[str, Attribute]) -> float:
    if isinstance(attribute, Sampled):
        return attribute.sampled.expectation
    chances = chances_of(given[attribute.of], given)
    means = {float(case): each.expectation for case, each in attribute.cases.items()}
    return sum(chance * means[value] for value, chance in chances.items())


def chances_of(attribute: Attribute, given: Mapping[str, Attribute]) -> dict[float, float]:
    """The values that an attribute can have, with their chances; empty where they cannot be listed."""
    if isinstance(attribute, ByCase):
        chances: dict[float, float] = {}
        distributions = {float(case): each for case, each in attribute.cases.items()}
        for case, weight in chances_of(given[attribute.of], given).items():
            for value, chance in _listed(distributions[case]).items() if case in distributions else ():
                chances[value] = chances.get(value, 0.0) + weight * chance
        return chances
    return _listed(attribute.sampled) if isinstance(attribute, Sampled) else {}


def _listed(distribution: Distribution) -> dict[float, float]:
    """The values of a distribution with their chances; empty where there are too many to list."""
    if isinstance(distribution, Constant):
        return {distribution.value: 1.0}
    if isinstance(distribution, Bernoulli):
        return {1.0: distribution.expectation, 0.0: 1 - distribution.expectation}
    if not isinstance(distribution, Discrete):
        return {}
    total = sum(distribution.weights)
    return {value: weight / total for value, weight in zip(distribution.values, distribution.weights, strict=True)}


def largest_copies(scenario: Scenario, group: Group, per: str | None) -> int:
    """The most copies that an activity repeated per this attribute can have in a group."""
    if per is None:
        return 1
    given = attributes_of(scenario, group)
    known = [project.attributes[per] for project in group.named if per in project.attributes]
    return int(max([*known, *(value for value, chance in chances_of(given[per], given).items() if chance)]))


def sources_of(attribute: Attribute) -> tuple[str, ...]:
    """The attributes that this one is computed from."""
    if isinstance(attribute, Product):
        return (*attribute.product, *attribute.over)
    return (attribute.of,) if isinstance(attribute, Lookup | ByCase) else ()


def _arrivals(scenario: Scenario, group: Group, name: str, streams: Streams) -> Floats:
    count, arrivals = group.count, group.arrivals
    if isinstance(arrivals, Ordered):
        return np.full(count, np.inf)
    if isinstance(arrivals, Named):
        return np.array([0.0 if it.stage or it.on is None else scenario.day(it.on) for it in arrivals.projects])
    if isinstance(arrivals, Dated):
        days = np.array([scenario.day(when) for when in arrivals.on])
        return days[np.arange(count) % len(days)]
    if isinstance(arrivals, Renewal):
        return np.cumsum(arrivals.every.quantile(streams.uniforms(f"{name}/arrivals", count)))
    return _cohort(scenario, arrivals, streams.uniforms(f"{name}/arrivals", count, 3))


def _cohort(scenario: Scenario, arrivals: Cohort, uniforms: Floats) -> Floats:
    begin, end = (scenario.day(when) for when in arrivals.between)
    spread = begin + (end - begin) * uniforms[:, 0]
    if not arrivals.batches:
        return spread
    days = np.array([scenario.day(when) for when in arrivals.batches])
    batched = days[(uniforms[:, 1] * len(days)).astype(np.int64)]
    return np.where(uniforms[:, 2] < arrivals.batch_share, batched, spread)


def _attributes(scenario: Scenario, group: Group, name: str, streams: Streams) -> dict[str, Floats]:
    given = attributes_of(scenario, group)
    values: dict[str, Floats] = {}
    while len(values) < len(given):
        for key, attribute in given.items():
            if key in values or not all(other in values for other in sources_of(attribute)):
                continue
            if isinstance(attribute, Product | Lookup):
                found = _computed(attribute, values, group.count)
            else:
                uniforms = streams.uniforms(purpose_of(name, group, f"attribute/{key}"), group.count)
                found = _sampled(attribute, values, uniforms)
            values[key] = _with_known(found, key, group) if group.named else found
    return values


def _with_known(values: Floats, key: str, group: Group) -> Floats:
    """An attribute with what a list knows of it in the place of what was drawn; one entry per project."""
    known = (project.attributes.get(key, np.nan) for project in group.named)
    given = np.array(list(known))
    return np.where(np.isnan(given), values, given)


def _sampled(attribute: Sampled | ByCase, values: Mapping[str, Floats], uniforms: Floats) -> Floats:
    """What each project draws of an attribute; all arrays of shape (projects,)."""
    if isinstance(attribute, ByCase):
        return _by_case(attribute, values[attribute.of], uniforms)
    return attribute.sampled.quantile(uniforms)


def _by_case(attribute: ByCase, case: Floats, uniforms: Floats) -> Floats:
    """What each project draws in its own case; all arrays of shape (projects,)."""
    values = np.zeros(len(case))
    for key, distribution in attribute.cases.items():
        mine = case == float(key)
        values[mine] = distribution.quantile(uniforms[mine])
    return values


def _computed(attribute: Product | Lookup, values: Mapping[str, Floats], count: int) -> Floats:
    if isinstance(attribute, Lookup):
        return np.interp(values[attribute.of], attribute.at, attribute.value)
    result = np.full(count, attribute.factor)
    for key in attribute.product:
        result = result * values[key]
    for key in attribute.over:
        result = result / values[key]
    return result
