"""Scores against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from parkflow.analysis.mining.scores import crps, crps_followed, difference_between, pinball

LEVELS = (np.arange(20_000) + 0.5) / 20_000


def exponential(mean: float) -> np.ndarray:
    """An even sample of an exponential distribution, so that no chance is left but that of 20 000 steps."""
    return -mean * np.log1p(-LEVELS)


@pytest.mark.parametrize("observed", [0.0, 1.0, 5.0, 20.0])
def test_crps_of_an_exponential_distribution(observed: float) -> None:
    """Its closed form is y - 2m(1 - exp(-y/m)) + m/2."""
    mean = 5.0
    exact = observed - 2 * mean * (1 - np.exp(-observed / mean)) + mean / 2
    assert crps(exponential(mean), observed) == pytest.approx(exact, abs=2e-3)


def test_crps_of_a_normal_distribution() -> None:
    """Its closed form is z(2Φ(z) - 1) + 2φ(z) - 1/√π, with z the standardised observation."""
    sample = np.random.default_rng(3).normal(size=40_000)
    z = 0.7
    exact = z * (2 * ndtr(z) - 1) + 2 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi)
    error = sample.std() / np.sqrt(len(sample))
    assert crps(sample, z) == pytest.approx(exact, abs=3 * error)


def test_a_sample_of_two_is_scored_by_hand() -> None:
    """Half of |1 - 4| + |3 - 4| less half of the distance of the two."""
    assert crps(np.array([1.0, 3.0]), 4.0) == pytest.approx(2.0 - 1.0)


def test_the_score_is_fair_to_small_samples() -> None:
    """The mean score of samples of five is that of a very large one, which an unfair score would exceed."""
    random = np.random.default_rng(5)
    small = np.array([crps(random.exponential(5.0, 5), 4.0) for _ in range(4000)])
    assert small.mean() == pytest.approx(crps(exponential(5.0), 4.0), abs=3 * small.std() / np.sqrt(len(small)))


@pytest.mark.parametrize("observed", [1.0, 6.0, 30.0, np.inf])
def test_the_score_of_a_time_that_was_followed(observed: float) -> None:
    """It is the integral of the squared distance to the step, up to the last day that was watched."""
    mean, followed = 5.0, 8.0

    def distance(day: float) -> float:
        return float((1 - np.exp(-day / mean) - (day >= observed)) ** 2)

    exact = quad(distance, 0, followed, points=[min(observed, followed)])[0]
    assert crps_followed(exponential(mean), observed, followed) == pytest.approx(exact, abs=2e-3)


def test_the_score_of_a_long_watch_is_the_whole_score() -> None:
    """Beyond the greatest of the sample nothing is added."""
    sample = np.array([2.0, 3.0, 7.0, 20.0])
    assert crps_followed(sample, 5.0, 1e4) == pytest.approx(crps(sample, 5.0))


def test_who_says_never_and_is_right_loses_nothing() -> None:
    """An infinite draw never counts as happened."""
    assert crps_followed(np.full(10, np.inf), np.inf, 100.0) == 0.0
    assert crps_followed(np.full(10, np.inf), 40.0, 100.0) == pytest.approx(60.0)


def test_pinball_loss_by_hand() -> None:
    """Nine tenths of what lies above, one tenth of what lies below."""
    assert pinball(10.0, 0.9, np.array([12.0, 7.0])) == pytest.approx((0.9 * 2 + 0.1 * 3) / 2)


def test_the_difference_of_equal_scores_is_not_told_from_zero() -> None:
    """The interval of paired differences leaves out zero where they are all of one sign, and holds it by symmetry."""
    ones = np.ones(50)
    assert difference_between(2 * ones, ones) == (1.0, 1.0)
    low, high = difference_between(np.tile([1.0, -1.0], 25), np.zeros(50))
    assert low < 0 < high
