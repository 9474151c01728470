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
from parkflow.sim.places import Places, Versions
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

    Policies may share them, so nobody writes to them. `applies` and `solves` have one entry per step, `fix` and `again`
    one per later attempt. What a step that does not apply would take is not drawn.
    """

    applies: Bools
    solves: Bools
    attempts: Attempts
    fix: Floats
    again: Floats


def draw(recipe: Recipe, frame: Frame, influence: Influence, streams: Streams) -> Draws:
    """Draw all that chance decides about the steps of a frame, under the influence of practices on its projects."""
    return _Drawing(recipe, frame, Places.of(recipe, frame), Pace(recipe, frame.roster, influence), streams).draws()


@dataclass(frozen=True)
class _Drawing:
    """The rules; arrays have one entry per step, those of `uniform` one per step that is drawn (`Places.drawn`)."""

    recipe: Recipe
    frame: Frame
    places: Places
    pace: Pace
    streams: Streams

    def draws(self) -> Draws:
        places = self.places
        uniform = self.recipe.first.drawn(self.streams)[places.uniform]
        applies = self._applies(uniform[:, 0])
        solves = np.zeros(len(applies), dtype=bool)
        solves[places.drawn] = uniform[:, 1] < places.solving
        returns = returned(self.recipe, places.entries, self.pace, self.streams)
        return Draws(applies, solves, self._attempts(applies, uniform[:, 2], returns), returns.fix, returns.again)

    def _applies(self, uniform: Floats) -> Bools:
        """Which steps take place, as far as it is known before the run."""
        recipe, frame, places = self.recipe, self.frame, self.places
        chance, (changed, row, project) = places.chance, places.changed
        if len(changed):
            chance = chance.copy()
            chance[changed] = recipe.chances.on(frame.roster)[row, project]
        applies: Bools = chance > 0
        applies[places.drawn] = uniform < chance[places.drawn]
        some, row, project = places.conditional
        if len(some):
            applies[some] &= recipe.conditions.met(frame.roster)[row, project]
        if frame.issues.count:
            self._apply_to_issues(applies)
        begun, share = self._begun
        applies[begun] &= share > 0
        recipe.followers.follow(applies, frame.nodes)
        return applies

    def _apply_to_issues(self, applies: Bools) -> None:
        """Take back what is not for the kind of its issue."""
        frame, activity = self.frame, self.frame.nodes.activity
        some = np.flatnonzero(self.recipe.issue_conditions.some[activity] & (frame.nodes.case >= frame.first_issue))
        issue = frame.nodes.case[some] - frame.first_issue
        applies[some] &= self.recipe.issue_conditions.met(activity[some], issue, frame.issues)

    @cached_property
    def _begun(self) -> tuple[Ints, Floats]:
        """The steps of projects that are at work when the scenario starts, and the share of each that is ahead."""
        steps, cells = self.places.begun
        return steps, self.recipe.cells.ahead(self.frame.roster)[cells]

    def _attempts(self, applies: Bools, uniform: Floats, returns: Returns) -> Attempts:
        """What the steps that take place need, in all their versions."""
        every = self.places.versions
        wanted = applies[every.step]
        mine = every if wanted.all() else Versions(*(column[wanted] for column in every))
        at_first = mine.version == 0
        place = np.cumsum(wanted) - 1
        usual = self.pace.usual(mine.activity[at_first], uniform[mine.drawn[at_first]])[place[mine.first]]
        work = self.pace.days(usual, mine.activity, mine.version, mine.project)
        begun, share = self._begun
        if len(begun):
            ahead = np.ones(len(applies))
            ahead[begun] = share
            work *= ahead[mine.step]
        left, following = np.zeros(len(work), dtype=np.int64), np.zeros(len(work), dtype=np.int64)
        back = np.flatnonzero(mine.entry >= 0)
        left[back], following[back] = returns.left[mine.entry[back]], returns.following[mine.entry[back]]
        return Attempts(mine.step, mine.version, work, left, following)
