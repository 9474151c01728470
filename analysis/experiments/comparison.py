"""A comparison of policies: the same projects under each, measured and told with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import isnan
from statistics import fmean
from typing import TYPE_CHECKING, Any

from parkflow.analysis.experiments.doubt import Doubt
from parkflow.analysis.experiments.executors import Executor, here, run_many
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import ALL, Measure, Observation
from parkflow.analysis.measures.precision import Target, next_look, precise
from parkflow.analysis.measures.registry import chosen, observe
from parkflow.analysis.measures.summary import INDEPENDENT, Row, Sampling, summarise
from parkflow.analysis.replication.milestones import in_order
from parkflow.analysis.replication.replication import LaidOut, Replication, tables_of
from parkflow.analysis.replication.tables import Tables
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

MOST = 1024
"""Replications at which a comparison that runs for a precision is given up."""


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
    interrupted: bool = False
    """Whether somebody stopped it before all replications that were asked for."""
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
            **({"interrupted": True} if self.interrupted else {}),
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


@dataclass(frozen=True)
class Plan:
    """How many replications a comparison gets.

    So many `replications`, or with a `half_width` as many as it takes until the days saved of every policy are that
    sure: `replications` at least, and `most` at the most. `stopped` is asked after each whether it was the last.
    """

    seed: int
    replications: int
    half_width: float | None = None
    most: int = MOST
    stopped: Callable[[], bool] = lambda: False

    def stopped_after(self, done: int) -> Plan:
        """What was carried out of it: so many replications."""
        return replace(self, replications=done, half_width=None)

    @property
    def target(self) -> Target | None:
        """The precision asked for."""
        if self.half_width is None:
            return None
        return Target("days_saved", self.half_width, minimum=self.replications, maximum=self.most)

    @property
    def sampling(self) -> Sampling:
        """How replications are made, and which measure ends them."""
        return Sampling(stopped_by=None if self.half_width is None else "days_saved")


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
    gathering = Gathering(layouts, baseline, question, chosen(measures), keep, progress, so_far)
    for _ in gathering.run(seed, replications, executor):
        pass
    return gathering.rows()


class _Saved:
    """The mean of days saved by policy, over the replications taken in."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {}

    def take(self, observations: Sequence[Observation]) -> dict[str, float]:
        """The means with one replication more; one in which nobody arrived does not count."""
        for one in observations:
            if (one.measure, one.group) == ("days_saved", ALL) and not isnan(one.value):
                self.values.setdefault(one.policy, []).append(one.value)
        return {policy: fmean(values) for policy, values in self.values.items()}


@dataclass
class Gathering:
    """What replications of some policies show, as they come in; `progress`, `keep` and `so_far` as for `compare`."""

    layouts: Mapping[str, LaidOut]
    baseline: str
    question: Question
    asked: tuple[Measure, ...]
    keep: Keep | None = None
    progress: Callable[[int], None] = lambda done: None
    so_far: SoFar = lambda saved: None
    seen: list[list[Observation]] = field(default_factory=list)
    _saved: _Saved = field(default_factory=_Saved)

    def carry_out(self, plan: Plan, executor: Executor) -> bool:
        """Run what is planned, or less where it is stopped; returns whether it was."""
        wanted = plan.replications
        while len(self.seen) < wanted:
            for _ in self.run(plan.seed, range(len(self.seen), wanted), executor):
                if plan.stopped():
                    return len(self.seen) < wanted
            wanted = self._next_look(plan.target) if plan.target else wanted
        return False

    def run(self, seed: int, replications: Sequence[int], executor: Executor) -> Iterator[int]:
        """Take in some replications more; yields how many there are, after each."""
        detailed = self.keep is not None
        observer = partial(
            _observed, baseline=self.baseline, question=self.question, asked=self.asked, detailed=detailed
        )
        found = run_many(observer, self.layouts, seed, replications, executor)
        for replication, (observations, kept) in zip(replications, found, strict=True):
            self.seen.append(observations)
            if self.keep is not None:
                self.keep(replication, kept)
            self.progress(len(self.seen))
            self.so_far(self._saved.take(observations))
            yield len(self.seen)

    def _next_look(self, target: Target) -> int:
        """Replications after which days saved are looked at next; those there are where they are sure enough."""
        series = self._saved.values.values()
        widths = [precise(values, stopped=True).half_width for values in series]
        return next_look(target, len(self.seen), max(widths, default=0.0))

    def rows(self, sampling: Sampling = INDEPENDENT) -> tuple[Row, ...]:
        """One row for each policy, measure and group, of all that is taken in."""
        ordered = all(in_order(layout.scenario, self.question) for layout in self.layouts.values())
        known = [one.between_ordered() for one in self.asked] if ordered else self.asked
        return tuple(summarise(self.seen, known, sampling))


def _observed(
    runs: dict[str, Replication], baseline: str, question: Question, asked: tuple[Measure, ...], detailed: bool
) -> tuple[list[Observation], dict[str, Tables]]:
    """What a worker sends back of one replication: its observations, and its tables if they are kept."""
    kept = tables_of(runs, baseline, question) if detailed else {}
    return observe(runs, baseline, question, asked), kept
