"""Days by cause: every day of a project between two milestones has one cause. All numbers are assumed for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parkflow.analysis.replication.cases import project_cases
from parkflow.analysis.replication.critical_path import CAUSES, cause_days, ways
from parkflow.analysis.replication.milestones import span
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

OFFICE = {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}}
MONDAY = "2024-01-01"


def run(steps: dict[str, Any], count: int = 1, seed: int = 1, **more: Any) -> Records:
    """One replication of a park whose projects all arrive on day 0 and end with all of `steps`; `more` overrides."""
    table = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plant": {}},
        "portfolio": {"new": {"of": "plant", "count": count, "arrivals": {"on": [0.0]}}},
        "activities": {**steps, "end": {"step": "milestone", "needs": list(steps)}},
    }
    return simulate(Layout(Scenario.model_validate(table | more)), seed, 0)


def causes(records: Records, start: str = "arrival", end: str = "end") -> dict[str, list[float]]:
    """The causes that have any days, by project."""
    found = cause_days(records, start, end)
    return {cause: days.tolist() for cause, days in found.items() if (days != 0).any()}


def test_who_waits_for_a_server_queues() -> None:
    """Of two projects at one server, the second waits as long as the first is served."""
    records = run({"filing": {"step": "desk", "desk": "hall", "duration": "3 cd"}}, 2, desks={"hall": {"servers": 1}})
    found = causes(records)
    assert (sorted(found.pop("queueing")), found) == ([0.0, 3.0], {"service": [3.0, 3.0]})


def test_the_fix_and_later_attempts_are_correction() -> None:
    """Service counts once; what comes after the first attempt failed is correction, but for the queue."""
    correction = {"probability": 1.0, "attempts": 3, "fix": "2 cd"}
    filing = {"step": "desk", "desk": "hall", "duration": "3 cd", "correction": correction}
    records = run({"filing": filing}, desks={"hall": {"servers": 1}})
    assert causes(records) == {"service": [3.0], "correction": [10.0]}


def test_closed_offices_are_part_of_the_step_that_they_lie_in() -> None:
    """Six working days from a Monday end on the next: the weekend is of the work or of the queue, and noted beside."""
    filing = {"step": "desk", "desk": "hall", "duration": "6 wd"}
    hall = {"servers": 1, "calendar": "office"}
    records = run({"filing": filing}, 2, start=MONDAY, horizon=100, calendars=OFFICE, desks={"hall": hall})
    found = causes(records)
    assert (sorted(found.pop("queueing")), found) == ([0.0, 8.0], {"service": [8.0, 8.0]})
    assert sorted(ways(records, ("arrival", "end")).closed) == [2.0, 4.0]


def test_a_statutory_clock_runs_on_over_weekends() -> None:
    """All days of a notice are the notice's, though it is given in working days."""
    notice = {"step": "notice", "duration": "6 wd", "calendar": "office"}
    records = run({"listing": notice}, start=MONDAY, horizon=100, calendars=OFFICE)
    assert causes(records) == {"notice": [8.0]}


def test_days_lost_to_season_are_weather() -> None:
    """Work at half speed in January takes twice as long, and the other half is weather's."""
    calendars = {"site": {"months": [0.5] + [1.0] * 11}}
    works = {"step": "work", "duration": "10 wd", "calendar": "site", "cause": "works"}
    records = run({"works": works}, start=MONDAY, horizon=100, calendars=calendars)
    assert causes(records) == {"works": [10.0], "weather": [10.0]}


def test_who_waits_for_a_sitting_waits_for_the_meeting() -> None:
    """Ready on day 3, heard on day 10."""
    activities = {
        "papers": {"step": "work", "duration": "3 cd"},
        "hearing": {"step": "meeting", "meeting": "board", "needs": ["papers"]},
    }
    records = run(activities, horizon=100, meetings={"board": {"every": 10, "first": 10.0}})
    assert causes(records) == {"preparation": [3.0], "meeting": [7.0]}


def test_who_waits_for_a_stock_waits_for_land_unless_it_says_otherwise() -> None:
    """One unit comes on day 20; the wait for it counts under the activity's cause."""
    stocks = {"bank": {"tranches": [{"on": 20.0, "amount": 1}]}}
    parcel: dict[str, Any] = {"step": "stock", "stock": "bank"}
    assert causes(run({"parcel": parcel}, stocks=stocks)) == {"land": [20.0]}
    assert causes(run({"parcel": parcel | {"cause": "queueing"}}, stocks=stocks)) == {"queueing": [20.0]}


def test_only_the_last_branch_and_the_days_asked_for_count() -> None:
    """Of two branches the one that ends last is critical; days before the first milestone are cut off."""
    activities = {
        "short": {"step": "work", "duration": "10 cd"},
        "early": {"step": "milestone", "needs": ["short"]},
        "listing": {"step": "notice", "duration": "15 cd"},
        "long": {"step": "work", "duration": "10 cd", "needs": ["listing"]},
    }
    records = run(activities)
    assert causes(records) == {"notice": [15.0], "preparation": [10.0]}
    assert causes(records, "early") == {"notice": [5.0], "preparation": [10.0]}


def test_milestones_in_the_other_order_have_negative_days() -> None:
    """From the end to an earlier milestone the same days count with the other sign."""
    records = run({"papers": {"step": "work", "duration": "3 cd"}})
    assert causes(records, "end", "arrival") == {"preparation": [-3.0]}


def test_a_project_that_is_cut_off_has_the_cause_of_the_step_it_is_in() -> None:
    """At the horizon one of three projects is in service, and one still waits."""
    filing = {"step": "desk", "desk": "hall", "duration": "3 cd"}
    records = run({"filing": filing}, 3, horizon=5, desks={"hall": {"servers": 1}})
    found = causes(records)
    assert sorted(zip(found["queueing"], found["service"], strict=True)) == [(0.0, 3.0), (3.0, 2.0), (5.0, 0.0)]


def test_who_is_cut_off_while_correcting_corrects() -> None:
    """The file came back on day 3, and is with the applicant until day 8; the run is over on day 5."""
    correction = {"probability": 1.0, "attempts": 2, "fix": "5 cd"}
    filing = {"step": "desk", "desk": "hall", "duration": "3 cd", "correction": correction}
    records = run({"filing": filing}, horizon=5, desks={"hall": {"servers": 1}})
    assert causes(records) == {"service": [3.0], "correction": [2.0]}


def test_of_two_open_steps_the_one_that_began_first_holds_the_project_up() -> None:
    """The listing runs from the start; the papers are begun only after the survey."""
    steps = {
        "survey": {"step": "work", "duration": "4 cd"},
        "papers": {"step": "work", "duration": "90 cd", "needs": ["survey"]},
        "listing": {"step": "notice", "duration": "80 cd"},
    }
    assert causes(run(steps, horizon=50)) == {"notice": [50.0]}


def test_nobody_who_has_not_begun_has_causes() -> None:
    """The first milestone was not reached."""
    steps = {
        "papers": {"step": "work", "duration": "90 cd"},
        "signed": {"step": "milestone", "needs": ["papers"]},
    }
    assert np.isnan(ways(run(steps, horizon=50), ("signed", "end")).days).all()


@pytest.mark.parametrize("horizon", [40, 90, 170])
def test_causes_sum_to_the_days_of_a_run_that_is_cut_off(horizon: float) -> None:
    """With desks, returns, meetings, land and issues; and some projects are cut off."""
    records = everything(3, 1, 2, 0.5, horizon)
    counted = span(records, ("arrival", "end"))
    assert counted.censored.any()
    found = ways(records, ("arrival", "end"))
    np.testing.assert_allclose(found.days.sum(axis=1), counted.days, atol=1e-9)
    begun = ~np.isnan(counted.days)
    assert (found.closed[begun] >= 0.0).all()
    assert (found.closed[begun] <= counted.days[begun]).all()


def issue_process(handling: str, stops: float, rate: float = 2.0, calendar: str | None = None) -> dict[str, Any]:
    """Issues that arise in the activity `works`, and one activity that handles them."""
    issue = {"processes": ["issue"]}
    return {
        "activities": {
            "works": {"step": "work", "duration": "30 cd", "exposure": 1.0, "cause": "works"},
            "end": {"step": "milestone", "needs": ["works"]},
            "issue_found": {"step": "milestone", **issue},
            "treatment": {
                "step": "work",
                "duration": handling,
                "calendar": calendar,
                "needs": ["issue_found"],
                "solves": 1.0,
                **issue,
            },
            "issue_solved": {"step": "milestone", "needs": ["treatment"], **issue},
            "issue_closed": {"step": "milestone", "needs": ["issue_solved"], **issue},
        },
        "issues": {"rate": rate, "categories": {"power": {"weight": 1, "stops": stops}}},
    }


def test_an_issue_that_stops_the_work_takes_its_own_days() -> None:
    """The work is as long as before; every issue adds its handling."""
    records = run({}, 20, **issue_process("5 cd", stops=1.0))
    cases = records.plan.cases
    number = np.bincount(cases.parent[cases.category >= 0], minlength=20)
    assert number.max() > 1
    found = cause_days(records, "arrival", "end")
    np.testing.assert_allclose(found["works"], 30.0)
    np.testing.assert_allclose(found["issue"], 5.0 * number)


def test_closed_offices_during_an_issue_are_the_issues() -> None:
    """Without the issue the project would not have waited for Monday."""
    records = run({}, 5, start=MONDAY, horizon=2000, calendars=OFFICE, **issue_process("6 wd", 1.0, calendar="office"))
    assert set(causes(records)) == {"works", "issue"}


def test_an_issue_beside_the_work_counts_only_if_it_ends_last() -> None:
    """Short issues cost nothing unless they arise near the end; then only what they add to the work."""
    records = run({}, 20, **issue_process("5 cd", stops=0.0))
    found = cause_days(records, "arrival", "end")
    lead = records.milestone("end")[project_cases(records)]
    # a short issue is on the critical path from when it arises, so the work before it counts less
    np.testing.assert_allclose(found["works"] + found["issue"], lead)
    assert set(found["issue"].round(9)) <= {0.0, 5.0}
    assert ((found["issue"] > 0) == (lead > 30.0)).all()


def everything(seed: int, servers: int, places: int, stops: float, horizon: float = 300) -> Records:
    """A park with every kind of step, calendars, weather, corrections, branches and issues."""
    more = issue_process("lognormal(8, 1) cd", stops, rate=1.5)
    activities = more.pop("activities")
    correction = {"probability": 0.5, "fix": "pert(1, 2, 6) wd"}
    filing = {"step": "desk", "desk": "hall", "duration": "lognormal(3, 1) wd", "correction": correction}
    activities |= {
        "filing": filing | {"processes": ["project", "parcel"]},
        "papers": {"step": "work", "duration": "exponential(4) cd", "needs": ["filing"]},
        "hearing": {"step": "meeting", "meeting": "board", "duration": "1 cd", "needs": ["papers"]},
        "signed": {"step": "milestone", "needs": ["hearing"]},
        "ready": {"step": "stock", "stock": "bank", "when_short": "go on", "needs": ["signed"]},
        "raw": {"step": "notice", "duration": "40 cd", "needs": ["ready"], "applies": {"short": "ready"}},
        "quota": {"step": "stock", "stock": "quota", "needs": ["signed"]},
        "review": {
            "step": "desk",
            "desk": "hall",
            "duration": "2 wd",
            "needs": ["signed"],
            "applies": {"probability": 0.5},
        },
        "deliver": {"step": "stock", "stock": "bank", "gives": True, "processes": ["parcel"], "needs": ["filing"]},
    }
    activities["works"] |= {"duration": "uniform(20, 60) wd", "calendar": "site", "needs": ["raw", "quota", "review"]}
    group = {"of": "plant", "count": 12, "arrivals": {"every": "exponential(6) cd"}}
    parcels = {"of": "plant", "count": 9, "process": "parcel", "arrivals": {"by": "bank"}}
    return run(
        {},
        seed=seed,
        start=MONDAY,
        horizon=horizon,
        activities=activities,
        portfolio={"new": group, "parcels": parcels},
        calendars={**OFFICE, "site": {"lost": 0.2, "months": [0.5] * 3 + [1.0] * 9}},
        desks={"hall": {"servers": servers, "calendar": "office"}},
        meetings={"board": {"every": 7, "first": 2.0, "places": places}},
        stocks={
            "bank": {"initial": 1, "target": 2, "orders": "parcels"},
            "quota": {"initial": 3, "tranches": [{"on": 100.0, "amount": 6}]},
        },
        **more,
    )


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    servers=st.integers(1, 4),
    places=st.integers(1, 5),
    stops=st.sampled_from([0.0, 0.5, 1.0]),
    pair=st.permutations(["arrival", "signed", "works", "end"]),
)
def test_causes_sum_to_the_days_between_the_milestones(
    seed: int, servers: int, places: int, stops: float, pair: list[str]
) -> None:
    """For every project and any pair of activities, no day is lost or counted twice, and none is counted backwards."""
    records = everything(seed, servers, places, stops)
    start, end = pair[:2]
    days = span(records, (start, end)).days
    found = np.column_stack(list(cause_days(records, start, end).values()))
    assert found.shape == (12, len(CAUSES))
    np.testing.assert_allclose(found.sum(axis=1), days, atol=1e-9)
    assert (np.isnan(days) | (found * np.sign(days)[:, None] >= -1e-9).all(axis=1)).all()


def test_the_park_of_the_property_has_every_cause() -> None:
    """The property above is not shown on an empty stage."""
    runs = [cause_days(everything(seed, 1, 2, 0.5), "arrival", "end") for seed in range(5)]
    assert all(sum(np.nansum(found[cause]) for found in runs) > 0 for cause in CAUSES)


def test_an_unknown_milestone_is_refused() -> None:
    """The name is what is missing."""
    records = run({"papers": {"step": "work", "duration": "3 cd"}})
    with pytest.raises(KeyError, match="nowhere"):
        cause_days(records, "arrival", "nowhere")
