"""Doubt about assumptions: its interval covers where the truth is known, and chance is taken out of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import parkflow
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.doubt import LEAST_POINTS, Asked, Doubt, central, doubt, hypercube
from parkflow.analysis.experiments.executors import here, local
from parkflow.analysis.language import Words
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.scenario import Scenario

MEAN, LOW, HIGH = 40.0, 0.5, 2.0
PARK = f"""
name = "known"
assumed = "days are exponential, so that their mean is what the file says"
question = {{ from = "arrival", to = "done" }}

[classes.plant]
[portfolio.plants]
of = "plant"
count = 500
arrivals = {{ on = [0] }}

[activities.build]
step = "work"
duration = "exponential({MEAN}) cd"

[activities.done]
step = "milestone"
needs = ["build"]

[ranges.time]
keys = ["activities.build.duration"]
by = "factor"
low = {LOW}
high = {HIGH}
"""


def asked(seed: int) -> Asked:
    """The park under the serial policy."""
    return Asked(Scenario.model_validate(tomllib.loads(PARK)), {"serial": {}}, ("arrival", "done"), seed)


def row(mean: float) -> Any:
    """What a comparison with very many replications would have found."""
    return {
        "policy": "serial",
        "measure": "days",
        "group": "all",
        "unit": "days",
        "mean": mean,
        "low": 39.0,
        "high": 41.0,
    }


def told(seed: int, points: int, log: ReplicationLog | None = None) -> Doubt:
    """The doubt about the mean days."""
    with log or ReplicationLog() as kept:
        (found,) = doubt(asked(seed), [row(MEAN)], points, here, kept)
    return found


@pytest.mark.slow
def test_the_interval_over_assumptions_covers() -> None:
    """A mean is the factor times 40 days: of all factors in the range, 95% give a mean within the interval.

    The factor is uniform on a logarithmic scale, so the share that an interval covers is known in closed form.
    """
    covered = []
    for seed in range(10):
        low, high = np.clip(told(seed, 40).assumptions, LOW * MEAN, HIGH * MEAN)
        covered.append(np.log(high / low) / np.log(HIGH / LOW))
    error = np.std(covered, ddof=1) / np.sqrt(len(covered))
    assert error < 0.015
    assert abs(np.mean(covered) - 0.95) < 4 * error


def test_chance_is_taken_out() -> None:
    """Differences of deviation 10 that scatter by another 10 keep an interval of 1.96 × 10 about their mean."""
    rng = np.random.default_rng(5)
    widths = []
    for _ in range(40):
        differences = rng.normal(3.0, 10.0, size=(200, 1)) + rng.normal(0.0, 10.0, size=(200, 2))
        widths.append(np.diff(central(differences))[0] / 2)
    error = np.std(widths, ddof=1) / np.sqrt(len(widths))
    assert abs(np.mean(widths) - 19.6) < 4 * error < 2.5  # without taking it out: 24.0


def test_what_may_hide_in_the_scatter_is_not_denied() -> None:
    """Where assumptions seem to do nothing, the interval is no point."""
    rng = np.random.default_rng(6)
    low, high = central(rng.normal(0.0, 10.0, size=(40, 2)))
    assert 0 < high - low < 4 * 10 / np.sqrt(2)
    assert np.diff(central(np.zeros((40, 2)))) == 0


def test_points_are_a_latin_hypercube() -> None:
    """Each range has one point in each stratum; the same seed gives the same points, and another other ones."""
    shares = hypercube(20, 5, seed=3)
    assert shares.shape == (20, 5)
    assert (np.sort((shares * 20).astype(int), axis=0) == np.arange(20)[:, None]).all()
    assert (shares == hypercube(20, 5, seed=3)).all()
    assert (shares != hypercube(20, 5, seed=4)).any()


def test_what_is_done_is_not_run_again(tmp_path: Path) -> None:
    """An interrupted run keeps its points, and goes on to what it would have found; workers change nothing."""

    class StoppedError(Exception):
        pass

    def stop(done: int) -> None:
        if done == 6:
            raise StoppedError

    path = tmp_path / "assumptions.jsonl"
    with pytest.raises(StoppedError), ReplicationLog(path) as log:
        doubt(asked(1), [row(MEAN)], 12, here, log, stop)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 7  # the park itself and six points
    path.write_text(path.read_text(encoding="utf-8")[:-9], encoding="utf-8")  # killed while it wrote the last
    progress: list[int] = []
    with ReplicationLog(path) as log:
        (again,) = doubt(asked(1), [row(MEAN)], 12, local(2), log, progress.append)
    assert progress[0] == 5
    assert progress[-1] == 12
    assert again == told(1, 12)


def test_ranges_are_asked_for() -> None:
    """Too few points, and a park that states no ranges, are refused."""
    with pytest.raises(ArgumentError, match=f"assumptions=3: give {LEAST_POINTS} or more"):
        parkflow.compare("zhifu", "reported", assumptions=3)
    with pytest.raises(ArgumentError, match="states no ranges"):
        parkflow.compare("approvals-275", "green_channel", assumptions=20)


@pytest.mark.slow
def test_two_intervals_stand_side_by_side(tmp_path: Path) -> None:
    """A comparison with assumptions has both intervals for its headline, prints them, and keeps them in its folder."""
    from parkflow.analysis.terminal.comparison_tables import comparison_tables

    result = parkflow.compare("zhifu", "reported", replications=2, assumptions=10, out=tmp_path, workers=1)
    rows = {(it["policy"], it["measure"]): it for it in result.document()["assumptions"]}
    saved = rows["reported", "days_saved"]
    (stored,) = result.rows("days_saved", "reported", "all")
    assert (saved["sampling_low"], saved["sampling_high"]) == (stored["low"], stored["high"])
    assert saved["assumptions_low"] < saved["assumptions_high"]
    assert any("Two kinds of doubt" in str(table.title) for table in comparison_tables(result, Words()))
    assert Run(tmp_path).document["assumptions"] == result.document()["assumptions"]
