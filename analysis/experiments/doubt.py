"""Doubt about assumptions: what the headline does while assumed numbers move through their ranges.

Points of a Latin hypercube put all ranges of a park at other levels at once. Every point meets the same few
replications as the park itself does (common random numbers), so that what differs is assumptions, not draws::

    at a point    mean over replications of (measure at the point - measure of the park)
    interval      the park's own mean, from all replications, plus the central 95% of these differences

Differences of few replications scatter by chance as well. That part of their variance is estimated from the scatter
between replications at each point, and taken out by drawing the differences together about their mean; never more of it
than that estimate is sure of, so that an effect of assumptions which may hide in the scatter is not denied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.factors import varied
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.ranges import ranges_of, values_at
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure, observe
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.provenance import scenario_hash
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.sim.checks import ScenarioError
from parkflow.sim.errors import ParkflowError
from parkflow.sim.scenario import Policy, Scenario

Floats = NDArray[np.float64]

DOUBTED = ("days", "days_saved", "net_days", "share_losing", "start_rate", "issues_resolved_90", "issue_days")
"""Measures of the headline whose two intervals stand side by side."""

LEAST_POINTS = 10
"""Fewer points tell nothing of a central 95%."""

REPLICATIONS = 2
"""Replications at each point; with one, chance could not be told from assumptions."""

CENTRAL = (0.025, 0.975)
PARK = -1
"""The number under which the park itself stands among the points."""


Bundles = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Levers and their parameters by policy."""


@dataclass(frozen=True)
class Asked:
    """What is run at every point: the park, its policies of which the first is the baseline, question and seed."""

    park: Scenario
    policies: Bundles
    question: Question
    seed: int

    @property
    def baseline(self) -> str:
        """The policy that the others are compared with."""
        return next(iter(self.policies))

    def key(self, points: int) -> str:
        """What a log keeps the points under; another key is other numbers."""
        told = [scenario_hash(self.park), list(self.policies.items()), self.question, self.seed, points, DOUBTED]
        text = json.dumps(told, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Doubt:
    """The two intervals of one measure under one policy: over replications, and over assumptions."""

    policy: str
    measure: str
    unit: str
    mean: float
    sampling: tuple[float, float]
    assumptions: tuple[float, float]
    points: int

    def row(self) -> dict[str, Any]:
        """As plain values."""
        names = ("sampling_low", "sampling_high", "assumptions_low", "assumptions_high")
        bounds = dict(zip(names, (*self.sampling, *self.assumptions), strict=True))
        told = {"policy": self.policy, "measure": self.measure, "unit": self.unit, "mean": self.mean}
        return told | bounds | {"points": self.points}


Seen = dict[str, list[float]]
"""What one point shows: by policy and measure, a value per replication."""


def hypercube(points: int, size: int, seed: int) -> Floats:
    """Shares of the way through `size` ranges at so many points: one in each stratum of each range."""
    rng = np.random.default_rng((seed, points, size))
    strata = np.array([rng.permutation(points) for _ in range(size)], dtype=np.float64).reshape(size, points).T
    shares: Floats = (strata + rng.random((points, size))) / points
    return shares


def doubt(
    asked: Asked,
    rows: Sequence[Row],
    points: int,
    executor: Executor,
    log: ReplicationLog,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Doubt, ...]:
    """The two intervals of the headline, given the rows of a comparison of the same policies.

    Points that the log knows are not run again. A point at which a park cannot be is left out, and is not counted
    among the points. `progress` is told how many points are done.
    """
    key = asked.key(points)
    known = log.of(key)
    missing = [number for number in (PARK, *range(points)) if number not in known]
    progress(points - sum(number != PARK for number in missing))
    jobs = ((scenarios, asked) for scenarios in at_points(asked.park, asked.policies, points, asked.seed, missing))
    for number, seen in zip(missing, executor(_seen, jobs), strict=True):
        log.append(key, number, seen)
        progress(sum(done != PARK for done in log.of(key)))
    found = log.of(key)
    moved = [found[number] for number in range(points) if found[number]]
    doubts = (_doubt(row, found[PARK], moved) for row in rows)
    return tuple(it for it in doubts if it is not None)


def at_points(
    park: Scenario, policies: Bundles, points: int, seed: int, numbers: Sequence[int]
) -> Iterator[Mapping[str, Scenario]]:
    """A park under each policy at points by number (`PARK`: as it is); empty where it cannot be there."""
    ranges = ranges_of(park)
    shares = hypercube(points, len(ranges), seed)
    named = {name: Policy(levers={**levers}) for name, levers in policies.items()}
    known = park.with_changes({"policies": {**park.policies, **named}})
    for number in numbers:
        at_point = () if number == PARK else zip(ranges.items(), shares[number], strict=True)
        levels = {name: it.at(float(share)) for (name, it), share in at_point}
        try:
            yield varied(known, policies, values_at(known, levels))
        except ParkflowError:  # a lever or a change that does not fit
            yield {}


def _seen(job: tuple[Mapping[str, Scenario], Asked]) -> Seen:
    """What a point shows; nothing where the park cannot be there."""
    scenarios, asked = job
    try:
        layouts = {name: laid_out(scenario) for name, scenario in scenarios.items()}
    except ScenarioError:
        return {}
    seen: Seen = {}
    for replication in range(REPLICATIONS if layouts else 0):
        runs = replicate(layouts, asked.seed, replication)
        for it in observe(runs, asked.baseline, asked.question, DOUBTED):
            if it.group == ALL or measure(it.measure).of_cohort:
                value = it.value / it.weight if it.weight else np.nan
                seen.setdefault(f"{it.policy}/{it.measure}", []).append(value)
    return seen


def _doubt(
    row: Row, park: Mapping[str, Sequence[float]], points: Sequence[Mapping[str, Sequence[float]]]
) -> Doubt | None:
    """The doubt about one row of a comparison; None where it is none of the headline."""
    key, one = f"{row['policy']}/{row['measure']}", row["measure"]
    if one not in DOUBTED or (row["group"] != ALL and not measure(one).of_cohort) or key not in park:
        return None
    if row["mean"] is None or row["low"] is None or row["high"] is None:
        return None
    there = [point[key] for point in points if key in point]
    if len(there) < LEAST_POINTS:
        return None
    differences = np.array(there, dtype=np.float64) - np.array(park[key])
    low, high = row["mean"] + central(differences)
    bounded = measure(one)
    within = (max(low, bounded.least), min(high, bounded.most))
    return Doubt(row["policy"], one, row["unit"], row["mean"], (row["low"], row["high"]), within, len(differences))


def central(differences: Floats) -> Floats:
    """The central 95% of what assumptions change, from differences of shape (points, replications)."""
    points, replications = differences.shape
    means = np.nanmean(differences, axis=1)
    chance = float(np.nanvar(differences, axis=1, ddof=1).mean()) / replications
    spread = float(means.var(ddof=1))
    may_hide = np.sqrt(2.0 / (points - 1))  # relative standard error of a variance from so many points
    kept = np.sqrt(max(1.0 - chance / spread, may_hide)) if spread > 0 else 1.0
    drawn_together = means.mean() + kept * (means - means.mean())
    bounds: Floats = np.quantile(drawn_together, CENTRAL, method="hazen")  # point i of n stands for share (i - 0.5)/n
    return bounds
