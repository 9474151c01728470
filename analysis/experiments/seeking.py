"""Goal seek: the cheapest combination of levels that reaches a target, where more of anything never does harm.

Every verdict comes from replications that are added until an interval lies on one side of the target, or a cap is
reached. The errors of all verdicts together stay below what the confidence allows: that of verdict k, k = 1, 2, …, is
1 ÷ (k (k + 1)) of it, which sums to the whole however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.intervals import Estimate, of_mean, of_share

Floats = NDArray[np.float64]
Combination = tuple[int, ...]
"""A level of every key, each by its place in the order of the levels."""

FIRST = 16
"""Replications at the first look; every other look has twice as many as the one before."""


MOST_WEIGHED = 512
"""Combinations among which the one tried next is chosen."""


class Verdict(StrEnum):
    """Whether a combination reaches the target."""

    enough = "enough"
    short = "short"
    open = "open"


@dataclass(frozen=True)
class Aim:
    """A value that a measure is to reach from below (`at_least`) or above.

    With a `chance` it is reached in so large a share of replications; without one, by the mean over them.
    """

    value: float
    at_least: bool = True
    chance: float | None = None

    def gains(self, values: Floats) -> tuple[Floats, float]:
        """What is to be large, and how large its mean must be; one entry per replication, as in `values`."""
        sign = 1.0 if self.at_least else -1.0
        if self.chance is None:
            return sign * values, sign * self.value
        reached = np.where(np.isnan(values), np.nan, sign * values >= sign * self.value)
        return reached.astype(np.float64), self.chance

    def estimate(self, values: Floats, level: float) -> Estimate:
        """The interval of what is to be large, at a confidence level."""
        gains, _ = self.gains(values)
        return of_mean(gains, level) if self.chance is None else of_share(gains, np.ones(len(gains)), level)

    def seen(self, values: Floats, level: float) -> Estimate:
        """What a reader is told: the measure itself with its interval, or the share of replications that reach it."""
        return of_mean(values, level) if self.chance is None else self.estimate(values, level)


@dataclass(frozen=True)
class Trial:
    """What was seen of one combination: its verdict, and the values of the measure, one per replication."""

    combination: Combination
    verdict: Verdict
    values: Floats


Run = Callable[[Combination, range], Floats]
"""Values of the measure at a combination in these replications; the same replications meet the same draws."""

Watch = Callable[[int], None]
"""Is told how many replications have been run in all."""


class Jury:
    """Passes verdicts on combinations, each once, at the confidence that all of them share."""

    def __init__(self, run: Run, aim: Aim, confidence: float, most: int, watch: Watch = lambda done: None) -> None:
        self._run, self._aim, self._confidence, self._most, self._watch = run, aim, confidence, most, watch
        self.trials: dict[Combination, Trial] = {}
        self.runs = 0

    def verdict(self, combination: Combination) -> Verdict:
        """Whether the combination is enough; replications are added until that is known, or there are too many."""
        if combination not in self.trials:
            place = len(self.trials) + 1
            self.trials[combination] = self._tried(combination, (1.0 - self._confidence) / (place * (place + 1)))
        return self.trials[combination].verdict

    def _tried(self, combination: Combination, error: float) -> Trial:
        values, sizes = np.empty(0), list(_looks(self._most))
        found = Verdict.open
        for size in sizes:
            more = self._run(combination, range(len(values), size))
            values, self.runs = np.concatenate([values, more]), self.runs + size - len(values)
            self._watch(self.runs)
            found = self._looked_at(values, error / len(sizes))
            if found is not Verdict.open:
                break
        return Trial(combination, found, values)

    def _looked_at(self, values: Floats, error: float) -> Verdict:
        """The verdict of one look, wrong with this probability at most."""
        # an interval at this level is missed on either side with half of what it leaves, and one side matters
        estimate, (_, wanted) = self._aim.estimate(values, 1.0 - 2.0 * error), self._aim.gains(values)
        if estimate.low >= wanted:
            return Verdict.enough
        return Verdict.short if estimate.high < wanted else Verdict.open


def _looks(most: int) -> Iterator[int]:
    """Replications at every look: twice as many as at the one before, and the most at the last."""
    size = min(FIRST, most)
    while size < most:
        yield size
        size = min(2 * size, most)
    yield size


def cheapest(sizes: Sequence[int], cost: Callable[[Combination], float], jury: Jury) -> Combination | None:
    """The cheapest combination that is enough, of so many levels of every key; None where the greatest is not.

    A combination that is no more in any key than one that fails must fail, and one that is no less than one that is
    enough must be enough. So each verdict settles many combinations, and the one tried next is that which settles most
    either way: with one key, the middle. What stays open counts as not enough.
    """
    greatest = tuple(size - 1 for size in sizes)
    if jury.verdict(greatest) is not Verdict.enough:
        return None
    best = greatest
    left = sorted(product(*(range(size) for size in sizes)), key=lambda it: (cost(it), it))
    left = [it for it in left if cost(it) < cost(greatest)]
    while left:
        tried = left[_settling_most(np.array(left), np.array([cost(it) for it in left]))]
        if jury.verdict(tried) is Verdict.enough:
            best, left = tried, [it for it in left if cost(it) < cost(tried)]
        else:
            left = [it for it in left if not _within(it, tried)]
    return best


def _settling_most(left: NDArray[np.int64], costs: Floats) -> int:
    """The place of the combination whose verdict settles most of those left, whichever it is.

    `left` has shape (combinations, keys), in the order of their `costs`. Of many, some at even distances are weighed.
    """
    weighed = np.unique(np.linspace(0, len(left) - 1, min(len(left), MOST_WEIGHED)).astype(int))
    if_enough = len(left) - np.searchsorted(costs, costs[weighed])
    if_short = np.array([(left <= left[place]).all(axis=1).sum() for place in weighed])
    return int(weighed[np.minimum(if_enough, if_short).argmax()])


def _within(one: Combination, other: Combination) -> bool:
    """Whether a combination is no more than another in any key."""
    return all(mine <= theirs for mine, theirs in zip(one, other, strict=True))


def neighbours(combination: Combination, sizes: Sequence[int]) -> tuple[Combination, ...]:
    """Combinations that differ by one level of one key: one less first."""
    steps = [(key, step) for key in range(len(sizes)) for step in (-1, 1)]
    moved = [tuple(level + step * (at == key) for at, level in enumerate(combination)) for key, step in steps]
    return tuple(it for it in moved if all(0 <= level < size for level, size in zip(it, sizes, strict=True)))


def is_monotone(trials: Iterable[Trial]) -> bool:
    """Whether no combination fails that is no less than one that is enough."""
    given = list(trials)
    enough = [it.combination for it in given if it.verdict is Verdict.enough]
    short = [it.combination for it in given if it.verdict is Verdict.short]
    return not any(_within(less, more) for less in enough for more in short)
