"""Waiting lines: ranks, ties, and the date by which a step must be over (its slack)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.engines.queues import line
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario


@pytest.mark.parametrize("rule", ["fifo", "class", "slack"])
def test_equals_are_served_in_the_order_in_which_they_came(rule: str) -> None:
    """Neither the number of a step nor what left the line before decides between equal ranks."""
    queue = line(rule, [1.0] * 5)
    for step in (3, 0, 4):
        queue.put(step)
    assert queue.head() == queue.take() == 3
    for step in (1, 2):
        queue.put(step)
    assert [queue.take() for _ in range(len(queue))] == [0, 4, 1, 2]


@pytest.mark.parametrize("rule", ["class", "slack"])
def test_the_lowest_rank_goes_first(rule: str) -> None:
    """Whatever the order in which they came; infinite ranks come last, in turn."""
    queue = line(rule, [np.inf, 2.0, np.inf, -1.0])
    for step in (2, 0, 1, 3):
        queue.put(step)
    assert [queue.take() for _ in range(len(queue))] == [3, 1, 2, 0]


@pytest.mark.parametrize("rule", ["class", "slack"])
def test_ties_at_a_desk(rule: str) -> None:
    """Of two classes with one rank, who asked first is served first, though its steps stand later in the plan."""
    table = park(
        {"review": {"step": "desk", "desk": "window", "duration": 10}, "done": {"step": "milestone"}}, rule=rule
    )
    table["portfolio"] = {
        "first": {"of": "any", "count": 2, "arrivals": {"on": [0, 5]}},
        "second": {"of": "other", "count": 1, "arrivals": {"on": [4]}},
    }
    records = simulate(Layout(Scenario.model_validate(table)), 1, 0)
    starts = records.start[records.plan.steps.activity == 1]
    assert starts.tolist() == [0.0, 20.0, 10.0]


def park(activities: dict[str, Any], rule: str = "slack") -> dict[str, Any]:
    """A desk `window` with this rule, and one project that arrives on day 3."""
    return {
        "name": "slack",
        "assumed": "made up",
        "start": "2023-01-02",
        "horizon": 400,
        "classes": {"any": {}, "other": {}},
        "attributes": {"size": "uniform(1, 5)"},
        "portfolio": {"all": {"of": "any", "count": 1, "arrivals": {"on": [3]}}},
        "calendars": {"office": {}},
        "desks": {"window": {"servers": 1, "rule": rule}},
        "activities": activities,
    }


REVIEW = {"step": "desk", "desk": "window", "duration": 7}


@pytest.mark.parametrize(
    ("behind", "days"),
    [
        ({}, 0.0),
        ({"short": {"step": "work", "duration": 4}, "long": {"step": "work", "duration": 9}}, 9.0),
        ({"build": {"step": "work", "duration": "10 wd", "calendar": "office"}}, 14.6),
        ({"build": {"step": "work", "duration": "uniform(2, 4)", "times": ["size"]}}, 9.0),
        ({"seldom": {"step": "work", "duration": 8, "applies": {"probability": 0.25}}}, 2.0),
    ],
    ids=["own service", "longest way", "working days", "typical size", "chance"],
)
def test_the_latest_day_of_a_step(behind: dict[str, dict[str, Any]], days: float) -> None:
    """The day to begin: the deadline less the longest expected way behind the step, and less its own service."""
    table = park({"review": REVIEW})
    table["activities"] |= {name: {**activity, "needs": ["review"]} for name, activity in behind.items()}
    table["activities"]["done"] = {"step": "milestone", "needs": ["review", *behind]}
    table["activities"]["after"] = {"step": "work", "duration": 50, "needs": ["done"]}
    table["classes"]["any"] = {"deadline": {"milestone": "done", "days": 60}}
    steps = simulate(Layout(Scenario.model_validate(table)), 1, 0).plan.steps
    assert steps.rank[steps.activity == 1] == pytest.approx([3 + 60 - 7 - days])
