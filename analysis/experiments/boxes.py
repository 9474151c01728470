"""Scenario discovery: a box in the space of inputs in which something happens, by the patient rule induction method.

Friedman and Fisher, Statistics and Computing 9, 1999; Bryant and Lempert, Technological Forecasting 77, 2010.
 The box is peeled: of all inputs and both ends, the cut that leaves the densest box is made, until too little is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PEEL = 0.1
"""Share of what is left that one cut takes away, at most."""

LEAST_SHARE = 0.05
"""Share of all points that a box holds at least."""

GAIN = 0.02
"""A side is kept only where without it the density falls by this much."""


@dataclass(frozen=True)
class Box:
    """Bounds of some inputs by place, and what the box holds: `density` of interest, `coverage` of all that is."""

    bounds: Mapping[int, tuple[float, float]]
    density: float
    coverage: float
    points: int


def box_around(points: Floats, interesting: Bools) -> Box | None:
    """The box that tells best where points are of interest; None where none is, or all are.

    `points` has shape (points, inputs), as shares of the way through the ranges; a bound of 0 or 1 is none. Sides that
    hardly matter are given up again.
    """
    if not interesting.any() or interesting.all():
        return None
    sides = np.tile([0.0, 1.0], (points.shape[1], 1))
    found = [sides]
    while (peeled := _peeled(points, interesting, found[-1])) is not None:
        found.append(peeled)
    best = max(found, key=lambda it: _merit(points, interesting, it))
    return _told(points, interesting, _without_idle_sides(points, interesting, best))


def _within(points: Floats, sides: Floats) -> Bools:
    return np.asarray(((points >= sides[:, 0]) & (points <= sides[:, 1])).all(axis=1))


def _density(points: Floats, interesting: Bools, sides: Floats) -> float:
    inside = _within(points, sides)
    return float(interesting[inside].mean()) if inside.any() else 0.0


def _merit(points: Floats, interesting: Bools, sides: Floats) -> float:
    """The harmonic mean of density and coverage: a box must hold much of what is of interest, and little else."""
    inside = _within(points, sides)
    density = _density(points, interesting, sides)
    coverage = float(interesting[inside].sum() / interesting.sum())
    return 2 * density * coverage / (density + coverage) if density + coverage else 0.0


def _peeled(points: Floats, interesting: Bools, sides: Floats) -> Floats | None:
    """The densest box after one cut; None where no cut leaves enough points, or makes it denser."""
    inside = points[_within(points, sides)]
    candidates = []
    for place in range(points.shape[1]):
        for end, share in ((0, PEEL), (1, 1 - PEEL)):
            cut = sides.copy()
            cut[place, end] = np.quantile(inside[:, place], share)
            if _within(points, cut).sum() >= max(2.0, LEAST_SHARE * len(points)):
                candidates.append(cut)
    now = _density(points, interesting, sides)
    best = max(candidates, key=lambda it: _density(points, interesting, it), default=None)
    return best if best is not None and _density(points, interesting, best) > now else None


def _without_idle_sides(points: Floats, interesting: Bools, sides: Floats) -> Floats:
    """The box without sides whose loss costs next to no density."""
    for place in range(len(sides)):
        for end in (0, 1):
            wider = sides.copy()
            wider[place, end] = float(end)
            if _density(points, interesting, sides) - _density(points, interesting, wider) < GAIN:
                sides = wider
    return sides


def _told(points: Floats, interesting: Bools, sides: Floats) -> Box:
    inside = _within(points, sides)
    bounds = {place: (low, high) for place, (low, high) in enumerate(sides.tolist()) if (low, high) != (0.0, 1.0)}
    coverage = float(interesting[inside].sum() / interesting.sum())
    return Box(bounds, _density(points, interesting, sides), coverage, int(inside.sum()))


def regrets(values: Floats) -> Floats:
    """The greatest regret of each option over all points: by how much the best there exceeds it.

    `values` has shape (points, options), the greater the better; points where a value is missing count for none.
    """
    kept = values[~np.isnan(values).any(axis=1)]
    greatest: Floats = (kept.max(axis=1, keepdims=True) - kept).max(axis=0)
    return greatest


def winners(values: Floats, options: Sequence[str]) -> dict[str, float]:
    """The share of points at which each option is the best; `values` as in `regrets`."""
    kept = values[~np.isnan(values).any(axis=1)]
    best = kept.argmax(axis=1)
    return {name: float((best == place).mean()) for place, name in enumerate(options)}
