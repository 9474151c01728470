"""How good a forecast was: proper scores of samples against what happened, in the unit of what is forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def crps(sample: Floats, observed: float) -> float:
    """Continuous ranked probability score of a sample, fair to its size (Ferro, 2014): the less the better.

    The mean distance to what happened less half the mean distance of two of the sample, in the unit of both.
    """
    ordered, size = np.sort(sample), len(sample)
    if size < 2:
        return float(np.abs(sample - observed).mean())
    apart = 2 * float((ordered * (2 * np.arange(size) - size + 1)).sum()) / (size * (size - 1))
    return float(np.abs(ordered - observed).mean()) - apart / 2


def crps_followed(sample: Floats, observed: float, followed: float) -> float:
    """The same score of a time that was watched for `followed` days only, and may never come (infinite).

    It is the integral over those days of the squared distance between the sample's distribution function and the step
    at what happened, which is proper whatever happens later (threshold-weighted, Gneiting and Ranjan, 2011).
    """
    inner = np.sort(sample[sample < followed])
    edges = np.concatenate(([0.0], np.maximum(inner, 0.0), [followed]))
    share = np.arange(len(inner) + 1) / len(sample)
    widths = np.diff(edges)
    if observed < followed:
        at = int(np.searchsorted(edges, observed, side="right")) - 1
        edges = np.insert(edges, at + 1, observed)
        share, widths = np.insert(share, at + 1, share[at]), np.diff(edges)
    happened = edges[:-1] >= observed
    fair = share * (1 - share) / max(len(sample) - 1, 1)
    return float((((share - happened) ** 2 - fair) * widths).sum())


def pinball(quantile: float, level: float, observed: Floats) -> float:
    """Mean pinball loss of a quantile at a level from 0 to 1: what lies above it costs `level`, below it the rest."""
    missed = observed - quantile
    return float(np.maximum(level * missed, (level - 1) * missed).mean())


def difference_between(first: Floats, second: Floats, seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """95% bootstrap interval of the mean difference of paired scores, one entry per case in each array."""
    apart = first - second
    drawn = np.random.default_rng(seed).integers(0, len(apart), (rounds, len(apart)))
    low, high = np.quantile(apart[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
