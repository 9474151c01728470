"""Intervals that hold together: the level that each of many needs so that all hold at once as often as is said.

Who reads off a table whatever is sure finds by chance one in twenty of the intervals that are 95% sure by themselves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from parkflow.analysis.measures.intervals import LEVEL, Estimate, of_mean

Floats = NDArray[np.float64]

DRAWS = 20_000
"""Draws of the greatest |t|: its quantile at 95% is known to about 0.01."""

SEED = 20_111
"""All tables see the same draws, so that a result is the same wherever it is made."""


def of_means(values: ArrayLike, level: float = LEVEL) -> list[Estimate]:
    """Means over replications with intervals that hold together; `values` has shape (quantities, replications).

    Replications in which any quantity is NaN are left out. To either side an interval reaches as far as Student's at
    the level that `joint_level` gives, or as that of `of_mean` where this reaches further: so far out, the skewness
    that few replications show may widen an interval, but is no ground to narrow it.
    """
    given = np.asarray(values, dtype=np.float64)
    kept = given[:, ~np.isnan(given).any(axis=0)]
    each = joint_level(kept, level)
    return [_wider(of_mean(one, each), one, each) for one in kept]


def _wider(skewed: Estimate, values: Floats, level: float) -> Estimate:
    """An estimate whose interval reaches as far as Student's at least."""
    if len(values) < 2:
        return skewed
    reach = float(special.stdtrit(len(values) - 1, (1 + level) / 2)) * float(values.std(ddof=1)) / np.sqrt(len(values))
    return replace(skewed, low=min(skewed.low, skewed.mean - reach), high=max(skewed.high, skewed.mean + reach))


def joint_level(values: Floats, level: float = LEVEL) -> float:
    """The level of each interval at which all hold with the probability `level`; shape (quantities, replications).

    It is that of the quantile of the greatest |t| of quantities that are correlated as these are (single-step max-t:
    Hothorn, Bretz and Westfall, Biometrical Journal 50, 2008), never wider than Bonferroni's. Correlations are drawn
    towards none by as much as they are unsure (Schäfer and Strimmer, Statistical Applications in Genetics 4, 2005):
    few replications would make many quantities seem to move as one.
    """
    moving = values[values.std(axis=1) > 0]
    count, free = len(moving), values.shape[1] - 1
    if count < 2 or free < 1:
        return level
    random = np.random.default_rng(SEED)
    normal = random.standard_normal((DRAWS, count)) @ np.linalg.cholesky(_shrunk(moving)).T
    spread = np.sqrt(random.chisquare(free, DRAWS) / free)
    greatest = float(np.quantile(np.abs(normal).max(axis=1) / spread, level))
    bonferroni = 1 - (1 - level) / count
    return float(np.clip(2 * special.stdtr(free, greatest) - 1, level, bonferroni))


def _shrunk(values: Floats) -> Floats:
    """The correlations of quantities, drawn towards none by as much as they are unsure; shape (quantities,) * 2."""
    count, replications = values.shape
    standard = (values - values.mean(axis=1, keepdims=True)) / values.std(axis=1, keepdims=True)
    correlation = standard @ standard.T / replications
    products = (standard**2) @ (standard**2).T / replications - correlation**2
    off = ~np.eye(count, dtype=bool)
    unsure, strength = float(products[off].sum()) / max(replications - 1, 1), float((correlation[off] ** 2).sum())
    share = min(1.0, unsure / strength) if strength > 0 else 1.0
    shrunk: Floats = np.where(off, (1 - share) * correlation, 1.0) + 1e-9 * np.eye(count)
    return shrunk
