"""How long attempts take: quantiles of their laws, under what practices and attributes make of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.influences import Influence
from parkflow.sim.looks import time_left
from parkflow.sim.recipe import Recipe
from parkflow.sim.roster import Roster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pace:
    """The durations of a recipe's activities for the projects of a roster, under the influence of practices on them."""

    recipe: Recipe
    roster: Roster
    influence: Influence

    @cached_property
    def _scale(self) -> Floats:
        """What multiplies durations, by row of the recipe's scales and project."""
        return self.recipe.scales.on(self.roster)

    @cached_property
    def _left(self) -> Floats:
        """The share of the time that looks leave, by row of the influence and project."""
        recipe = self.recipe
        expected = np.zeros(recipe.influences.count)
        expected[recipe.influences.row] = recipe.expectation[:, None]
        left = np.ones_like(self.influence.looks)
        looked = np.flatnonzero((self.influence.looks > 0).any(axis=1))
        left[looked] = time_left(self.influence.looks[looked] * 2 * expected[looked, None])
        return left

    @cached_property
    def _is_plain(self) -> bool:
        """Whether nothing changes how long attempts take."""
        return self.recipe.influences.count == 1 and not self.recipe.scales.row.any()

    def usual(self, activity: Ints, uniform: Floats) -> Floats:
        """What attempts would take without any influence; both arrays have one entry per attempt."""
        return self.recipe.durations.quantiles(self.recipe.duration[activity], uniform)

    def days(self, usual: Floats, activity: Ints, version: Ints, project: Ints) -> Floats:
        """What attempts take instead, in the unit of their activities; all arrays have one entry per attempt."""
        if self._is_plain:
            return usual.copy()
        recipe, values = self.recipe, usual.copy()
        row = recipe.influences.row[activity, version]
        on = np.flatnonzero(row)
        at = row[on], project[on]
        spread, mean = self.influence.spread[at], recipe.expectation[activity[on]]
        values[on] = np.where(spread < 1, mean + spread * (values[on] - mean), values[on]) * self._left[at]
        values *= self._factor(activity, project, on, at)
        values[on] = np.minimum(values[on], self.influence.most[at])
        return values

    def _factor(self, activity: Ints, project: Ints, on: Ints, at: tuple[Ints, Ints]) -> Floats:
        """What multiplies the days of attempts, of which those `on` are under the influence at `at`."""
        factor = np.ones(len(activity))
        scale = self.recipe.scales.row[activity]
        scaled = np.flatnonzero(scale)
        factor[scaled] = self._scale[scale[scaled], project[scaled]]
        factor[on] *= self.influence.duration[at]
        return factor
