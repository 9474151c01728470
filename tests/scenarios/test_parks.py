"""The shipped parks hold what they say of themselves."""

from __future__ import annotations

import pytest

from benchmarks.desk_sizes import MOST, sizes
from parkflow.scenarios.load import available, load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import policy_names, under
from parkflow.sim.records import simulate

PARKS = ("baseline", "guian", "mianyang", "yantai", "zhaoqing", "zhifu")


@pytest.mark.slow
@pytest.mark.parametrize("park", PARKS)
def test_desks_have_the_fewest_officers_that_suffice(park: str) -> None:
    """No desk is above 0.85, and none could do with an officer less; 0.05 is left for chance."""
    scenario = load(park)
    for size in sizes(scenario):
        desk = scenario.desks[size.desk]
        assert size.share <= MOST + 0.05, f"{size.desk} is overloaded"
        fewer = desk.background + (size.share - desk.background) * desk.servers / max(desk.servers - 1, 1)
        assert desk.servers == 1 or fewer > MOST - 0.05, f"{size.desk} has an officer too many"


@pytest.mark.parametrize("park", PARKS)
def test_no_lever_reaches_the_calendars_of_law_and_province(park: str) -> None:
    """Notices count the days of the law, and a county does not speed the province."""
    scenario = load(park)
    for policy in policy_names(scenario):
        calendars = under(scenario, policy).calendars
        assert all(calendars[name] == scenario.calendars[name] for name in ("statutory", "province"))
    counted = {a.calendar for a in scenario.activities.values() if a.step == "notice" and a.calendar}
    assert counted == {"statutory"}


def test_a_conversion_takes_no_officer_and_concerns_what_ran_ahead() -> None:
    conversion = load("baseline").activities["conversion"]
    assert conversion.step == "work"
    assert conversion.applies.ahead_of == {"land_use_permit_circulation": "land_contract"}


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
