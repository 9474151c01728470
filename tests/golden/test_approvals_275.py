"""The workload `approvals-275`: known-good values to the last bit from given draws, days saved from our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import ours
from benchmarks.reference import GOLDEN_SEEDS, sum_in_order
from benchmarks.workload import GROUNDBREAKING, N_PROJECTS, Variant, model_events, sample
from parkflow.analysis.replication.replication import replicate
from parkflow.scenarios.load import load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import under
from parkflow.sim.records import execute
from tests.golden.versions import CLOSE, OTHERS

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("approvals_275.json").read_text("utf-8"))

PUBLISHED_DAYS_SAVED = 21.378
PUBLISHED_ERROR = 0.036 / 1.96
"""Standard error of the published value, which gives a half-width of 95%."""


@pytest.mark.parametrize("seed", GOLDEN_SEEDS)
@pytest.mark.parametrize("variant", ["SERIAL", "PARALLEL"])
def test_given_draws_give_the_known_values(seed: int, variant: Variant) -> None:
    """From the workload's draws the engine reproduces lead times, makespan and events to the last bit.

    With other versions than those of `constraints.txt` the draws, and so the times, agree to a billionth.
    """
    expected = GOLDEN["seeds"][str(seed)][variant]
    inputs = sample(N_PROJECTS, seed)
    records = execute(ours.given_plan(ours.layout(variant), inputs))
    outcome = ours.outcome(records)
    for value, known in ((sum_in_order(outcome), "lead_time_sum"), (outcome.makespan, "makespan")):
        assert value == pytest.approx(float.fromhex(expected[known]), rel=CLOSE if OTHERS else 0, abs=0)
    activity = records.plan.steps.activity[records.attempt_step]
    attempts = int(((activity > 0) & (activity <= GROUNDBREAKING)).sum())  # number 0 is the arrival
    assert N_PROJECTS + attempts == expected["model_events"] == model_events(inputs)
    assert not np.isnan(records.attempt_end).any()


@pytest.mark.slow
def test_own_draws_agree_with_the_published_days_saved() -> None:
    """Days saved, paired over replications of the shipped scenario, lie within four standard errors of 21.378."""
    park = load("approvals-275")
    layouts = {policy: Layout(under(park, policy)) for policy in ("serial", "green_channel")}
    saved = []
    for replication in range(40):
        records = replicate(layouts, 275, replication)
        lead = {policy: ours.outcome(run.records).lead_times.mean() for policy, run in records.items()}
        saved.append(lead["serial"] - lead["green_channel"])
    error = np.hypot(np.std(saved, ddof=1) / np.sqrt(len(saved)), PUBLISHED_ERROR)
    assert error < 0.6
    assert abs(np.mean(saved) - PUBLISHED_DAYS_SAVED) < 4 * error
