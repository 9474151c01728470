"""Precision: intervals cover, control variates have the expectation they claim, and blocks are stratified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from parkflow.analysis.measures.precision import Precise, Target, first_look, least_needed, next_look, precise
from parkflow.analysis.replication.controls import Controls, expected_work
from parkflow.analysis.replication.replication import replicate
from parkflow.scenarios.load import load
from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.levers import under
from parkflow.sim.streams import BLOCK, LatinHypercube, Streams, _permuted

Floats = NDArray[np.float64]

POOL = 1500
RUNS = 400
BLOCKS = 120


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
    size = first_look(target)
    while True:
        found = precise(saved[chosen[:size]], None if controls is None else controls[chosen[:size]], stopped=True)
        following = next_look(target, size, found.half_width)
        if following == size:
            assert found.half_width <= target.half_width
            return found.low <= truth <= found.high
        size = following


def test_looks_are_few_and_end_at_the_cap() -> None:
    """The next look is where the precision should be reached, at most doubling, and never beyond the cap."""
    target = Target("days_saved", 1.0, minimum=32, maximum=300)
    assert next_look(target, 32, 0.9) == 32
    assert next_look(target, 32, 1.2) == 48
    assert next_look(target, 64, 50.0) == 128
    assert next_look(target, 256, 50.0) == 300
    assert next_look(target, 300, 50.0) == 300


def test_looks_at_blocks_are_at_whole_ones() -> None:
    """The first look is where the plain estimator has its own, for it serves until there are blocks enough."""
    target = Target("days_saved", 1.0, minimum=20, maximum=300)
    assert first_look(target, BLOCK) == 2 * BLOCK
    assert first_look(Target("days_saved", 1.0, minimum=10, maximum=10), BLOCK) == BLOCK
    assert next_look(target, 32, 1.2, BLOCK) == 48
    assert next_look(target, 288, 50.0, BLOCK) == 288


def test_least_needed_is_a_lower_bound() -> None:
    """From pilots of eight, the bound lies below what is really needed in about 95 of 100 cases."""
    rng = np.random.default_rng(3)
    really = (stats.norm.isf(0.025) * 2.0 / 0.5) ** 2
    below = [least_needed(rng.normal(0, 2, size=8), 0.5) <= really for _ in range(2000)]
    assert 0.93 < np.mean(below) < 0.97


def test_a_block_meets_every_stratum_of_every_cell() -> None:
    """16 replications have one uniform in each 16th of [0, 1), cell by cell; other blocks have other permutations."""
    blocks = [_strata(3, range(begin, begin + BLOCK)) for begin in (0, BLOCK)]
    for block in blocks:
        assert (np.sort(block, axis=0) == np.arange(BLOCK)[:, None, None]).all()
    assert (blocks[0] != blocks[1]).mean() > 0.9


def test_permutations_of_cells_are_as_good_as_random() -> None:
    """Of the 240 permutations that words stand for, one takes two given places to two given strata, whichever."""
    words = [factor << 32 | shift for factor in _each_factor() for shift in range(BLOCK)]
    images = np.array([_permuted(place, np.array(words, dtype=np.uint64)) for place in range(BLOCK)]).astype(np.int64)
    assert images.shape == (BLOCK, BLOCK * (BLOCK - 1))
    for one in range(BLOCK):
        for other in range(one):
            assert len(set((images[one] * BLOCK + images[other]).tolist())) == BLOCK * (BLOCK - 1)


def _each_factor() -> list[int]:
    """The least upper halves of words that stand for each factor."""
    return [-(-(number << 32) // (BLOCK - 1)) for number in range(BLOCK - 1)]


def _strata(seed: int, replications: Iterable[int], shape: tuple[int, ...] = (30, 3)) -> Floats:
    draws = [LatinHypercube(seed, replication).uniforms("filing", *shape) for replication in replications]
    return (np.array(draws) * BLOCK).astype(np.int64)


def test_stratified_draws_are_uniform_and_more_rows_change_none() -> None:
    """Each uniform is uniform, differs from the plain one, and rows do not depend on how many follow."""
    many = LatinHypercube(1, 5).uniforms("filing", 20_000)
    assert stats.kstest(many, "uniform").pvalue > 0.001
    np.testing.assert_array_equal(many[:10], LatinHypercube(1, 5).uniforms("filing", 10))
    assert not np.array_equal(many, Streams(1, 5).uniforms("filing", 20_000))


@pytest.fixture(scope="module")
def blocks(tiny: Mapping[str, Layout]) -> Floats:
    """Days saved in Latin hypercube blocks, of shape (blocks, replications); the world that runs draw blocks from."""
    saved = np.empty(BLOCKS * BLOCK)
    for replication in range(len(saved)):
        runs = replicate(tiny, 5, replication, LatinHypercube)
        days = {
            policy: np.mean(it.records.milestone("done") - it.reached("arrival").day) for policy, it in runs.items()
        }
        saved[replication] = days["serial"] - days["green_channel"]
    return saved.reshape(BLOCKS, BLOCK)


@pytest.mark.slow
def test_blocks_narrow_what_adds_up(blocks: Floats) -> None:
    """Their means vary less than those of independent replications: the factor is above 1 by twice its error."""
    found = precise(blocks.ravel(), block=BLOCK)
    assert found.estimator == "blocks"
    assert found.factor - 2 * found.factor_error > 1
    assert found.half_width < precise(blocks.ravel()).half_width
    assert found.factor == pytest.approx(blocks.var(ddof=1) / (BLOCK * blocks.mean(axis=1).var(ddof=1)))


@pytest.mark.slow
@pytest.mark.parametrize("wide", [0.25, 0.12])
def test_intervals_of_blocks_cover_where_a_run_stops(blocks: Floats, wide: float) -> None:
    """Of 400 runs in blocks that stop at a half-width, no fewer hold the truth than chance allows at 95% (1 in 1000).

    A wide one is reached with replications one by one, a narrow one from block means.
    """
    rng, truth = np.random.default_rng(8), float(blocks.mean())
    target = Target("days_saved", wide * float(blocks.std()), minimum=32, maximum=4096)
    ends = [_stopped(target, blocks[rng.integers(len(blocks), size=4096 // BLOCK)].ravel()) for _ in range(RUNS)]
    hits = [found.low <= truth <= found.high for found in ends]
    assert np.mean(hits) >= 0.95 - stats.norm.isf(0.001) * np.sqrt(0.95 * 0.05 / RUNS)
    assert np.mean([found.estimator == "blocks" for found in ends]) > (0.5 if wide < 0.2 else 0.0)


def _stopped(target: Target, values: Floats) -> Precise:
    """The estimate at which a run in blocks stops."""
    size = first_look(target, BLOCK)
    while True:
        found = precise(values[:size], block=BLOCK, stopped=True)
        following = next_look(target, size, found.half_width, BLOCK)
        if following == size:
            return found
        size = following


def test_few_blocks_are_taken_one_by_one() -> None:
    """With fewer than six blocks, Student's t would be wider; an unfinished block counts only one by one."""
    values = np.random.default_rng(2).normal(size=200)
    assert precise(values[:80], block=BLOCK) == precise(values[:80])
    level = np.tile(np.linspace(-1, 1, BLOCK), 12) + values[: 12 * BLOCK] / 100
    found = precise(np.append(level, [50.0, -50.0]), block=BLOCK)
    assert (found.estimator, found.count) == ("blocks", 12 * BLOCK)
    assert found.mean == pytest.approx(level.mean())
    assert found.factor > 100


def test_the_error_of_a_factor_is_the_spread_of_such_factors() -> None:
    """Over 500 runs, the factor of control variates and that of blocks spread as their errors say, by a tenth or so."""
    rng, found = np.random.default_rng(4), {"controls": [], "blocks": []}  # type: ignore[var-annotated]
    for _ in range(500):
        controls = rng.normal(size=(320, 1))
        found["controls"].append(precise(controls[:, 0] + rng.normal(size=320), controls))
        within = rng.normal(size=(20, BLOCK))
        within -= within.mean(axis=1, keepdims=True)
        found["blocks"].append(precise((within + rng.normal(size=(20, 1)) / 8).ravel(), block=BLOCK))
    for estimator, each in found.items():
        assert {one.estimator for one in each} == {estimator}
        relative = np.log([one.factor for one in each]).std()
        assert np.mean([one.factor_error / one.factor for one in each]) == pytest.approx(relative, rel=0.15)
