"""Which levels fit: how implausible levels are by the emulators, and a sample of those that are not.

The next wave is simulated where the sample lies (history matching: Craig, Goldstein, Seheult and Smith, 1997; Vernon,
Goldstein and Bower, 2010); the last sample gives the fitted levels, their intervals and correlations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from parkflow.analysis.calibration.emulator import Emulator
from parkflow.analysis.calibration.targets import Target

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Density = Callable[[Floats], Floats]
"""Logarithm of a density at points of shape (points, parameters)."""

STEPS, KEPT = 2000, 1000
"""Steps of a sampler, and how many of the last ones are kept."""

KEPT_AWAY, MOST = 2.0, 0.4
"""By how many standard errors of a check predictions keep from the ends of a tolerance, and by what part of it at most:
draws differ, and a fit should meet its targets on others too."""

SHARP = 300.0
"""How sharply the middle of the levels that meet all tolerances, or miss them least, is cut out."""

BELIEF = 0.25
"""Standard deviation of a level about the middle of its range, where all else is equal: ranges hold 95% of belief."""

SPREAD = 2.0
"""How far a walker of the sampler goes towards another at most (Goodman and Weare, 2010)."""


@dataclass(frozen=True)
class Judge:
    """Says how likely targets are at any levels, by emulators of the simulated moments.

    `noise` are the variances that the number of replications leaves in each moment.
    """

    targets: Sequence[Target]
    emulators: Sequence[Emulator]
    noise: Floats
    errors: Floats
    """Standard error that a check of each moment has."""
    offset: Floats | None = None
    """What is added to every prediction, once one point is known from more replications."""

    def predicted(self, points: Floats) -> Iterator[tuple[Target, Floats, Floats]]:
        """Each target with the mean and variance of its moment at points of shape (points, parameters)."""
        offset = np.zeros(len(self.targets)) if self.offset is None else self.offset
        for target, emulator, more in zip(self.targets, self.emulators, offset, strict=True):
            mean, variance = emulator.predict(points)
            yield target, mean + more, variance

    def centred(self, points: Floats, values: Floats, noise: Floats) -> Judge:
        """The judge whose predictions agree with checks on average, known but for the variances `noise` of each.

        `points` has shape (checks, parameters), `values` and `noise` have shape (checks, targets).
        """
        at = np.stack([mean for _, mean, _ in self.predicted(points)], axis=1)
        known = ~np.isnan(values)
        count = np.maximum(1, known.sum(axis=0))
        offset = np.where(known, values - at, 0.0).sum(axis=0) / count
        of_one = np.where(known.any(axis=0), np.where(known, noise, 0.0).sum(axis=0) / count, self.noise)
        return replace(self, offset=offset, noise=of_one / count, errors=np.sqrt(of_one))

    def misses(self, points: Floats) -> Floats:
        """By how much targets miss their tolerances at points, squared and added up, with a minus; shape (points,).

        Each counts in its own standard deviations, and misses begin a little inside the tolerance; by a discrepancy
        that is stated a target may miss. Outside the ranges it is minus infinity.
        """
        total = np.zeros(len(points))
        for (target, mean, _), error in zip(self.predicted(points), self.errors, strict=True):
            least, most = _sought(target, float(error))
            below, above = target.deviations
            total += (np.maximum(least - mean, 0) / below) ** 2 + (np.maximum(mean - most, 0) / above) ** 2
        return np.where(_inside(points), -total, -np.inf)

    def __call__(self, points: Floats) -> Floats:
        """Logarithm of the likelihood at points of shape (points, parameters); shape (points,)."""
        total = np.zeros(len(points))
        for (target, mean, variance), noise in zip(self.predicted(points), self.noise, strict=True):
            below, above = target.deviations
            own = np.where(mean < target.value, below, above) ** 2
            sure = variance + noise + own
            total -= 0.5 * ((mean - target.value) ** 2 / sure + np.log(sure / own))
        return np.where(_inside(points), total, -np.inf)


def _sought(target: Target, error: float) -> tuple[float, float]:
    """The ends between which a moment is sought, by the standard error of a check."""
    away = min(KEPT_AWAY * error, MOST * (target.high - target.low)) - (target.discrepancy or 0.0)
    return target.low + away, target.high - away


def _inside(points: Floats) -> Bools:
    """Which points lie in the ranges."""
    inside: Bools = np.all((points >= 0) & (points <= 1), axis=1)
    return inside


def design(parameters: int, size: int, seed: int) -> Floats:
    """The points of the first wave: a Latin hypercube over the ranges; shape (size, parameters)."""
    found: Floats = qmc.LatinHypercube(parameters, seed=np.random.default_rng(seed)).random(size)
    return found


def sampled(density: Density, parameters: int, seed: int) -> Floats:
    """A sample from a density over the unit cube; shape (points, parameters).

    Walkers step along the line to another walker (Goodman and Weare, 2010), so parameters that depend on each other do
    no harm.
    """
    rng = np.random.default_rng(seed)
    half = max(12, 2 * parameters)
    walkers = rng.random((2 * half, parameters))
    heights = density(walkers)
    kept: list[Floats] = []
    for step in range(STEPS):
        for mine, others in ((slice(0, half), slice(half, None)), (slice(half, None), slice(0, half))):
            walkers[mine], heights[mine] = _stepped(density, walkers[mine], heights[mine], walkers[others], rng)
        if step >= STEPS - KEPT and step % 10 == 0:
            kept.append(walkers.copy())
    return np.concatenate(kept)


def _stepped(
    density: Density, mine: Floats, heights: Floats, others: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Walkers and their heights after one step; `mine` and `others` have shape (walkers, parameters)."""
    size, parameters = mine.shape
    stretch: Floats = np.square((SPREAD - 1) * rng.random(size) + 1) / SPREAD
    towards = others[rng.integers(len(others), size=size)]
    wanted = towards + stretch[:, None] * (mine - towards)
    there = density(wanted)
    goes = np.log(rng.random(size)) < (parameters - 1) * np.log(stretch) + there - heights
    return np.where(goes[:, None], wanted, mine), np.where(goes, there, heights)


def middle(judge: Judge, parameters: int, seed: int) -> Floats:
    """The middle of the levels at which all targets lie within their tolerances, or miss them least.

    What no target tells stays about the middle of its range.
    """

    def density(points: Floats) -> Floats:
        believed: Floats = SHARP * judge.misses(points) - 0.5 * np.sum(((points - 0.5) / BELIEF) ** 2, axis=1)
        return believed

    found: Floats = sampled(density, parameters, seed).mean(axis=0)
    return found


def next_wave(judge: Judge, parameters: int, size: int, heat: float, seed: int) -> Floats:
    """Points for the next wave: where targets are not implausible, the wider the greater the heat."""
    sample = sampled(lambda points: judge(points) / heat, parameters, seed)
    chosen = np.random.default_rng(seed).choice(len(sample), size=size, replace=False)
    found: Floats = sample[chosen]
    return found
