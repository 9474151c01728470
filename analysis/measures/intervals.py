"""Intervals over replications, each one observation: a skewness-corrected t, and a binomial one for rare events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from parkflow.sim.roots import root

Floats = NDArray[np.float64]

LEVEL = 0.95

LONGEST = 2.0
"""How far an interval may reach to one side, as a multiple of Student's: a few replications know little of skewness."""


FEW_EVENTS = 10
"""From so many events on, the spread of a share is read off its replications."""


@dataclass(frozen=True)
class Estimate:
    """A mean over `count` replications and its interval; NaN bounds where one replication shows no spread."""

    mean: float
    low: float
    high: float
    count: int

    def within(self, least: float, most: float) -> Self:
        """The same, its bounds cut to the range of what they bound."""
        return self if np.isnan(self.low) else replace(self, low=max(self.low, least), high=min(self.high, most))


def of_mean(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Mean of one value per replication with Hall's skewness-corrected t interval; NaN replications are dropped.

    Student's t undercovers where replications are skewed, as days of a few late projects make them. Hall's cubic
    transformation of t removes the first-order effect of skewness and is the same as Student's t without any
    (Hall, Journal of the Royal Statistical Society B 54, 1992). Neither side reaches further than `LONGEST` times
    Student's: that costs 0.002 of the coverage of ten exponential values and a sixth of the length.
    """
    given = np.asarray(values, dtype=np.float64)
    kept = given[~np.isnan(given)]
    if len(kept) < 2:
        return Estimate(float(kept[0]) if len(kept) else np.nan, np.nan, np.nan, len(kept))
    mean = float(kept.mean())
    below, above = _deviations(kept - mean, level)
    return Estimate(mean, mean - below, mean + above, len(kept))


def of_share(numerators: ArrayLike, denominators: ArrayLike, level: float = LEVEL) -> Estimate:
    """A share: the ratio of sums over replications; NaN where all denominators are zero.

    The interval is that of the linearised ratio, (numerator - ratio × denominator) ÷ mean denominator. A share whose
    event was seen, or missed, fewer than `FEW_EVENTS` times has the mid-P binomial interval (Berry and Armitage, The
    Statistician 44, 1995), the denominators being its trials: so few say nothing about their own spread, and the exact
    interval of so rare an event holds it far more often than it says.
    """
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    kept = ~np.isnan(above) & ~np.isnan(below)
    above, below = above[kept], below[kept]
    count, trials = len(above), float(below.sum())
    if trials == 0:
        return Estimate(np.nan, np.nan, np.nan, count)
    share = float(above.sum()) / trials
    if count < 2:
        return Estimate(share, np.nan, np.nan, count)
    if 0.0 <= share <= 1.0 and min(share, 1.0 - share) * trials < FEW_EVENTS:
        return _mid_p(share, trials, count, level)
    less, more = _deviations((above - share * below) / below.mean(), level)
    return Estimate(share, share - less, share + more, count)


def _mid_p(share: float, trials: float, count: int, level: float) -> Estimate:
    """The binomial interval of a share of so many trials, in which half of what was seen belongs to either tail."""
    seen, tail = share * trials, (1.0 - level) / 2

    def more(chance: float) -> float:
        """How probable it is at such a chance to see more, with half of what was seen."""
        as_many = float(special.betainc(seen, trials - seen + 1, chance)) if seen > 0 else 1.0
        return (as_many + (float(special.betainc(seen + 1, trials - seen, chance)) if seen < trials else 0.0)) / 2

    low = root(lambda chance: more(chance) - tail, 0.0, 1.0) if seen > 0 else 0.0
    high = root(lambda chance: more(chance) - (1.0 - tail), 0.0, 1.0) if seen < trials else 1.0
    return Estimate(share, low, high, count)


def _deviations(centred: Floats, level: float) -> tuple[float, float]:
    """How far the interval reaches below and above the mean of values given about it."""
    count = len(centred)
    spread = float(centred.std(ddof=1))
    if spread == 0.0:
        return 0.0, 0.0
    skewness = float((centred**3).mean()) / float((centred**2).mean()) ** 1.5
    score = float(special.stdtrit(count - 1, (1 + level) / 2)) / np.sqrt(count)
    low, high = _hall(score, skewness, count), -_hall(-score, skewness, count)
    return spread * low, spread * high


def _hall(score: float, skewness: float, count: int) -> float:
    """The inverse of Hall's transformation at a score of t ÷ √n."""
    if abs(skewness) < 1e-6:
        return score
    inside = 1 + skewness * (score - skewness / (6 * count))
    transformed = 3 / skewness * (float(np.cbrt(inside)) - 1)
    return score * min(transformed / score, LONGEST)
