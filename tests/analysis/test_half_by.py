"""The day by which half of the projects are there. All numbers are assumed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.analysis.measures.registry import observe
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.sim.scenario import Scenario


def half(arrivals: list[float], **more: Any) -> tuple[float, int]:
    """The day and how many are still on their way; a project is through ten days after it came."""
    table: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plant": {}},
        "portfolio": {"new": {"of": "plant", "count": len(arrivals), "arrivals": {"on": arrivals}}},
        "activities": {
            "work": {"step": "work", "duration": "10 cd"},
            "permit": {"step": "milestone", "needs": ["work"]},
        },
    }
    layouts = {"serial": laid_out(Scenario.model_validate(table | more))}
    seen = observe(replicate(layouts, 1, 0), "serial", ("arrival", "permit"), ["half_by"])
    return seen[0].value, seen[0].censored


@pytest.mark.parametrize(
    ("arrivals", "day"), [([5.0], 15.0), ([0.0, 7.0], 10.0), ([9.0, 0.0, 4.0], 14.0), ([0.0, 1.0, 2.0, 50.0], 11.0)]
)
def test_half_is_reached_with_the_project_in_the_middle(arrivals: list[float], day: float) -> None:
    """The first of two, the second of three or four."""
    assert half(arrivals) == (day, 0)


def test_those_cut_off_come_last() -> None:
    """Half is half of all, not of those that got there; without half there is no day."""
    assert half([0.0, 1.0, 50.0, 60.0], horizon=30) == (11.0, 0)
    day, censored = half([0.0, 40.0, 50.0, 60.0], horizon=30)
    assert np.isnan(day)
    assert censored == 3
