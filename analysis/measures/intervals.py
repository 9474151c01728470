"""Intervals over replications, each of them one observation: Student's t; the bootstrap for quantiles and ratios."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

LEVEL = 0.95
RESAMPLES = 2000
SEED = 20_230_731
"""Resampling has a fixed seed, so that the same replications always give the same interval."""


@dataclass(frozen=True)
class Estimate:
    """A mean over `count` replications and its interval; NaN bounds where one replication shows no spread."""

    mean: float
    low: float
    high: float
    count: int


def student(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Mean and Student's t interval of one value a replication; replications without a value (NaN) are dropped."""
    kept = _present(values)
    if len(kept) < 2:
        return _without_spread(kept)
    mean, error = float(kept.mean()), float(kept.std(ddof=1)) / np.sqrt(len(kept))
    half_width = float(special.stdtrit(len(kept) - 1, (1 + level) / 2) * error)
    return Estimate(mean, mean - half_width, mean + half_width, len(kept))


def bootstrap(values: ArrayLike, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """Mean and bootstrap interval of one value a replication, such as a quantile; NaN replications are dropped."""
    kept = _present(values)
    if len(kept) < 2:
        return _without_spread(kept)
    means = _resampled(kept, resamples, seed) / len(kept)
    return _percentiles(float(kept.mean()), means, len(kept), level)


def bootstrap_ratio(
    numerators: ArrayLike,
    denominators: ArrayLike,
    seed: int = SEED,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Ratio of sums over replications, with a bootstrap interval over them; NaN where all denominators are zero."""
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    kept = ~np.isnan(above) & ~np.isnan(below)
    above, below = above[kept], below[kept]
    ratio = _divided(above.sum(), below.sum())
    if len(above) < 2 or np.isnan(ratio):
        return Estimate(float(ratio), np.nan, np.nan, len(above))
    ratios = _divided(_resampled(above, resamples, seed), _resampled(below, resamples, seed))
    return _percentiles(float(ratio), ratios[~np.isnan(ratios)], len(above), level)


def _present(values: ArrayLike) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    return given[~np.isnan(given)]


def _without_spread(kept: Floats) -> Estimate:
    return Estimate(float(kept[0]) if len(kept) else np.nan, np.nan, np.nan, len(kept))


def _resampled(values: Floats, resamples: int, seed: int) -> Floats:
    """Sums of `resamples` samples with replacement. Not a BLAS product, whose last bit depends on threads."""
    sums: Floats = np.einsum("rn,n->r", _times_chosen(len(values), resamples, seed), values)
    return sums


@lru_cache(maxsize=8)
def _times_chosen(count: int, resamples: int, seed: int) -> Floats:
    """How often each of `count` replications is in each resample; shape (resamples, count)."""
    chosen = np.random.default_rng(seed).integers(count, size=(resamples, count))
    flat = (chosen + count * np.arange(resamples)[:, None]).ravel()
    return np.bincount(flat, minlength=resamples * count).reshape(resamples, count).astype(np.float64)


def _percentiles(mean: float, resampled: Floats, count: int, level: float) -> Estimate:
    """The expanded percentile interval: as wide as Student's t for few replications (Hesterberg, Am. Stat. 2015)."""
    score = np.sqrt(count / (count - 1)) * special.stdtrit(count - 1, (1 + level) / 2)
    low, high = np.quantile(resampled, [special.ndtr(-score), special.ndtr(score)])
    return Estimate(mean, float(low), float(high), count)


def _divided(above: ArrayLike, below: ArrayLike) -> Floats:
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    ratios: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return ratios
