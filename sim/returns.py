"""Files that come back for correction: how often, how long each fix takes, and each further attempt.

They are drawn for every copy that a project can have, whether it takes place or not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.pace import Pace
from parkflow.sim.places import Entries
from parkflow.sim.recipe import LATER, ROUNDS, Recipe
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Returns:
    """The later attempts: `left` and `following` have one entry per entry of `Entries`, `fix` and `again` per attempt.

    The `left` later attempts of an entry begin at `following`.
    """

    left: Ints
    following: Ints
    fix: Floats
    again: Floats


def returned(recipe: Recipe, found: Entries, pace: Pace, streams: Streams) -> Returns:
    """Draw the later attempts of what can come back."""
    uniform = recipe.later.drawn(streams).reshape(-1, ROUNDS, LATER)
    left = _rounds(recipe, pace, found, uniform)
    following = np.cumsum(left) - left
    of = np.repeat(np.arange(len(left)), left)
    drawn = uniform[found.uniform[of], np.arange(len(of)) - following[of]]
    activity, version = found.activity[of], found.version[of]
    again = pace.days(pace.usual(activity, drawn[:, 2]), activity, version, found.project[of])
    again *= recipe.repeat[activity]
    fix, law = np.zeros(len(of)), recipe.fix[activity]
    timed = np.flatnonzero(law >= 0)
    fix[timed] = recipe.fixes.quantiles(law[timed], drawn[timed, 1])
    return Returns(left, following, fix, again)


def _rounds(recipe: Recipe, pace: Pace, found: Entries, uniform: Floats) -> Ints:
    """Number of attempts that come back before one passes, by entry."""
    left = np.zeros(len(found.uniform), dtype=np.int64)
    row = recipe.influences.row[found.activity, found.version]
    factor = pace.influence.correction[row, found.project]
    back = np.arange(len(left))
    for number in range(ROUNDS):
        chance = factor[back] * recipe.returning[found.activity[back], number]
        back = back[uniform[found.uniform[back], number, 0] < chance]
        left[back] += 1
    return left
