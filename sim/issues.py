"""Which issues the projects will meet: how many, where, of which kind, drawn before the run.

The number and the places of issues depend on the project alone, never on how long a policy makes it take, so the same
issue meets every policy. An issue whose activity does not take place never arises.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

import numpy as np
import scipy  # loads its parts when they are first used
from numpy.typing import NDArray

from parkflow.sim.cells import Cells
from parkflow.sim.portfolio import Projects, purpose_of
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Scenario, process_activities
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_ISSUES = 32
"""Places for issues in a project's row of draws; `sim.checks` keeps the expected number far below."""

PROCESS = "project"
"""The process whose cases meet issues."""


@dataclass(frozen=True)
class Issues:
    """The issues of all projects, ordered by project and place; arrays of one entry per issue.

    `project` is the project's place in the roster and `place` the issue's number within it. The issue arises in copy
    `copy` of activity number `host`, when the share `fraction` of its work is done; `stops` says whether it stops that
    work or only blocks its completion. `category` and `severity` are indices into the scenario's (-1: it knows no
    severities).
    """

    project: Ints
    place: Ints
    host: Ints
    copy: Ints
    fraction: Floats
    category: Ints
    stops: Bools
    severity: Ints

    @property
    def count(self) -> int:
        """Number of issues."""
        return len(self.project)

    def only(self, kept: Bools) -> Issues:
        """The issues that are kept."""
        return Issues(*(getattr(self, each.name)[kept] for each in fields(self)))


NO_ISSUES = Issues(*(np.empty(0, dtype=kind) for kind in (int, int, int, int, float, int, bool, int)))


def expected_issues(scenario: Scenario) -> dict[str, float]:
    """Expected number of issues of one project, by the activity in which they arise."""
    issues = scenario.issues
    return {
        name: issues.rate * issues.stage_factors.get(activity.stage or "", 1.0) * activity.exposure
        for name, activity in process_activities(scenario, PROCESS).items()
        if activity.exposure
    }


class IssueLaw:
    """How the issues of a scenario arise: what no draw changes about it."""

    def __init__(self, scenario: Scenario) -> None:
        """Tabulate rates, kinds and what practices prevent."""
        expected, numbers = expected_issues(scenario), {name: n for n, name in enumerate(scenario.activities, start=1)}
        self._hosts = np.array([numbers[name] for name in expected], dtype=np.int64)
        self._weights = np.array(list(expected.values()))
        self.any = any(expected.values())
        self._number = scipy.special.pdtr(np.arange(MOST_ISSUES), float(self._weights.sum()))
        self._counted = [scenario.activities[name].per for name in expected]
        stages = [scenario.activities[name].stage for name in expected]
        self._stages = list(dict.fromkeys(stages))
        self._stage = np.array([self._stages.index(stage) for stage in stages], dtype=np.int64)
        self._categories = [category_weights(scenario, stage) for stage in self._stages]
        self._stops = np.array([category.stops for category in scenario.issues.categories.values()])
        self._severities = np.array([severity.weight for severity in scenario.issues.severities.values()])
        self._prevented = list(self._preventions(scenario, list(expected)))

    def draw(self, roster: Roster, cells: Cells, ahead: Floats, streams: Streams) -> Issues:
        """Draw the issues of the projects; `ahead` is the share of each cell that is still to be done."""
        mine = [projects for projects in roster.groups if projects.group.process == PROCESS]
        if not self.any or not mine:
            return NO_ISSUES
        asked = [purpose_of(projects.name, projects.group, "issues") for projects in mine]
        number = np.searchsorted(self._number, streams.joined(asked, [it.count for it in mine]), side="right")
        owner = np.repeat(np.arange(len(number)), number)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(number) - number, number)
        uniform = _rows(streams, mine, "issues/each", 6)[owner, place]
        project = np.flatnonzero(roster.in_process(PROCESS))[owner]
        host = _pick(self._weights, uniform[:, 0])
        category = self._category(host, uniform[:, 2])
        copy = (uniform[:, 4] * self._copies(roster, project, host)).astype(np.int64)
        fraction = _ahead(uniform[:, 1], ahead[cells.of(roster, project, self._hosts[host], copy)])
        kept = (uniform[:, 5] < self._arising(roster, project, host, category)) & (fraction >= 0)
        severity = self._severity(streams, mine, owner, place)
        stops = uniform[:, 3] < self._stops[category]
        return Issues(project, place, self._hosts[host], copy, fraction, category, stops, severity).only(kept)

    def _category(self, host: Ints, uniform: Floats) -> Ints:
        """Pick a category among those that arise in the stage of the host activity."""
        category, stage = np.zeros(len(host), dtype=np.int64), self._stage[host]
        for number, weights in enumerate(self._categories):
            here = stage == number
            category[here] = _pick(weights, uniform[here])
        return category

    def _copies(self, roster: Roster, project: Ints, host: Ints) -> Floats:
        """The copies that the host of each issue has."""
        found = np.ones(len(project))
        for number, per in enumerate(self._counted):
            if per:
                here = host == number
                found[here] = roster.attributes[per][project[here]]
        return found

    def _severity(self, streams: Streams, groups: Sequence[Projects], owner: Ints, place: Ints) -> Ints:
        if not len(self._severities):
            return np.full(len(owner), -1)
        uniform = _rows(streams, groups, "issues/severity", 1)
        return _pick(self._severities, uniform[owner, place, 0])

    def _preventions(self, scenario: Scenario, hosts: Collection[str]) -> list[tuple[str, Bools, float]]:
        """The effects of practices on issues: the practice, the hosts and categories concerned, and the factor."""
        found = []
        for key, practice in scenario.practices.items():
            for effect in practice.effects:
                reached = np.array([effect.reaches(scenario.activities[host].tags) for host in hosts], dtype=bool)
                named = [not effect.categories or name in effect.categories for name in scenario.issues.categories]
                if effect.issues != 1 and reached.any():
                    found.append((key, reached[:, None] & np.array(named, dtype=bool), effect.issues))
        return found

    def _arising(self, roster: Roster, project: Ints, host: Ints, category: Ints) -> Floats:
        """The chance that each issue still arises under the practices in force."""
        chance = np.ones(len(project))
        for key, concerned, factor in self._prevented:
            chance[roster.practices[key][project] & concerned[host, category]] *= factor
        return chance


def _rows(streams: Streams, groups: Sequence[Projects], kind: str, columns: int) -> Floats:
    """Uniforms of every issue that the projects can meet; shape (projects, MOST_ISSUES, columns)."""
    each = MOST_ISSUES * columns
    purposes = [purpose_of(projects.name, projects.group, kind, each) for projects in groups]
    sizes = [projects.count * each for projects in groups]
    return streams.joined(purposes, sizes).reshape(-1, MOST_ISSUES, columns)


def _pick(weights: Floats, uniform: Floats) -> Ints:
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, uniform, side="right"), len(weights) - 1).astype(np.int64)


def category_weights(scenario: Scenario, stage: str | None) -> Floats:
    """Weights of the categories in one stage."""
    categories = scenario.issues.categories.values()
    return np.array([c.weight if not c.stages or stage in c.stages else 0.0 for c in categories])


def _ahead(fraction: Floats, left: Floats) -> Floats:
    """The share of the work still ahead at which each issue arises; negative where it lies behind the project.

    `left` is the share of its host that is still to be done.
    """
    return np.where(left > 0, (fraction - (1 - left)) / np.where(left > 0, left, 1.0), -1.0)
