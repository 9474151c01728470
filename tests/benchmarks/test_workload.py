"""The workload `approvals-275`: draws, the reference loop against published values, usual SimPy against the loop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import reference, usual_simpy
from benchmarks.workload import (
    ACTIVITIES,
    CAPACITIES,
    GROUNDBREAKING,
    N_PROJECTS,
    PREDECESSORS,
    Inputs,
    Variant,
    model_events,
    sample,
)

VARIANTS: tuple[Variant, ...] = ("SERIAL", "PARALLEL")
GOLDEN_FILE = Path(__file__).parents[1] / "golden" / "approvals_275.json"
GOLDEN: dict[str, Any] = json.loads(GOLDEN_FILE.read_text(encoding="utf-8"))["seeds"]

# The definition's known-good values for seed 1000: sum of lead times, makespan, mean lead time.
PUBLISHED: dict[Variant, tuple[str, str, float]] = {
    "SERIAL": ("0x1.a16b59ae839f4p+13", "0x1.ace79754432bep+8", 48.572431963238),
    "PARALLEL": ("0x1.026d669777133p+13", "0x1.903f84cab9427p+8", 30.071545794852),
}
PUBLISHED_MODEL_EVENTS = 4431


def constant(n: int, inter: float, duration: float) -> Inputs:
    """Inputs without chance: every activity takes one attempt of `duration`, groundbreaking none."""
    durations = np.full((n, len(ACTIVITIES), 5), duration)
    durations[:, GROUNDBREAKING] = 0.0
    return Inputs(np.full(n, inter), np.ones((n, len(ACTIVITIES)), dtype=np.int64), durations)


def test_sample_has_the_stated_shapes_and_bounds() -> None:
    """Groundbreaking lasts 0; activities without rework take one attempt, the others 1 to 5."""
    inputs = sample(40, 7)
    assert inputs.inter.shape == (40,)
    assert inputs.attempts.shape == (40, 14)
    assert inputs.durations.shape == (40, 14, 5)
    assert inputs.durations.dtype == np.float64
    assert not inputs.durations[:, GROUNDBREAKING].any()
    assert (inputs.durations[:, :GROUNDBREAKING] > 0).all()
    assert inputs.attempts.min() == 1
    assert inputs.attempts.max() <= 5
    assert (inputs.attempts[:, [2, 13]] == 1).all()


def test_sample_has_the_stated_means() -> None:
    """Means of 1e5 projects lie within five standard errors of the definition's."""
    inputs = sample(100_000, 3)
    root = np.sqrt(len(inputs.inter))
    mean_inter = 365 / 275
    assert abs(inputs.inter.mean() - mean_inter) < 5 * mean_inter / root
    rework = inputs.attempts[:, 0]
    assert abs(rework.mean() - (1 - 0.15**5) / 0.85) < 5 * rework.std() / root
    for a, activity in enumerate(ACTIVITIES):
        first = inputs.durations[:, a, 0]
        assert abs(first.mean() - activity.mean) <= 5 * activity.mean * activity.cv / root


def test_predecessors_are_numbered_before_their_successors() -> None:
    """Both variants are acyclic by numbering, and every activity leads to groundbreaking."""
    for before in PREDECESSORS.values():
        assert all(p < a for a, predecessors in enumerate(before) for p in predecessors)
        assert {p for predecessors in before for p in predecessors} == set(range(GROUNDBREAKING))


@pytest.mark.parametrize("run", [reference.run, usual_simpy.run])
@pytest.mark.parametrize(("variant", "steps"), [("SERIAL", 13), ("PARALLEL", 6)])
def test_without_contention_the_lead_time_is_the_longest_path(run: Any, variant: Variant, steps: int) -> None:
    """Projects far apart never wait: the lead time is the number of steps on the longest path, of one day each."""
    outcome = run(constant(3, inter=100.0, duration=1.0), variant)
    assert outcome.lead_times.tolist() == [steps] * 3
    assert outcome.makespan == 300 + steps


def test_rework_rejoins_the_tail_after_the_queue_head_has_started() -> None:
    """With one FIRE server and two projects, failing attempts alternate, so the first needs 3 days there and not 2."""
    fire_review = 10
    assert CAPACITIES[5] == 1
    inputs = constant(2, inter=0.25, duration=0.0)
    inputs.durations[:, fire_review] = 1.0
    inputs.attempts[:, fire_review] = 2
    for run in (reference.run, usual_simpy.run):
        assert run(inputs, "SERIAL").lead_times.tolist() == [3.0, 3.75]


@pytest.mark.parametrize("variant", VARIANTS)
def test_reference_reproduces_the_published_values_to_the_last_bit(variant: Variant) -> None:
    """Seed 1000: sum of lead times in project order, makespan and model events are those of the definition."""
    lead_time_sum, makespan, mean = PUBLISHED[variant]
    inputs = sample(N_PROJECTS, 1000)
    outcome = reference.run(inputs, variant)
    assert outcome.events == model_events(inputs) == PUBLISHED_MODEL_EVENTS
    assert outcome.makespan.hex() == makespan
    assert reference.sum_in_order(outcome).hex() == lead_time_sum
    assert outcome.lead_times.mean() == pytest.approx(mean, abs=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", reference.GOLDEN_SEEDS)
def test_golden_file_is_what_the_reference_gives(seed: int, variant: Variant) -> None:
    """The stored values of every benchmark seed come from the reference loop."""
    assert reference.golden_row(seed, variant) == GOLDEN[str(seed)][variant]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", reference.GOLDEN_SEEDS)
def test_usual_simpy_equals_the_reference(seed: int, variant: Variant) -> None:
    """SimPy's own queues keep the tie rules, so every lead time is equal to the last bit, not only the mean."""
    inputs = sample(N_PROJECTS, seed)
    usual, oracle = usual_simpy.run(inputs, variant), reference.run(inputs, variant)
    assert usual.lead_times.tolist() == oracle.lead_times.tolist()
    assert usual.makespan == oracle.makespan
    assert usual.events > oracle.events
