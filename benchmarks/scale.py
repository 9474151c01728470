"""One replication of a park with 1, 10 and 100 times its projects: processor time, memory for each, and the ratios.

``python -m benchmarks.scale [PARK] [POLICY] [FACTOR ...]``, by default ``approvals-275 green_channel 1 10 100``. Desks,
places of meetings and stocks grow with the projects, and gaps between arrivals shrink. Each size runs in a process of
its own, first once to build what every replication shares.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from parkflow.analysis.experiments.question import resolved
from parkflow.analysis.measures.registry import observe
from parkflow.analysis.replication.replication import laid_out, run
from parkflow.scenarios.load import load
from parkflow.sim.levers import under
from parkflow.sim.scenario import Desk, Group, Meeting, Scenario, Stock


def scaled(scenario: Scenario, factor: int) -> Scenario:
    """The park with so many times the projects, and what they need."""
    changes = {
        "portfolio": {name: _group(group, factor) for name, group in scenario.portfolio.items()},
        "desks": {name: _desk(desk, factor) for name, desk in scenario.desks.items()},
        "meetings": {name: _meeting(meeting, factor) for name, meeting in scenario.meetings.items()},
        "stocks": {name: _stock(stock, factor) for name, stock in scenario.stocks.items()},
    }
    return scenario.with_changes(changes)


def _group(group: Group, factor: int) -> Group:
    changes: dict[str, Any] = {"count": group.count * factor}
    every = getattr(group.arrivals, "every", None)
    if every is not None and every.dist == "exponential":
        changes["arrivals"] = {"every": every.model_copy(update={"mean": every.mean / factor})}
    return group.with_changes(changes)


def _desk(desk: Desk, factor: int) -> Desk:
    dedicated = {name: servers * factor for name, servers in desk.dedicated.items()}
    return desk.with_changes({"servers": desk.servers * factor, "surge": desk.surge * factor, "dedicated": dedicated})


def _meeting(meeting: Meeting, factor: int) -> Meeting:
    return meeting.with_changes({"places": meeting.places * factor})


def _stock(stock: Stock, factor: int) -> Stock:
    tranches = tuple(each.with_changes({"amount": each.amount * factor}) for each in stock.tranches)
    changes: dict[str, Any] = {"target": stock.target * factor, "tranches": tranches}
    changes["parcels"] = stock.parcels * factor
    if isinstance(stock.initial, int | float | tuple):
        changes["initial"] = stock.initial * factor
    return stock.with_changes(changes)


def measured(park: str, policy: str, factor: int) -> Mapping[str, float]:
    """Projects, steps, seconds of a second replication by part, and megabytes at the peak above what was there."""
    layout = laid_out(scaled(under(load(park), policy), factor))
    question = resolved(layout.scenario)
    small = laid_out(under(load(park), policy))
    observe({policy: run(small, 1, 0)}, policy, question)  # loads all code; what is measured grows with the projects
    before = _peak()
    observe({policy: run(layout, 1, 0)}, policy, question)
    begun = time.process_time()
    replication = run(layout, 1, 1)
    ran = time.process_time()
    observe({policy: replication}, policy, question)
    over = time.process_time()
    return {
        "projects": len(replication.groups),
        "run": ran - begun,
        "observe": over - ran,
        "memory": _peak() - before,
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a line for each size, and its ratio to the first."""
    park, policy = (*sys.argv[1:3], *("approvals-275", "green_channel")[len(sys.argv[1:3]) :])
    factors = [int(each) for each in sys.argv[3:]] or [1, 10, 100]
    first = None
    for factor in factors:
        code = f"from benchmarks.scale import *; print(json.dumps(measured({park!r}, {policy!r}, {factor})))"
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found = json.loads(answer.stdout)
        first = first or found
        ratio = (found["run"] + found["observe"]) / (first["run"] + first["observe"])
        print(
            f"{park} {policy}, {found['projects']:,.0f} projects: run {found['run']:.3f} s, observe"
            f" {found['observe']:.3f} s, {1024 * found['memory'] / found['projects']:.0f} kB a project, {ratio:.0f} ×"
        )


if __name__ == "__main__":
    main()
