"""What decides in the run whether a step takes place, with which rank and for how long; and copies at the same time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.assembly import draw_portfolio, make_plan
from parkflow.sim.checks import ScenarioError
from parkflow.sim.layout import Layout
from parkflow.sim.network import network
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams
from tests.sim.drawn import drawn


def park(activities: dict[str, Any], **more: Any) -> Scenario:
    """Projects of two classes that arrive on day 0 and go through these activities."""
    given = {
        "name": "conditions",
        "assumed": "made up",
        "classes": {"plain": {"priority": 2}, "urgent": {"priority": 1}},
        "portfolio": {"new": {"of": "plain", "count": 3, "arrivals": {"on": [0]}}},
    }
    return Scenario.model_validate({**given, "activities": activities, **more})


def work(days: float, *needs: str, **more: Any) -> dict[str, Any]:
    """An activity that takes so many days behind others."""
    return {"step": "work", "duration": days, "needs": list(needs), **more}


def ends(records: Records, name: str) -> list[float]:
    """Ends of an activity in the order of the cases; NaN where it was skipped."""
    mine = records.plan.steps.activity == records.layout.number[name]
    days: list[float] = np.where(records.skipped, np.nan, records.end)[mine].tolist()
    return days


# Copies at the same time


def halls(fronts: float, practice: str = "", buildings: int = 5) -> Scenario:
    """Halls that take ten days each, so many at a time."""
    build = work(10, per="halls", previous={"build": practice}, fronts="crews")
    attributes = {"halls": f"{buildings} count", "crews": fronts}
    return park({"build": build, "done": {"step": "milestone", "needs": ["build"]}}, attributes=attributes,
                practices={"at_once": {"share": float(bool(practice))}})  # fmt: skip


@pytest.mark.parametrize(("fronts", "rounds"), [(1, 5), (2, 3), (2.9, 3), (3, 2), (5, 1), (9, 1), (0.2, 5)])
def test_so_many_halls_go_up_at_a_time(fronts: float, rounds: int) -> None:
    """Five halls of ten days each, by whole crews and at least one of them."""
    assert ends(simulate(Layout(halls(fronts)), 1, 0), "done") == [10 * rounds] * 3


def test_a_predecessor_in_a_previous_copy_that_no_practice_waives() -> None:
    assert ends(simulate(Layout(halls(1, "at_once")), 1, 0), "done") == [10] * 3
    with pytest.raises(ScenarioError, match=r"practices.*build|build.*practice"):
        Layout(halls(1, "sometimes"))
    with pytest.raises(ScenarioError, match=r"activities.build.fronts: nothing in a previous copy .*; add previous"):
        Layout(halls(2).with_changes({"activities.build.previous": {}}))


def test_fronts_are_steps_back_in_the_network() -> None:
    net = network(halls(2), "project", (), {"halls": 4, "crews": 2})
    before = [sorted(net.nodes[other] for other in others) for others in net.predecessors[1:5]]
    assert before == [[("arrival", 0)], [("arrival", 0)], [("build", 0)], [("build", 1)]]


# Only what ran ahead


@pytest.mark.parametrize(("review", "land", "converted"), [(5, 9, True), (9, 5, False), (5, 5, False)])
def test_only_reviews_that_ended_before_the_land_are_converted(review: float, land: float, converted: bool) -> None:
    conversion = work(1, "review", "land", applies={"ahead_of": {"review": "land"}})
    found = simulate(Layout(park({"review": work(review), "land": work(land), "convert": conversion})), 1, 0)
    assert np.isnan(ends(found, "convert")).tolist() == [not converted] * 3


def test_a_review_that_did_not_take_place_ran_ahead_of_nothing() -> None:
    conversion = work(1, "review", "land", applies={"ahead_of": {"review": "land"}})
    review = work(1, applies={"probability": 0.5})
    many = {"new": {"of": "plain", "count": 40, "arrivals": {"on": [0]}}}
    given = park({"review": review, "land": work(9), "convert": conversion}, portfolio=many)
    found = simulate(Layout(given), 1, 0)
    reviewed, converted = (~np.isnan(ends(found, name)) for name in ("review", "convert"))
    assert 0 < reviewed.sum() < 40 and (reviewed == converted).all()


def test_what_runs_ahead_is_over_before() -> None:
    conversion = work(1, "land", applies={"ahead_of": {"review": "land"}})
    with pytest.raises(ScenarioError, match=r"convert.applies.ahead_of: may be reached before 'review' is over; add"):
        Layout(park({"review": work(1), "land": work(9), "convert": conversion}))


# Practices with a lead, and by the clock


def queue(**practice: Any) -> Records:
    """Three plain projects, then three urgent ones before one officer; the practice covers the plain ones."""
    days = {"plain": [0, 1, 2], "urgent": [3, 4, 5]}
    given = park(
        {"file": {"step": "desk", "desk": "window", "duration": 10, "tags": ["filing"]}},
        desks={"window": {"servers": 1, "rule": "class"}},
        practices={"list": {"share": 1.0, "classes": ["plain"], **practice}},
        portfolio={name: {"of": name, "count": 3, "arrivals": {"on": on}} for name, on in days.items()},
    )
    return simulate(Layout(given), 1, 0)


def test_a_lead_puts_covered_projects_ahead() -> None:
    """The first who asks is served at once; then ranks decide: class priority less the lead."""
    assert ends(queue(effects=[{"tags": ["filing"], "duration": 1.0}]), "file") == [10, 50, 60, 20, 30, 40]
    assert ends(queue(lead=2), "file") == [10, 20, 30, 40, 50, 60]
    assert ends(queue(lead=1), "file") == [10, 20, 30, 40, 50, 60], "equal ranks go in the order of arrival"
    assert ends(queue(lead=2, during=[6, 50]), "file") == [10, 50, 60, 20, 30, 40], "nobody asks in the window"


def test_effects_by_the_clock_reach_steps_that_start_in_the_window() -> None:
    """All ask in the first days: what counts is when the officer begins."""
    fast = {"tags": ["filing"], "duration": 0.5}
    assert ends(queue(effects=[fast]), "file") == [5, 40, 45, 15, 25, 35]
    assert ends(queue(effects=[fast], during=[40, 50]), "file") == [10, 45, 50, 20, 30, 40]
    assert ends(queue(effects=[fast], during=[41, 50.5]), "file") == [10, 50, 55, 20, 30, 40]
    assert ends(queue(effects=[fast], during=[60, 90]), "file") == [10, 50, 60, 20, 30, 40]


def test_a_window_changes_no_rank_but_by_a_lead() -> None:
    """The two who wait are served by their deadlines, though the second effect is bound to days in which they ask."""
    filing = {"step": "desk", "desk": "window", "duration": 10, "tags": ["filing"]}
    given = park(
        {"file": filing, "done": {"step": "milestone", "needs": ["file"]}},
        desks={"window": {"servers": 1, "rule": "slack"}},
        practices={"quick": {"share": 1.0, "during": [0, 5], "effects": [{"tags": ["filing"], "duration": 0.5}]}},
        classes={name: {"deadline": {"milestone": "done", "days": due}} for name, due in (("far", 90), ("near", 30))},
        portfolio={
            name: {"of": name.rstrip("0"), "count": 1, "arrivals": {"on": [day]}}
            for name, day in (("far0", 0), ("far", 1), ("near", 2))
        },
    )
    assert ends(simulate(Layout(given), 1, 0), "file") == [5, 25, 15]


def test_what_a_window_cannot_bind_is_refused() -> None:
    given = halls(1, "at_once")
    with pytest.raises(ScenarioError, match=r"practices.at_once.during: what a practice waives .*; use window"):
        Layout(given.with_changes({"practices.at_once.during": (0, 9)}))
    effects = [{"tags": ["hall"], "issues": 0.5}]
    careful = {"practices.at_once": {"share": 0.5, "during": (0, 9), "effects": effects}}
    with pytest.raises(ScenarioError, match=r"at_once.during: issues are prevented .*; move the effects"):
        Layout(given.with_changes({"activities.build.tags": ("hall",), "activities.build.previous": {"build": ""},
                                   **careful}))  # fmt: skip
    with pytest.raises(ScenarioError, match=r"at_once.during"):
        Layout(given.with_changes({"activities.build.previous": {"build": ""}, "practices.at_once.during": (9, 0),
                                   "practices.at_once.lead": 1}))  # fmt: skip


def test_at_most_so_many_gates_reach_one_activity() -> None:
    practices = {
        f"p{number}": {"share": 0.5, "during": [number, 9], "effects": [{"tags": ["t"], "duration": 0.5}]}
        for number in range(4)
    }
    with pytest.raises(ScenarioError, match=r"activities.a.tags: the practices 'p0', 'p1', 'p2', 'p3' .*; let at most"):
        Layout(park({"a": work(1, tags=["t"])}, practices=practices))


# Whom a share covers


def crowd(**practice: Any) -> dict[str, Any]:
    """Twenty plain and ten key projects, ten of whom have a deadline each; who is covered, by group."""
    given = park(
        {"build": work(1, times=["size"]), "done": {"step": "milestone", "needs": ["build"]}},
        attributes={"size": "uniform(10, 90)"},
        practices={"watch": {"share": 0.5, "lead": 1, **practice}},
        classes={"plain": {}, "due": {"deadline": {"milestone": "done", "days": 50}}, "star": {"key": True}},
        portfolio={name: {"of": name, "count": 10, "arrivals": {"on": [0]}} for name in ("plain", "due", "star")},
    )
    return {each.name: each for each in draw_portfolio(given, Streams(1, 0)).groups}


def watched(**practice: Any) -> list[int]:
    """How many of each group are covered."""
    return [int(each.practices["watch"].sum()) for each in crowd(**practice).values()]


def test_a_share_covers_key_projects_first() -> None:
    assert watched(first="key", share=0.2)[2] == 6 and watched(first="key", share=0.2)[:2] == [0, 0]
    assert watched(first="key")[2] == 10 and sum(watched(first="key")) == 15
    assert watched(first="key", share=1.0) == [10, 10, 10]
    assert watched(first="key", classes=["plain"]) == [5, 0, 0]


def test_a_share_covers_the_latest_first() -> None:
    """Those whose own schedule leaves least of their deadline; whoever has none comes last."""
    due = crowd(first="late", share=0.2)["due"]
    latest = np.argsort(-due.attributes["size"])[:6]
    assert np.flatnonzero(due.practices["watch"]).tolist() == sorted(latest.tolist())
    assert watched(first="late")[1] == 10 and sum(watched(first="late")) == 15


def test_more_coverage_takes_nobody_off() -> None:
    for first in ("random", "key", "late"):
        few, many = (crowd(first=first, share=share) for share in (0.3, 0.6))
        assert all((few[name].practices["watch"] <= many[name].practices["watch"]).all() for name in few)


# Issues


def issues_park(**changes: Any) -> Scenario:
    """Projects with many issues of three severities, each with a step of its own."""
    handling = {"processes": ["issue"]}
    activities = {
        "build": work(100, exposure=5.0),
        "routine": work(1, **handling, applies={"severity": ["routine"]}),
        "grave": work(1, **handling, applies={"severity": ["material", "key"]}),
        "stopped": work(1, **handling, applies={"stops": True}),
        "beside": work(1, **handling, applies={"stops": False}),
        "treat": work(1, "routine", "grave", "stopped", "beside", **handling, solves=0.5),
        "praise": work(1, "treat", **handling, applies={"solved": True}),
        "repeat": work(1, "treat", **handling, applies={"unsolved": True}),
        "issue_closed": {"step": "milestone", "needs": ["praise", "repeat"], **handling},
    }
    issues = {
        "rate": 0.5,
        "categories": {"any": {"weight": 1, "stops": 0.3}},
        "severities": {"routine": {"weight": 0.7}, "material": {"weight": 0.25}, "key": {"weight": 0.05}},
    }
    many = {"new": {"of": "plain", "count": 400, "arrivals": {"on": [0]}}}
    return park(activities, issues=issues, portfolio=many).with_changes(changes)


def test_severities_have_their_weights_and_change_nothing_else() -> None:
    issues = drawn(issues_park(), "new", Streams(1, 0)).issues
    anyone = {f"activities.{name}.applies.severity": () for name in ("routine", "grave")}
    plain = drawn(issues_park(**{"issues.severities": {}, **anyone}), "new", Streams(1, 0)).issues
    count = len(issues.project)
    for number, share in enumerate((0.7, 0.25, 0.05)):
        assert abs((issues.severity == number).sum() - share * count) < 4 * np.sqrt(count * share * (1 - share))
    assert (plain.severity == -1).all()
    np.testing.assert_array_equal(issues.fraction, plain.fraction)


def test_what_an_issue_is_decides_who_treats_it() -> None:
    records = simulate(Layout(issues_park()), 1, 0)
    cases, steps = records.plan.cases, records.plan.steps

    def took(name: str) -> Any:
        mine = (steps.activity == records.layout.number[name]) & ~records.skipped
        return np.bincount(steps.case[mine], minlength=len(cases.first))[cases.category >= 0] > 0

    severity = cases.severity[cases.category >= 0]
    assert (took("routine") == (severity == 0)).all() and (took("grave") == (severity > 0)).all()
    assert (took("stopped") != took("beside")).all() and 0 < took("stopped").sum() < len(severity)
    assert (took("praise") != took("repeat")).all() and 0 < took("praise").sum() < len(severity)


def test_issues_keep_their_names_when_others_are_prevented() -> None:
    """The number of an issue is its place among those that its project can meet, whatever arises."""
    tags = {"activities.build.tags": ("site",)}
    prevented = {"practices": {"careful": {"share": 1.0, "effects": ({"tags": ("site",), "issues": 0.5},)}}}
    before, after = (make_plan(Layout(issues_park(**tags, **more)), 1, 0).cases for more in ({}, prevented))

    def named(cases: Any) -> dict[tuple[int, int], int]:
        issue = cases.category >= 0
        places = zip(cases.row[issue].tolist(), cases.place[issue].tolist(), strict=True)
        return dict(zip(places, cases.severity[issue].tolist(), strict=True))

    all_of_them, those_left = named(before), named(after)
    assert 0.3 < len(those_left) / len(all_of_them) < 0.7
    assert those_left.items() <= all_of_them.items()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"activities.grave.applies.severity": ("kye",)}, "applies.severity: no severity is called 'kye'; did"),
        ({"activities.build.applies.solved": True}, "build.applies.solved: only the handling of an issue"),
        ({"activities.build.applies.stops": False}, "build.applies.stops: only the handling of an issue"),
        ({"issues.severities": {"routine": {"weight": 0.0}},
          "activities.grave.applies.severity": ("routine",)}, "issues.severities: none ever occurs; give one of"),
    ],
)  # fmt: skip
def test_severities_that_do_not_fit_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        Layout(issues_park(**changes))
    assert message in str(error.value)
