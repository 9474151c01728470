"""Policies that draw alike share the draws of a replication, and nothing that one of them writes reaches another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.scenarios.load import available, load
from parkflow.sim.alike import drawn_alike
from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.levers import policy_names, under
from parkflow.sim.plan import Plan
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams


def approvals(**changes: Any) -> Scenario:
    """The workload with some keys changed; `__` stands for a dot."""
    return load("approvals-275").with_changes({key.replace("__", "."): value for key, value in changes.items()})


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans hold the same arrays to the last bit."""
    columns = [(*plan.steps, *plan.cases, plan.fix, plan.again, plan.successors) for plan in (one, other)]
    return all(np.array_equal(mine, its, equal_nan=True) for mine, its in zip(*columns, strict=True))


def test_a_custom_that_is_waived_changes_no_draw() -> None:
    """The serial and the parallel park draw alike."""
    serial, parallel = Layout(approvals()), Layout(approvals(practices__parallel_approvals__share=1.0))
    assert drawn_alike(serial) == drawn_alike(parallel) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"activities.filing.duration": "lognormal(0.7, 0.6) cd"},
        {"activities.filing.correction.probability": 0.2},
        {"activities.filing.applies.probability": 0.5},
        {"portfolio.projects.count": 274},
    ],
)
def test_other_laws_are_other_draws(change: dict[str, object]) -> None:
    """A duration, a chance of correction, a chance of taking place or a project more: they do not draw alike."""
    assert drawn_alike(Layout(approvals().with_changes(change))) != drawn_alike(Layout(approvals()))


def test_practices_that_have_a_say_draw_for_themselves() -> None:
    """Where a practice changes durations, nothing is shared."""
    effect = {"share": 0.5, "effects": [{"tags": ["review"], "duration": 0.5}]}
    tagged = {"practices.parallel_approvals": effect, "activities.filing.tags": ["review"]}
    assert drawn_alike(Layout(approvals().with_changes(tagged))) is None


@pytest.mark.parametrize("park", available())
def test_shared_or_not_plans_are_the_same(park: str) -> None:
    """A policy's plan is the same alone and behind the others of its replication, in a layout used before and after."""
    scenario = load(park)
    scenarios = [scenario, *(under(scenario, policy) for policy in policy_names(scenario))]
    if park == "approvals-275":
        scenarios.append(approvals(practices__parallel_approvals__share=1.0))
    layouts = [Layout(each) for each in scenarios]
    for replication in range(2):
        streams = Streams(5, replication)
        shared = [make_plan(each, 5, replication, lambda *_: streams) for each in layouts]  # noqa: B023
        alone = [make_plan(Layout(each.scenario), 5, replication) for each in layouts]
        assert all(map(same, shared, alone))
