"""The emulator finds surfaces that are known, and the sampler densities that are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.analysis.calibration.emulator import Emulator, _cost, fitted
from parkflow.analysis.calibration.matching import Judge, design, sampled
from parkflow.analysis.calibration.targets import Target

Floats = NDArray[np.float64]


def surface(points: Floats) -> Floats:
    """A quadratic surface in three of six parameters."""
    found: Floats = 3 * points[:, 0] - 2 * points[:, 1] + 2 * points[:, 0] * points[:, 3] + points[:, 1] ** 2
    return found


def emulator(noise: float = 0.1) -> Emulator:
    """An emulator of the surface from 90 noisy points."""
    rng = np.random.default_rng(3)
    points = design(6, 90, seed=3)
    return fitted(points, surface(points) + noise * rng.standard_normal(90))


def test_an_emulator_finds_the_surface_and_says_how_sure_it_is() -> None:
    made, others = emulator(), np.random.default_rng(4).random((400, 6))
    mean, variance = made.predict(others)
    error = mean - surface(others)
    assert set(made.active) >= {0, 1, 3}
    assert np.abs(error).max() < 0.2
    assert np.mean(np.abs(error) < 1.96 * np.sqrt(variance)) > 0.85


def test_an_emulator_is_less_sure_of_noisy_values() -> None:
    sure, unsure = (emulator(noise).predict(np.full((1, 6), 0.5))[1][0] for noise in (0.01, 1.0))
    assert unsure > 100 * sure


def test_the_gradient_is_that_of_the_likelihood() -> None:
    points = design(3, 25, seed=1)
    cost = _cost(points, surface(np.column_stack((points, points))))
    at = np.array([-1.0, 0.3, -2.0, -1.5, -2.5])
    steps = 1e-5 * np.eye(5)
    slopes = [(cost(at + step)[0] - cost(at - step)[0]) / 2e-5 for step in steps]
    assert cost(at)[1] == pytest.approx(slopes, rel=1e-4)


def test_the_sampler_gives_the_moments_of_a_density() -> None:
    """Two parameters that depend on each other, and one that nothing is known of: it stays uniform."""
    precise = np.linalg.inv(np.array([[0.01, 0.008], [0.008, 0.01]]))

    def density(points: Floats) -> Floats:
        away = points[:, :2] - 0.5
        inside = np.all((points >= 0) & (points <= 1), axis=1)
        return np.where(inside, -0.5 * np.einsum("ij,jk,ik->i", away, precise, away), -np.inf)

    sample = sampled(density, 3, seed=2)
    assert sample.mean(axis=0) == pytest.approx([0.5] * 3, abs=0.02)
    assert sample.std(axis=0) == pytest.approx([0.1, 0.1, 12**-0.5], abs=0.02)
    assert np.corrcoef(sample.T).flat[1] == pytest.approx(0.8, abs=0.05)


def test_targets_pull_by_their_tolerance_and_noise_loosens_them() -> None:
    target = Target.model_validate(
        {"id": "t", "what": "days", "from": "a", "to": "b", "value": 2, "low": 1.8, "high": 2.2, "discrepancy": 0}
    )
    made = emulator(0.01)
    on, off = np.array([[0.5, 0.1, 0.5, 0.5, 0.5, 0.5]]), np.array([[0.2, 0.5, 0.5, 0.5, 0.5, 0.5]])
    tight, loose = (Judge([target], [made], np.array([noise]), np.zeros(1)) for noise in (0.0, 1.0))
    assert tight(on)[0] > tight(off)[0] + 20
    assert loose(on)[0] - loose(off)[0] < 2
    assert tight(np.array([[1.1, 0.5, 0.5, 0.5, 0.5, 0.5]]))[0] == -np.inf
