"""Running what is observed, replication by replication: what a log knows already is not run again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from parkflow.analysis.experiments.executors import Executor, run_many
from parkflow.analysis.provenance import numbers_hash
from parkflow.analysis.replication.replication import Replication, laid_out
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.analysis.validation.definition import Definition
from parkflow.analysis.validation.observing import observed
from parkflow.sim.levers import bundle, revised, with_levers
from parkflow.sim.scenario import Scenario

Values = Mapping[str, Any]
Progress = Callable[[int], None]
"""Is told how many replications more are done."""


@dataclass(frozen=True)
class Work:
    """Scenarios by name that meet the same projects, and what is observed of each replication of them.

    `told` says what is observed, in a text that changes whenever that does.
    """

    scenarios: Mapping[str, Scenario]
    observe: Callable[[dict[str, Replication]], Values]
    told: str
    seed: int

    @cached_property
    def key(self) -> str:
        """What a log keeps it under; another key is other numbers."""
        hashes = {name: numbers_hash(scenario) for name, scenario in self.scenarios.items()}
        return key_of(hashes, self.told, self.seed)


def key_of(*told: Any) -> str:
    """A short mark of plain values; others have another one."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]


def carry_out(
    work: Work, replications: int, executor: Executor, log: ReplicationLog, progress: Progress
) -> list[Values]:
    """What the first so many replications show, in their order; those that the log knows are not run."""
    known = log.of(work.key)
    missing = [number for number in range(replications) if number not in known]
    progress(replications - len(missing))
    if missing:
        layouts = {name: laid_out(scenario) for name, scenario in work.scenarios.items()}
        found = run_many(work.observe, layouts, work.seed, missing, executor)
        for number, values in zip(missing, found, strict=True):
            log.append(work.key, number, values)
            progress(1)
    return [log.of(work.key)[number] for number in range(replications)]


def work_of(park: Scenario, definitions: Iterable[Definition], seed: int) -> Work:
    """What has to be run for some definitions of a park; raises `LeverError` where a policy does not fit the park."""
    asked = tuple(one for one in definitions if one.is_simulated)
    return Work(scenarios_of(park, asked), partial(_values, definitions=asked), told_of(asked), seed)


def scenarios_of(park: Scenario, asked: Iterable[Definition]) -> dict[str, Scenario]:
    """The park under every policy that some definitions look at, by the name of the run."""
    found: dict[str, Scenario] = {}
    for one in asked:
        found[one.run] = with_levers(park, revised(bundle(park, one.policy), one.levers, ()))
        if one.against is not None:
            found[one.against] = with_levers(park, bundle(park, one.against))
    return found


def _values(runs: dict[str, Replication], definitions: tuple[Definition, ...]) -> Values:
    return {one.line: observed(one, runs) for one in definitions}


def told_of(asked: Iterable[Definition]) -> str:
    """What some definitions observe, in a text that changes whenever that does."""
    return " ".join(f"{one.line}:{one.key}" for one in asked)
