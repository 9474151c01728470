"""What the model once got wrong stays right: one test for each statement that was an artefact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.analysis.measures.registry import measures, observe
from parkflow.analysis.replication.replication import Replication
from parkflow.scenarios.load import load
from parkflow.sim.calendars import work_curve
from parkflow.sim.kinds import WORK
from parkflow.sim.layout import Layout
from parkflow.sim.levers import under, with_levers
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.cases_approvals import few

SEED = 3

Histories = Callable[[Records], dict[tuple[object, ...], str]]


def ends(records: Records, name: str) -> NDArray[np.float64]:
    """End of an activity by case; NaN where it was skipped."""
    steps = records.plan.steps
    mine = (steps.activity == records.layout.number[name]) & ~records.skipped
    found = np.full(len(records.plan.cases.first), np.nan)
    found[steps.case[mine]] = records.end[mine]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["serial", "reported"])
@pytest.mark.parametrize("park", ["yantai", "zhaoqing"])
def test_the_order_of_groups_in_the_file_moves_nothing(park: str, policy: str, histories: Histories) -> None:
    """Row "the backlog": swapping groups moved days saved by 22; ties are drawn, so that every record stays."""
    shipped = under(load(park), policy)
    turned = shipped.with_changes({"portfolio": dict(reversed(shipped.portfolio.items()))})
    assert list(turned.portfolio) != list(shipped.portfolio)
    assert histories(simulate(Layout(turned), SEED, 0)) == histories(simulate(Layout(shipped), SEED, 0))


def headline(scenario: Scenario, end: str) -> dict[str, float]:
    """The days of the headline of one policy, from the agreement to a milestone, over two replications."""
    asked = [one for one in measures() if one.headline and one.unit == "days"]
    layout, found = Layout(scenario), dict[str, list[float]]()
    for number in range(2):
        runs = {"serial": Replication(simulate(layout, SEED, number))}
        for seen in observe(runs, "serial", ("agreement", end), asked):
            found.setdefault(f"{seen.measure} {seen.group}", []).append(seen.value / seen.weight)
    return {name: float(np.mean(values)) for name, values in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["serial", "reported"])
@pytest.mark.parametrize("park", ["yantai", "zhifu"])
@pytest.mark.parametrize("end", ["groundbreaking", "production"])
def test_twice_the_horizon_moves_no_headline(park: str, policy: str, end: str) -> None:
    """Row "to production": 6 to 20% were missing at the shipped horizons, and a policy that signs later "saved"."""
    shipped = under(load(park), policy)
    assert shipped.horizon is not None
    long = headline(shipped.with_changes({"horizon": 2 * shipped.horizon}), end)
    assert headline(shipped, end) == pytest.approx(long, rel=0.02)


def test_the_conversion_takes_no_officer_and_concerns_reviews_that_ran_ahead() -> None:
    """Row "start upon land costs 36 days": officers were booked, mostly for projects that held their land before."""
    park = load("zhaoqing")
    records = simulate(Layout(with_levers(park, {"start_on_land": {"risk": 0.0}})), SEED, 0)
    steps, number = records.plan.steps, records.layout.number["conversion"]
    mine = (steps.activity == number) & ~np.isnan(records.end)
    assert mine.any() and (steps.kind[mine & ~records.skipped] == WORK).all()
    assert park.activities["conversion"].desk is None
    permit, contract = ends(records, "land_use_permit_circulation"), ends(records, "land_contract")
    known = np.isin(np.arange(len(permit)), steps.case[mine]) & ~np.isnan(permit) & ~np.isnan(contract)
    converted = ~np.isnan(ends(records, "conversion"))
    np.testing.assert_array_equal(converted[known], (permit < contract)[known])
    assert 0 < converted[known].sum() < known.sum()


def working_days(records: Records, name: str) -> NDArray[np.float64]:
    """Working days that an activity took, by case; plain days where it counts those."""
    steps, scenario = records.plan.steps, records.layout.scenario
    activity = scenario.activities[name]
    mine = (steps.activity == records.layout.number[name]) & ~records.skipped & ~np.isnan(records.end)
    begin, end = records.start[mine], records.end[mine]
    found = np.full(len(records.plan.cases.first), np.nan)
    found[steps.case[mine]] = end - begin
    if activity.calendar is not None:
        found[steps.case[mine]] -= sum(work_curve(scenario, activity.calendar).lost(begin, end))
    return found


def test_a_campaign_leaves_notices_and_the_province_as_long_as_they_were() -> None:
    """Row "a campaign": notices of ten working days took 7.7 in it and 11.8 after it."""
    campaign: dict[str, Any] = {"campaign": {"begin": 60, "share": 1.0, "overtime": 2.0}}
    before, after = (simulate(Layout(with_levers(few(), levers)), SEED, 0) for levers in ({}, campaign))
    beyond = [
        name
        for name, a in few().activities.items()
        if a.step == "notice" or (a.step == "work" and "province" in a.tags)
    ]
    moved = 0
    for name in beyond:
        both = working_days(before, name), working_days(after, name)
        known = ~np.isnan(both[0]) & ~np.isnan(both[1])
        np.testing.assert_allclose(both[1][known], both[0][known], atol=1e-6, err_msg=name)
        moved += int((ends(before, name) != ends(after, name))[known].sum())
    assert moved > 20


@pytest.mark.parametrize("area", [5_000, 20_000])
def test_six_halls_take_less_than_twice_one_hall(area: int) -> None:
    """Row "the flow line is worth most": halls went up one after another, and six-hall plants never finished."""

    def building(halls: int) -> float:
        sizes = {"attributes.buildings": f"{halls} count", "attributes.floor_area": f"{halls * area} m2"}
        records = simulate(Layout(few().with_changes(sizes)), SEED, 0)
        return float(np.nanmean(records.milestone("production") - records.milestone("groundbreaking")))

    assert building(1) < building(6) < 2 * building(1)
