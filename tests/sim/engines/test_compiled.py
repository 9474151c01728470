"""The compiled engine gives the history of the SimPy engine, to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from parkflow.scenarios.load import available, load
from parkflow.sim.assembly import make_plan
from parkflow.sim.engines.history import History
from parkflow.sim.engines.simpy import Engine
from parkflow.sim.layout import Layout
from parkflow.sim.levers import policy_names, under, with_levers
from parkflow.sim.plan import Plan
from parkflow.sim.scenario import Scenario
from tests.sim.engines.plans import random_plan
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import CASES as APPROVALS
from tests.sim.levers.cases_construction import CASES as CONSTRUCTION
from tests.sim.levers.cases_coordination import CASES as COORDINATION
from tests.sim.levers.cases_land import CASES as LAND
from tests.sim.levers.cases_steering import CASES as STEERING
from tests.sim.test_invariants import SEEDS, generated, parks

pytest.importorskip("numba", reason="the extra fast is not installed")

from parkflow.sim.engines import compiled

ROOT = Path(__file__).parents[3]


def differences(plan: Plan) -> list[str]:
    """Names of the columns of a history that differ between the engines in any bit."""
    return differing(compiled.run(plan), Engine(plan).run())


def differing(one: History, other: History) -> list[str]:
    """Names of the columns of two histories that differ in any bit."""
    return [field.name for field in fields(one) if _bits(getattr(one, field.name)) != _bits(getattr(other, field.name))]


def _bits(value: NDArray[Any] | float) -> tuple[tuple[int, ...], bytes]:
    return np.shape(value), np.asarray(value).tobytes()


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_random_plans(start: int) -> None:
    """Plans in which everything happens that can, and much of it at one instant."""
    assert not {seed: found for seed in range(start, start + 100) if (found := differences(random_plan(seed)))}


def test_random_plans_are_eventful() -> None:
    """The plans of these tests have steps that end, are sent back, skipped, helped out and served by the borrowed."""
    histories = [(plan, Engine(plan).run()) for plan in map(random_plan, range(200))]
    lent = sum(((its.served_by >= 0) & (its.served_by != plan.steps.resource)).sum() for plan, its in histories)
    told = [sum(np.sum(getattr(its, name)) for _, its in histories) for name in ("held", "skipped")]
    returned = sum(len(its.returned) for _, its in histories)
    borrowed = sum((its.served_by == -2).sum() for _, its in histories)
    assert min(lent, *told, returned, borrowed) >= 20


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_generated_parks(park: Scenario, seed: int) -> None:
    """Any network of the six kinds of step, with shared resources, issues and horizons."""
    assert not differences(make_plan(Layout(park), seed, 0))


@pytest.mark.parametrize("park", available())
def test_shipped_parks(park: str) -> None:
    """Every park under every policy of its own, on two seeds."""
    scenario = load(park)
    for policy in policy_names(scenario):
        its = Layout(under(scenario, policy))
        assert not [found for seed in (1, 2) if (found := differences(make_plan(its, seed, 0)))], policy


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", (*APPROVALS, *LAND, *COORDINATION, *CONSTRUCTION, *STEERING), ids=lambda case: case.lever
)
def test_levers(case: Case) -> None:
    """Every lever on the park of its own test."""
    levers = {**case.before, case.lever: case.parameters}
    assert not differences(make_plan(Layout(with_levers(case.park(), levers)), 3, 0))


def test_a_plan_without_a_case_or_a_step() -> None:
    """Nothing happens, up to the horizon or to day 0."""
    from parkflow.sim.engines.kernels.state import nothing

    assert not differences(nothing())
    assert compiled.run(nothing()).over == 0


def test_one_compiled_version_serves_all_plans() -> None:
    """Whatever types or pieces the columns of a plan come in, nothing is compiled for them anew."""
    plan = random_plan(7)
    narrow = {name: getattr(plan.steps, name).astype(np.int32) for name in ("case", "resource", "left")}
    strided = {name: np.asfortranarray(getattr(plan.steps, name)) for name in ("gate", "held_work")}
    plan.successors.flags.writeable = False
    other = Plan(**{**vars(plan), "steps": plan.steps._replace(**narrow, **strided)})
    assert not differing(compiled.run(other), Engine(plan).run())
    assert len(compiled.kernel.signatures) == 1


BOUNDS_CHECKED = """
from tests.sim.engines.test_compiled import differences
from tests.sim.engines.plans import random_plan
from parkflow.scenarios.load import load
from parkflow.sim.assembly import make_plan
from parkflow.sim.engines import compiled
from parkflow.sim.layout import Layout
for seed in range(200):
    compiled._ROOMS.clear()  # so that no array is longer than this plan needs
    assert not differences(random_plan(seed)), seed
compiled._ROOMS.clear()
assert not differences(make_plan(Layout(load("zhifu")), 1, 0))
"""


@pytest.mark.slow
def test_no_array_is_left(tmp_path: Path) -> None:
    """Compiled with checks of all bounds, the engine gives the same histories: nothing is read or written outside."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", BOUNDS_CHECKED], env=environment, cwd=ROOT, check=True, timeout=600)
