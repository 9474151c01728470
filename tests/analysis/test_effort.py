"""Effort, starts as announced, and issues by severity: counted by hand in parks of a few steps. All are assumed."""

from __future__ import annotations

from typing import Any

import pytest

from parkflow.analysis.measures.measure import Observation
from parkflow.analysis.measures.registry import observe
from parkflow.analysis.replication.replication import Replication
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario

QUESTION = ("arrival", "end")


def seen(activities: dict[str, Any], count: int = 2, **more: Any) -> dict[tuple[str, str], Observation]:
    """What one run shows, by measure and group; `count` projects arrive on day 0 and end with all activities."""
    steps = [name for name, it in activities.items() if "issue" not in it.get("processes", ())]
    table: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plant": {}},
        "portfolio": {"new": {"of": "plant", "count": count, "arrivals": {"on": [0.0]}}},
        "activities": {**activities, "end": {"step": "milestone", "needs": steps}},
    }
    run = Replication(simulate(Layout(Scenario.model_validate(table | more)), 1, 0))
    return {(it.measure, it.group): it for it in observe({"serial": run}, "serial", QUESTION)}


def test_officer_days_are_working_days_of_every_attempt() -> None:
    """Two files of six working days from a Monday, each back once: the weekends between are nobody's work."""
    filing = {"step": "desk", "desk": "hall", "duration": "6 wd"}
    filing["correction"] = {"probability": 1.0, "attempts": 2, "fix": "1 cd"}  # type: ignore[assignment]
    found = seen(
        {"filing": filing},
        start="2024-01-01",
        horizon=200,
        calendars={"office": {"week": [1, 1, 1, 1, 1, 0, 0]}},
        desks={"hall": {"servers": 2, "calendar": "office"}, "idle": {"servers": 1}},
    )
    assert found["officer_days", "hall"].value == pytest.approx(24.0)
    assert found["officer_days", "all"].value == pytest.approx(24.0)
    assert found["officer_days", "idle"].value == found["borrowed_days", "all"].value == 0.0


def test_who_is_being_served_at_the_end_counts_up_to_then() -> None:
    """One of two files of ten days is done, the other half."""
    found = seen(
        {"filing": {"step": "desk", "desk": "hall", "duration": "10 cd"}}, horizon=15, desks={"hall": {"servers": 1}}
    )
    assert found["officer_days", "hall"].value == 15.0


def test_a_sitting_is_counted_once_and_its_cases_each() -> None:
    """Five cases at a board of two places meet at three sittings; those before and after are empty."""
    hearing = {"step": "meeting", "meeting": "board", "duration": "1 cd"}
    found = seen({"hearing": hearing}, 5, meetings={"board": {"every": 7, "first": 3.0, "places": 2}}, horizon=100)
    assert (found["sittings", "board"].value, found["places_used", "board"].value) == (3.0, 5.0)


def test_idle_units_are_what_is_in_store_times_its_days() -> None:
    """Of 30 units one of two projects takes 10 each on day 4; the rest lies there until day 20."""
    activities = {
        "papers": {"step": "work", "duration": "4 cd"},
        "land": {"step": "stock", "stock": "bank", "amount": 10, "needs": ["papers"]},
    }
    found = seen(activities, horizon=20, stocks={"bank": {"initial": 30}})
    assert found["idle", "bank"].value == 30 * 4 + 10 * 16


def test_a_start_may_be_announced_before_its_permit() -> None:
    """The ceremony is on day 5, the permit on day 9."""
    activities: dict[str, Any] = {
        "ceremony": {"step": "work", "duration": "5 cd"},
        "papers": {"step": "work", "duration": "9 cd"},
        "construction_permit": {"step": "milestone", "needs": ["papers"]},
        "groundbreaking_nominal": {"step": "milestone", "needs": ["ceremony"]},
    }
    early = seen(activities)
    assert early["nominal_days", "all"].value == 5.0
    assert (early["nominal_before_permit", "all"].value, early["nominal_before_permit", "all"].weight) == (2.0, 2.0)
    late = seen(activities | {"ceremony": {"step": "work", "duration": "30 cd"}})
    assert (late["nominal_before_permit", "all"].value, late["nominal_before_permit", "all"].weight) == (0.0, 2.0)


def test_who_works_before_the_ceremony_has_started() -> None:
    """Work begins on day 7, the ceremony is on day 30, and the permit comes on day 9: a start of day 7, before it."""
    activities: dict[str, Any] = {
        "ceremony": {"step": "work", "duration": "30 cd"},
        "clearing": {"step": "work", "duration": "7 cd"},
        "papers": {"step": "work", "duration": "9 cd"},
        "construction_permit": {"step": "milestone", "needs": ["papers"]},
        "groundbreaking": {"step": "milestone", "needs": ["clearing"]},
        "groundbreaking_nominal": {"step": "milestone", "needs": ["ceremony"]},
    }
    for horizon in (100, 20):
        found = seen(activities, horizon=horizon)
        assert found["nominal_days", "all"][5:] == (7.0, 1.0, 0)
        assert found["nominal_before_permit", "all"][5:7] == (2.0, 2.0)
    assert seen(activities, horizon=5)["nominal_days", "all"][5:] == (5.0, 1.0, 2)


def test_overdue_and_borrowed_are_shares_of_the_attempts_at_a_desk() -> None:
    """Three files of two days at one officer, each within three: the third is late, or an officer is borrowed for it.

    At the other desk there is no limit; at the third nobody asks.
    """
    activities: dict[str, Any] = {
        "filing": {"step": "desk", "desk": "hall", "duration": "2 cd"},
        "hearing": {"step": "desk", "desk": "court", "duration": "2 cd"},
    }
    desks: dict[str, Any] = {name: {"servers": 1} for name in ("hall", "court", "idle")}
    shares = {}
    for surge in (0, 9):
        desks["hall"] |= {"limit": "3 cd", "surge": surge}
        found = seen(activities, 3, horizon=60, desks=desks)
        shares[surge] = [found[name, at][5:7] for name in ("overdue", "borrowed") for at in ("hall", "court", "all")]
        assert ("overdue", "idle") not in found
    assert shares[0] == [(2.0, 3.0), (0.0, 3.0), (2.0, 6.0), (0.0, 3.0), (0.0, 3.0), (0.0, 6.0)]
    assert shares[9] == [(0.0, 3.0), (0.0, 3.0), (0.0, 6.0), (2.0, 3.0), (0.0, 3.0), (2.0, 6.0)]


def test_issues_are_told_by_severity_and_the_unsolved_stay_open() -> None:
    """Routine issues take 10 days; key ones are lived with, and are closed without a solution."""
    issue = {"processes": ["issue"]}
    works = {"step": "work", "duration": "100 cd", "exposure": 1.0, "cause": "works"}
    routine = {"severity": ["routine"]}
    found = seen(
        {
            "works": works,
            "issue_found": {"step": "milestone", **issue},
            "treatment": {
                "step": "work", "duration": "10 cd", "needs": ["issue_found"], "solves": 1.0,
                "applies": routine, **issue,
            },
            "lived_with": {
                "step": "work", "duration": "50 cd", "needs": ["treatment"], "applies": {"unsolved": True}, **issue,
            },
            "issue_solved": {"step": "milestone", "needs": ["lived_with"], "applies": {"solved": True}, **issue},
            "issue_closed": {"step": "milestone", "needs": ["issue_solved"], **issue},
        },
        20,
        issues={
            "rate": 2.0,
            "categories": {"power": {"weight": 1, "stops": 0.0}},
            "severities": {"routine": {"weight": 1}, "key": {"weight": 1}},
        },
        horizon=400,
    )  # fmt: skip
    routine_ones, key_ones = (found["issues_found", f"severity:{name}"].value for name in ("routine", "key"))
    assert routine_ones > 10
    assert key_ones > 10
    assert found["issues_found", "all"].value == routine_ones + key_ones
    assert found["issues_resolved", "severity:key"][5:7] == (0.0, key_ones)
    assert found["issue_days", "severity:routine"].value == pytest.approx(10.0)
    assert found["issues_open_90", "severity:key"][5:7] == (key_ones, key_ones)
    assert found["issues_open_30", "severity:routine"].value == 0.0
    assert found["issues_open_90", "all"].value == key_ones
