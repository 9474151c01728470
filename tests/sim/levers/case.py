"""What a lever's test needs: a park, something to observe, and the direction in which it should move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from parkflow.sim.layout import Layout
from parkflow.sim.levers import with_levers
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

Levers = Mapping[str, Mapping[str, Any]]
Floats = NDArray[np.float64]

SEED = 3


@dataclass(frozen=True)
class Case:
    """A lever's documented observable: `direction` is +1 where it should rise and -1 where it should fall.

    The lever is tried with `parameters`, against the same park under the levers `before`.
    """

    lever: str
    park: Callable[[], Scenario]
    observable: Callable[[Records], float]
    direction: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    before: Levers = field(default_factory=dict)
    replications: int = 6

    def movement(self) -> tuple[float, float]:
        """Mean paired difference of the observable in the documented direction, and its 95% half-width (Student)."""
        after = {**self.before, self.lever: self.parameters}
        there, here = (self._observed(levers) for levers in (after, self.before))
        difference = self.direction * (there - here)
        spread = difference.std(ddof=1) / np.sqrt(self.replications)
        return float(difference.mean()), float(stats.t.ppf(0.975, self.replications - 1) * spread)

    def _observed(self, levers: Levers) -> Floats:
        layout = Layout(with_levers(self.park(), levers))
        return np.array([self.observable(simulate(layout, SEED, number)) for number in range(self.replications)])
