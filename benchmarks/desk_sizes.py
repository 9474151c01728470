"""The fewest officers with whom every desk of a park keeps up in its busiest year of the serial policy.

``python -m benchmarks.desk_sizes [PARK ...]`` prints for each desk the officers of the file, how busy they are and how
many would do. Fewer officers make longer lines, which spread the load: the loop starts again until nothing changes.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from parkflow.analysis.replication.desk_loads import desk_loads
from parkflow.scenarios.load import available, load
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Desk, Scenario

MOST = 0.85
"""The greatest share of its open time that a desk may be busy, applicants outside the list included."""

SEED, REPLICATIONS, ROUNDS = 11, 6, 6


class Size(NamedTuple):
    """A desk's officers, the share of their time that is taken, and the fewest officers that would do."""

    desk: str
    servers: int
    share: float
    fewest: int


def fewest(desk: Desk, share: float) -> int:
    """The fewest officers that keep a desk at `MOST` if the present ones are busy for this share of their time.

    The background takes its share of every officer; what the list asks for stays the same number of officer-days.
    """
    listed = desk.servers * (share - desk.background)
    return max(1, math.ceil(listed / (MOST - desk.background) - 1e-9))


def shares(scenario: Scenario, replications: int = REPLICATIONS) -> dict[str, float]:
    """The share of its time that each desk is busy in its busiest year, over some replications of the serial park."""
    layout = Layout(scenario)
    busy, there = defaultdict[str, float](float), defaultdict[str, float](float)
    for replication in range(replications):
        for load_of in desk_loads(simulate(layout, SEED, replication)):
            busy[load_of.desk] += load_of.busy
            there[load_of.desk] += load_of.open
    return {desk: busy[desk] / there[desk] for desk in busy}


def sizes(scenario: Scenario, replications: int = REPLICATIONS) -> Iterator[Size]:
    """How many officers each desk has and needs."""
    for desk, share in shares(scenario, replications).items():
        yield Size(desk, scenario.desks[desk].servers, share, fewest(scenario.desks[desk], share))


def sized(scenario: Scenario, replications: int = REPLICATIONS) -> Scenario:
    """The park with the fewest officers that suffice at each desk."""
    for _ in range(ROUNDS):
        wanted = {f"desks.{size.desk}.servers": size.fewest for size in sizes(scenario, replications)}
        changed = scenario.with_changes(wanted)
        if changed == scenario:
            break
        scenario = changed
    return scenario


def main() -> None:
    """Print the sizes of the parks that are named, or of all shipped ones."""
    for park in sys.argv[1:] or available():
        scenario = load(park)
        enough = sized(scenario)
        print(park)
        for size in sizes(scenario):
            needed = enough.desks[size.desk].servers
            print(f"  {size.desk:24} {size.servers:3} officers, {size.share:4.0%} busy; {needed:3} suffice")


if __name__ == "__main__":
    main()
