"""Files that come back for correction: how often, how long each fix takes, and each further attempt.

They are drawn for every copy that a project can have, whether it takes place or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.frame import Frame
from parkflow.sim.pace import Pace
from parkflow.sim.recipe import LATER, ROUNDS, Recipe
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
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


@dataclass(frozen=True)
class Returns:
    """The later attempts: `left` and `following` have one entry per entry of `entries`, `fix` and `again` per attempt.

    The `left` later attempts of an entry begin at `following`.
    """

    entries: Entries
    left: Ints
    following: Ints
    fix: Floats
    again: Floats


def returned(recipe: Recipe, frame: Frame, pace: Pace, streams: Streams) -> Returns:
    """Draw the later attempts."""
    found = _entries(recipe, frame)
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
    return Returns(found, left, following, fix, again)


def _entries(recipe: Recipe, frame: Frame) -> Entries:
    block, activity, version = recipe.returns.T
    cases = np.bincount(recipe.block_of(frame.cases), minlength=2 * recipe.groups)
    each = np.where(block < recipe.groups, recipe.places[block, activity], 1)
    size = cases[block] * each
    begin = np.cumsum(size) - size
    row = np.repeat(np.arange(len(size)), size)
    case, copy = np.divmod(np.arange(len(row)) - begin[row], each[row])
    case += (np.cumsum(cases) - cases)[block[row]]
    place = frame.cases.row[case] * recipe.places[block[row], activity[row]] + copy
    place += np.maximum(frame.cases.place[case], 0)
    uniform = recipe.later.begin[block[row], activity[row]] + place
    return Entries(begin, activity[row], version[row], frame.project[case], uniform)


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
