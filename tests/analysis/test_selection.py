"""Selection of the best: the promise is kept where it is hardest to keep, and another implementation agrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sim_tools.ovs.indifference_zone import KNPlusPlus

from parkflow.analysis.experiments.selection import AT_ONCE, FIRST, Goal, Sample, Selection, select

Floats = NDArray[np.float64]

REPETITIONS = 500


def kept(right: Sequence[bool], promised: float) -> bool:
    """Whether the best was selected as often as promised, but for three standard errors of counting."""
    error = np.sqrt(promised * (1 - promised) / len(right))
    return bool(np.mean(right) >= promised - 3 * error)


def normal(means: Floats, spread: float, shared: float, rng: np.random.Generator) -> Sample:
    """Normal systems of which a share of the variance is common, as common random numbers make it."""

    def sample(left: Sequence[int], replications: range) -> Floats:
        own, common = rng.normal(size=(len(replications), len(means))), rng.normal(size=(len(replications), 1))
        values: Floats = means + spread * (np.sqrt(shared) * common + np.sqrt(1 - shared) * own)
        return values[:, list(left)]

    return sample


@pytest.mark.parametrize("systems", [2, 5, 10])
@pytest.mark.parametrize("shared", [0.0, 0.7])
def test_the_best_is_selected_as_often_as_promised_where_all_others_are_as_near_as_may_be(
    systems: int, shared: float
) -> None:
    """Slippage: one system is better than all others by exactly the zone."""
    right, used, equal = [], 0, 0
    for repetition in range(REPETITIONS):
        rng = np.random.default_rng([1, systems, repetition])
        best = int(rng.integers(systems))
        means = np.where(np.arange(systems) == best, 1.0, 0.0)
        found = select(normal(means, 3.0, shared, rng), systems, Goal(1.0))
        right.append(found.best == best)
        used, equal = used + found.used, equal + found.equal
    assert kept(right, 0.95)
    assert used < equal


def waits(rates: Sequence[float], replication: int) -> list[float]:
    """Mean wait of 200 customers at single servers of these service rates, who all meet the same arrivals."""
    rng = np.random.default_rng([2, replication])
    gaps, work = rng.exponential(1.0, 200), rng.exponential(1.0, 200)
    found = []
    for rate in rates:
        wait, total = 0.0, 0.0
        for gap, one in zip(gaps, work / rate, strict=True):
            total += wait
            wait = max(0.0, wait + one - gap)
        found.append(total / 200)
    return found


def test_of_four_queues_the_one_with_the_shortest_wait_is_selected() -> None:
    """The promise holds for waits, which are skewed and depend on each other."""
    rates, right = (1.25, 1.3, 1.4, 1.35), []
    table = np.array([waits(rates, replication) for replication in range(12_000)])
    zone = float(np.diff(np.sort(table.mean(axis=0)))[0])  # as near as the second best is
    for begin in range(0, len(table), len(table) // REPETITIONS):
        rows = np.roll(table, -begin, axis=0)

        def sample(left: Sequence[int], replications: range, rows: Floats = rows) -> Floats:
            return -rows[replications.start : replications.stop][:, list(left)]

        right.append(select(sample, 4, Goal(zone, 0.9)).best == 2)
    assert kept(right, 0.9)


class Given:
    """An environment of the other implementation: the same values of every system, replication by replication."""

    def __init__(self, values: Floats) -> None:
        self._values, self._next = values, np.zeros(values.shape[1], dtype=int)

    def register_observer(self, observer: Any) -> None:
        """Who is told every value."""
        self._observer = observer

    def simulate(self, design: int) -> None:
        """Tell the next value of a system."""
        self._observer.feedback(self, design, self._values[self._next[design], design])
        self._next[design] += 1


def test_another_implementation_selects_the_same_systems_with_as_many_replications() -> None:
    """KN++ of the package sim-tools on the same numbers; it takes systems to be independent, as they are here."""
    mine, others, same = [], [], []
    for repetition in range(200):
        rng = np.random.default_rng([3, repetition])
        values = 20.0 + rng.normal(size=(3000, 4)) * 3.0 + np.array([0.0, 1.5, 0.5, 0.0])

        def sample(left: Sequence[int], replications: range, values: Floats = values) -> Floats:
            return values[replications.start : replications.stop][:, list(left)]

        found, other = select(sample, 4, Goal(1.0)), KNPlusPlus(Given(values), 4, 1.0, 0.05, FIRST)
        chosen = int(other.solve()[0])
        same.append(found.best == chosen)
        mine.append(found.used)
        others.append(int(other._allocations.sum()))
    assert np.mean(same) > 0.97
    more = np.array(mine) - np.array(others)
    late = 4 * AT_ONCE  # it looks after every replication
    assert abs(more.mean()) < late + 3 * more.std(ddof=1) / np.sqrt(len(more))


def fixed(values: Floats) -> Callable[[Sequence[int], range], Floats]:
    """Systems that show what is given."""
    return lambda left, replications: values[replications.start : replications.stop][:, list(left)]


def test_of_two_that_are_the_same_the_first_is_selected() -> None:
    """Policies that do not differ in the park must not run for ever."""
    one = np.random.default_rng(4).normal(size=(100, 1))
    found = select(fixed(np.hstack([one, one, one - 1.0])), 3, Goal(0.1))
    assert (found.best, found.is_promised, found.used) == (0, True, 3 * FIRST)
    assert [it.dropped_by for it in found.fates] == [None, 0, 0]


def test_without_enough_replications_nothing_is_promised() -> None:
    """Two systems as good as each other, and a cap: the one ahead is named."""
    values = np.random.default_rng(5).normal(size=(60, 2))
    found = select(fixed(values), 2, Goal(0.01, most=60))
    assert isinstance(found, Selection)
    assert not found.is_promised
    assert found.best == int(values.mean(axis=0).argmax())
    assert [it.replications for it in found.fates] == [60, 60]


def test_a_replication_that_shows_nothing_of_a_system_counts_for_none() -> None:
    """Where nobody arrives there are no days to save."""
    values = np.random.default_rng(6).normal(size=(400, 2)) + np.array([0.0, 2.0])
    holes = values.copy()
    holes[::2, 0] = np.nan
    found = select(fixed(holes), 2, Goal(1.0))
    assert found.best == 1
    assert found.fates[0].replications >= 2 * FIRST - AT_ONCE
