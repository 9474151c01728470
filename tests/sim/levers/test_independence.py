"""What no lever may do: set something because of another lever, or reach what is not the county's."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.scenarios.load import load
from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.levers import CATALOGUE, bundle, make_lever, with_levers
from parkflow.sim.plan import Plan
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.cases_approvals import few

ADDED_TO = ("calendars.office.windows", "meetings.joint", "meetings.leaders", "meetings.study")
"""What levers add to: a campaign's hours and sittings come on top of those that a park or another lever has."""

WAIVERS: dict[str, dict[str, Any]] = {
    "parallel_approvals": {},
    "overlapped_submission": {},
    "start_on_land": {"risk": 0.0},
    "joint_acceptance": {},
    "flow_line": {},
    "early_possession": {},
}
"""Levers that drop custom and nothing else, at parameters without any risk."""

MILESTONES = ("land_contract", "land_certificate", "construction_permit", "groundbreaking", "acceptance", "production")


@cache
def others(name: str) -> Scenario:
    """The baseline under every lever of the full bundle but this one."""
    levers = {key: given for key, given in bundle(load("baseline"), "full").items() if key != name}
    return with_levers(load("baseline"), levers)


def set_by(name: str, park: Scenario) -> dict[str, Any]:
    """What a lever sets in a park, but for what it adds to."""
    return {key: value for key, value in make_lever(name, {}).changes(park).items() if not key.startswith(ADDED_TO)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_a_lever_sets_depends_on_no_other(name: str) -> None:
    """It sets the same keys to the same values whether all other levers are on or none."""
    assert set_by(name, others(name)) == set_by(name, load("baseline"))


def works(plan: Plan, activities: list[str]) -> NDArray[np.float64]:
    """Work of some activities, as rows (case, activity, work) in a fixed order."""
    mine = np.isin(plan.steps.activity, [plan.layout.number[name] for name in activities])
    columns = (plan.steps.case, plan.steps.activity, plan.steps.work)
    return np.column_stack([column[mine] for column in columns])


@cache
def plain() -> Plan:
    return make_plan(Layout(few()), 2, 0)


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_lever_shortens_a_notice_or_hurries_the_province(name: str) -> None:
    """Both need what they needed, on calendars that stay as they are."""
    park = with_levers(few(), {name: {}})
    for calendar in ("statutory", "province"):
        assert park.calendars[calendar] == few().calendars[calendar]
    beyond = [key for key, a in few().activities.items() if a.step == "notice" or "province" in a.tags]
    assert len(beyond) > 10
    np.testing.assert_array_equal(works(make_plan(Layout(park), 2, 0), beyond), works(plain(), beyond))


@pytest.mark.parametrize("name", WAIVERS)
def test_with_officers_enough_no_waiver_of_custom_delays_anyone(name: str) -> None:
    """Who need not wait for a predecessor is later nowhere."""
    plenty = few().with_changes({f"desks.{desk}.servers": 500 for desk in few().desks})
    before, after = (simulate(Layout(with_levers(plenty, levers)), 2, 0) for levers in ({}, {name: WAIVERS[name]}))
    for milestone in MILESTONES:
        later = after.milestone(milestone) - before.milestone(milestone)
        assert not (later[~np.isnan(later)] > 1e-6).any(), milestone
