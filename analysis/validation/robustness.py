"""Robustness: what the verdict on a headline is while assumed numbers move through their ranges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from parkflow.analysis.experiments.doubt import at_points
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.provenance import scenario_hash
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.analysis.validation.definition import Definition
from parkflow.analysis.validation.line import judge
from parkflow.analysis.validation.observing import observed
from parkflow.analysis.validation.running import Progress, key_of, told_of
from parkflow.sim.checks import ScenarioError
from parkflow.sim.levers import bundle, revised
from parkflow.sim.scenario import Scenario

REPLICATIONS = 16
"""Replications at each point: enough for a predictive distribution of its own."""

Seen = Mapping[str, Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Robustness:
    """How often each verdict is given on a line of the ledger, over points of the ranges of assumed numbers."""

    line: str
    park: str
    verdicts: Mapping[str, int]

    @property
    def points(self) -> int:
        """Points at which the line was judged."""
        return sum(self.verdicts.values())

    def share(self, verdict: str) -> float:
        """Share of the points with a verdict."""
        return self.verdicts.get(verdict, 0) / self.points

    def row(self) -> dict[str, Any]:
        """As plain values."""
        return {"line": self.line, "park": self.park, "points": self.points, "verdicts": dict(self.verdicts)}


def robustness(
    park: Scenario, definitions: Sequence[Definition], points: int, seed: int, executor: Executor,
    log: ReplicationLog, progress: Progress,
) -> list[Robustness]:  # fmt: skip
    """The verdicts on some lines of a park at so many points of its ranges; those that the log knows are not run.

    A point at which the park cannot be is left out. `progress` is told how many points more are done.
    """
    asked = tuple(one for one in definitions if one.is_simulated)
    policies = {one.run: revised(bundle(park, one.policy), one.levers, ()) for one in asked}
    policies |= {one.against: bundle(park, one.against) for one in asked if one.against is not None}
    key = key_of("robustness", scenario_hash(park), told_of(asked), seed, points, REPLICATIONS)
    missing = [number for number in range(points) if number not in log.of(key)]
    progress(points - len(missing))
    scenarios = at_points(park, policies, points, seed, missing)
    for number, seen in zip(missing, executor(partial(_at_point, asked, seed), scenarios), strict=True):
        log.append(key, number, seen)
        progress(1)
    found = [seen for _, seen in sorted(log.of(key).items()) if seen]
    return [_of(one, found) for one in asked]


def _at_point(asked: tuple[Definition, ...], seed: int, scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """What every replication at a point shows of each line; nothing where the park cannot be there."""
    try:
        layouts = {name: laid_out(scenario) for name, scenario in scenarios.items()}
    except ScenarioError:
        return {}
    if not layouts:
        return {}
    runs = [replicate(layouts, seed, number) for number in range(REPLICATIONS)]
    return {one.line: [observed(one, each) for each in runs] for one in asked}


def _of(one: Definition, points: Sequence[Seen]) -> Robustness:
    return Robustness(one.line, one.park, Counter(judge(one, seen[one.line]).verdict for seen in points))
