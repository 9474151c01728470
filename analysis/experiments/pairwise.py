"""Many policies of a park, each set beside a baseline by itself: no process ever holds more than two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import Measure, Observation
from parkflow.analysis.measures.registry import chosen, observe
from parkflow.analysis.measures.summary import Row, summarise
from parkflow.analysis.replication.milestones import in_order
from parkflow.analysis.replication.replication import Replication, laid_out, run
from parkflow.sim.scenario import Scenario

Against = Mapping[str, Sequence[str]]
"""The policies to set beside each baseline."""

BLOCK = 8
"""Replications of a baseline that a process keeps, to set policy after policy beside them."""


@dataclass(frozen=True)
class Part:
    """What a worker is given: a policy, its baseline, and some replications."""

    baseline: str
    policy: str
    replications: tuple[int, ...]


@dataclass(frozen=True)
class Pairs:
    """What a worker is told once; it builds the layouts that its parts need, one after another."""

    scenarios: Mapping[str, Scenario]
    question: Question
    seed: int
    asked: tuple[Measure, ...]
    _kept: dict[str, tuple[tuple[int, ...], list[Replication]]] = field(default_factory=dict, repr=False)

    def __call__(self, part: Part) -> tuple[Part, list[list[Observation]]]:
        """What each replication of a part shows."""
        before = self._baseline(part)
        runs = zip(before, self._runs(part.policy, part.replications), strict=True)
        return part, [
            observe({part.baseline: base, part.policy: mine}, part.baseline, self.question, self.asked)
            for base, mine in runs
        ]

    def _baseline(self, part: Part) -> list[Replication]:
        known, runs = self._kept.get(part.baseline, ((), []))
        if known != part.replications:
            self._kept.pop(part.baseline, None)
            runs = list(self._runs(part.baseline, part.replications))
            self._kept[part.baseline] = part.replications, runs
        return runs

    def _runs(self, policy: str, replications: Sequence[int]) -> Iterator[Replication]:
        layout = laid_out(self.scenarios[policy])
        return (run(layout, self.seed, replication) for replication in replications)


def compare_each(
    scenarios: Mapping[str, Scenario],
    against: Against,
    question: Question,
    seed: int,
    replications: Sequence[int],
    executor: Executor,
    progress: Callable[[float], None],
    measures: Sequence[Measure | str],
) -> dict[str, tuple[Row, ...]]:
    """The rows of paired measures of each policy, by baseline, as `compare` gives them for all policies together.

    `progress` is told which share of the work is done.
    """
    pairs = Pairs(scenarios, question, seed, chosen(measures))
    parts = list(_parts(against, tuple(replications)))
    found: dict[tuple[str, str], list[list[Observation]]] = {}
    for done, (part, seen) in enumerate(executor(pairs, parts), start=1):
        found.setdefault((part.baseline, part.policy), []).extend(seen)
        progress(done / len(parts))
    return {baseline: _rows(pairs, found, baseline, policies) for baseline, policies in against.items() if policies}


def _parts(against: Against, replications: tuple[int, ...]) -> Iterator[Part]:
    for begin in range(0, len(replications), BLOCK):
        for baseline, policies in against.items():
            for policy in policies:
                yield Part(baseline, policy, replications[begin : begin + BLOCK])


def _rows(
    pairs: Pairs,
    found: Mapping[tuple[str, str], Sequence[Sequence[Observation]]],
    baseline: str,
    policies: Sequence[str],
) -> tuple[Row, ...]:
    """The rows of one baseline's policies, from the observations of each replication."""
    columns = zip(*(found[baseline, policy] for policy in policies), strict=True)
    seen = [[one for observations in together for one in observations] for together in columns]
    ordered = all(in_order(pairs.scenarios[name], pairs.question) for name in (baseline, *policies))
    return tuple(summarise(seen, [one.between_ordered() for one in pairs.asked] if ordered else pairs.asked))
