"""Which inputs of a function matter: elementary effects, and indices of variance, the draws being an input too.

A function is given points, one row each, whose columns are the shares of the way through the ranges of its inputs; the
last column says which draws a point meets, as a share too. So what chance does is told apart from what inputs do: it
has an index like every other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Function = Callable[[Floats], Floats]
"""Values at points of shape (points, inputs + 1); one per point, NaN where there is none."""

LEVELS = 4
"""Levels of every input in a screening, so that a step is two thirds of the range."""

RESAMPLES, LEVEL = 400, 0.95


@dataclass(frozen=True)
class Effect:
    """What one input does as it moves by its whole range: the mean of the size of its effect, the mean, and the spread.

    The interval is that of the mean size, by bootstrap over trajectories.
    """

    size: float
    low: float
    high: float
    mean: float
    spread: float


@dataclass(frozen=True)
class Index:
    """The share of the variance that an input explains alone (`first`), and with all it interacts with (`total`)."""

    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


def elementary_effects(function: Function, inputs: int, trajectories: int, seed: int) -> tuple[Effect, ...]:
    """Effects of every input by Morris' method (Technometrics 33, 1991): one input moves at a time.

    Every trajectory of inputs + 1 points meets draws of its own, and the same all along. Takes trajectories ×
    (inputs + 1) points.
    """
    rng = np.random.default_rng((seed, inputs, trajectories))
    walks, orders = zip(*(_walk(inputs, rng) for _ in range(trajectories)), strict=True)
    draws = np.repeat(np.arange(trajectories) / trajectories, inputs + 1)[:, None]
    values = function(np.hstack([np.vstack(walks), draws])).reshape(trajectories, inputs + 1)
    steps = np.diff(np.array(walks), axis=1)
    effects = np.full((trajectories, inputs), np.nan)
    for number, order in enumerate(orders):
        moved = steps[number][np.arange(inputs), order]
        effects[number, order] = np.diff(values[number]) / moved
    return tuple(_effect(column[~np.isnan(column)], rng) for column in effects.T)


def _walk(inputs: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
    """A trajectory of shape (inputs + 1, inputs), and the order in which inputs move."""
    step = LEVELS / (2 * (LEVELS - 1))
    begin = rng.integers(LEVELS // 2, size=inputs) / (LEVELS - 1)
    is_up = rng.random(inputs) < 0.5
    begin, moves = np.where(is_up, begin, begin + step), np.where(is_up, step, -step)
    order = rng.permutation(inputs)
    points = np.tile(begin, (inputs + 1, 1))
    for place, one in enumerate(order):
        points[place + 1 :, one] += moves[one]
    return points, order


def _effect(effects: Floats, rng: np.random.Generator) -> Effect:
    if len(effects) < 2:
        return Effect(*[float("nan")] * 5)
    sizes = np.abs(effects)
    again = rng.choice(sizes, (RESAMPLES, len(sizes))).mean(axis=1)
    low, high = np.quantile(again, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Effect(float(sizes.mean()), float(low), float(high), float(effects.mean()), float(effects.std(ddof=1)))


def variance_indices(function: Function, inputs: int, size: int, seed: int) -> tuple[Index, ...]:
    """Sobol' indices of every input, and last of the draws, by Saltelli's design of scrambled Sobol' points.

    `size` is a power of two. Takes size × (inputs + 3) points. A row of the design in which any value is missing
    counts for none; where less than two are left there are no indices (NaN). Intervals are by bootstrap over rows.
    """
    from scipy.stats import qmc

    sides = qmc.Sobol(2 * (inputs + 1), seed=np.random.default_rng((seed, inputs))).random(size)
    one, other = sides[:, : inputs + 1], sides[:, inputs + 1 :]
    mixed = [np.where(np.arange(inputs + 1) == place, other, one) for place in range(inputs + 1)]
    values = function(np.vstack([one, other, *mixed])).reshape(inputs + 3, size)
    there: NDArray[np.bool_] = ~np.asarray(np.isnan(values).any(axis=0))
    kept = values[:, _halved(there)]
    if kept.shape[1] < 2 or float(kept[:2].var()) == 0.0:
        return tuple(Index(*[float("nan")] * 6) for _ in range(inputs + 1))
    centred, rng = kept - kept[:2].mean(), np.random.default_rng((seed, inputs, size))
    again = rng.integers(centred.shape[1], size=(RESAMPLES, centred.shape[1]))
    resampled = np.array([_indices(centred[:, rows]) for rows in again])
    low, high = np.quantile(resampled, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    (first, total), (first_low, total_low), (first_high, total_high) = _indices(centred), low, high
    columns = (first, first_low, first_high, total, total_low, total_high)
    return tuple(Index(*map(float, row)) for row in zip(*columns, strict=True))


def _indices(values: Floats) -> Floats:
    """First and total indices, of shape (2, inputs + 1), from values of shape (inputs + 3, rows of the design)."""
    from scipy.stats import sobol_indices

    given: dict[Literal["f_A", "f_B", "f_AB"], NDArray[Any]]
    given = {"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None, :]}
    found = sobol_indices(func=given, n=values.shape[1])
    return np.array([np.ravel(found.first_order), np.ravel(found.total_order)])


def _halved(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places of the rows that are there, as many as the greatest power of two among them."""
    places = np.flatnonzero(there)
    size = len(there)
    while size > len(places):
        size //= 2
    return places[:size]


def order_of(effects: Sequence[Effect]) -> list[int]:
    """Inputs by the size of their effects, the greatest first; those without one last."""
    return sorted(range(len(effects)), key=lambda it: (np.isnan(effects[it].size), -effects[it].size))
