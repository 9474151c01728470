"""Projects at work on day 0: what is over, what is left, and since when they have been there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.scenarios.load import available, load
from parkflow.sim.assembly import draw_portfolio
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.levers import under
from parkflow.sim.network import ARRIVAL, network
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams
from tests.sim.drawn import drawn


def park(count: int = 3, **progress: Any) -> Scenario:
    """Reviews one after another before officers without number, then halls; `progress` says where projects stand."""
    desk = {"step": "desk", "desk": "window", "stage": "approvals"}
    build = {"step": "work", "stage": "construction", "per": "halls"}
    group = {"of": "plant", "count": count, "arrivals": {"on": [0]}}
    return Scenario.model_validate(
        {
            "name": "progress",
            "assumed": "made up",
            "stages": ["land", "approvals", "construction"],
            "classes": {"plant": {"deadline": {"milestone": "permitted", "days": 120}}},
            "attributes": {
                "size": "uniform(1, 3)",
                "halls": {"dist": "discrete", "values": [1, 2, 4], "weights": [1, 1, 1]},
                "fronts": {"dist": "discrete", "values": [1, 2], "weights": [1, 1]},
                "forest": "bernoulli(0.5)",
            },
            "practices": {"parallel": {}, "early": {}, "joint": {}},
            "portfolio": {"whole": group, "begun": {**group, "in_progress": progress} if progress else group},
            "desks": {"window": {"servers": 10_000}},
            "activities": {
                "listing": {"step": "work", "stage": "land", "duration": 30},
                "filing": {**desk, "duration": 10, "needs": ["listing"]},
                "forest": {**desk, "duration": 20, "after": {"filing": "parallel"},
                           "applies": {"where": {"forest": 1}}},
                "talk": {**desk, "duration": 5, "after": {"filing": "parallel"}, "applies": {"probability": 0.5}},
                "scheme": {**desk, "duration": 40, "circulation": 10, "needs": ["filing"],
                           "after": {"forest": "parallel", "talk": "parallel"}, "times": ["size"]},
                "joint": {**desk, "duration": 9, "needs": ["scheme"], "applies": {"practice": "joint"}},
                "permit": {**desk, "duration": 50, "needs": ["scheme", "joint", "forest", "talk"]},
                "permitted": {"step": "milestone", "stage": "approvals", "needs": ["permit"]},
                "hall": {**build, "duration": 60, "needs": ["permitted"],
                         "previous": {"hall": "early"}, "fronts": "fronts", "exposure": 2},
                "roof": {**build, "duration": 20, "needs": ["hall"]},
                "production": {"step": "milestone", "needs": ["roof"]},
                "issue_closed": {"step": "milestone", "processes": ["issue"]},
            },
            "issues": {"rate": 0.0, "categories": {"any": {"weight": 1, "stops": 0}}},
        }
    )  # fmt: skip


def projects(scenario: Scenario) -> Projects:
    """The projects that have begun."""
    return drawn(scenario, "begun", Streams(1, 0)).projects


def days(records: Records, group: str, milestone: str) -> Any:
    """Days on which the projects of a group reached a milestone."""
    mine = records.plan.cases.group == records.layout.groups.index(group)
    return records.milestone(milestone)[mine]


IN_APPROVAL = {"stage": "approvals", "done": 0.88}
BUILDING = {"stage": "construction", "done": "uniform(0, 1)"}


def test_a_project_with_most_approvals_behind_it_needs_what_is_left() -> None:
    """Its durations are constant and nobody waits, so that an eighth of the approvals takes an eighth of their days."""
    given = park(40, **IN_APPROVAL)
    size = projects(given).attributes["size"]
    forest = 20 * projects(given).attributes["forest"]
    after_filing = 10 + forest + 40 * size + 10 * size + 50
    found = days(simulate(Layout(given), 1, 0), "begun", "permitted")
    talk = np.where(np.isclose(found, 0.12 * after_filing), 0.0, 5.0)
    assert 10 < (talk > 0).sum() < 30
    np.testing.assert_allclose(found, 0.12 * (after_filing + talk))


def test_a_share_of_nothing_leaves_a_whole_stage() -> None:
    given = park(20, stage="approvals", done=0.0)
    records = simulate(Layout(given), 1, 0)
    begun, days_of_land = projects(given), 30
    np.testing.assert_array_equal(begun.elapsed, days_of_land)
    np.testing.assert_array_equal(begun.signed, -days_of_land)
    assert (begun.ahead["listing"] == 0).all() and (begun.ahead["filing"] == 1).all()
    steps = records.plan.steps
    listing = (steps.activity == records.layout.number["listing"]) & (
        records.plan.cases.group[steps.case] == records.layout.groups.index("begun")
    )
    assert (steps.kind[listing] == SKIPPED).all()


def test_a_share_of_all_leaves_the_next_stage() -> None:
    begun = projects(park(20, stage="approvals", done=1.0))
    assert all((begun.ahead[name] == 0).all() for name in ("filing", "scheme", "permit", "permitted"))
    assert (begun.ahead["hall"] == 1).all()


def test_a_stage_begins_where_those_before_it_end() -> None:
    """Who is in approval has the land, though the filing was made while the land was still listed."""
    written = park(20, stage="approvals", done=0.0).model_dump(mode="json", by_alias=True, exclude_unset=True)
    written["activities"]["filing"]["needs"] = []
    written["activities"]["scheme"]["needs"] = ["filing", "listing"]
    begun = projects(Scenario.model_validate(written))
    assert (begun.ahead["listing"] == 0).all() and (begun.ahead["filing"] == 0).all()
    assert (begun.ahead["scheme"] == 1).all()


def test_who_is_in_approval_in_zhaoqing_has_the_land() -> None:
    assert not drawn(load("zhaoqing"), "in_approval", Streams(1, 0)).projects.ahead["land_contract"].any()


def test_halls_are_over_one_by_one() -> None:
    """Copies before the point are over, those after it whole, as many at a time as there are fronts."""
    begun = projects(park(200, **BUILDING))
    several = (begun.attributes["halls"] == 4) & (begun.attributes["fronts"] == 1)
    hall = begun.ahead["hall"][several]
    assert (np.diff(hall, axis=1) >= 0).all()
    assert ((hall > 0) & (hall < 1)).sum(axis=1).max() == 1
    pairs = begun.ahead["hall"][(begun.attributes["halls"] == 4) & (begun.attributes["fronts"] == 2)]
    np.testing.assert_array_equal(pairs[:, 0], pairs[:, 1])
    assert (pairs[:, 0] < pairs[:, 2]).any()


@pytest.mark.parametrize("progress", [IN_APPROVAL, BUILDING], ids=["in approval", "building"])
def test_nothing_whole_or_begun_comes_before_what_is_over(progress: dict[str, Any]) -> None:
    given = park(60, **progress)
    begun = projects(given)
    for row in range(begun.count):
        copies = {name: int(begun.attributes[name][row]) for name in ("halls", "fronts")}
        net = network(given, "project", (), copies)
        share = [1.0 if name == ARRIVAL else begun.ahead[name][row, copy] for name, copy in net.nodes]
        for node, before in enumerate(net.predecessors):
            for other in (other for other in before if net.nodes[other][0] != ARRIVAL):
                assert share[other] <= share[node], (net.nodes[other], net.nodes[node])
                assert share[node] in (0, 1) or share[other] == 0, "what has begun has all before it over"


@pytest.mark.parametrize("practice", ["parallel", "early", "joint"])
@pytest.mark.parametrize("progress", [IN_APPROVAL, BUILDING], ids=["in approval", "building"])
def test_all_policies_start_from_the_same_point(practice: str, progress: dict[str, Any]) -> None:
    serial = projects(park(60, **progress))
    other = projects(park(60, **progress).with_changes({f"practices.{practice}.share": 1.0}))
    np.testing.assert_array_equal(serial.elapsed, other.elapsed)
    for name, ahead in serial.ahead.items():
        np.testing.assert_array_equal(ahead, other.ahead[name])


@pytest.mark.parametrize("name", [name for name in available() if name != "approvals-275"])
def test_no_policy_of_a_shipped_park_moves_where_its_projects_stand(name: str) -> None:
    """Every group has the shares ahead and the days behind it that it has in the serial park."""
    shipped = load(name)
    serial = draw_portfolio(shipped, Streams(3, 0)).groups
    for policy in shipped.policies:
        for before, after in zip(serial, draw_portfolio(under(shipped, policy), Streams(3, 0)).groups, strict=True):
            np.testing.assert_array_equal(after.elapsed, before.elapsed, err_msg=f"{policy}, {before.name}")
            for activity, ahead in before.ahead.items():
                np.testing.assert_array_equal(after.ahead[activity], ahead, err_msg=f"{policy}, {activity}")


def test_a_practice_makes_an_activity_rarer_where_it_covers_and_moves_nobody() -> None:
    """Half of the projects have the talk; of those covered a fifth of that, drawn with the same uniforms."""
    talk = {"activities.talk.tags": ("talk",)}
    rarer = {"practices.early": {"share": 0.5, "effects": ({"tags": ("talk",), "chance": 0.2},)}}
    before, after = (drawn(park(400, stage="land", done=0.5).with_changes({**talk, **more}), "begun", Streams(1, 0))
                     for more in ({}, rarer))  # fmt: skip
    covered = after.projects.practices["early"]
    had, has = (each.plan.steps.kind[each.steps("talk")] != SKIPPED for each in (before, after))
    np.testing.assert_array_equal(had[~covered], has[~covered])
    assert (has <= had).all()
    assert 0 < has[covered].sum() < had[covered].sum() / 2
    np.testing.assert_array_equal(before.projects.elapsed, after.projects.elapsed)


def test_a_deadline_counts_from_the_day_of_signing() -> None:
    """At desks whose rule is slack the project at work is nearer its date, by the days that lie behind it."""
    records = simulate(Layout(park(20, **IN_APPROVAL).with_changes({"desks.window.rule": "slack"})), 1, 0)
    steps, layout = records.plan.steps, records.layout
    group = records.plan.cases.group[steps.case]
    permit = steps.activity == layout.number["permit"]
    whole, begun = (steps.rank[permit & (group == layout.groups.index(name))] for name in ("whole", "begun"))
    signed = projects(layout.scenario).signed
    np.testing.assert_allclose(begun, whole[0] + signed)
    assert len(np.unique(whole)) == 1 and (signed < 0).all()


def test_a_window_of_arrivals_counts_from_the_day_of_signing() -> None:
    given = park(20, **IN_APPROVAL)
    half = float(np.median(projects(given).signed))
    begun = projects(given.with_changes({"practices.parallel": {"share": 1.0, "window": (half, 500.0)}}))
    np.testing.assert_array_equal(begun.practices["parallel"], begun.signed >= half)
    assert 0 < begun.practices["parallel"].sum() < 20


def test_issues_arise_only_in_what_is_ahead() -> None:
    """Of a project's issues those stay that lie in the share still ahead, at their place in it."""
    given = park(400, **BUILDING)
    changes = {"issues.rate": 1.0}
    begun = drawn(given.with_changes(changes), "begun", Streams(1, 0))
    issues = begun.issues
    left = begun.projects.ahead["hall"]
    here = left[issues.project, issues.copy]
    assert (here > 0).all() and (issues.fraction >= 0).all() and (issues.fraction < 1).all()
    copies = begun.projects.attributes["halls"]
    there = np.arange(left.shape[1]) < copies[:, None]
    expected = 2.0 * float((np.where(there, left, 0).sum(axis=1) / copies).sum())
    assert abs(len(issues.project) - expected) < 4 * np.sqrt(expected)
