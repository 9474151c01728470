"""What a result rests on: numbers in use change the hash, words and idle practices do not."""

from __future__ import annotations

from typing import Any

import pytest

from parkflow.analysis.provenance import numbers_hash, scenario_hash
from parkflow.scenarios.load import load
from parkflow.sim.levers import under
from parkflow.sim.scenario import Scenario

PARK = under(load("yantai"), "reported")
MARK = numbers_hash(PARK)

ACTIVITY = PARK.activities["filing"]
IDLE = {"share": 0.0, "effects": [{"tags": ["written_up"], "duration": 0.5}]}


def changed(changes: dict[str, Any]) -> Scenario:
    """The park with some values replaced."""
    return PARK.with_changes(changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"practices.unheard_of": IDLE},
        {"practices.unheard_of": IDLE, "activities.filing.tags": (*ACTIVITY.tags, "written_up")},
        {"practices.unheard_of": IDLE, "activities.filing.applies.unless": "unheard_of"},
        {
            "practices.unheard_of": IDLE,
            "activities.rehearsal": {"step": "work", "duration": "5 cd", "applies": {"practice": "unheard_of"}},
        },
        {"policies.bold": {"levers": {"green_lane": {}}}},
        {"desks.planning.title": "the desk of plans", "desks.planning.source": "a letter"},
    ],
    ids=["practice", "its tag", "an exception", "an activity of its own", "policy", "words"],
)
def test_what_no_project_meets_leaves_the_mark(changes: dict[str, Any]) -> None:
    """An added practice that covers nobody, a further policy and other words leave every result as it is."""
    assert scenario_hash(changed(changes)) != scenario_hash(PARK)
    assert numbers_hash(changed(changes)) == MARK


@pytest.mark.parametrize(
    "changes",
    [
        {"desks.planning.servers": PARK.desks["planning"].servers + 1},
        {"activities.filing.duration": "97 wd"},
        {"activities.filing.applies.probability": 0.97},
        {"issues.rate": PARK.issues.rate + 0.01},
        {"practices.unheard_of": IDLE | {"share": 0.5}},
        {"horizon": 12345.0},
    ],
    ids=["servers", "duration", "probability", "issues", "practice in force", "horizon"],
)
def test_a_number_in_use_changes_the_mark(changes: dict[str, Any]) -> None:
    """Whatever moves a result moves the mark."""
    assert numbers_hash(changed(changes)) != MARK


def test_a_policy_changes_the_mark() -> None:
    """Levers in force are numbers in use."""
    assert len({numbers_hash(under(load("yantai"), policy)) for policy in ("serial", "reported", "full")}) == 3
