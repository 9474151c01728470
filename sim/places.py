"""Where what is drawn for the steps of a frame lies: their uniforms, and the attempts that may come back.

All of it follows from the nodes and the cases of the frame, whatever chance decides about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.frame import Frame
from parkflow.sim.plan import Cases
from parkflow.sim.recipe import Recipe
from parkflow.sim.roster import Roster
from parkflow.sim.templates import Nodes

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Entries(NamedTuple):
    """All that can come back, one entry per copy and version, in the order of the rows of `Recipe.returns`.

    Those of row r begin at `begin[r]`, project by project. `uniform` is the row of each one's uniforms.
    """

    begin: Ints
    activity: Ints
    version: Ints
    project: Ints
    uniform: Ints


class Versions(NamedTuple):
    """What takes time, one entry per step and version, first all steps in version 0, then those that have another.

    `drawn` is the place of the step among those `drawn`, `first` that of its version 0 among these entries, `entry`
    that of what can come back (-1: nothing can).
    """

    step: Ints
    version: Ints
    activity: Ints
    project: Ints
    drawn: Ints
    first: Ints
    entry: Ints


@dataclass(frozen=True)
class Places:
    """The places of a frame's steps; arrays have one entry per step unless they say otherwise.

    `owner` is the place in the roster of the project of each step, `project` that of each case.
    """

    recipe: Recipe
    roster: Roster
    cases: Cases
    nodes: Nodes
    project: Ints
    owner: Ints

    @classmethod
    def of(cls, recipe: Recipe, frame: Frame) -> Places:
        """The places of all frames that share what is made of this one; the frame itself is not kept."""
        return frame.once(
            "places", lambda: cls(recipe, frame.roster, frame.cases, frame.nodes, frame.project, frame.owner)
        )

    @cached_property
    def drawn(self) -> Ints:
        """The steps of which something is drawn."""
        return np.flatnonzero(self.recipe.drawn[self.nodes.activity])

    @cached_property
    def uniform(self) -> Ints:
        """The row of the uniforms of each step that is drawn."""
        block, activity = self._block[self.nodes.case[self.drawn]], self.nodes.activity[self.drawn]
        rows: Ints = self.recipe.first.begin[block, activity] + self._place[self.drawn]
        return rows

    @cached_property
    def solving(self) -> Floats:
        """The chance of each step that is drawn to solve an issue."""
        nodes, category = self.nodes, self.cases.category
        return self.recipe.solves[nodes.activity[self.drawn], category[nodes.case[self.drawn]]]

    @cached_property
    def chance(self) -> Floats:
        """The chance of each step to take place, where no practice changes it."""
        return self.recipe.probability[self.nodes.activity]

    @cached_property
    def changed(self) -> tuple[Ints, Ints, Ints]:
        """Steps whose chance practices change, with the rows of their chances and their projects."""
        return self._with_rows(self.recipe.chances.row, -1)

    @cached_property
    def conditional(self) -> tuple[Ints, Ints, Ints]:
        """Steps that take place under conditions, with the rows of these and their projects."""
        return self._with_rows(self.recipe.conditions.row, 0)

    def _with_rows(self, row: Ints, none: int) -> tuple[Ints, Ints, Ints]:
        of = row[self.nodes.activity]
        steps = np.flatnonzero(of != none)
        return steps, of[steps], self.owner[steps]

    @cached_property
    def begun(self) -> tuple[Ints, Ints]:
        """The steps of projects that are at work when the scenario starts, and the cell of each."""
        nodes, cases = self.nodes, self.cases
        begun = np.array([bool(projects.ahead) for projects in self.roster.groups], dtype=bool)
        mine = begun[cases.group] & (cases.place < 0)
        steps = np.flatnonzero(mine[nodes.case] & (nodes.activity > 0))
        return steps, self.recipe.cells.of(self.roster, self.owner[steps], nodes.activity[steps], nodes.copy[steps])

    @cached_property
    def entries(self) -> Entries:
        """All that can come back."""
        recipe, cases = self.recipe, self.cases
        block, activity, version = recipe.returns.T
        each = np.where(block < recipe.groups, recipe.places[block, activity], 1)
        size = self._cases[block] * each
        begin = np.cumsum(size) - size
        row = np.repeat(np.arange(len(size)), size)
        case, copy = np.divmod(np.arange(len(row)) - begin[row], each[row])
        case += self._first_case[block[row]]
        place = cases.row[case] * recipe.places[block[row], activity[row]] + copy
        place += np.maximum(cases.place[case], 0)
        uniform = recipe.later.begin[block[row], activity[row]] + place
        return Entries(begin, activity[row], version[row], self.project[case], uniform)

    @cached_property
    def versions(self) -> Versions:
        """What takes time."""
        activity = self.nodes.activity[self.drawn]
        timed = np.flatnonzero(self.recipe.timed[activity])
        many = self.recipe.versions[activity[timed]]
        of = [np.flatnonzero(many > version) for version in range(many.max(initial=1))]
        first, version = np.concatenate(of), np.repeat(np.arange(len(of)), [len(each) for each in of])
        drawn = timed[first]
        step = self.drawn[drawn]
        entry = self._entry(step, version)
        return Versions(step, version, activity[drawn], self.owner[step], drawn, first, entry)

    def _entry(self, step: Ints, version: Ints) -> Ints:
        """The entry of what can come back of each of some steps in a version, -1 where nothing can."""
        recipe, nodes = self.recipe, self.nodes
        found = np.full(len(step), -1)
        back = np.flatnonzero(recipe.corrected[nodes.activity[step]])
        step, case = step[back], nodes.case[step[back]]
        rows = np.zeros((*recipe.places.shape, recipe.influences.row.shape[1]), dtype=np.int64)
        rows[tuple(recipe.returns.T)] = self.entries.begin
        issue = case - self._first_case[self._block[case]]
        place = np.where(case < len(self.roster.group), self._place[step], issue)
        found[back] = rows[self._block[case], nodes.activity[step], version[back]] + place
        return found

    @cached_property
    def _place(self) -> Ints:
        """The place of each step among all copies of its activity in its block."""
        cases, nodes = self.cases, self.nodes
        number = nodes.copy + np.maximum(cases.place, 0)[nodes.case]
        found: Ints = cases.row[nodes.case] * self.recipe.places[self._block[nodes.case], nodes.activity] + number
        return found

    @cached_property
    def _block(self) -> Ints:
        """Block of each case."""
        return self.recipe.block_of(self.cases)

    @cached_property
    def _cases(self) -> Ints:
        """Number of cases by block."""
        return np.bincount(self._block, minlength=2 * self.recipe.groups)

    @cached_property
    def _first_case(self) -> Ints:
        """First case of each block."""
        return np.cumsum(self._cases) - self._cases
