"""An emulator: what a simulated moment is at levels that were not simulated, and how sure that is.

It is a Gaussian process whose covariance makes smooth quadratic surfaces, with a relevance of its own for each
parameter. The noise is what the surface leaves open, the draws of the replications included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_START = {"relevance": -2.0, "curvature": -3.0, "noise": -3.0}
_BOUNDS = {"relevance": (-12.0, 4.0), "curvature": (-10.0, 3.0), "noise": (-11.0, 1.0)}
"""Logarithms of variances, against that of the values: where the search begins, and how far it goes."""

_CONSTANT = 10.0
"""Variance of the level of the surface, against that of the values: as good as unknown."""


_IDLE = 1e-4
"""A relevance below this moves nothing that could be seen."""


@dataclass(frozen=True)
class Emulator:
    """A surface through simulated values: `predict` gives its height and variance at other levels."""

    active: Ints
    """Numbers of the parameters that matter."""
    scales: Floats
    """How much each of these bends the surface; shape (active,)."""
    curvature: float
    weights: Floats
    spread: Floats
    """Means of the coefficients of the surface, and their covariance; shapes (features,) and (features, features)."""
    centre: float
    scale: float

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Mean and variance at points of shape (others, parameters); two arrays of shape (others,)."""
        features = _features(points[:, self.active], self.scales, self.curvature)
        variance = np.einsum("ij,ij->i", features @ self.spread, features)
        return self.centre + self.scale * (features @ self.weights), self.scale**2 * variance


def fitted(points: Floats, values: Floats) -> Emulator:
    """The emulator of values at points; the arrays have shapes (points, parameters) and (points,).

    Relevances, curvature and noise are those under which the values are most likely.
    """
    centre, scale = float(values.mean()), float(values.std()) or 1.0
    scaled, number = (values - centre) / scale, points.shape[1]
    kinds = (*["relevance"] * number, "curvature", "noise")
    found = minimize(
        _cost(points, scaled),
        np.array([_START[kind] for kind in kinds]),
        jac=True,
        method="L-BFGS-B",
        bounds=[_BOUNDS[kind] for kind in kinds],
        options={"maxiter": 200},
    )
    relevance, (curvature, noise) = np.exp(found.x[:number]), np.exp(found.x[number:])
    active = np.flatnonzero(relevance > _IDLE)
    scales = np.sqrt(relevance[active])
    features = _features(points[:, active], scales, float(curvature))
    spread = np.linalg.inv(features.T @ features / noise + np.eye(features.shape[1]))
    weights = spread @ features.T @ scaled / noise
    return Emulator(active, scales, float(curvature), weights, spread, centre, scale)


def _features(points: Floats, scales: Floats, curvature: float) -> Floats:
    """Constant, levels, and products of two levels, so scaled that their inner products are the covariance.

    `points` has shape (points, active); the result has 1 + n + n (n + 1) / 2 columns for n active parameters.
    """
    levels = _centred(points) * scales
    one, other = np.triu_indices(levels.shape[1])
    products = levels[:, one] * levels[:, other] * np.sqrt(curvature * np.where(one == other, 1.0, 2.0))
    return np.column_stack((np.full(len(points), np.sqrt(_CONSTANT)), levels, products))


def _centred(points: Floats) -> Floats:
    """Levels from -1 to 1."""
    return 2 * points - 1


def _cost(points: Floats, values: Floats) -> Callable[[Floats], tuple[float, Floats]]:
    """Minus the logarithm of the likelihood of the values, and its gradient, by the logarithms of the variances."""
    centred, size, number = _centred(points), *points.shape

    def cost(logs: Floats) -> tuple[float, Floats]:
        variances = np.exp(logs)
        relevance, curvature, noise = variances[:number], variances[number], variances[number + 1]
        inner = (centred * relevance) @ centred.T
        covariance = _CONSTANT + inner + curvature * inner**2 + noise * np.eye(size)
        factor = cho_factor(covariance, lower=True)
        weights, inverse = cho_solve(factor, values), cho_solve(factor, np.eye(size))
        slope = inverse - np.outer(weights, weights)
        steep = slope * (1 + 2 * curvature * inner)
        by_relevance = relevance * np.einsum("ij,ik,jk->k", steep, centred, centred, optimize=True)
        gradient = np.array([*by_relevance, curvature * (slope * inner**2).sum(), noise * np.trace(slope)])
        likelihood = values @ weights + 2 * np.log(np.diag(factor[0])).sum()
        return 0.5 * float(likelihood), 0.5 * gradient

    return cost
