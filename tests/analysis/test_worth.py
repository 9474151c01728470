"""The worth of levers: days saved by those asked about, and the net of the park beside them."""

from __future__ import annotations

from typing import Any

import pytest

import parkflow
from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.terminal.worth_tables import HEADINGS, worth_markdown

KEY = {"classes": ["key"]}


def tiny(levers: dict[str, Any], duration: str = "10 cd", **question: Any) -> parkflow.Scenario:
    """A park where two key projects and two others file at one officer."""
    park: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"key": {}, "plain": {}},
        "portfolio": {name: {"of": name, "count": 2, "arrivals": {"on": [0.0]}} for name in ("key", "plain")},
        "desks": {"hall": {"servers": 1}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": duration},
            "groundbreaking": {"step": "milestone", "needs": ["filing"]},
            "papers": {"step": "work", "duration": "1 cd", "tags": ["circulation", "lag"]},
        },
        "question": {"from": "arrival", "to": "groundbreaking", **question},
        "practices": {name: {"share": 0} for name in ("green_lane", "task_force")},
        "policies": {"some": {"assumed": "a test", "levers": levers}},
    }
    return parkflow.Scenario.model_validate(park)


def weighed(levers: dict[str, Any], duration: str = "10 cd", **question: Any) -> LeverWorth:
    """The worth of levers in that park."""
    return parkflow.worth(tiny(levers, duration, **question), "some", replications=5, workers=1)


def test_what_a_lane_saves_some_the_others_pay() -> None:
    """Asked about key projects it saves days; the park as a whole gains none."""
    worth = weighed({"green_lane": KEY}, groups=["key"])
    alone, removed = worth.rows
    assert alone["mean"] == removed["mean"] == worth.saved
    assert alone["mean"] > 0
    assert alone["net"] == worth.net == pytest.approx(0.0)


def test_saved_and_net_are_one_where_everybody_is_asked_about() -> None:
    """Alone and removed, with their bounds in order; a second officer saves ten days on average either way."""
    worth = weighed({"green_lane": KEY, "dedicated_windows": KEY})
    assert {(row["lever"], row["way"]): round(row["net"], 6) for row in worth.rows} == {
        ("green_lane", "alone"): 0.0,
        ("green_lane", "removed"): 0.0,
        ("dedicated_windows", "alone"): 10.0,
        ("dedicated_windows", "removed"): 10.0,
    }
    for row in worth.rows:
        assert [row["net"], row["net_low"], row["net_high"]] == pytest.approx([row["mean"], row["low"], row["high"]])
    for line in worth_markdown(worth).splitlines()[2:]:
        assert line.count("|") == len(HEADINGS) + 1


def test_bounds_stand_in_order_where_signs_are_turned() -> None:
    """Draws give every interval a width, around the mean."""
    worth = weighed({"green_lane": KEY, "dedicated_windows": KEY}, "uniform(5, 15) cd")
    for row in (row for row in worth.rows if row["lever"] == "dedicated_windows"):
        assert row["low"] < row["mean"] < row["high"], row
        assert row["net_low"] < row["net"] < row["net_high"], row


def test_it_reads_what_attribution_reads_with_wider_intervals() -> None:
    """Alone is first, removed is last; each interval is wider than one that stands by itself."""
    levers = {"green_lane": KEY, "dedicated_windows": KEY}
    park, worth = tiny(levers, "uniform(5, 15) cd"), weighed(levers, "uniform(5, 15) cd")
    shared = parkflow.attribute(park, "some", replications=5, workers=1, measures=["days_saved"])
    for row in worth.rows:
        way = {"alone": "first_in", "removed": "last_out"}[row["way"]]
        assert row["mean"] == pytest.approx(shared.of("days_saved", way)[row["lever"]]["mean"])
    compared = parkflow.compare(park, "some", without="green_lane", replications=5, workers=1, measures=["days_saved"])
    (alone,) = compared.rows("days_saved", group="all")
    (mine,) = (row for row in worth.rows if (row["lever"], row["way"]) == ("dedicated_windows", "alone"))
    assert mine["mean"] == pytest.approx(alone["mean"])
    assert alone["low"] is not None
    assert mine["low"] < alone["low"]
