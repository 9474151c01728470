"""What an answer hangs on: assumed numbers by their effect, shares of variance, and where another policy would win.

Every assumed number of a park moves through its range. First all of them are screened by elementary effects; those that
move the answer most get indices of variance, in which the draws have one of their own. The points of these indices also
tell at what share of them each policy is the best, in which box the best one is not, and how much it can be regretted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.experiments.boxes import Box, box_around, regrets, winners
from parkflow.analysis.experiments.doubt import Bundles
from parkflow.analysis.experiments.executors import Executor, here
from parkflow.analysis.experiments.factors import varied
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.ranges import ranges_of, values_at
from parkflow.analysis.experiments.screening import Effect, Index, elementary_effects, order_of, variance_indices
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.measures.registry import measure, observe
from parkflow.analysis.provenance import scenario_hash
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.sim.checks import ScenarioError
from parkflow.sim.errors import ParkflowError
from parkflow.sim.scenario import Policy, Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

DRAWS = "draws"
"""The name under which chance stands among the inputs."""

MOST_DRAWS = 2**20
AT_ONCE = 4
"""Points handed to a worker at a time."""


@dataclass(frozen=True)
class Asked:
    """What is asked: the park, its policies of which the first is the baseline, the question, the measure, the seed."""

    park: Scenario
    policies: Bundles
    question: Question
    measure: str
    seed: int
    lowest: bool = False

    @property
    def compared(self) -> tuple[str, ...]:
        """The policies whose measure is looked at."""
        return tuple(self.policies)[1:] if measure(self.measure).paired else tuple(self.policies)


@dataclass(frozen=True)
class Size:
    """How much is run: trajectories of the screening, inputs that get indices, and rows of their design."""

    trajectories: int = 8
    inputs: int = 6
    rows: int = 64

    def points(self, ranges: int) -> int:
        """Points in all, of a park with so many ranges."""
        return self.trajectories * (ranges + 1) + self.rows * (min(self.inputs, ranges) + 3)


@dataclass(frozen=True)
class Influence:
    """What one assumed number does to the measure under one policy; indices only where they were asked for."""

    policy: str
    name: str
    low: float
    high: float
    effect: Effect | None
    index: Index | None

    def row(self) -> dict[str, Any]:
        """As plain values."""
        effect = vars(self.effect) if self.effect else {}
        index = vars(self.index) if self.index else {}
        told = {"policy": self.policy, "name": self.name, "low": self.low, "high": self.high}
        of_effect = {f"effect_{key}": effect.get(key) for key in ("size", "low", "high", "mean", "spread")}
        of_index = ("first", "first_low", "first_high", "total", "total_low", "total_high")
        return told | of_effect | {key: index.get(key) for key in of_index}


@dataclass(frozen=True)
class Sensitivity:
    """What the measure hangs on under every policy, and what the choice between policies hangs on."""

    park: Scenario
    measure: Measure
    question: Question
    seed: int
    size: Size
    points: int
    policies: tuple[str, ...]
    influences: tuple[Influence, ...]
    """By policy, the greatest effect first; the draws last."""
    best: str
    """The policy that is the best on average over the points."""
    wins: Mapping[str, float]
    regret: Mapping[str, float]
    losing: Box | None
    """Where the best policy is not the best, or, where only one is compared, does no better than the baseline."""
    inputs: tuple[str, ...]
    """The inputs that the places in the box stand for."""

    def of(self, policy: str) -> list[Influence]:
        """The influences on the measure under one policy."""
        return [it for it in self.influences if it.policy == policy]

    def losing_levels(self) -> dict[str, tuple[float, float]]:
        """The bounds of the box in the numbers' own units."""
        ranges = self.park.ranges
        found = self.losing.bounds if self.losing else {}
        named = {self.inputs[place]: ends for place, ends in found.items()}
        return {name: (ranges[name].at(low), ranges[name].at(high)) for name, (low, high) in named.items()}

    def document(self) -> dict[str, Any]:
        """The answer as one object of plain values, as JSON holds it."""
        box = self.losing
        return {
            "park": self.park.name, "measure": self.measure.name, "from": self.question[0], "to": self.question[1],
            "seed": self.seed, "size": vars(self.size), "points": self.points, "best": self.best,
            "wins": dict(self.wins), "regret": dict(self.regret),
            "losing": None
            if box is None
            else {"levels": self.losing_levels(), "density": box.density, "coverage": box.coverage},
            "influences": [it.row() for it in self.influences],
        }  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """One row per policy and assumed number, the draws last."""
        import pandas as pd

        return pd.DataFrame([it.row() for it in self.influences])


def sensitivity(
    asked: Asked,
    size: Size,
    log: ReplicationLog,
    executor: Executor = here,
    progress: Callable[[int], None] = lambda done: None,
) -> Sensitivity:
    """What the measure hangs on. Points that the log knows are not run again; `progress` is told how many are done."""
    run, names = _Run(asked, log, executor, progress), list(ranges_of(asked.park))
    columns = range(len(asked.compared))
    screened = [
        elementary_effects(partial(run.column, names, column), len(names), size.trajectories, asked.seed)
        for column in columns
    ]
    greatest = [max(effects, key=lambda it: np.nan_to_num(it.size)) for effects in zip(*screened, strict=True)]
    top = [names[place] for place in order_of(greatest)[: size.inputs]]
    indices = [
        variance_indices(partial(run.column, top, column), len(top), size.rows, asked.seed) for column in columns
    ]
    influences = [
        it
        for policy, effects, found in zip(asked.compared, screened, indices, strict=True)
        for it in _influences(asked.park, policy, dict(zip(names, effects, strict=True)), [*top, DRAWS], found)
    ]
    points, values = run.seen(top, 2 * size.rows)
    best, losing = _losing(points, values, asked)
    signed = -values if asked.lowest else values
    wins = winners(signed, asked.compared) if len(values) else {}
    regret = dict(zip(asked.compared, regrets(signed).tolist(), strict=True)) if len(values) else {}
    return Sensitivity(
        asked.park, measure(asked.measure), asked.question, asked.seed, size, run.done, asked.compared,
        tuple(influences), best, wins, regret, losing, tuple(top),
    )  # fmt: skip


def _losing(points: Floats, values: Floats, asked: Asked) -> tuple[str, Box | None]:
    """The best policy on average, and the box in which it is not; `values` has shape (points, policies)."""
    there = ~np.isnan(values).any(axis=1)
    signed = (-values if asked.lowest else values)[there]
    if not len(signed):
        return asked.compared[0], None
    best = int(signed.mean(axis=0).argmax())
    is_lost = signed.argmax(axis=1) != best if signed.shape[1] > 1 else signed[:, 0] <= 0
    return asked.compared[best], box_around(points[there], is_lost)


def _influences(
    park: Scenario, policy: str, effects: Mapping[str, Effect], top: Sequence[str], indices: Sequence[Index]
) -> Iterator[Influence]:
    """Influences on one policy, the greatest effect first, and the draws last."""
    known = dict(zip(top, indices, strict=True))
    names = list(effects)
    for place in order_of(list(effects.values())):
        one = park.ranges[names[place]]
        yield Influence(policy, names[place], one.low, one.high, effects[names[place]], known.get(names[place]))
    yield Influence(policy, DRAWS, np.nan, np.nan, None, known[DRAWS])


class _Run:
    """Runs points, all policies at once, and knows those it ran."""

    def __init__(self, asked: Asked, log: ReplicationLog, executor: Executor, progress: Callable[[int], None]) -> None:
        self._asked, self._log, self._executor, self._progress = asked, log, executor, progress
        self._designs: dict[bytes, tuple[Floats, Floats]] = {}
        self.done = 0

    def column(self, names: Sequence[str], column: int, points: Floats) -> Floats:
        """The measure under one policy at points of shape (points, inputs + 1)."""
        key = json.dumps(names).encode() + points.tobytes()
        if key not in self._designs:
            self._designs[key] = points, self._values(names, points)
        values: Floats = self._designs[key][1][:, column]
        return values

    def seen(self, names: Sequence[str], count: int) -> tuple[Floats, Floats]:
        """The first points of the last design, without their draws, and the values of all policies there."""
        points, values = next(reversed(self._designs.values()))
        return points[:count, : len(names)], values[:count]

    def _values(self, names: Sequence[str], points: Floats) -> Floats:
        """Values of shape (points, policies)."""
        key = _key(self._asked, names, points)
        known = self._log.of(key)
        missing = [number for number in range(len(points)) if number not in known]
        self.done += len(points) - len(missing)
        batches = [missing[begin : begin + AT_ONCE] for begin in range(0, len(missing), AT_ONCE)]
        function = partial(_at_points, self._asked, tuple(names), points)
        for batch, found in zip(batches, self._executor(function, batches), strict=True):
            for number, values in zip(batch, found, strict=True):
                self._log.append(key, number, {"values": values})
            self.done += len(batch)
            self._progress(self.done)
        known = self._log.of(key)
        return np.array([known[number]["values"] for number in range(len(points))], dtype=np.float64)


def _key(asked: Asked, names: Sequence[str], points: Floats) -> str:
    """What a log keeps the points of a design under; another key is other numbers."""
    told = [scenario_hash(asked.park), list(asked.policies.items()), asked.question, asked.measure, asked.seed, names]
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode() + points.tobytes()).hexdigest()[:20]


def _at_points(asked: Asked, names: Sequence[str], points: Floats, numbers: Sequence[int]) -> list[list[float]]:
    """The measure under every policy at some points; NaN where the park cannot be there."""
    named = {name: Policy(levers={**levers}) for name, levers in asked.policies.items()}
    park = asked.park.with_changes({"policies": {**asked.park.policies, **named}})
    return [
        _at_point(asked, park, dict(zip(names, points[number], strict=False)), points[number, -1]) for number in numbers
    ]


def _at_point(asked: Asked, park: Scenario, shares: Mapping[str, float], draws: float) -> list[float]:
    levels = {name: park.ranges[name].at(float(share)) for name, share in shares.items()}
    try:
        scenarios = varied(park, asked.policies, values_at(park, levels))
        layouts = {name: laid_out(scenario) for name, scenario in scenarios.items()}
    except (ParkflowError, ScenarioError):  # a lever or a change that does not fit
        return [np.nan] * len(asked.compared)
    runs = replicate(layouts, asked.seed, int(draws * MOST_DRAWS))
    seen = observe(runs, next(iter(asked.policies)), asked.question, (asked.measure,))
    found = {
        it.policy: it.value / it.weight if it.weight else np.nan
        for it in seen
        if it.group == ALL or measure(it.measure).of_cohort
    }
    return [found.get(name, np.nan) for name in asked.compared]
