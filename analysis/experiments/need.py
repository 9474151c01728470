"""What would be enough: the least resources of a park with which a measure reaches a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.experiments.comparison import compare
from parkflow.analysis.experiments.executors import Executor, here, run_many
from parkflow.analysis.experiments.factors import varied
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.seeking import (
    Aim,
    Combination,
    Jury,
    Trial,
    Verdict,
    Watch,
    cheapest,
    is_monotone,
    neighbours,
)
from parkflow.analysis.measures.intervals import LEVEL, Estimate
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.measures.registry import measure, observe
from parkflow.analysis.replication.replication import LaidOut, Replication, laid_out
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

OBSTRUCTED, LOOKED = ("cause_days", "utilisation"), 8
"""Measures that tell what holds projects up, and the replications they are taken from."""

FULL = 0.95
"""From this share of an officer's time on, a desk counts as full."""


@dataclass(frozen=True)
class Dial:
    """A key of the scenario with the levels it may have, the least first, and what one unit of it costs."""

    key: str
    levels: tuple[Any, ...]
    cost: float = 1.0

    def cost_of(self, level: int) -> float:
        """The cost of a level by its place: of its value where that is a number, else of its place."""
        value = self.levels[level]
        return self.cost * (float(value) if isinstance(value, int | float) else level)


@dataclass(frozen=True)
class Wanted:
    """What is to be reached: a measure of a group of projects under a policy, and how it is counted."""

    measure: str
    aim: Aim
    policy: str
    baseline: str
    question: Question
    group: str | None = None
    """None stands for all projects, or for the cohort where the measure is of one."""


@dataclass(frozen=True)
class Attempt:
    """One combination that was tried: its levels by key, cost, verdict, and what was seen, with its own interval."""

    levels: Mapping[str, Any]
    cost: float
    verdict: Verdict
    seen: Estimate

    def row(self) -> dict[str, Any]:
        """As plain values."""
        told = {"cost": self.cost, "verdict": str(self.verdict), "mean": self.seen.mean}
        return {**self.levels, **told, "low": self.seen.low, "high": self.seen.high, "replications": self.seen.count}


@dataclass(frozen=True)
class Obstacles:
    """What holds projects up with the most of everything: days by cause, the most first, and desks that are full."""

    causes: tuple[tuple[str, float], ...]
    desks: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Need:
    """The cheapest combination that reaches the target, or what stands in the way where none does."""

    park: str
    wanted: Wanted
    measure: Measure
    confidence: float
    seed: int
    dials: tuple[Dial, ...]
    enough: Attempt | None
    attempts: tuple[Attempt, ...]
    """All that were tried, the cheapest first."""
    runs: int
    is_monotone: bool
    obstacles: Obstacles | None = None

    def document(self) -> dict[str, Any]:
        """The answer as one object of plain values, as JSON holds it."""
        aim = self.wanted.aim
        return {
            "park": self.park, "policy": self.wanted.policy, "baseline": self.wanted.baseline,
            "from": self.wanted.question[0], "to": self.wanted.question[1], "measure": self.wanted.measure,
            "target": aim.value, "at_least": aim.at_least, "chance": aim.chance, "confidence": self.confidence,
            "seed": self.seed, "enough": self.enough.row() if self.enough else None,
            "attempts": [it.row() for it in self.attempts], "runs": self.runs, "monotone": self.is_monotone,
            "causes": dict(self.obstacles.causes) if self.obstacles else None,
            "full_desks": dict(self.obstacles.desks) if self.obstacles else None,
        }  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """All combinations that were tried as a pandas DataFrame, the cheapest first."""
        import pandas as pd

        return pd.DataFrame([it.row() for it in self.attempts])


def need(
    park: Scenario,
    dials: Sequence[Dial],
    wanted: Wanted,
    confidence: float,
    most: int,
    seed: int,
    executor: Executor = here,
    watch: Watch = lambda done: None,
) -> Need:
    """The cheapest combination of levels with which the measure reaches its target, and that beside it.

    More of a key must never do harm; where it is seen to, the answer says so. Raises `LeverError` or `ChangeError` for
    a level that does not fit.
    """

    @cache
    def layouts(combination: Combination) -> dict[str, LaidOut]:
        values = {dial.key: dial.levels[level] for dial, level in zip(dials, combination, strict=True)}
        paired = measure(wanted.measure).paired
        policies = dict.fromkeys((wanted.baseline, wanted.policy) if paired else (wanted.policy,))
        return {name: laid_out(scenario) for name, scenario in varied(park, policies, values).items()}

    def run(combination: Combination, replications: range) -> Floats:
        observer = partial(_observed, wanted=wanted)
        return np.array(list(run_many(observer, layouts(combination), seed, replications, executor)))

    def cost(combination: Combination) -> float:
        return sum(dial.cost_of(level) for dial, level in zip(dials, combination, strict=True))

    sizes, jury = [len(dial.levels) for dial in dials], Jury(run, wanted.aim, confidence, most, watch)
    found = cheapest(sizes, cost, jury)
    for beside in neighbours(found, sizes) if found else ():
        jury.verdict(beside)
    tried = sorted(jury.trials.values(), key=lambda it: (cost(it.combination), it.combination))
    attempts = {it.combination: _attempt(it, dials, cost(it.combination), wanted.aim) for it in tried}
    greatest = tuple(size - 1 for size in sizes)
    return Need(
        park.name, wanted, measure(wanted.measure), confidence, seed, tuple(dials),
        attempts[found] if found else None, tuple(attempts.values()), jury.runs, is_monotone(tried),
        None if found else _obstacles(layouts(greatest), wanted, seed, executor),
    )  # fmt: skip


def _observed(runs: dict[str, Replication], wanted: Wanted) -> float:
    """The measure in one replication; NaN where there is nothing to measure."""
    baseline = wanted.baseline if wanted.baseline in runs else wanted.policy
    seen = observe(runs, baseline, wanted.question, (wanted.measure,))
    mine = {it.group: it for it in seen if it.policy == wanted.policy}
    found = mine.get(wanted.group or ALL) if wanted.group or ALL in mine else next(iter(mine.values()), None)
    return found.value / found.weight if found and found.weight else np.nan


def _attempt(trial: Trial, dials: Sequence[Dial], cost: float, aim: Aim) -> Attempt:
    levels = {dial.key: dial.levels[level] for dial, level in zip(dials, trial.combination, strict=True)}
    return Attempt(levels, cost, trial.verdict, aim.seen(trial.values, LEVEL))


def _obstacles(layouts: Mapping[str, LaidOut], wanted: Wanted, seed: int, executor: Executor) -> Obstacles:
    """Days by cause, and desks that are full, under the policy with the most of everything."""
    only = {wanted.policy: layouts[wanted.policy]}
    rows = compare(only, wanted.policy, wanted.question, seed, range(LOOKED), executor, measures=OBSTRUCTED)
    causes, desks = ({it["group"]: it["mean"] or 0.0 for it in rows if it["measure"] == name} for name in OBSTRUCTED)
    full = {name: share for name, share in desks.items() if share >= FULL}
    return Obstacles(*(tuple(sorted(it.items(), key=lambda one: -one[1])) for it in (causes, full)))
