"""Networks without contention against PERT and flow-shop theory."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.sim.layout import Layout
from parkflow.sim.network import ARRIVAL
from parkflow.sim.records import Records, simulate
from parkflow.sim.steps import Activity

Floats = NDArray[np.float64]
System = Callable[[str], Layout]
Replicate = Callable[[Callable[[Records], float], Layout, int], Floats]
Agrees = Callable[..., None]

PERT = """
[classes.any]
[portfolio.projects]
of = "any"
count = 200
arrivals = { every = "exponential(1)" }
[practices.side_by_side]
share = 0.5
[activities.contract]
step = "work"
duration = "pert(10, 20, 60)"
[activities.survey]
step = "work"
duration = "lognormal(8, 0.5)"
[activities.design]
step = "work"
duration = "gamma(30, 0.4)"
needs = ["survey"]
[activities.listing]
step = "notice"
duration = "20"
needs = ["contract"]
after = { design = "side_by_side" }
[activities.review]
step = "work"
duration = "exponential(12)"
needs = ["design"]
after = { listing = "side_by_side" }
applies = { probability = 0.7 }
[activities.permit]
step = "work"
duration = "triangular(3, 5, 10)"
needs = ["listing", "review"]
[activities.start]
step = "milestone"
needs = ["permit", "contract"]
"""


def test_duration_is_the_longest_path(system: System) -> None:
    """Without anything to wait for, every project takes the longest path through its own works, to the last bit."""
    layout = system(PERT)
    records = simulate(layout, 1, 0)
    steps, scenario = records.plan.steps, layout.scenario
    parallel = 0
    for case, arrival in enumerate(records.plan.cases.arrival.tolist()):
        mine = np.flatnonzero(steps.case == case)
        work = {layout.activities[steps.activity[step]]: float(steps.work[step]) for step in mine}
        there = {layout.activities[steps.activity[step]]: not records.skipped[step] for step in mine}
        finish = {side: longest(scenario.activities, work, there, arrival, side) for side in (True, False)}
        assert float(records.milestone("start")[case]) in finish.values()
        parallel += float(records.milestone("start")[case]) == finish[True] < finish[False]
    assert 60 < parallel < 140


def longest(
    activities: Mapping[str, Activity],
    work: dict[str, float],
    there: dict[str, bool],
    arrival: float,
    side_by_side: bool,
) -> float:
    """The day on which the last activity is over, by working forward through the file."""
    over = {ARRIVAL: arrival}
    for name, activity in activities.items():
        before = [*activity.needs, *(() if side_by_side else activity.after)] or [ARRIVAL]
        over[name] = max(over[other] for other in before) + (work[name] if there[name] else 0.0)
    return over[name]


def test_mean_of_the_longer_of_two_exponentials(system: System, replicate: Replicate, agrees: Agrees) -> None:
    """Two independent exponentials side by side take 1/a + 1/b - 1/(a + b) on average; one after another the sum."""
    text = """
    [classes.any]
    [portfolio.projects]
    of = "any"
    count = 1000
    arrivals = {{ on = [0] }}
    [practices.side_by_side]
    share = {share}
    [activities.short]
    step = "work"
    duration = "exponential(20)"
    [activities.long]
    step = "work"
    duration = "exponential(50)"
    after = {{ short = "side_by_side" }}
    [activities.over]
    step = "milestone"
    needs = ["short", "long"]
    """

    def mean(records: Records) -> float:
        return float(records.milestone("over").mean())

    agrees(replicate(mean, system(text.format(share=1)), 20), 20 + 50 - 1 / (1 / 20 + 1 / 50), 0.01)
    agrees(replicate(mean, system(text.format(share=0)), 20), 70, 0.01)


BUILDINGS = """
[classes.any]
attributes = {{ halls = {halls} }}
[portfolio.projects]
of = "any"
count = 1
arrivals = {{ on = [0] }}
[practices.flow_line]
share = {flow_line}
[practices.all_at_once]
share = {all_at_once}
[activities.foundation]
step = "work"
duration = 7
per = "halls"
previous = {{ foundation = "all_at_once", roof = "flow_line" }}
[activities.frame]
step = "work"
duration = 16
per = "halls"
needs = ["foundation"]
previous = {{ frame = "all_at_once" }}
[activities.roof]
step = "work"
duration = 5
per = "halls"
needs = ["frame"]
previous = {{ roof = "all_at_once" }}
[activities.complete]
step = "milestone"
needs = ["roof"]
"""


@pytest.mark.parametrize("halls", [1, 4, 9])
@pytest.mark.parametrize(
    ("flow_line", "all_at_once", "makespan"),
    [
        (0, 0, lambda halls: halls * 28),
        (1, 0, lambda halls: 28 + (halls - 1) * 16),
        (1, 1, lambda halls: 28),
    ],
)
def test_makespan_of_a_flow_line(
    halls: int, flow_line: int, all_at_once: int, makespan: Callable[[int], int], system: System
) -> None:
    """Buildings in turn take the sum, a flow line one building and then its slowest trade, crews for all one."""
    layout = system(BUILDINGS.format(halls=halls, flow_line=flow_line, all_at_once=all_at_once))
    assert simulate(layout, 1, 0).milestone("complete")[0] == makespan(halls)
