"""Levers on steering: what must appear because the world has it."""

from __future__ import annotations

import numpy as np
import pytest

from parkflow.scenarios.load import load
from parkflow.sim.assembly import make_plan
from parkflow.sim.kinds import DESK
from parkflow.sim.layout import Layout
from parkflow.sim.levers import with_levers
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import crowded, few
from tests.sim.levers.cases_coordination import hurried
from tests.sim.levers.cases_steering import CASES, passed, under_way
from tests.sim.levers.observe import lead, waited


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_the_observable_moves_as_documented(case: Case) -> None:
    """By more than its paired 95% interval."""
    moved, half_width = case.movement()
    assert moved > half_width


def mean(park: Scenario, observable: object, replications: int = 6) -> np.ndarray:
    """An observable in some replications."""
    layout = Layout(park)
    return np.array([observable(simulate(layout, 3, number)) for number in range(replications)])  # type: ignore[operator]


@pytest.mark.slow
def test_a_campaign_is_followed_by_a_rebound() -> None:
    """Offices pass less after the window than without a campaign: they are tired, and part of the work is done."""
    park = load("baseline").with_changes({"issues.rate": 0.0})
    with_it = with_levers(park, {"campaign": {"begin": 500}})
    inside = mean(with_it, passed(500, 592)) - mean(park, passed(500, 592))
    after = mean(with_it, passed(592, 684)) - mean(park, passed(592, 684))
    for difference in (inside, -after):
        assert difference.mean() > 2 * difference.std(ddof=1) / np.sqrt(len(difference))


def test_ceremonies_and_appraisal_hold_no_work_back() -> None:
    """Only the nominal start moves: every other milestone comes on the same day, to the last bit."""
    before = simulate(Layout(few()), 3, 0)
    for lever in ("ceremonies", "output_appraisal"):
        after = simulate(Layout(with_levers(few(), {lever: {}})), 3, 0)
        for milestone in ("construction_permit", "groundbreaking", "topping_out", "production"):
            np.testing.assert_array_equal(after.milestone(milestone), before.milestone(milestone))
        assert (after.milestone("groundbreaking_nominal") != before.milestone("groundbreaking_nominal")).any()


def test_ceremonies_on_given_dates() -> None:
    """With dates, starts are announced on these (or the next working day) and on no other day."""
    dates = ["2024-10-31", "2024-12-31", "2025-03-03"]
    records = simulate(Layout(with_levers(few(), {"ceremonies": {"dates": dates}})), 3, 0)
    started = records.milestone("groundbreaking_nominal")
    assert set(started[~np.isnan(started)]) <= {669.0, 730.0, 792.0}


@pytest.mark.slow
def test_appraisal_by_starts_widens_the_gap() -> None:
    """Otherwise nominal and effective start are one; with it the nominal one comes with the permit."""
    gap = lead("groundbreaking_nominal", "groundbreaking")
    assert mean(few(), gap).max() == 0
    judged = with_levers(few(), {"output_appraisal": {}})
    assert (mean(judged, gap) > 0).all()
    assert mean(judged, lead("construction_permit", "groundbreaking_nominal")).max() == 0


def test_places_in_the_pipeline_are_never_oversold() -> None:
    """No more projects than the cap are between agreement and groundbreaking at a time."""
    assert mean(with_levers(few(), {"pipeline": {"cap": 5}}), under_way).max() <= 5


def test_small_projects_are_turned_away() -> None:
    """Those up to the threshold withdraw, and no other."""
    park = few().with_changes({"activities.withdrawal.applies.probability": 0.0})
    layout = Layout(with_levers(park, {"pipeline": {"threshold": 2.0, "cap": 1000}}))
    records, plan = simulate(layout, 3, 0), make_plan(layout, 3, 0)
    turned = (plan.steps.activity == layout.number["turned_away"]) & (plan.steps.kind == 6)
    assert records.withdrawn.sum() == turned.sum() > 0


def test_a_lane_is_worth_sixty_days_of_slack() -> None:
    """Under due dates a green channel leads by its ranks, whichever of the two levers is named first."""
    alone, both = (with_levers(few(), {"deadline_control": {}, **more}) for more in ({}, {"green_lane": {"lead": 2}}))
    assert both == with_levers(few(), {"green_lane": {"lead": 2}, "deadline_control": {}})
    assert {desk.rule for desk in both.desks.values()} == {"slack"}
    ranks = [_ranks_of_filing(park) for park in (alone, both)]
    np.testing.assert_allclose(ranks[0] - ranks[1], 120)


def _ranks_of_filing(park: Scenario) -> np.ndarray:
    plan = make_plan(Layout(park), 3, 0)
    filing = plan.steps.activity == plan.layout.number["filing"]
    key = np.array([group.of == "priority" for group in park.portfolio.values()])[plan.cases.group]
    ranks: np.ndarray = plan.steps.rank[filing & key[plan.steps.case]]
    return ranks


def test_crashing_ends_with_the_budget() -> None:
    """No more crashings than are paid for."""
    layout = Layout(with_levers(hurried(), {"deadline_control": {"crashes": 7}}))
    records = simulate(layout, 3, 0)
    numbers = [layout.number[name] for name in ("crash_design", "crash_works")]
    assert (np.isin(records.plan.steps.activity, numbers) & records.held).sum() == 7


def test_least_slack_first_helps_those_who_are_due() -> None:
    """At crowded desks projects with the nearer due date wait less than in order of arrival."""
    park = crowded().with_changes({"classes.priority.deadline.days": 100})
    slack = with_levers(park, {"deadline_control": {"crashes": 0}})
    assert mean(slack, waited(classes=["priority"])).sum() < mean(park, waited(classes=["priority"])).sum()


def test_the_tighter_of_two_due_dates_counts() -> None:
    """A second due date far off changes no rank; one before the first is the only one that matters."""
    park = with_levers(few(), {"deadline_control": {}})
    ranks = []
    for days in (1e6, 30.0):
        plan = make_plan(Layout(park.with_changes({"classes.ordinary.second_deadline.days": days})), 3, 0)
        mine = plan.cases.group[plan.steps.case] == 0
        before = plan.steps.activity == list(park.activities).index("filing") + 1
        ranks.append(plan.steps.rank[mine & before & (plan.steps.kind == DESK)])
    assert (ranks[1] < ranks[0]).all()
    with_one = park.with_changes({"classes.ordinary.second_deadline": None})
    plan = make_plan(Layout(with_one), 3, 0)
    mine = (plan.cases.group[plan.steps.case] == 0) & (plan.steps.kind == DESK)
    np.testing.assert_array_equal(
        plan.steps.rank[mine & (plan.steps.activity == list(park.activities).index("filing") + 1)], ranks[0]
    )
