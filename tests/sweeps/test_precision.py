"""Precision: intervals cover, control variates have the expectation they claim, and blocks are stratified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from parkflow.analysis.measures.precision import Target, first_look, least_needed, next_look, precise
from parkflow.analysis.replication.controls import Controls, expected_work
from parkflow.analysis.replication.replication import replicate
from parkflow.scenarios.load import load
from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.levers import under
from parkflow.sim.streams import BLOCK, LatinHypercube, Streams

Floats = NDArray[np.float64]

POOL = 1500
RUNS = 400


@pytest.fixture(scope="module")
def tiny(park: str) -> Mapping[str, Layout]:
    """The tiny park, serial and green."""
    scenario = load(park)
    return {policy: Layout(under(scenario, policy)) for policy in ("serial", "green_channel")}


@pytest.fixture(scope="module")
def pool(tiny: Mapping[str, Layout]) -> tuple[Floats, Floats]:
    """Days saved and controls of many replications; the pool is the world that runs are drawn from."""
    controls = Controls(tiny["serial"])
    saved, read = np.empty(POOL), []
    for replication in range(POOL):
        runs = {policy: it.records for policy, it in replicate(tiny, 1, replication).items()}
        days = {policy: np.mean(it.milestone("done") - it.plan.cases.arrival) for policy, it in runs.items()}
        saved[replication] = days["serial"] - days["green_channel"]
        read.append(controls.read(runs["serial"].plan))
    return saved, np.array(read)


@pytest.mark.slow
@pytest.mark.parametrize("park_name", ["tiny", "zhaoqing", "approvals-275"])
def test_controls_have_expectation_zero(tiny: Mapping[str, Layout], park_name: str) -> None:
    """Their means over replications differ from zero by no more than chance allows (Bonferroni, 1 in 1000)."""
    layout = tiny["serial"] if park_name == "tiny" else Layout(under(load(park_name), "serial"))
    controls, number = Controls(layout), 300 if park_name == "tiny" else 40
    read = np.array([controls.read(make_plan(layout, 3, replication)) for replication in range(number)])
    assert read.shape == (number, len(controls.names))
    moving = read[:, read.std(axis=0) > 0]
    t = moving.mean(axis=0) / (moving.std(axis=0, ddof=1) / np.sqrt(number))
    assert moving.shape[1] > 2
    assert np.abs(t).max() < stats.t.isf(0.0005 / moving.shape[1], number - 1)


def test_expected_work_counts_every_attempt() -> None:
    """Service × (1 - 0.15^5) / (1 - 0.15), the mean number of attempts of the workload."""
    filing = load("approvals-275").activities["filing"]
    assert expected_work(filing) == pytest.approx(0.6 * (1 - 0.15**5) / (1 - 0.15))


@pytest.mark.slow
def test_controls_narrow_what_they_explain_and_are_left_where_they_do_not(pool: tuple[Floats, Floats]) -> None:
    """Arrivals and work load the queues, so days saved follow them; too few replications, or noise, fall back."""
    saved, controls = pool
    plain, fitted = precise(saved), precise(saved, controls)
    assert fitted.estimator == "controls"
    assert fitted.factor > 1.2
    assert fitted.half_width < plain.half_width
    noise = np.random.default_rng(1).standard_normal((40, 6))
    assert (
        precise(saved[:40], noise) == precise(saved[:40])
        or precise(saved[:40], noise).half_width < plain.half_width * 40
    )
    assert precise(saved[:20], controls[:20]) == precise(saved[:20])


@pytest.mark.slow
@pytest.mark.parametrize("with_controls", [False, True])
def test_sequential_intervals_cover(pool: tuple[Floats, Floats], with_controls: bool) -> None:
    """Of 400 runs that stop at a half-width, 92 to 98% have the truth in their interval; all are as narrow as asked."""
    saved, controls = pool[0], pool[1] - pool[1].mean(axis=0)
    design = np.column_stack((np.ones(POOL), controls))
    truth = float(np.linalg.lstsq(design, saved, rcond=None)[0][0]) if with_controls else float(saved.mean())
    target = Target("days_saved", 0.2 * float(saved.std()), minimum=32, maximum=1024)
    rng = np.random.default_rng(7)
    hits = [_covers(target, saved, controls if with_controls else None, truth, rng) for _ in range(RUNS)]
    assert 0.92 <= np.mean(hits) <= 0.98


def _covers(target: Target, saved: Floats, controls: Floats | None, truth: float, rng: np.random.Generator) -> bool:
    """Draw a run from the pool, stop it as a sweep does, and see whether its interval holds the truth."""
    chosen = rng.integers(len(saved), size=target.maximum)
    size = first_look(target, False)
    while True:
        found = precise(saved[chosen[:size]], None if controls is None else controls[chosen[:size]], stopped=True)
        following = next_look(target, size, found.half_width, False)
        if following == size:
            assert found.half_width <= target.half_width
            return found.low <= truth <= found.high
        size = following


def test_looks_are_few_and_end_at_the_cap() -> None:
    """The next look is where the precision should be reached, at most doubling, and never beyond the cap."""
    target = Target("days_saved", 1.0, minimum=32, maximum=300)
    assert next_look(target, 32, 0.9, False) == 32
    assert next_look(target, 32, 1.2, False) == 48
    assert next_look(target, 64, 50.0, False) == 128
    assert next_look(target, 256, 50.0, False) == 300
    assert next_look(target, 300, 50.0, False) == 300
    assert first_look(target, in_blocks=True) == 4 * BLOCK


def test_least_needed_is_a_lower_bound() -> None:
    """From pilots of eight, the bound lies below what is really needed in about 95 of 100 cases."""
    rng = np.random.default_rng(3)
    really = (stats.norm.isf(0.025) * 2.0 / 0.5) ** 2
    below = [least_needed(rng.normal(0, 2, size=8), 0.5) <= really for _ in range(2000)]
    assert 0.93 < np.mean(below) < 0.97


def test_a_block_meets_every_stratum_of_every_cell() -> None:
    """64 replications have one uniform in each 64th of [0, 1), cell by cell; other blocks have other permutations."""
    blocks = [_strata(3, range(begin, begin + BLOCK)) for begin in (0, BLOCK)]
    for block in blocks:
        assert (np.sort(block, axis=0) == np.arange(BLOCK)[:, None, None]).all()
    assert (blocks[0] != blocks[1]).mean() > 0.9


def test_permutations_of_cells_are_as_good_as_random() -> None:
    """Cells are independent: over many, two replications differ by every number of strata about equally often."""
    strata = _strata(5, (0, 19), shape=(40_000,))
    counts = np.bincount((strata[0] - strata[1]) % BLOCK, minlength=BLOCK)
    assert counts[0] == 0
    assert np.abs(counts[1:] / counts.sum() * (BLOCK - 1) - 1).max() < 0.25


def _strata(seed: int, replications: Iterable[int], shape: tuple[int, ...] = (30, 3)) -> Floats:
    draws = [LatinHypercube(seed, replication).uniforms("filing", *shape) for replication in replications]
    return (np.array(draws) * BLOCK).astype(np.int64)


def test_stratified_draws_are_uniform_and_more_rows_change_none() -> None:
    """Each uniform is uniform, differs from the plain one, and rows do not depend on how many follow."""
    many = LatinHypercube(1, 5).uniforms("filing", 20_000)
    assert stats.kstest(many, "uniform").pvalue > 0.001
    np.testing.assert_array_equal(many[:10], LatinHypercube(1, 5).uniforms("filing", 10))
    assert not np.array_equal(many, Streams(1, 5).uniforms("filing", 20_000))


@pytest.mark.slow
def test_blocks_narrow_the_interval_and_cover() -> None:
    """A mean of a smooth function of 12 uniforms: block means have far less variance, and their intervals cover."""
    truth, hits, factors = 12 * 0.5 + 12 * 0.25, [], []
    for seed in range(120):
        values = [_smooth(LatinHypercube(seed, replication)) for replication in range(8 * BLOCK)]
        found = precise(values, in_blocks=True)
        hits.append(found.low <= truth <= found.high)
        factors.append(found.factor)
    assert np.median(factors) > 5
    assert 0.89 <= np.mean(hits) <= 1.0


def _smooth(streams: Streams) -> float:
    uniform = streams.uniforms("filing", 12)
    return float(uniform.sum() + (uniform * np.roll(uniform, 1)).sum())
