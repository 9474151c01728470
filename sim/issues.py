"""Which issues the projects will meet: how many, where, of which kind, drawn before the run.

The number and the places of issues depend on the project alone, never on how long a policy makes it take, so the same
issue meets every policy. An issue whose activity does not take place never arises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from parkflow.sim.portfolio import Projects
from parkflow.sim.scenario import Scenario, process_activities
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_ISSUES = 32
"""Places for issues in a project's row of draws; `sim.checks` keeps the expected number far below."""


@dataclass(frozen=True)
class Issues:
    """The issues of a group's projects, ordered by project and place; arrays of one entry an issue.

    `row` is the project and `place` the issue's number within it. The issue arises in copy `copy` of the activity
    `hosts[host]`, when the share `fraction` of its work is done; `stops` says whether it stops that work or only
    blocks its completion. `category` and `severity` are indices into the scenario's (-1: it knows no severities).
    """

    hosts: tuple[str, ...]
    row: Ints
    place: Ints
    host: Ints
    copy: Ints
    fraction: Floats
    category: Ints
    stops: Bools
    severity: Ints

    def only(self, kept: Bools) -> Issues:
        """The issues that are kept."""
        columns = {each.name: getattr(self, each.name)[kept] for each in fields(self) if each.name != "hosts"}
        return replace(self, **columns)


def expected_issues(scenario: Scenario) -> dict[str, float]:
    """Expected number of issues of one project, by the activity in which they arise."""
    issues = scenario.issues
    return {
        name: issues.rate * issues.stage_factors.get(activity.stage or "", 1.0) * activity.exposure
        for name, activity in process_activities(scenario, "project").items()
        if activity.exposure
    }


def draw_issues(scenario: Scenario, projects: Projects, streams: Streams) -> Issues:
    """Draw the issues of one group of projects."""
    expected = expected_issues(scenario)
    hosts, weights = tuple(expected), np.array(list(expected.values()))
    number = _poisson(float(weights.sum()), streams.uniforms(f"{projects.name}/issues", projects.count))
    row = np.repeat(np.arange(projects.count), number)
    place = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    uniform = streams.uniforms(f"{projects.name}/issues/each", projects.count, MOST_ISSUES, 6)[row, place]
    host = _pick(weights, uniform[:, 0])
    category = _categories(scenario, hosts, host, uniform[:, 2])
    stops = uniform[:, 3] < np.array([c.stops for c in scenario.issues.categories.values()])[category]
    copy = (uniform[:, 4] * _copies(scenario, projects, hosts)[row, host]).astype(np.int64)
    kept = uniform[:, 5] < _prevention(scenario, projects, hosts)[row, host, category]
    fraction = _ahead(projects, hosts, host, row, copy, uniform[:, 1])
    kept &= fraction >= 0
    severity = _severities(scenario, projects, streams)[row, place]
    drawn = Issues(hosts, row, place, host, copy, fraction, category, stops, severity)
    return drawn.only(kept)


def _severities(scenario: Scenario, projects: Projects, streams: Streams) -> Ints:
    """The severity of every issue that a project can meet; shape (projects, MOST_ISSUES)."""
    weights = np.array([severity.weight for severity in scenario.issues.severities.values()])
    shape = (projects.count, MOST_ISSUES)
    if not len(weights):
        return np.full(shape, -1)
    return _pick(weights, streams.uniforms(f"{projects.name}/issues/severity", *shape))


def _poisson(mean: float, uniform: Floats) -> Ints:
    cumulative = scipy.special.pdtr(np.arange(MOST_ISSUES), mean)
    return np.searchsorted(cumulative, uniform, side="right").astype(np.int64)


def _pick(weights: Floats, uniform: Floats) -> Ints:
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, uniform, side="right"), len(weights) - 1).astype(np.int64)


def _categories(scenario: Scenario, hosts: Sequence[str], host: Ints, uniform: Floats) -> Ints:
    """Pick a category among those that arise in the stage of the host activity."""
    category = np.zeros(len(host), dtype=np.int64)
    for index, name in enumerate(hosts):
        stage = scenario.activities[name].stage
        here = host == index
        category[here] = _pick(category_weights(scenario, stage), uniform[here])
    return category


def category_weights(scenario: Scenario, stage: str | None) -> Floats:
    """Weights of the categories in one stage."""
    categories = scenario.issues.categories.values()
    return np.array([c.weight if not c.stages or stage in c.stages else 0.0 for c in categories])


def _copies(scenario: Scenario, projects: Projects, hosts: Sequence[str]) -> Floats:
    counts = [scenario.activities[host].per for host in hosts]
    return np.column_stack([projects.attributes[per] if per else np.ones(projects.count) for per in counts])


def _prevention(scenario: Scenario, projects: Projects, hosts: Sequence[str]) -> Floats:
    """Share of issues that still arise, by project, host and category, under the practices in force."""
    categories = list(scenario.issues.categories)
    factor = np.ones((projects.count, len(hosts), len(categories)))
    for key, practice in scenario.practices.items():
        for effect in practice.effects:
            kinds = np.array([not effect.categories or name in effect.categories for name in categories], dtype=bool)
            for column, host in enumerate(hosts):
                if effect.reaches(scenario.activities[host].tags):
                    factor[:, column][np.ix_(projects.practices[key], kinds)] *= effect.issues
    return factor


def _ahead(projects: Projects, hosts: Sequence[str], host: Ints, row: Ints, copy: Ints, fraction: Floats) -> Floats:
    """The share of the work still ahead at which each issue arises; negative where it lies behind the project."""
    found = fraction.copy()
    for number, name in enumerate(hosts):
        if name in projects.ahead:
            here = host == number
            ahead = projects.ahead[name][row[here], copy[here]]
            found[here] = np.where(ahead > 0, (fraction[here] - (1 - ahead)) / np.where(ahead > 0, ahead, 1.0), -1.0)
    return found
