"""Changing one assumed input changes the verdict where it should.

What the park itself predicts is taken for the report, so that the line is reproduced whatever the park's numbers are;
then one input moves, and the line is no longer reproduced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from parkflow.analysis.experiments.executors import here
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.analysis.validation.definition import Definition, of_park
from parkflow.analysis.validation.line import Line, judge
from parkflow.analysis.validation.running import carry_out, work_of
from parkflow.scenarios.load import load
from parkflow.sim.scenario import Scenario

REPLICATIONS = 6
FOUND = "t-07"
SOLVED = "t-06"
LEVERS = "policies.reported.levers"

LAND = Definition.model_validate(
    {
        "line": "land",
        "facts": [],
        "title": "",
        "title_zh": "",
        "park": "zhaoqing",
        "value": 1,
        "observe": {"kind": "projects", "moments": ["land_contract"], "end": "2024-07-31", "share": True},
    }
)
"""Projects that have land within a year."""


def shown(park: Scenario, one: Definition) -> list[list[float]]:
    """What some replications show of a line."""
    with ReplicationLog() as log:
        found = carry_out(work_of(park, [one], 1), REPLICATIONS, here, log, lambda done: None)
    return [list(values[one.line]) for values in found]


def own(one: Definition, park: Scenario) -> Line:
    """The line with what the park predicts for the reported value."""
    seen = shown(park, one)
    told = float(np.median([np.mean(values) for values in seen]))
    return judge(one.model_copy(update={"value": told, "low": None, "high": None}), seen)


def line(name: str) -> Definition:
    """A line of Zhaoqing."""
    return next(one for one in of_park("zhaoqing") if one.line == name)


def until(day: float) -> Scenario:
    """Zhaoqing up to a day: what is looked at lies before it."""
    return load("zhaoqing").with_changes({"horizon": day})


def with_lever(park: Scenario, name: str, **parameters: Any) -> Scenario:
    """A park whose reported policy has a lever at other parameters."""
    return park.with_changes({f"{LEVERS}.{name}": {**park.policies["reported"].levers[name], **parameters}})


def no_land(park: Scenario) -> Scenario:
    """Nothing in the bank, and nothing coming in."""
    return with_lever(park, "land_bank", initial=0, monthly=0.5, target=0.5)


def one_place(park: Scenario) -> Scenario:
    """One place at each sitting of the joint and of the leaders' meeting."""
    tight: Mapping[str, Any] = {"meetings.joint.places": 1}
    return with_lever(park, "escalation_ladder", places=1).with_changes(tight)


def half_key(park: Scenario) -> Scenario:
    """Half of the issues are key ones."""
    return park.with_changes({f"issues.severities.{name}.weight": 0.25 for name in ("routine", "material")} | {
        "issues.severities.key.weight": 0.5
    })  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "days", "change"),
    [
        (LAND, 370.0, no_land),
        (line(SOLVED), 75.0, one_place),
        (line(FOUND), 75.0, half_key),
        (line(SOLVED), 75.0, half_key),
    ],
    ids=["land stock", "agenda places", "issue severity: found", "issue severity: solved"],
)
def test_an_input_changes_the_verdict(one: Definition, days: float, change: Callable[[Scenario], Scenario]) -> None:
    """Land in the bank, places on an agenda, the severity of issues: each moves its line out of what is predicted."""
    park = until(days)
    before = own(one, park)
    assert before.verdict == "reproduced"
    after = judge(before.definition, shown(change(park), one))
    assert after.verdict == "not_reproduced"
