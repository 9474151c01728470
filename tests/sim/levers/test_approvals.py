"""Levers on approvals: what each moves, and what it must leave alone."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.levers import with_levers
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import CASES, few
from tests.sim.levers.observe import done, of_classes

Floats = NDArray[np.float64]

ONE_PROJECT = """
name = "one"
assumed = "made up for a test"
stages = ["land", "approvals"]
classes = { project = {} }
portfolio.projects = { of = "project", count = 1, arrivals = { on = [0] } }
practices = { start_on_land = {} }

[activities]
land_certificate = { step = "work", duration = 100 }
reviews = { step = "work", duration = 60, after = { land_certificate = "start_on_land" } }

[activities.pre_review_redone]
step = "work"
duration = 25
needs = ["reviews", "land_certificate"]
applies = { practice = "start_on_land", probability = 0.05 }

[activities.conversion]
step = "work"
duration = 4
needs = ["pre_review_redone"]
applies = { practice = "start_on_land" }

[activities.permit]
step = "milestone"
needs = ["reviews", "land_certificate", "conversion"]
"""

ONE_DESK = """
name = "desk"
assumed = "made up for a test"
stages = ["approvals"]
classes = { key = { key = true }, ordinary = {} }
desks = { window = { servers = 1 } }

[portfolio]
key = { of = "key", count = 40, arrivals = { every = "exponential(10)" } }
ordinary = { of = "ordinary", count = 120, arrivals = { every = "exponential(3.5)" } }

[activities]
service = { step = "desk", desk = "window", duration = 2 }
"""


@cache
def written(text: str) -> Scenario:
    return Scenario.model_validate(tomllib.loads(text))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_the_observable_moves_as_documented(case: Case) -> None:
    """By more than the 95% interval of the paired differences over replications."""
    moved, half_width = case.movement()
    assert moved > half_width


# Start upon land


def permitted(land: float, reviews: float, **parameters: Any) -> float:
    """Day of the permit of one project that needs so many days for its land and for its reviews."""
    days = {"activities.land_certificate.duration": land, "activities.reviews.duration": reviews}
    layout = Layout(with_levers(written(ONE_PROJECT).with_changes(days), {"start_on_land": parameters}))
    return float(simulate(layout, 1, 0).milestone("permit")[0])


@pytest.mark.parametrize(("land", "reviews"), [(230, 137), (137, 137), (41, 137), (30, 91), (10, 200)])
def test_start_upon_land_is_worth_the_shorter_of_land_and_approvals(land: float, reviews: float) -> None:
    """Less the conversion: much on raw land, little once land is ready (m01)."""
    saved = permitted(land, reviews, share=0) - permitted(land, reviews, risk=0)
    assert saved == min(land, reviews) - 4


def test_start_upon_land_costs_rework_when_the_terms_change() -> None:
    """Reviews that were made before the listing are redone after it (c-19)."""
    assert permitted(230, 137, risk=1) == permitted(230, 137, risk=0) + 25
    assert permitted(20, 137, risk=1) > permitted(20, 137, share=0)


# The two-day cap


def test_the_cap_does_nothing_to_notices_and_technical_reviews() -> None:
    """Only windows keep the promise, touch and circulation together; every other step needs what it needed (c-10)."""
    both: tuple[dict[str, dict[str, Any]], ...] = ({}, {"service_cap": {}})
    before, after = (make_plan(Layout(with_levers(few(), levers)), 1, 0) for levers in both)
    activities = few().activities
    window = [n for n, name in enumerate(("arrival", *activities)) if n and "window" in activities[name].tags]
    capped = np.isin(before.steps.activity, window)
    np.testing.assert_array_equal(after.steps.work[~capped], before.steps.work[~capped])
    circulation = [n for n in window if activities[list(activities)[n - 1]].step == "work"]
    touch, rest = (after.steps.work[capped & (np.isin(after.steps.activity, circulation) == part)] for part in (0, 1))
    assert touch.max() + rest.max() <= 1.5  # the rest of the two days is left to the line
    assert before.steps.work[capped].max() > 2
    desks = {activity.desk for activity in activities.values() if "window" in activity.tags and activity.desk}
    assert not {"ecology", "drawing_review", "province", "forestry"} & desks


def test_who_promises_borrows_officers() -> None:
    """Windows get the promised limit, and their desks may borrow; without the lever neither is there."""
    park = with_levers(few(), {"service_cap": {"days": 2.0, "surge": 30}})
    assert park.desks["registry"].surge == 30
    assert park.activities["land_registration"].limit is not None
    assert park.activities["energy_review"].limit == few().activities["energy_review"].limit


def test_filing_takes_no_time_under_the_cap() -> None:
    """It is done while the applicant waits (f004-23)."""
    plan = make_plan(Layout(with_levers(few(), {"service_cap": {}})), 1, 0)
    filing = plan.steps.activity == plan.layout.number["filing"]
    assert not plan.steps.work[filing].any()


# Clocks


def test_clocks_are_kept_and_run_before_the_agreement() -> None:
    """Officer, visit and launch take 1, 2 and 3 working days at most, and run while terms are negotiated."""
    records = simulate(Layout(with_levers(few(), {"early_intervention": {}})), 1, 0)
    steps, number = records.plan.steps, records.layout.number
    works = [steps.work[steps.activity == number[name]] for name in ("officer_assigned", "site_visit", "land_launch")]
    for so_far, limit in zip(np.cumsum([work[:26] for work in works], axis=0), (1, 2, 3), strict=True):
        assert so_far.max() <= limit
    early = records.milestone("land_launch") < records.milestone("agreement")
    assert early[of_classes(records, ("ordinary", "priority"))].mean() > 0.9
    assert np.nanmin(records.milestone("draw_land") - records.milestone("agreement")) >= 0


# Overtime


def test_overtime_is_limited_and_counted() -> None:
    """As many projects get it as units were taken, never more than were granted; the others get none of it."""
    levers: dict[str, dict[str, Any]] = {"extended_hours": {"events_per_month": 1, "classes": ["ordinary", "priority"]}}
    crowd = few().with_changes({"portfolio.ordinary.count": 60, "horizon": 900})
    records = simulate(Layout(with_levers(crowd, levers)), 1, 0)
    mine = records.plan.steps.activity == records.layout.number["take_overtime"]
    stock = list(records.layout.scenario.stocks).index("overtime")
    level = records.levels[records.levels[:, 1] == stock][:, 2]
    taken = -np.diff(level)[np.diff(level) < 0].sum()
    assert taken == records.held[mine].sum() <= 1 + 900 // 30
    assert 0 < taken < done("filing")(records)


# Missing items and commitments


def test_a_decision_waits_for_papers_that_are_late() -> None:
    """The review runs meanwhile: a permit comes later by what the papers take longer than the review, and no more."""
    changes = {"activities.permit_review.correction": None, "activities.papers_supplied.duration": "pert(1, 3, 20) wd"}
    park = few().with_changes(changes)
    lever = "accept_with_missing_items"
    complete, late = (simulate(Layout(with_levers(park, {lever: {"outstanding": p}})), 1, 0) for p in (0, 1))
    assert done("papers_supplied")(late) > 0 == done("papers_supplied")(complete)
    review, permit = late.milestone("permit_review_circulation"), late.milestone("construction_permit")
    papers = late.milestone("papers_supplied")
    there = ~np.isnan(permit)
    assert (permit[there] >= papers[there]).all()
    assert (papers > review)[there].any()
    assert (papers < review)[there].any()


def test_papers_come_within_twenty_working_days() -> None:
    """As the rule of Shenzhen wants it (S49): four weeks, and a holiday between."""
    records = simulate(Layout(with_levers(few(), {"accept_with_missing_items": {"outstanding": 1}})), 1, 0)
    supplied = records.milestone("papers_supplied") - records.milestone("permit_handover")
    there = np.isfinite(supplied)
    assert there.any() and (supplied[there] <= 28 + 10).all()


def test_a_commitment_halves_the_time_at_the_permit_window() -> None:
    """As in Chengdu, from six to three working days (S52); without returns the service is all that changes."""
    park = few().with_changes({"activities.permit_review.correction": None})
    levers: tuple[dict[str, dict[str, Any]], ...] = ({}, {"commitment_approval": {}})
    without, with_it = (simulate(Layout(with_levers(park, each)), 1, 0) for each in levers)
    here = [it.plan.steps.activity == it.layout.number["permit_review"] for it in (without, with_it)]
    before, after = (it.plan.steps.work[mask].sum() for it, mask in zip((without, with_it), here, strict=True))
    assert after == pytest.approx(before / 2)


def test_commitments_are_verified_later() -> None:
    """A permit that is revoked later delays the start by the days of rework; without the lever none is."""
    lever = "commitment_approval"
    without, with_it, never = (
        simulate(Layout(with_levers(few(), levers)), 1, 0)
        for levers in ({}, {lever: {"revocation": 1}}, {lever: {"revocation": 0}})
    )
    permits = with_it.milestone("construction_permit")
    assert done("permit_revoked")(with_it) == np.isfinite(permits).sum()
    assert done("permit_revoked")(without) == done("permit_revoked")(never) == 0
    after_permit = [
        np.nanmean(r.milestone("groundbreaking") - r.milestone("construction_permit")) for r in (with_it, never)
    ]
    assert after_permit[0] > after_permit[1] + 10


# Who waits for whom


def waits(park: Scenario, replication: int, **levers: dict[str, Any]) -> tuple[float, float, float]:
    """Mean days that key projects, the others and all of them wait at the desk."""
    records = simulate(Layout(with_levers(park, levers)), 1, replication)
    each = records.attempt_start - records.attempt_ready
    key = of_classes(records, ["key"])[records.plan.steps.case[records.attempt_step]]
    return float(each[key].mean()), float(each[~key].mean()), float(each.mean())


@pytest.mark.parametrize("replication", range(3))
def test_a_green_lane_moves_waits_and_saves_none(replication: int) -> None:
    """Conservation at fixed capacity: with equal services the total wait stays, key projects pass the others."""
    key, others, together = waits(written(ONE_DESK), replication)
    expedited = {"circulation": 1.0, "lag": 1.0}
    key_first, others_then, together_then = waits(with_force(), replication, green_lane=expedited)
    assert key_first < key
    assert others_then > others
    assert together_then == pytest.approx(together, rel=1e-9)


@pytest.mark.parametrize("replication", range(3))
def test_officers_of_a_task_force_lend_a_hand(replication: int) -> None:
    """They come on top and idle while nobody waits: key projects gain, and the others too."""
    key, others, _ = waits(written(ONE_DESK), replication)
    key_then, others_then, _ = waits(with_force(), replication, dedicated_windows={})
    assert key_then < key
    assert others_then < others


@cache
def with_force() -> Scenario:
    """The one desk, in a park whose files circulate and are handed over."""
    circulating = {"activities.service.tags": ("circulation", "lag"), "practices.task_force": {}}
    return written(ONE_DESK).with_changes({**circulating, "practices.green_lane": {}})


def test_task_forces_add_officers_at_the_desks_they_cover() -> None:
    """One for each class covered, on top of what the desk has; the province gets none."""
    plain, forced = few(), with_levers(few(), {"dedicated_windows": {"added": 2}})
    for name, desk in forced.desks.items():
        added = 0 if name == "province" else 2
        assert desk.servers == plain.desks[name].servers + added
        assert desk.dedicated == ({"priority": 2} if added else {})


def test_standard_guides_keep_the_mean() -> None:
    """Services vary less around the same mean."""
    asked: tuple[dict[str, Any], ...] = ({}, {"standard_guides": {}})
    before, after = (_works(simulate(Layout(with_levers(few(), levers)), 1, 0)) for levers in asked)
    assert after.std() < before.std()
    assert after.mean() == pytest.approx(before.mean(), rel=0.05)


def _works(records: Records) -> Floats:
    steps = records.plan.steps
    works: Floats = steps.work[(steps.activity == records.layout.number["land_use_permit"]) & (steps.work > 0)]
    return works
