"""The recipe of a layout's draws: all that no draw changes about them, as tables by activity.

A plan is drawn by looking up, for all its steps at once, what the recipe says of their activities (`sim.draws`).
Activity number 0 is the arrival, of which nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.cells import Cells
from parkflow.sim.conditions import Conditions, Followers, IssueConditions
from parkflow.sim.crews import Scales
from parkflow.sim.durations import Distribution
from parkflow.sim.influences import Chances, Influences
from parkflow.sim.issues import MOST_ISSUES, PROCESS, IssueLaw
from parkflow.sim.laws import Laws
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Cases
from parkflow.sim.portfolio import purpose_of
from parkflow.sim.scenario import Activity, process_activities
from parkflow.sim.streams import Purpose
from parkflow.sim.uniforms import Uniforms, uniforms_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_ATTEMPTS = 6
"""Places for attempts in an activity's row of draws, whatever the scenario's own limit."""

ROUNDS = MOST_ATTEMPTS - 1
"""Later attempts that an activity can have."""

FIRST = 3
"""Uniforms of a first attempt: does the activity apply, does it solve the issue, how long does it take."""

LATER = 3
"""Uniforms of each later attempt: does the file come back for it, how long is the fix, how long does it take."""


class Recipe:
    """Tables by activity number of what the draws of a layout depend on.

    A block is a group of projects, or the issues of one: block b is group b, and the issues of group g are block
    `groups + g`.
    """

    def __init__(self, layout: Layout) -> None:
        """Tabulate the scenario."""
        scenario = layout.scenario
        self._layout, self._activities = layout, list(scenario.activities.values())
        self.conditions, self.issue_conditions = Conditions(scenario), IssueConditions(scenario)
        self.followers = Followers(scenario)
        self.influences = Influences(scenario)
        self.chances, self.scales = Chances(scenario), Scales(scenario)
        self.cells, self.issues = Cells(scenario), IssueLaw(scenario)
        self.groups, self.places = len(scenario.portfolio), self._places()
        self._tabulate()
        self.versions = np.array([2 ** len(self.influences.gates.get(n, ())) for n in range(len(layout.activities))])
        self.first = self._uniforms("", FIRST, self.drawn)
        self.later = self._uniforms("/again", ROUNDS * LATER, self.corrected)
        self.returns = self._returns()

    def _tabulate(self) -> None:
        """The tables of what single activities say."""
        activities = self._activities
        corrections = [activity.correction for activity in activities]
        self.probability: Floats = np.array([1.0, *(each.applies.probability for each in activities)])
        self.durations, self.duration = _laws([each.duration for each in activities])
        self.fixes, self.fix = _laws([each.fix if each else None for each in corrections])
        self.timed: Bools = self.duration >= 0
        expected = (each.duration.expectation if each.duration else 0.0 for each in activities)
        self.expectation: Floats = np.array([0.0, *expected])
        solving = np.array([False, *(each.solves is not None for each in activities)])
        self.drawn: Bools = self.timed | (self.probability < 1) | solving
        kinds = list(self._layout.scenario.issues.categories)
        self.solves: Floats = np.array([[0.0] * (len(kinds) + 1), *(_solving(each, kinds) for each in activities)])
        self.corrected: Bools = self.timed & np.array([False, *(each is not None for each in corrections)])
        self.returning: Floats = np.array([[0.0] * ROUNDS, *map(_returning, activities)])
        self.repeat: Floats = np.array([1.0, *(each.repeat if each else 1.0 for each in corrections)])

    def block_of(self, cases: Cases) -> Ints:
        """Block of each case; cases of one block stand together, in the order of blocks."""
        return cases.group + self.groups * (cases.place >= 0)

    def _needed(self, block: int) -> list[tuple[int, str]]:
        """Numbers and names of the activities of a block, except those that are idle."""
        return [(number, name) for number, name in self._all(block) if name not in self._layout.idle]

    def _all(self, block: int) -> list[tuple[int, str]]:
        """Numbers and names of the activities of a block."""
        layout, issues = self._layout, block >= self.groups
        group = list(layout.scenario.portfolio.values())[block % self.groups]
        if issues and (group.process != PROCESS or not self.issues.any):
            return []
        names = process_activities(layout.scenario, "issue" if issues else group.process)
        return [(layout.number[name], name) for name in names]

    def _places(self) -> Ints:
        """The most copies that each activity can have in each block; shape (blocks, activities)."""
        return np.concatenate((self.cells.copies, np.full_like(self.cells.copies, MOST_ISSUES)))

    def _uniforms(self, suffix: str, each: int, wanted: Bools) -> Uniforms:
        """So many uniforms for each copy of the activities that want some."""
        return uniforms_of(each, self.places.shape, self._wanted(suffix, each, wanted))

    def _wanted(self, suffix: str, each: int, wanted: Bools) -> Iterator[tuple[int, int, Purpose, int]]:
        """Block, activity, purpose and number of copies of what wants uniforms.

        Idle activities are among them, so that all policies ask for the same ones, which are put together only once.
        """
        for block in range(2 * self.groups):
            key = self._layout.groups[block % self.groups]
            kind = "activity" if block < self.groups else "issues/activity"
            group = self._layout.scenario.portfolio[key]
            for number, name in self._all(block):
                if wanted[number]:
                    places = int(self.places[block, number])
                    purpose = purpose_of(key, group, f"{kind}/{name}{suffix}", each * places)
                    yield block, number, purpose, group.count * places

    def _returns(self) -> Ints:
        """Block, activity and version of all that can come back for correction; shape (rows, 3)."""
        rows = [
            (block, number, version)
            for block in range(2 * self.groups)
            for number, _ in self._needed(block)
            if self.corrected[number]
            for version in range(self.versions[number])
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _laws(distributions: Sequence[Distribution | None]) -> tuple[Laws, Ints]:
    """The distributions as laws, and their numbers by activity (-1: it has none)."""
    laws = [each for each in distributions if each is not None]
    there = np.array([False, *(each is not None for each in distributions)])
    return Laws(laws), np.where(there, np.cumsum(there) - 1, -1)


def _solving(activity: Activity, kinds: Sequence[str]) -> list[float]:
    """Chance of an activity to solve an issue, by category; the last entry is for cases that are none."""
    if isinstance(activity.solves, dict):
        return [*(activity.solves.get(kind, 0.0) for kind in kinds), 0.0]
    return [activity.solves or 0.0] * (len(kinds) + 1)


def _returning(activity: Activity) -> list[float]:
    """Chance that each attempt comes back; zero from the one that always passes on."""
    if activity.correction is None:
        return [0.0] * ROUNDS
    correction, rounds = activity.correction, activity.correction.attempts - 1
    chances = correction.probability * correction.decay ** np.arange(rounds)
    return [*chances.tolist(), *[0.0] * (ROUNDS - rounds)]
