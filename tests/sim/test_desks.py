"""Desks that are offices: whom an officer serves next, and when; exact logs of a few files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

Table = dict[str, Any]


def office(**changes: Any) -> Table:
    """A park of one desk at which every project has one file; day 0 is a Monday."""
    return {
        "name": "office",
        "assumed": "exact times",
        "start": "2023-01-02",
        "classes": {"any": {}, "key": {"priority": 0}},
        "portfolio": {"any": {"of": "any", "count": 2, "arrivals": {"on": [0]}}},
        "desks": {"window": {"servers": 1}},
        "activities": {"review": {"step": "desk", "desk": "window", "duration": 2}},
        **changes,
    }


def run(park: Table, replication: int = 0) -> Records:
    """One replication of a park."""
    return simulate(Layout(Scenario.model_validate(park)), 1, replication)


def times(records: Records, activity: str = "review") -> list[tuple[float, float]]:
    """Start and end of the last attempt at an activity, in the order of the steps."""
    mine = records.plan.steps.activity == records.layout.number[activity]
    return list(zip(records.start[mine].tolist(), records.end[mine].tolist(), strict=True))


# --- ties -------------------------------------------------------------------------------------------------------------


def test_who_comes_first_of_those_who_come_together_is_drawn() -> None:
    """Two groups that arrive on one day are first about equally often, whichever stands first in the file."""
    groups = {name: {"of": "any", "count": 3, "arrivals": {"on": [0]}} for name in ("north", "south")}
    one = Layout(Scenario.model_validate(office(portfolio=groups)))
    other = Layout(Scenario.model_validate(office(portfolio=dict(reversed(groups.items())))))
    first = []
    for replication in range(60):
        records, swapped = simulate(one, 1, replication), simulate(other, 1, replication)
        starts = records.start[records.plan.steps.activity == 1]
        np.testing.assert_array_equal(np.roll(starts, 3), swapped.start[swapped.plan.steps.activity == 1])
        first.append(int(np.argmin(starts)))
    assert 20 <= sum(project < 3 for project in first) <= 40  # two and a half standard deviations of 60 coins
    assert set(first) == set(range(6))


# --- slack ------------------------------------------------------------------------------------------------------------


def test_slack_counts_the_files_own_service() -> None:
    """Of two files due on one day, the longer one has less slack and goes first, though it came last."""
    long = {"step": "desk", "desk": "window", "duration": 9, "applies": {"classes": ["key"]}}
    park = office(
        classes={name: {"deadline": {"milestone": "done", "days": 50}} for name in ("any", "key")},
        portfolio={
            "any": {"of": "any", "count": 2, "arrivals": {"on": [0]}},
            "key": {"of": "key", "count": 1, "arrivals": {"on": [1]}},
        },
        desks={"window": {"servers": 1, "rule": "slack"}},
    )
    park["activities"]["review"]["applies"] = {"classes": ["any"]}
    park["activities"] |= {"long": long, "done": {"step": "milestone", "needs": ["review", "long"]}}
    records = run(park)
    assert np.nanmin(records.start[records.plan.steps.activity == 2]) == 2.0
    assert sorted(start for start, _ in times(records) if start >= 0) == [0.0, 11.0]
