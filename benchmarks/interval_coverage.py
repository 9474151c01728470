"""How often intervals hold the truth: every headline measure of a small park, against a long run of another seed.

``python -m benchmarks.interval_coverage [PARK [POLICY]]`` runs 300 experiments of 10 replications of the park with
about 24 projects under two policies, and an independent reference of 6 000 replications. It prints, for each policy and
headline measure, the share of the 95% intervals that hold the reference; 300 of them tell it to ±0.025.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial

from parkflow.analysis.experiments.executors import local, run_many
from parkflow.analysis.experiments.question import resolved
from parkflow.analysis.measures.measure import Observation
from parkflow.analysis.measures.registry import MEASURES, observe
from parkflow.analysis.measures.summary import Key, Row, summarise
from parkflow.analysis.replication.replication import LaidOut, laid_out
from parkflow.scenarios.load import load
from parkflow.sim.levers import under
from parkflow.sim.scenario import Scenario

PROJECTS, EXPERIMENTS, REPLICATIONS, REFERENCE = 24, 300, 10, 6000
HEADLINE = [one.name for one in MEASURES if one.headline]


def small(park: str) -> Scenario:
    """A park with about so many projects, its groups in the same proportions."""
    scenario = load(park)
    of_projects = {name: group for name, group in scenario.portfolio.items() if group.process == "project"}
    share = PROJECTS / sum(group.count for group in of_projects.values())
    fewer = {
        name: group.model_copy(update={"count": max(1, round(share * group.count))})
        for name, group in of_projects.items()
    }
    return scenario.model_copy(update={"portfolio": {**scenario.portfolio, **fewer}})


def observed(layouts: dict[str, LaidOut], seed: int, count: int) -> list[Sequence[Observation]]:
    """What so many replications show of the headline measures."""
    asked = resolved(layouts["serial"].scenario)
    seen = partial(observe, baseline="serial", pair=asked, asked=HEADLINE)
    return list(run_many(seen, layouts, seed, range(count), local(os.cpu_count() or 1)))


def main(park: str = "approvals-275", policy: str = "green_channel") -> None:
    """Print the coverage of every headline measure."""
    scenario = small(park)
    layouts = {name: laid_out(under(scenario, name)) for name in ("serial", policy)}
    truth = {_key(row): row["mean"] for row in summarise(observed(layouts, 2, REFERENCE)) if _printed(row)}
    everything = observed(layouts, 1, EXPERIMENTS * REPLICATIONS)
    held: Counter[Key] = Counter()
    for begin in range(0, len(everything), REPLICATIONS):
        for row in summarise(everything[begin : begin + REPLICATIONS]):
            low, high, known = row["low"], row["high"], truth.get(_key(row))
            if low is not None and high is not None and known is not None:
                held[_key(row)] += low <= known <= high
    for key, known in truth.items():
        print(f"{key.policy:16}{key.measure:24}{known or 0.0:12.3f}{held[key] / EXPERIMENTS:8.3f}")


def _printed(row: Row) -> bool:
    """Whether the first table prints this row: the start rate is of the cohort, all else of everybody."""
    return row["group"] == "all" or row["measure"] == "start_rate"


def _key(row: Row) -> Key:
    return Key(row["policy"], row["measure"], row["from"], row["to"], row["group"])


if __name__ == "__main__":
    main(*sys.argv[1:])
