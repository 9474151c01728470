"""Zones of a nation: what a worker is told, given and sends back.

A zone is a park with a seed of its own, so that comparing policies of the park with this seed shows what happens there.
Workers take blocks of zones of one kind and send sums over each block: what is sent and stored does not grow with
projects.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from parkflow.analysis.experiments.batches import Pair, Point, Work
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import Measure, Observation
from parkflow.analysis.measures.registry import observe
from parkflow.analysis.replication.replication import LaidOut, laid_out, replicate
from parkflow.analysis.store.sweep_folder import OBSERVATIONS, Batch, Failure
from parkflow.sim.keyed import key_of
from parkflow.sim.levers import Lever, register_lever
from parkflow.sim.scenario import Scenario

BLOCK = 8
"""Zones whose sums are made together, whoever makes them: so that no number depends on how the work is shared."""

SEEDS = 2**48


class Key(NamedTuple):
    """What a sum is about."""

    policy: str
    measure: str
    start: str
    end: str
    group: str


class Sums(NamedTuple):
    """Sums over zones of what `Observation` says, and of the products that an interval needs."""

    zones: int
    value: float
    weight: float
    value_squared: float
    value_weight: float
    weight_squared: float
    censored: int


COLUMNS = {
    "policy": pa.string(), "measure": pa.string(), "from": pa.string(), "to": pa.string(), "group": pa.string(),
    "zones": pa.int64(), "value": pa.float64(), "weight": pa.float64(), "value_squared": pa.float64(),
    "value_weight": pa.float64(), "weight_squared": pa.float64(), "censored": pa.int64(),
}  # fmt: skip
"""What is stored of a block and a replication, beside their numbers: the fields of `Key` and of `Sums`."""


def zone_seed(seed: int, kind: str, zone: int) -> int:
    """The seed of one zone, which does not depend on how many others there are."""
    return key_of(f"{seed}/zone/{kind}/{zone}/") % SEEDS


def blocks(zones: Mapping[str, int]) -> tuple[Point, ...]:
    """Zones by kind in blocks: each with its kind, its first zone and how many it has."""
    return tuple(
        {"kind": kind, "first": first, "zones": min(BLOCK, count - first)}
        for kind, count in zones.items()
        for first in range(0, count, BLOCK)
    )


@dataclass(frozen=True)
class Zones:
    """What a worker is told once of a nation: it lays out the parks of each kind when it first meets one."""

    scenarios: Mapping[str, Mapping[str, Scenario]]
    baseline: str
    questions: Mapping[str, Question]
    seed: int
    asked: tuple[Measure, ...]
    levers: tuple[type[Lever], ...] = ()
    _layouts: dict[str, dict[str, LaidOut]] = field(default_factory=dict, repr=False)

    def __call__(self, work: Work) -> Batch:
        """Run blocks; what fails is told, and does not keep the rest from being run."""
        begun = time.perf_counter()
        batch, found = Batch(work.pairs), list[tuple[Pair, dict[Key, Sums]]]()
        for pair in work.pairs:
            point = work.points[pair[0]]
            try:
                found.append((pair, self._sums(point, pair[1])))
                batch.done.append(pair)
            except Exception as error:
                inputs = {"values": dict(point), "seed": self.seed, "replication": pair[1]}
                trace = "".join(traceback.format_exception(error))
                batch.failures.append(Failure(*pair, f"{type(error).__name__}: {error}", trace, inputs))
        if found:
            batch.tables[OBSERVATIONS] = _table(found)
        batch.seconds = time.perf_counter() - begun
        return batch

    def observed(self, kind: str, zone: int, replication: int) -> list[Observation]:
        """What one zone shows in one replication."""
        runs = replicate(self._laid_out(kind), zone_seed(self.seed, kind, zone), replication)
        return observe(runs, self.baseline, self.questions[kind], self.asked)

    def _sums(self, point: Point, replication: int) -> dict[Key, Sums]:
        gathered: dict[Key, list[Observation]] = {}
        for zone in range(point["first"], point["first"] + point["zones"]):
            for seen in self.observed(point["kind"], zone, replication):
                if not np.isnan(seen.value):
                    gathered.setdefault(Key(*seen[:5]), []).append(seen)
        return {key: summed(seen) for key, seen in gathered.items()}

    def _laid_out(self, kind: str) -> dict[str, LaidOut]:
        if kind not in self._layouts:
            for lever in self.levers:
                register_lever(lever)
            self._layouts[kind] = {policy: laid_out(one) for policy, one in self.scenarios[kind].items()}
        return self._layouts[kind]


def summed(seen: Sequence[Observation]) -> Sums:
    """The sums over some zones."""
    value, weight = (
        np.array(column, dtype=np.float64) for column in zip(*((o.value, o.weight) for o in seen), strict=True)
    )
    products = (value, weight, value * value, value * weight, weight * weight)
    sums = (float(each.sum()) for each in products)
    return Sums._make([len(seen), *sums, sum(one.censored for one in seen)])


def _table(found: Sequence[tuple[Pair, Mapping[Key, Sums]]]) -> pa.Table:
    lengths = [len(sums) for _, sums in found]
    point, replication = (
        np.repeat(np.array(part, dtype=np.int32), lengths) for part in zip(*(p for p, _ in found), strict=True)
    )
    rows: Iterator[tuple[Any, ...]] = ((*key, *sums) for _, by_key in found for key, sums in by_key.items())
    columns = zip(*rows, strict=True)
    filled = {name: pa.array(values, kind) for (name, kind), values in zip(COLUMNS.items(), columns, strict=True)}
    return pa.table({"point": pa.array(point), "replication": pa.array(replication), **filled})
