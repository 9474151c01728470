"""Levers on detection and coordination: what must appear because the world has it."""

from __future__ import annotations

import numpy as np
import pytest

from parkflow.sim.layout import Layout
from parkflow.sim.levers import with_levers
from parkflow.sim.levers.detection import found_first, looks_for
from parkflow.sim.looks import time_left
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_coordination import CASES, leaving, troubled


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_the_observable_moves_as_documented(case: Case) -> None:
    """By more than its paired 95% interval."""
    moved, half_width = case.movement()
    assert moved > half_width


def latency(records: Records) -> np.ndarray:
    """Days from an issue's arising to its being found, by case."""
    return records.milestone("issue_found") - records.milestone("arrival")


def of_holders(records: Records, activity: str) -> np.ndarray:
    """Which cases belong to projects that hold a unit of a stock activity."""
    mine = (records.plan.steps.activity == records.layout.number[activity]) & records.held
    holds = np.zeros(len(records.plan.cases.first), dtype=bool)
    holds[records.plan.steps.case[mine]] = True
    return holds[records.plan.cases.parent]


@pytest.mark.parametrize("looks", [0.01, 0.37, 2.0, 9.0])
def test_the_first_of_a_report_and_a_look(looks: float) -> None:
    """Mean and winner of min(U(0, T), Exp) agree with a sample, and the inverse leads back."""
    rng, count = np.random.default_rng(1), 200_000
    report, look = rng.uniform(0, 1, count), rng.exponential(1 / looks, count)
    found = 2 * np.minimum(report, look)
    assert abs(found.mean() - time_left(looks)) < 4 * found.std() / np.sqrt(count)
    assert abs((look < report).mean() - found_first(looks)) < 4 * 0.5 / np.sqrt(count)
    assert looks_for(float(time_left(looks))) == pytest.approx(looks, rel=1e-6)


def test_no_look_leaves_all_the_time() -> None:
    """Without looks the report alone finds issues."""
    assert (float(time_left(0.0)), looks_for(1.0), found_first(0.0)) == (1.0, 0.0, 0.0)


def test_commissioners_over_their_cap_stop_helping() -> None:
    """Issues of projects beyond officers x caseload are found as late as without; the others' in three tenths."""
    park = troubled().with_changes({"activities.release_commissioner.needs": ["assign_commissioner", "production"]})
    without = Layout(park)
    few = Layout(with_levers(park, {"commissioners": {"officers": 4, "caseload": 2, "detection": 0.3}}))
    for replication in range(3):
        before, after = latency(simulate(without, 3, replication)), simulate(few, 3, replication)
        days, looked_after = latency(after), of_holders(after, "assign_commissioner")
        both = ~np.isnan(before) & ~np.isnan(days)
        assert (both & looked_after).any()
        assert (both & ~looked_after).any()
        np.testing.assert_allclose(days[both & ~looked_after], before[both & ~looked_after])
        np.testing.assert_allclose(days[both & looked_after], 0.3 * before[both & looked_after], atol=1e-9)


def test_looks_add_up_and_factors_do_not_multiply() -> None:
    """With visits beside him an officer finds less that is new than alone: rates add, for those who have both."""
    park = troubled()
    mean = {
        names: float(np.nanmean(latency(simulate(Layout(with_levers(park, {key: {} for key in names})), 3, 0))))
        for names in ((), ("commissioners",), ("site_visits",), ("commissioners", "site_visits"))
    }
    officer, visits, both = (mean[names] / mean[()] for names in list(mean)[1:])
    assert officer * visits < both < officer


def test_a_leader_spares_the_lower_meetings() -> None:
    """Issues of sponsored projects never come to an on-site or joint meeting; those of the others never to a leader."""
    layout = Layout(with_levers(troubled(), {"leader_sponsorship": {}, "escalation_ladder": {}}))
    records = simulate(layout, 3, 0)
    sponsored = of_holders(records, "assign_leader")
    for meeting, theirs in (("on_site_meeting", False), ("joint_meeting", False), ("leader_visit", True)):
        mine = (records.plan.steps.activity == layout.number[meeting]) & ~records.skipped & ~np.isnan(records.ready)
        mine &= records.plan.steps.kind == 2
        assert mine.any()
        assert (sponsored[records.plan.steps.case[mine]] == theirs).all()


def test_a_leader_with_no_time_is_waited_for() -> None:
    """One place a fortnight for all issues makes them wait longer than a place for each leader."""
    levers = {"leaders": 1, "projects": 20, "issues": 1}
    waits = []
    for issues in (1, 20):
        layout = Layout(with_levers(troubled(), {"leader_sponsorship": {**levers, "issues": issues}}))
        found = [simulate(layout, 3, replication) for replication in range(3)]
        mine = [(r, r.plan.steps.activity == layout.number["leader_visit"]) for r in found]
        waits.append(np.nanmean(np.concatenate([(r.end - r.ready)[here & (r.end > r.ready)] for r, here in mine])))
    assert waits[0] > waits[1]


def test_funds_are_spent_once() -> None:
    """Who finds the fund empty goes to the department, and what was paid is the sum of the gaps."""
    layout = Layout(with_levers(troubled(), {"project_finance": {"pool": 2.0}}))
    records = simulate(layout, 3, 0)
    asked = (records.plan.steps.activity == layout.number["ask_fund"]) & ~np.isnan(records.start) & ~records.skipped
    paid = asked & records.held
    assert paid.any()
    assert (asked & ~paid).any()
    stock = list(layout.scenario.stocks).index("finance_pool")
    left = records.levels[records.levels[:, 1] == stock][-1, 2]
    assert left == pytest.approx(2.0 - records.plan.steps.amount[paid].sum())
    assert left >= 0


def test_only_labour_issues_are_prevented_by_care_for_labour() -> None:
    """Talent services leave the issues of all other categories as they were, to the last one."""
    park = troubled().with_changes({"activities.withdrawal.applies.probability": 0.02})
    labour = list(park.issues.categories).index("labour")
    before, after = (
        simulate(Layout(one), 3, 0).plan.cases.category for one in (park, with_levers(park, {"talent_services": {}}))
    )
    np.testing.assert_array_equal(after[after != labour], before[before != labour])
    assert (after == labour).sum() < (before == labour).sum()


def test_who_stays_with_care_stayed_without(leaving_park: Scenario) -> None:
    """The projects that withdraw under talent services would have withdrawn without them."""
    before, after = (
        simulate(Layout(one), 3, 0).withdrawn
        for one in (leaving_park, with_levers(leaving_park, {"talent_services": {}}))
    )
    count = min(len(before), len(after))
    assert not (after[:count] & ~before[:count])[: sum(g.count for g in leaving_park.portfolio.values())].any()


@pytest.fixture
def leaving_park() -> Scenario:
    """A park that many projects leave after signing."""
    return leaving()
