"""Choosing among policies of a park: which is best in a measure, what that took, and what each costs in effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.experiments.executors import Executor, here, run_many
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.selection import Goal, Selection, Watch, select
from parkflow.analysis.measures.intervals import Estimate, of_mean
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.measures.registry import measure, observe
from parkflow.analysis.replication.replication import LaidOut, Replication

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

EFFORT = "officer_days"
"""The measure that says what a policy costs, unless another is named."""


@dataclass(frozen=True)
class Candidate:
    """A policy that could be chosen: its measure, its effort, and which policy dropped it after how many replications.

    On the frontier no other candidate is at least as good in both, and better in one.
    """

    policy: str
    value: Estimate
    effort: Estimate
    replications: int
    dropped_by: str | None
    on_frontier: bool


@dataclass(frozen=True)
class Choice:
    """The policy selected, whether that is promised, and all candidates, the best first."""

    park: str
    baseline: str
    question: Question
    measure: Measure
    effort: Measure
    group: str
    lowest: bool
    goal: Goal
    seed: int
    best: str
    is_promised: bool
    used: int
    equal: int
    candidates: tuple[Candidate, ...]

    def document(self) -> dict[str, Any]:
        """The choice as one object of plain values, as JSON holds it."""
        return {
            "park": self.park, "baseline": self.baseline, "from": self.question[0], "to": self.question[1],
            "measure": self.measure.name, "group": self.group, "wanted": "lowest" if self.lowest else "highest",
            "zone": self.goal.zone, "confidence": self.goal.confidence, "seed": self.seed, "best": self.best,
            "promised": self.is_promised, "replications": self.used, "replications_if_equal": self.equal,
            "effort": self.effort.name, "candidates": self.rows(),
        }  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """One row per candidate."""
        return [
            {
                "policy": it.policy, "mean": it.value.mean, "low": it.value.low, "high": it.value.high,
                "effort": it.effort.mean, "effort_low": it.effort.low, "effort_high": it.effort.high,
                "replications": it.replications, "dropped_by": it.dropped_by, "frontier": it.on_frontier,
            }
            for it in self.candidates
        ]  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """The candidates as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())


@dataclass(frozen=True)
class Asked:
    """What is asked of a choice: the pair of milestones, the measure and its group, and which end of it is wanted."""

    question: Question
    measure: str = "days_saved"
    effort: str = EFFORT
    group: str = ALL
    lowest: bool = False


def choose(
    layouts: Mapping[str, LaidOut],
    baseline: str,
    asked: Asked,
    goal: Goal,
    seed: int,
    executor: Executor = here,
    watch: Watch = lambda done, left: None,
) -> Choice:
    """Select the best of the policies but the baseline, all on the same projects.

    Raises `KeyError` for a measure that is not known.
    """
    policies = [name for name in layouts if name != baseline]
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in policies}
    sign = -1.0 if asked.lowest else 1.0

    def sample(left: Sequence[int], replications: range) -> Floats:
        names = [policies[system] for system in left]
        some = {name: layouts[name] for name in (baseline, *names)}
        observer = partial(_observed, baseline=baseline, asked=asked, names=names)
        found = list(run_many(observer, some, seed, replications, executor))
        for column, name in enumerate(names):
            seen[name] += [row[column] for row in found]
        return sign * np.array([[value for value, _ in row] for row in found])

    selected = select(sample, len(policies), goal, watch)
    candidates = _candidates(policies, seen, selected, asked.lowest)
    scenario = layouts[baseline].scenario
    return Choice(
        scenario.name, baseline, asked.question, measure(asked.measure), measure(asked.effort), asked.group,
        asked.lowest, goal, seed, policies[selected.best], selected.is_promised, selected.used, selected.equal,
        candidates,
    )  # fmt: skip


def _observed(
    runs: dict[str, Replication], baseline: str, asked: Asked, names: Sequence[str]
) -> list[tuple[float, float]]:
    """The measure and the effort under each policy in one replication; NaN where there is nothing to measure."""
    found = {
        (it.policy, it.measure, it.group): it.value / it.weight if it.weight else np.nan
        for it in observe(runs, baseline, asked.question, (asked.measure, asked.effort))
    }
    keys = [((name, asked.measure, asked.group), (name, asked.effort, ALL)) for name in names]
    return [(found.get(value, np.nan), found.get(effort, np.nan)) for value, effort in keys]


def _candidates(
    policies: Sequence[str], seen: Mapping[str, list[tuple[float, float]]], selected: Selection, lowest: bool
) -> tuple[Candidate, ...]:
    """All candidates, the best first: the one selected, then by how long they stayed."""
    found = {name: (of_mean([it[0] for it in seen[name]]), of_mean([it[1] for it in seen[name]])) for name in policies}
    sign = -1.0 if lowest else 1.0
    points = {name: (sign * value.mean, -effort.mean) for name, (value, effort) in found.items()}
    fates = dict(zip(policies, selected.fates, strict=True))
    best = policies[selected.best]
    order = sorted(policies, key=lambda it: (it != best, -fates[it].replications, -points[it][0]))
    return tuple(
        Candidate(
            name,
            found[name][0],
            found[name][1],
            fates[name].replications,
            None if (by := fates[name].dropped_by) is None else policies[by],
            not any(_is_beaten(points[name], other) for other in points.values()),
        )
        for name in order
    )


def _is_beaten(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether another point is as good in both, and better in one."""
    return other != one and all(theirs >= mine for mine, theirs in zip(one, other, strict=True))
