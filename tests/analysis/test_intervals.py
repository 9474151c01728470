"""Intervals: what they cover is counted on samples whose mean is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from parkflow.analysis.measures.intervals import Estimate, of_mean, of_share
from parkflow.analysis.measures.precision import precise

SAMPLES = 4000
LEAST, MOST = 0.92, 0.98
"""What the coverage of an interval called 95% may be; the error of counting it comes on top."""

Draw = Callable[[np.random.Generator, tuple[int, int]], NDArray[np.float64]]

SKEWED: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, shape: rng.normal(3.0, 2.0, shape), 3.0),
    "uniform": (lambda rng, shape: rng.random(shape), 0.5),
    "gamma, skewness 1": (lambda rng, shape: rng.gamma(4.0, 1.0, shape), 4.0),
    "exponential, skewness 2": (lambda rng, shape: rng.exponential(1.0, shape), 1.0),
    "mirrored exponential": (lambda rng, shape: -rng.exponential(1.0, shape), -1.0),
}


def covers(estimates: list[Estimate], truth: float) -> bool:
    """Whether the intervals hold the truth often enough and not too often, but for four standard errors of counting."""
    held = float(np.mean([estimate.low <= truth <= estimate.high for estimate in estimates]))
    error = float(np.sqrt(0.95 * 0.05 / len(estimates)))
    return LEAST - 4 * error <= held <= MOST + 4 * error


def test_without_skewness_the_interval_is_students_of_the_textbook() -> None:
    """The same bounds as SciPy's t distribution gives."""
    values = np.array([3.0, 5.0, 6.0, 8.0])
    low, high = stats.t.interval(0.9, 3, values.mean(), stats.sem(values))
    found = of_mean(values, level=0.9)
    assert (found.mean, found.count) == (5.5, 4)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize("count", [10, 24])
@pytest.mark.parametrize("kind", SKEWED)
def test_intervals_of_means_cover(kind: str, count: int) -> None:
    """From symmetric to exponential replications."""
    draw, truth = SKEWED[kind]
    samples = draw(np.random.default_rng(1), (SAMPLES, count))
    assert covers([of_mean(sample) for sample in samples], truth)


def test_skewed_replications_miss_alike_on_both_sides() -> None:
    """Student's t lies below the mean of exponential replications many times more often than above it."""
    samples = np.random.default_rng(2).exponential(1.0, (SAMPLES, 24))
    found = [of_mean(sample) for sample in samples]
    below, above = (np.mean([it.high < 1.0 for it in found]), np.mean([it.low > 1.0 for it in found]))
    half = 1.96 * samples.std(axis=1, ddof=1) / np.sqrt(24)
    student_below = np.mean(samples.mean(axis=1) + half < 1.0)
    assert below < student_below - 4 * np.sqrt(0.05 / SAMPLES)
    assert abs(below - above) < 0.5 * student_below


def test_a_single_odd_replication_does_not_stretch_an_interval_without_end() -> None:
    """Hall's interval of these days would reach from 233, 115 days below their mean and 21 above it."""
    values = np.array([352.0, 361.0, 357.0, 349.0, 360.0, 311.0])
    found = of_mean(values)
    low, high = stats.t.interval(0.95, 5, values.mean(), stats.sem(values))
    assert found.mean - found.low == pytest.approx(2 * (found.mean - low))
    assert found.high - found.mean < high - found.mean


@pytest.mark.parametrize("share", [0.03, 0.3, 0.7])
def test_intervals_of_shares_cover(share: float) -> None:
    """Numerator and denominator vary together, as solved and found issues do."""
    rng = np.random.default_rng(3)
    found = rng.poisson(40, (SAMPLES, 12))
    solved = rng.binomial(found, share)
    assert covers([of_share(s, f).within(0.0, 1.0) for s, f in zip(solved, found, strict=True)], share)


def more(seen: int, chance: float) -> float:
    """How probable it is to see more of 240 trials, with half of what was seen: SciPy's binomial distribution."""
    return float(stats.binom.sf(seen, 240, chance) + stats.binom.pmf(seen, 240, chance) / 2)


def test_a_share_without_an_event_has_the_bound_of_half_its_chance() -> None:
    """That at which nothing would be seen in 240 trials 5 times in 100; the mirror image where everything was."""
    trials = [24.0] * 10
    never, always = of_share([0.0] * 10, trials), of_share(trials, trials)
    assert (never.mean, never.low) == (0.0, 0.0)
    assert never.high == pytest.approx(1.0 - 0.05 ** (1 / 240))
    assert (always.mean, always.high) == (1.0, 1.0)
    assert always.low == pytest.approx(1.0 - never.high)


def test_a_share_with_few_events_has_the_mid_p_interval() -> None:
    """Four of 240 trials, and four that are missing; from ten events on the spread of the replications counts."""
    trials = [24.0] * 10
    rare, usual = of_share([1.0] * 4 + [0.0] * 6, trials), of_share([23.0] * 4 + [24.0] * 6, trials)
    assert (more(4, rare.low), more(4, rare.high)) == pytest.approx((0.025, 0.975))
    assert (usual.low, usual.high) == pytest.approx((1.0 - rare.high, 1.0 - rare.low))
    assert of_share([1.0] * 10, trials).low == of_share([1.0] * 10, trials).high


@pytest.mark.parametrize("expected", [1.2, 1.7, 2.4, 4.6])
def test_intervals_of_rare_events_hold_what_they_are_about(expected: float) -> None:
    """So many of 240 projects lose; the exact interval of Clopper and Pearson would hold the first two in 99%."""
    rng = np.random.default_rng(4)
    seen = rng.binomial(24, expected / 240, (SAMPLES, 10))
    assert covers([of_share(some, [24.0] * 10).within(0.0, 1.0) for some in seen], expected / 240)


def test_a_run_that_was_stopped_by_its_interval_has_a_wider_one() -> None:
    """By 2 ÷ degrees of freedom, at both ends."""
    values = np.random.default_rng(5).normal(size=12)
    plain, stopped = precise(values), precise(values, stopped=True)
    assert stopped.mean == plain.mean
    assert stopped.half_width == pytest.approx(plain.half_width * (1 + 2 / 11))


def test_a_share_is_of_sums_not_of_replications() -> None:
    """A replication with nothing in the denominator adds nothing, and is no error."""
    found = of_share([1.0, 3.0, 0.0], [1.0, 7.0, 0.0])
    assert (found.mean, found.count) == (0.5, 3)
    assert found.low <= 0.5 <= found.high


def test_bounds_stay_within_the_range_of_what_they_bound() -> None:
    """A share is no more than everything, and a missing bound stays missing."""
    wide = Estimate(0.9, 0.7, 1.1, 4)
    assert wide.within(0.0, 1.0) == Estimate(0.9, 0.7, 1.0, 4)
    assert Estimate(0.1, -0.1, 0.3, 4).within(0.0, 1.0).low == 0.0
    assert np.isnan(of_mean([4.0]).within(0.0, 1.0).high)


def test_replications_without_a_value_are_dropped() -> None:
    """NaN means that there was nothing to measure."""
    assert of_mean([1.0, np.nan, 3.0]) == of_mean([1.0, 3.0])
    assert of_share([1.0, np.nan, 3.0], [2.0, 1.0, 4.0]) == of_share([1.0, 3.0], [2.0, 4.0])


def test_one_replication_shows_no_spread_and_none_no_mean() -> None:
    """Bounds are NaN rather than a false certainty."""
    for found in (of_mean([4.0]), of_share([8.0], [2.0]), of_share([0.0], [2.0])):
        assert found.count == 1
        assert np.isnan([found.low, found.high]).all()
    for found in (of_mean([]), of_mean([np.nan]), of_share([], []), of_share([0.0, 0.0], [0.0, 0.0])):
        assert np.isnan([found.mean, found.low, found.high]).all()


def test_without_spread_an_interval_is_a_point() -> None:
    """Replications that agree leave no doubt."""
    assert of_mean([2.0] * 5) == Estimate(2.0, 2.0, 2.0, 5)
