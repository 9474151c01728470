"""Which of several systems is best: fully sequential selection on paired observations, with an indifference zone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray
from scipy import special

from parkflow.analysis.measures.intervals import of_mean

Floats = NDArray[np.float64]

FIRST = 20
"""Replications of every system before one may be dropped: the variances of the differences rest on them."""

AT_ONCE = 4
"""Replications between two looks."""

Sample = Callable[[Sequence[int], range], Floats]
"""Values of these systems in these replications, the greater the better; shape (replications, systems)."""

Watch = Callable[[int, int], None]
"""Is told after every look how many replications the systems have had, and how many systems are left."""


@dataclass(frozen=True)
class Goal:
    """What a selection promises: the best system with this `confidence`, if no other is within `zone` of it."""

    zone: float
    confidence: float = 0.95
    first: int = FIRST
    most: int = 4000
    """Replications at which it stops without a promise."""


@dataclass(frozen=True)
class Fate:
    """What became of one system: its mean, its replications, and which system dropped it (None for the rest)."""

    mean: float
    replications: int
    dropped_by: int | None = None


@dataclass(frozen=True)
class Selection:
    """The system selected, what became of each, and replications used beside those of an equal allocation."""

    best: int
    is_promised: bool
    fates: tuple[Fate, ...]
    used: int
    equal: int


def select(sample: Sample, systems: int, goal: Goal, watch: Watch = lambda done, left: None) -> Selection:
    """The system with the greatest mean, by procedure KN++ (Kim and Nelson, Operations Research 54, 2006).

    All systems that are left get the same replications, with common random numbers. At every look, one that lies
    further below another than chance explains is dropped for good; the variances of all differences are estimated anew
    from all replications so far. Where the mean of the best exceeds every other by `goal.zone` at least, it is selected
    with probability `goal.confidence` or more, as replications are many; where some lie closer, one of these is.
    A replication in which some system shows nothing (NaN) counts for none; where none counts, nothing is promised.
    """
    left = list(range(systems))
    fates: dict[int, Fate] = {}
    values, begin = np.empty((0, systems)), 0
    while len(left) > 1 and begin < goal.most:
        size = min(goal.first if begin == 0 else AT_ONCE, goal.most - begin)
        more = np.full((size, systems), np.nan)
        more[:, left] = sample(left, range(begin, begin + size))
        values, begin = np.concatenate([values, more]), begin + size
        kept = values[~np.isnan(values[:, left]).any(axis=1)]
        if not len(kept):
            break
        for system, by in _dropped(kept[:, left], systems, goal).items():
            fates[left[system]] = Fate(float(kept[:, left[system]].mean()), begin, left[by])
        left = [system for system in left if system not in fates]
        watch(begin, len(left))
    means = [of_mean(values[:, system]).mean for system in left]
    fates |= {system: Fate(mean, begin) for system, mean in zip(left, means, strict=True)}
    ordered = tuple(fates[system] for system in range(systems))
    best = left[int(np.argmax(means))]
    used = sum(fate.replications for fate in ordered)
    return Selection(best, len(left) == 1, ordered, used, systems * _equal(values[: goal.first], goal))


def _dropped(values: Floats, systems: int, goal: Goal) -> dict[int, int]:
    """Which of the columns is dropped, and by which; `values` has shape (replications, systems left)."""
    count = len(values)
    if count < goal.first:
        return {}
    means, reach = values.mean(axis=0), _reach(count, systems, goal)
    differences = means[None, :] - means[:, None]  # by how much the column leads the row
    allowed = np.maximum(0.0, reach * _variances(values) / goal.zone - goal.zone / 2)
    leads = differences - allowed
    np.fill_diagonal(leads, -inf)
    by = leads.argmax(axis=1)
    # of two that are the same in every replication, the later one goes
    return {row: int(by[row]) for row in range(len(by)) if (leads[row, by[row]], row) > (0.0, by[row])}


def _reach(count: int, systems: int, goal: Goal) -> float:
    """The factor of variance ÷ zone in the allowed difference of two means after so many replications.

    The probability of a wrong selection is shared among the other systems (Bonferroni), as dependent ones require.
    """
    error = (1.0 - goal.confidence) / (systems - 1)
    eta = float((2.0 * error) ** (-2.0 / (count - 1)) - 1.0) / 2.0
    return eta * (count - 1) / count


def _variances(values: Floats) -> Floats:
    """Sample variances of the differences of all pairs of columns; shape (systems, systems)."""
    covariances = np.atleast_2d(np.cov(values, rowvar=False))
    own = covariances.diagonal()
    return np.maximum(0.0, own[:, None] + own[None, :] - 2.0 * covariances)


def _equal(values: Floats, goal: Goal) -> int:
    """Replications of each system that the same promise takes if all get the same number (Clark and Yang, 1986).

    Two stages: the greatest variance of a difference in the first, of shape (replications, systems), decides.
    """
    kept = values[~np.isnan(values).any(axis=1)]
    if len(kept) < 2:
        return len(values)
    error = (1.0 - goal.confidence) / (values.shape[1] - 1)
    score = float(special.stdtrit(len(kept) - 1, 1.0 - error))
    return max(len(values), ceil(score**2 * float(_variances(kept).max()) / goal.zone**2))
