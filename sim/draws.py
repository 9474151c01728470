"""What chance decides about every step of a plan, drawn before the run, by rules for all steps at once.

Streams are keyed by group, kind and name, so that a project, an activity or a lever more changes no other draw. Where a
practice depends on what happens in the run (a unit is held or not), both versions are drawn, from the same uniforms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.frame import Frame
from parkflow.sim.influences import Influence
from parkflow.sim.pace import Pace
from parkflow.sim.recipe import Recipe
from parkflow.sim.returns import Returns, returned
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Attempts(NamedTuple):
    """Work to be done by steps, in their activities' units, each in one version; one entry per step and version.

    Version 0 is what counts if no gate of the step is open. `work` is that of the first attempt, `left` the number of
    later ones, which begin at `following` in the arrays of all later attempts.
    """

    step: Ints
    version: Ints
    work: Floats
    left: Ints
    following: Ints


class Draws(NamedTuple):
    """All that chance decides about the steps of a frame.

    `applies` and `solves` have one entry per step, `fix` and `again` one per later attempt. What a step that does not
    apply would take is not drawn.
    """

    applies: Bools
    solves: Bools
    attempts: Attempts
    fix: Floats
    again: Floats


def draw(recipe: Recipe, frame: Frame, influence: Influence, streams: Streams) -> Draws:
    """Draw all that chance decides about the steps of a frame, under the influence of practices on its projects."""
    return _Drawing(recipe, frame, Pace(recipe, frame.roster, influence), streams).draws()


@dataclass(frozen=True)
class _Drawing:
    """The rules; arrays have one entry per step unless they say otherwise."""

    recipe: Recipe
    frame: Frame
    pace: Pace
    streams: Streams

    def draws(self) -> Draws:
        recipe, first = self.recipe, self.recipe.first
        drawn = np.flatnonzero(recipe.drawn[self.activity])
        block, activity = self.block[self.case[drawn]], self.activity[drawn]
        uniform = first.drawn(self.streams)[first.begin[block, activity] + self.place[drawn]]
        applies = self._applies(drawn, uniform[:, 0])
        solves = np.zeros(len(applies), dtype=bool)
        solves[drawn] = uniform[:, 1] < recipe.solves[activity, self.frame.cases.category[self.case[drawn]]]
        returns = returned(recipe, self.frame, self.pace, self.streams)
        wanted = applies[drawn] & recipe.timed[activity]
        attempts = self._attempts(drawn[wanted], uniform[wanted, 2], returns)
        return Draws(applies, solves, attempts, returns.fix, returns.again)

    @property
    def activity(self) -> Ints:
        return self.frame.nodes.activity

    @property
    def case(self) -> Ints:
        return self.frame.nodes.case

    @cached_property
    def block(self) -> Ints:
        """Block of each case."""
        return self.recipe.block_of(self.frame.cases)

    @cached_property
    def place(self) -> Ints:
        """The place of each step among all copies of its activity in its block."""
        cases = self.frame.cases
        number = self.frame.nodes.copy + np.maximum(cases.place, 0)[self.case]
        found: Ints = cases.row[self.case] * self.recipe.places[self.block[self.case], self.activity] + number
        return found

    def _applies(self, drawn: Ints, uniform: Floats) -> Bools:
        """Which steps take place, as far as it is known before the run; `uniform` has those of the steps `drawn`."""
        recipe, frame, activity = self.recipe, self.frame, self.activity
        chance, draw = recipe.probability[activity], np.zeros(len(activity))
        draw[drawn] = uniform
        row = recipe.chances.row[activity]
        changed = np.flatnonzero(row >= 0)
        chance[changed] = recipe.chances.on(frame.roster)[row[changed], self.frame.owner[changed]]
        applies: Bools = draw < chance
        row = recipe.conditions.row[activity]
        some = np.flatnonzero(row)
        applies[some] &= recipe.conditions.met(frame.roster)[row[some], self.frame.owner[some]]
        some = np.flatnonzero(recipe.issue_conditions.some[activity] & (self.case >= frame.first_issue))
        issue = self.case[some] - frame.first_issue
        applies[some] &= recipe.issue_conditions.met(activity[some], issue, frame.issues)
        begun, share = self._begun
        applies[begun] &= share > 0
        recipe.followers.follow(applies, frame.nodes)
        return applies

    @cached_property
    def _begun(self) -> tuple[Ints, Floats]:
        """The steps of projects that are at work when the scenario starts, and the share of each that is ahead."""
        frame, cells = self.frame, self.recipe.cells
        begun = np.array([bool(projects.ahead) for projects in frame.roster.groups], dtype=bool)
        mine = begun[frame.cases.group] & (frame.cases.place < 0)
        steps = np.flatnonzero(mine[self.case] & (self.activity > 0))
        place = cells.of(frame.roster, self.frame.owner[steps], self.activity[steps], frame.nodes.copy[steps])
        return steps, cells.ahead(frame.roster)[place]

    def _attempts(self, timed: Ints, uniform: Floats, returns: Returns) -> Attempts:
        """What the steps `timed` need, in all their versions; `uniform` decides about their first attempts."""
        versions = self.recipe.versions[self.activity[timed]]
        of = [np.flatnonzero(versions > version) for version in range(versions.max(initial=1))]
        version = np.repeat(np.arange(len(of)), [len(each) for each in of])
        which = np.concatenate(of)
        step, usual = timed[which], self.pace.usual(self.activity[timed], uniform)[which]
        ahead = np.ones(len(self.activity))
        ahead[self._begun[0]] = self._begun[1]
        work = self.pace.days(usual, self.activity[step], version, self.frame.owner[step]) * ahead[step]
        left, following = self._later(step, version, returns)
        return Attempts(step, version, work, left, following)

    def _later(self, step: Ints, version: Ints, returns: Returns) -> tuple[Ints, Ints]:
        """How many later attempts each of some steps has in a version, and where they begin."""
        recipe, frame = self.recipe, self.frame
        left, following = np.zeros(len(step), dtype=np.int64), np.zeros(len(step), dtype=np.int64)
        back = np.flatnonzero(recipe.corrected[self.activity[step]])
        step, case = step[back], self.case[step[back]]
        rows = np.zeros((*recipe.places.shape, recipe.influences.row.shape[1]), dtype=np.int64)
        rows[tuple(recipe.returns.T)] = returns.entries.begin
        issue = case - self.first_case[self.block[case]]
        place = np.where(case < frame.first_issue, self.place[step], issue)
        entry = rows[self.block[case], self.activity[step], version[back]] + place
        left[back], following[back] = returns.left[entry], returns.following[entry]
        return left, following

    @cached_property
    def first_case(self) -> Ints:
        """First case of each block."""
        cases = np.bincount(self.block, minlength=2 * self.recipe.groups)
        return np.cumsum(cases) - cases
