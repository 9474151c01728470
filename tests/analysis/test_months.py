"""Work in progress and throughput by month, counted by hand. All numbers are assumed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from parkflow.analysis.measures.registry import observe
from parkflow.analysis.replication.months import month_begins
from parkflow.analysis.replication.replication import Replication
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario

PAIR = ("arrival", "groundbreaking")


def run(**more: Any) -> Replication:
    """Two projects arrive on day 15 at one officer, who takes 30 days for each."""
    park: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plant": {}},
        "portfolio": {"new": {"of": "plant", "count": 2, "arrivals": {"on": [15.0]}}},
        "desks": {"hall": {"servers": 1}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "30 cd"},
            "groundbreaking": {"step": "milestone", "needs": ["filing"]},
        },
    }
    return Replication(simulate(Layout(Scenario.model_validate(park | more)), 1, 0))


def test_months_count_who_is_between_the_milestones() -> None:
    """Half of the first month both, then both and one by turns; the measure leaves empty months out."""
    found = run(horizon=120).months(PAIR)
    assert found["month"].tolist() == [0.0, 30.0, 60.0, 90.0]
    assert found["in_progress"] == pytest.approx([1.0, 1.5, 0.5, 0.0])
    assert found["started"].tolist() == [2.0, 0.0, 0.0, 0.0]
    assert found["completed"].tolist() == [0.0, 1.0, 1.0, 0.0]
    (seen,) = (it for it in observe({"serial": run(horizon=120)}, "serial", PAIR) if it.measure == "wip")
    assert seen.value == pytest.approx(1.0)


def test_who_is_not_done_is_in_progress_up_to_the_end() -> None:
    """A run of 40 days has a short last month; what never comes is no throughput."""
    found = run(horizon=40).months(PAIR)
    assert found["in_progress"] == pytest.approx([1.0, 2.0])
    assert found["completed"].sum() == 0.0


def test_months_are_those_of_the_calendar_where_there_is_one() -> None:
    """The first begins with the park, the others on their first day."""
    np.testing.assert_array_equal(month_begins(dt.date(2024, 1, 15), 60.0), [0.0, 17.0, 46.0])
    np.testing.assert_array_equal(month_begins(dt.date(2024, 1, 15), 46.0), [0.0, 17.0])
    np.testing.assert_array_equal(month_begins(dt.date(2024, 2, 1), 30.0), [0.0, 29.0])
