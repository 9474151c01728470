"""Which inputs matter: functions whose indices are known in closed form, and chance told apart from inputs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.analysis.experiments.screening import Index, elementary_effects, order_of, variance_indices

Floats = NDArray[np.float64]

A, B = 7.0, 0.1


def ishigami(points: Floats) -> Floats:
    """The sum sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁, each x from −π to π; the draws do nothing."""
    x, y, z = (np.pi * (2 * points[:, place] - 1) for place in range(3))
    values: Floats = np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)
    return values


def holds(index: Index, first: float, total: float) -> bool:
    """Whether both intervals hold the true values."""
    return index.first_low <= first <= index.first_high and index.total_low <= total <= index.total_high


def test_the_indices_of_ishigami_are_those_of_the_textbook() -> None:
    """Within intervals, and the third input works through the first alone."""
    variance = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    alone = (0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0)
    together = 8 * B**2 * np.pi**8 / 225
    *found, draws = variance_indices(ishigami, 3, 2048, 1)
    for index, first, more in zip(found, alone, (together, 0.0, together), strict=True):
        assert holds(index, first / variance, (first + more) / variance)
    assert found[2].first_high < 0.1 < found[2].total_low
    assert (draws.first, draws.total) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_the_indices_of_the_g_function_are_those_of_the_textbook() -> None:
    """Products of |4 x − 2| + a over 1 + a: the smaller a, the more an input matters."""
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    parts = 1 / (3 * (1 + weights) ** 2)
    variance = np.prod(1 + parts) - 1

    def g(points: Floats) -> Floats:
        values: Floats = np.prod((np.abs(4 * points[:, :5] - 2) + weights) / (1 + weights), axis=1)
        return values

    found = variance_indices(g, 5, 4096, 2)[:5]
    totals = parts * np.prod(1 + parts) / (1 + parts) / variance
    right = [holds(it, part / variance, total) for it, part, total in zip(found, parts, totals, strict=True)]
    assert sum(right) >= 4  # of ten intervals of 95% one may miss
    assert order_of(elementary_effects(g, 5, 40, 2)) == [0, 1, 2, 3, 4]


def noisy(points: Floats) -> Floats:
    """Twice the first input, nothing of the second, and a draw that the last column stands for."""
    rngs = [np.random.default_rng([3, int(share * 2**40)]) for share in points[:, -1]]
    values: Floats = 2 * points[:, 0] + np.array([rng.normal(0, 2 / np.sqrt(12)) for rng in rngs])
    return values


def test_chance_has_an_index_of_its_own_and_an_input_that_does_nothing_has_none() -> None:
    """Input and draws explain half of the variance each; the interval of the idle input holds zero."""
    one, idle, draws = variance_indices(noisy, 2, 1024, 3)
    assert holds(one, 0.5, 0.5)
    assert holds(draws, 0.5, 0.5)
    assert idle.first_low <= 0.0 <= idle.first_high
    assert idle.total == pytest.approx(0.0, abs=1e-9)


def test_of_noise_alone_every_input_is_idle() -> None:
    """All of the variance is that of the draws."""
    *inputs, draws = variance_indices(lambda points: noisy(points) - 2 * points[:, 0], 3, 512, 4)
    assert all(it.first_low <= 0.0 <= it.first_high for it in inputs)
    assert draws.total_low <= 1.0 <= draws.total_high


def test_the_effect_of_a_slope_is_the_slope_whatever_the_draws() -> None:
    """A trajectory meets the same draws all along, so that chance cancels; the sign is told, and the spread is none."""
    up, idle = elementary_effects(noisy, 2, 10, 5)
    assert (up.size, up.mean, up.spread, up.low, up.high) == pytest.approx((2.0, 2.0, 0.0, 2.0, 2.0))
    assert idle.size == pytest.approx(0.0, abs=1e-9)
    down, _ = elementary_effects(lambda points: -noisy(points), 2, 10, 5)
    assert (down.size, down.mean) == pytest.approx((2.0, -2.0))


def test_the_derivative_of_a_queue_is_found() -> None:
    """The mean wait of M/M/1 at loads from 0.5 to 0.6: the mean slope over the range is that of its ends' secants."""

    def wait(points: Floats) -> Floats:
        load = 0.5 + 0.1 * points[:, 0]
        return load / (1 - load)

    [effect] = elementary_effects(wait, 1, 200, 6)
    secants = [
        (wait(np.array([[b, 0.0]])) - wait(np.array([[a, 0.0]])))[0] / (b - a) for a, b in ((0, 2 / 3), (1 / 3, 1))
    ]
    assert min(secants) <= effect.size <= max(secants)
    assert effect.low <= float(np.mean(secants)) <= effect.high


def test_rows_with_a_missing_value_count_for_none() -> None:
    """Where a park cannot be, there is nothing to measure; the rest is enough, or nothing is said."""

    def holed(points: Floats) -> Floats:
        return np.where(points[:, 1] < 0.02, np.nan, points[:, 0])

    one, _, _ = variance_indices(holed, 2, 512, 7)
    assert holds(one, 1.0, 1.0)
    assert all(np.isnan(it.first) for it in variance_indices(lambda points: points[:, 0] * np.nan, 2, 64, 7))
    assert np.isnan(elementary_effects(lambda points: points[:, 0] * np.nan, 1, 4, 7)[0].size)
