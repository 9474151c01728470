"""Families fitted to durations, of which some are cut off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from parkflow.analysis.mining.families import fit, kaplan_meier
from parkflow.sim.durations import Constant, Empirical, Exponential, Gamma, Lognormal, Weibull

Sample = Callable[[np.random.Generator], np.ndarray]
SIZE = 1500
TRUTH: dict[str, tuple[type, float, Sample]] = {
    "lognormal": (Lognormal, np.exp(2 + 0.36 / 2), lambda random: random.lognormal(2, 0.6, SIZE)),
    "gamma": (Gamma, 8.0, lambda random: random.gamma(4, 2, SIZE)),
    "weibull": (Weibull, 7 * 0.8862, lambda random: 7 * random.weibull(2.0, SIZE)),
    "exponential": (Exponential, 5.0, lambda random: random.exponential(5, SIZE)),
}


@pytest.mark.parametrize("name", list(TRUTH))
def test_the_family_is_found_though_a_third_is_cut_off(name: str) -> None:
    """Family and mean, where the mean of what ended would be far too short."""
    kind, mean, sample = TRUTH[name]
    random = np.random.default_rng(1)
    days, watched = sample(random), random.exponential(18, SIZE)
    found = fit(np.minimum(days, watched), days > watched)
    assert isinstance(found.distribution, kind)
    assert found.mean_between[0] <= mean <= found.mean_between[1]
    assert days[days <= watched].mean() < found.mean_between[0]
    assert not found.rejected


def test_intervals_cover_in_nineteen_of_twenty() -> None:
    """200 samples of 60 gamma durations, a few cut off; the tolerance is three errors of a share."""
    random, covered = np.random.default_rng(11), 0
    for _ in range(200):
        days, watched = random.gamma(4, 2, 60), random.exponential(40, 60)
        low, high = fit(np.minimum(days, watched), days > watched, "gamma").mean_between
        covered += low <= 8.0 <= high
    assert covered / 200 == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 200))


def test_what_is_always_the_same_is_a_constant() -> None:
    """A clock has no family."""
    assert fit(np.full(9, 20.0), np.zeros(9, dtype=bool)).distribution == Constant(value=20.0)


def test_few_durations_tell_a_mean_only() -> None:
    """Below eight an exponential stands for what is not known."""
    assert isinstance(fit(np.array([3.0, 4.0, 5.0]), np.zeros(3, dtype=bool)).distribution, Exponential)


def test_quantiles_take_the_place_of_a_family_that_is_rejected() -> None:
    """Two heaps, a week and eight weeks, belong to no family; their quantiles do not lie between them."""
    random = np.random.default_rng(2)
    days = np.concatenate([random.normal(7, 0.5, 200), random.normal(56, 0.5, 200)])
    found = fit(days, np.zeros(400, dtype=bool))
    assert found.rejected
    assert isinstance(found.distribution, Empirical)
    drawn = found.distribution.quantile(np.linspace(0.01, 0.99, 99))
    assert ((drawn < 10) | (drawn > 50)).mean() > 0.95


def test_none_that_ended_is_refused() -> None:
    """There is nothing to fit."""
    with pytest.raises(ValueError, match="no duration has ended"):
        fit(np.array([3.0]), np.array([True]))


def test_kaplan_meier_by_hand() -> None:
    """Of four, one is cut off at 2: the ends at 1, 3 and 4 leave 3/4, 3/8 and none."""
    ended, over = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, False]))
    assert ended.tolist() == [1.0, 3.0, 4.0]
    assert over.tolist() == pytest.approx([0.25, 0.625, 1.0])
