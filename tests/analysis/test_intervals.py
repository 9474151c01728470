"""Intervals: what they cover is counted on samples whose mean is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from parkflow.analysis.measures.intervals import Estimate, bootstrap, bootstrap_ratio, student
from parkflow.analysis.measures.precision import precise

SAMPLES = 2000
WIDTH = 0.025
"""A resampled mean of so few values is not quite normal: by less than this in the width of its interval."""


def coverage(estimates: list[Estimate], truth: float) -> tuple[float, float]:
    """Share of intervals that hold the truth, and its standard error if they held it 95 times in 100."""
    held = np.mean([estimate.low <= truth <= estimate.high for estimate in estimates])
    return float(held), float(np.sqrt(0.95 * 0.05 / len(estimates)))


def test_student_is_the_textbook_interval() -> None:
    """The same bounds as SciPy's t distribution gives."""
    values = np.array([3.0, 5.0, 4.0, 8.0])
    low, high = stats.t.interval(0.9, 3, values.mean(), stats.sem(values))
    found = student(values, level=0.9)
    assert (found.mean, found.count) == (5.0, 4)
    assert [found.low, found.high] == pytest.approx([low, high])


def test_student_covers_the_mean_of_few_replications() -> None:
    """Of intervals from five normal values, 95% hold the mean, within four standard errors of that share."""
    rng = np.random.default_rng(1)
    held, error = coverage([student(rng.normal(3.0, 2.0, 5)) for _ in range(SAMPLES)], 3.0)
    assert abs(held - 0.95) < 4 * error


def test_bootstrap_covers_nearly_as_well_from_ten_replications() -> None:
    """A percentile interval without the correction for few replications would hold the mean about 90 times in 100."""
    rng = np.random.default_rng(2)
    held, error = coverage([bootstrap(rng.normal(3.0, 2.0, 10)) for _ in range(SAMPLES)], 3.0)
    assert abs(held - 0.95) < 0.02 + 4 * error


@pytest.mark.parametrize("count", [8, 12])
def test_bootstrap_is_as_wide_as_student_where_the_sample_is_normal(count: int) -> None:
    """Its correction for few replications is exact there; without either factor it is 4% to 17% narrower."""
    values = stats.norm.ppf((np.arange(count) + 0.5) / count)
    found, textbook = bootstrap(values, resamples=200_000), student(values)
    assert found.high - found.low == pytest.approx(textbook.high - textbook.low, rel=WIDTH)


def test_a_run_that_was_stopped_by_its_interval_has_a_wider_one() -> None:
    """By 2 ÷ degrees of freedom, at both ends."""
    values = np.random.default_rng(5).normal(size=12)
    plain, stopped = precise(values), precise(values, stopped=True)
    assert stopped.mean == plain.mean
    assert stopped.half_width == pytest.approx(plain.half_width * (1 + 2 / 11))


def test_bootstrap_ratio_covers_the_ratio_of_expectations() -> None:
    """Numerator and denominator vary together, as solved and found issues do."""
    rng = np.random.default_rng(3)
    found = rng.poisson(40, (SAMPLES, 12))
    solved = rng.binomial(found, 0.7)
    held, error = coverage([bootstrap_ratio(s, f) for s, f in zip(solved, found, strict=True)], 0.7)
    assert abs(held - 0.95) < 0.03 + 4 * error


def test_a_ratio_is_of_sums_not_of_replications() -> None:
    """A replication with nothing in the denominator adds nothing, and is no error."""
    found = bootstrap_ratio([1.0, 3.0, 0.0], [1.0, 7.0, 0.0])
    assert (found.mean, found.count) == (0.5, 3)
    assert found.low <= 0.5 <= found.high


def test_replications_without_a_value_are_dropped() -> None:
    """NaN means that there was nothing to measure."""
    assert student([1.0, np.nan, 3.0]) == student([1.0, 3.0])
    assert bootstrap([1.0, np.nan, 3.0]) == bootstrap([1.0, 3.0])
    assert bootstrap_ratio([1.0, np.nan, 3.0], [2.0, 1.0, 4.0]) == bootstrap_ratio([1.0, 3.0], [2.0, 4.0])


def test_one_replication_shows_no_spread_and_none_no_mean() -> None:
    """Bounds are NaN rather than a false certainty."""
    for found in (student([4.0]), bootstrap([4.0]), bootstrap_ratio([8.0], [2.0])):
        assert (found.mean, found.count) == (4.0, 1)
        assert np.isnan([found.low, found.high]).all()
    for found in (student([]), bootstrap([np.nan]), bootstrap_ratio([], []), bootstrap_ratio([0.0, 0.0], [0.0, 0.0])):
        assert np.isnan([found.mean, found.low, found.high]).all()


def test_the_same_replications_give_the_same_interval() -> None:
    """Resampling is seeded; another seed gives other bounds."""
    values = np.random.default_rng(4).exponential(size=30)
    assert bootstrap(values) == bootstrap(values)
    assert bootstrap(values) != bootstrap(values, seed=1)


def test_without_spread_an_interval_is_a_point() -> None:
    """Replications that agree leave no doubt."""
    assert student([2.0] * 5) == bootstrap([2.0] * 5) == Estimate(2.0, 2.0, 2.0, 5)
