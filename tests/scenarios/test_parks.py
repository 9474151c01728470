"""The shipped parks hold what they say of themselves."""

from __future__ import annotations

from functools import cache

import pytest

from parkflow.analysis.replication.desk_loads import desk_loads
from parkflow.scenarios.load import available, load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import policy_names, under
from parkflow.sim.records import simulate

PARKS = ("baseline", "guian", "mianyang", "yantai", "zhaoqing", "zhifu")
LEAST, MOST = 0.70, 0.85


@cache
def utilisation(park: str, replications: int = 6) -> dict[str, tuple[int, float]]:
    """Servers and utilisation by desk in the serial park."""
    layout = Layout(load(park))
    loads = [load for replication in range(replications) for load in desk_loads(simulate(layout, 11, replication))]
    desks = dict.fromkeys(load.desk for load in loads)
    busy = {desk: sum(load.busy for load in loads if load.desk == desk) for desk in desks}
    there = {desk: sum(load.open for load in loads if load.desk == desk) for desk in desks}
    return {desk: (layout.scenario.desks[desk].servers, busy[desk] / there[desk]) for desk in desks}


@pytest.mark.slow
@pytest.mark.parametrize("park", PARKS)
def test_desks_have_the_fewest_officers_that_suffice(park: str) -> None:
    """No desk is above 0.85, and none could do with an officer less; 0.05 is left for chance."""
    for desk, (servers, share) in utilisation(park).items():
        assert share <= MOST + 0.05, f"{desk} is overloaded"
        assert servers == 1 or share * servers / (servers - 1) > MOST - 0.05, f"{desk} has an officer too many"


@pytest.mark.parametrize("park", available())
def test_every_policy_of_every_park_runs(park: str) -> None:
    """Each shipped policy can be laid out and simulated, and somebody reaches the last milestone asked about."""
    scenario = load(park)
    assert scenario.question is not None
    for policy in policy_names(scenario):
        records = simulate(Layout(under(scenario, policy)), 1, 0)
        days = records.milestone(scenario.question.end)
        assert (days >= 0).any()


def test_portfolios_are_as_reported() -> None:
    """Zhaoqing 275 projects, Mianyang 196, Yantai 48 continuing and 45 new, Gui'an one mega project."""
    counts = {
        park: {name: group.count for name, group in load(park).portfolio.items() if group.process == "project"}
        for park in PARKS
    }
    assert sum(counts["zhaoqing"].values()) == 275
    assert sum(counts["mianyang"].values()) == 196
    yantai = counts["yantai"]
    assert yantai["continuing"] + yantai["continuing_key"] == 48
    assert yantai["new"] + yantai["new_key"] == 45
    assert counts["guian"]["mega"] == 1
    assert load("guian").classes["mega"].attributes["volume"].model_dump()["sampled"]["value"] == 10_970_000
