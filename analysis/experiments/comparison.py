"""A comparison of policies: the same projects under each, measured and told with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isnan
from statistics import fmean
from typing import TYPE_CHECKING, Any

from parkflow.analysis.experiments.doubt import Doubt
from parkflow.analysis.experiments.executors import Executor, here, run_many
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import ALL, Measure, Observation
from parkflow.analysis.measures.registry import chosen, observe
from parkflow.analysis.measures.summary import Row, summarise
from parkflow.analysis.replication.milestones import in_order
from parkflow.analysis.replication.replication import LaidOut, Replication, tables_of
from parkflow.analysis.replication.tables import Tables
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """Measures of several policies against a baseline, and the record of how they were made."""

    scenario: str
    baseline: str
    seed: int
    replications: int
    question: Question
    measures: tuple[Row, ...]
    record: Mapping[str, Any]
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    """The park under each policy."""
    doubts: tuple[Doubt, ...] = ()
    """Intervals over assumptions beside those over replications, where they were asked for."""

    def document(self) -> dict[str, Any]:
        """The comparison as one object of plain values, as JSON holds it."""
        return {
            "scenario": self.scenario,
            "baseline": self.baseline,
            "seed": self.seed,
            "replications": self.replications,
            "record": dict(self.record),
            "measures": [dict(row) for row in self.measures],
            **({"assumptions": [it.row() for it in self.doubts]} if self.doubts else {}),
        }

    def frame(self) -> pd.DataFrame:
        """The measures as a pandas DataFrame, one row per measure, policy and group."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.measures])

    def rows(self, measure: str, policy: str | None = None, group: str | None = None) -> list[Row]:
        """The rows of one measure, of one policy and group if named."""
        return [
            row
            for row in self.measures
            if row["measure"] == measure and policy in (None, row["policy"]) and group in (None, row["group"])
        ]


Keep = Callable[[int, dict[str, Tables]], None]
"""Takes the tables of one replication by policy, to store them."""

SoFar = Callable[[Mapping[str, float]], None]
"""Is told after every replication what each policy saves until now, in days per project."""


def compare(
    layouts: Mapping[str, LaidOut],
    baseline: str,
    question: Question,
    seed: int,
    replications: Sequence[int],
    executor: Executor = here,
    progress: Callable[[int], None] = lambda done: None,
    keep: Keep | None = None,
    measures: Sequence[Measure | str] | None = None,
    so_far: SoFar = lambda saved: None,
) -> tuple[Row, ...]:
    """Run every policy on the same projects, and summarise all replications.

    `progress` is told how many replications are done, and `so_far` what each policy saves in them, in days per project;
    `keep` receives the tables of each replication, in order. Only the `measures`
    asked for are observed, by object or by name; all that are known where it is None. Raises `KeyError` for a name that
    no measure has.
    """
    asked = chosen(measures)
    observer = partial(_observed, baseline=baseline, question=question, asked=asked, detailed=keep is not None)
    seen: list[list[Observation]] = []
    saved = _Saved()
    for replication, (observations, kept) in zip(
        replications, run_many(observer, layouts, seed, replications, executor), strict=True
    ):
        seen.append(observations)
        if keep is not None:
            keep(replication, kept)
        progress(len(seen))
        so_far(saved.take(observations))
    ordered = all(in_order(layout.scenario, question) for layout in layouts.values())
    return tuple(summarise(seen, [one.between_ordered() for one in asked] if ordered else asked))


class _Saved:
    """The mean of days saved by policy, over the replications taken in."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = {}

    def take(self, observations: Sequence[Observation]) -> dict[str, float]:
        """The means with one replication more; one in which nobody arrived does not count."""
        for one in observations:
            if (one.measure, one.group) == ("days_saved", ALL) and not isnan(one.value):
                self._values.setdefault(one.policy, []).append(one.value)
        return {policy: fmean(values) for policy, values in self._values.items()}


def _observed(
    runs: dict[str, Replication], baseline: str, question: Question, asked: tuple[Measure, ...], detailed: bool
) -> tuple[list[Observation], dict[str, Tables]]:
    """What a worker sends back of one replication: its observations, and its tables if they are kept."""
    kept = tables_of(runs, baseline, question) if detailed else {}
    return observe(runs, baseline, question, asked), kept
