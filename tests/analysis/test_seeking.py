"""Goal seek: known answers of queues and stocks, few trials, and a confidence that is kept."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, factorial, log2, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from parkflow.analysis.experiments.seeking import (
    Aim,
    Combination,
    Jury,
    Trial,
    Verdict,
    cheapest,
    is_monotone,
    neighbours,
)

Floats = NDArray[np.float64]


def normal(mean: Callable[[Combination], float], spread: float, seed: int) -> Callable[[Combination, range], Floats]:
    """Normal values about a mean of the combination; the same replication has the same draw everywhere."""
    draws = np.random.default_rng(seed).normal(size=4096)
    return lambda combination, replications: mean(combination) + spread * draws[replications.start : replications.stop]


def erlang_c(servers: int, load: float) -> float:
    """The probability that a customer of M/M/c waits."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def some_wait(servers: int, load: float, rng: np.random.Generator) -> float:
    """The share of 400 customers of M/M/c, met in steady state, who wait."""
    return float(rng.binomial(400, erlang_c(servers, load))) / 400


def test_officers_of_a_large_hall_follow_the_square_root_rule() -> None:
    """Half of the customers wait with load + 0.5 × its root officers (Halfin and Whitt); the least is found exactly."""
    load, low = 100.0, 101
    truth = next(servers for servers in range(low, 140) if erlang_c(servers, load) <= 0.5)
    assert truth == pytest.approx(load + 0.506 * sqrt(load), abs=1)

    def run(combination: Combination, replications: range) -> Floats:
        rngs = [np.random.default_rng([1, *combination, it]) for it in replications]
        return np.array([some_wait(low + combination[0], load, rng) for rng in rngs])

    jury = Jury(run, Aim(0.5, at_least=False), 0.95, 4096)
    assert cheapest([39], lambda it: it[0], jury) == (truth - low,)
    assert jury.trials[(truth - low - 1,)].verdict is Verdict.short
    assert len(jury.trials) <= 1 + ceil(log2(39))


def test_the_base_stock_of_poisson_demand_is_its_quantile() -> None:
    """Parcels enough for a month's demand of mean 9 in nine months of ten: a known quantile, by the chance."""
    demand = np.random.default_rng(2).poisson(9.0, 4096)

    def run(combination: Combination, replications: range) -> Floats:
        return np.array(combination[0] - demand[replications.start : replications.stop], dtype=float)

    jury = Jury(run, Aim(0.0, chance=0.9), 0.95, 4096)
    assert cheapest([30], lambda it: it[0], jury) == (int(stats.poisson.ppf(0.9, 9.0)),)


@pytest.mark.parametrize("levels", [8, 100, 1000])
def test_levels_of_one_key_are_halved(levels: int) -> None:
    """No more trials than halving takes, wherever the answer lies."""
    for answer in range(0, levels, max(1, levels // 40)):
        jury = Jury(normal(lambda it, answer=answer: float(it[0] - answer), 0.0, 0), Aim(0.0), 0.9, 64)  # type: ignore[misc]
        assert cheapest([levels], lambda it: it[0], jury) == (answer,)
        assert len(jury.trials) <= 1 + ceil(log2(levels))


def test_the_confidence_is_kept() -> None:
    """Of 300 searches no more are wrong than was stated: short of the target, or more than is needed and said so."""
    wrong, found = 0, 0
    for repetition in range(300):
        jury = Jury(normal(lambda it: 0.5 * it[0] - 1.6, 2.0, 100 + repetition), Aim(0.0), 0.9, 2048)
        level = cheapest([8], lambda it: it[0], jury)
        assert level is not None
        below = jury.trials.get((level[0] - 1,))
        wrong += level[0] < 4 or (level[0] > 4 and below is not None and below.verdict is Verdict.short)
        found += level == (4,)
    assert wrong / 300 <= 0.1 + 3 * sqrt(0.1 * 0.9 / 300)
    assert found > 200


def test_of_several_keys_the_cheapest_combination_is_found() -> None:
    """Against trying them all: two keys that replace each other in part, at unlike costs."""
    sizes = (7, 9)

    def value(it: Combination) -> float:
        return sqrt(it[0]) + 0.7 * sqrt(it[1])

    def cost(it: Combination) -> float:
        return 3.0 * it[0] + it[1]

    for wanted in (1.0, 2.1, 3.3, 4.2):
        jury = Jury(normal(value, 0.0, 0), Aim(wanted), 0.9, 64)
        every = [(a, b) for a in range(7) for b in range(9) if value((a, b)) >= wanted]
        found = cheapest(sizes, cost, jury)
        assert found is not None
        assert found in every
        assert cost(found) == min(cost(it) for it in every)
        assert len(jury.trials) < 7 * 9 / 2


def test_where_the_greatest_is_not_enough_nothing_is() -> None:
    """One trial tells."""
    jury = Jury(normal(lambda it: float(it[0]), 0.1, 0), Aim(10.0), 0.9, 64)
    assert cheapest([5], lambda it: it[0], jury) is None
    assert list(jury.trials) == [(4,)]


def test_what_cannot_be_told_counts_as_not_enough() -> None:
    """A level that lies on the target itself stays open, and the next is taken."""
    jury = Jury(normal(lambda it: float(it[0] - 3), 1.0, 3), Aim(0.0), 0.9, 64)
    assert cheapest([6], lambda it: it[0], jury) == (4,)
    assert jury.trials[(3,)].verdict is Verdict.open


def test_more_that_does_harm_is_noticed() -> None:
    """A level that fails above one that is enough shows that halving cannot be trusted."""
    trials = [Trial((2,), Verdict.enough, np.empty(0)), Trial((5,), Verdict.short, np.empty(0))]
    assert not is_monotone(trials)
    assert is_monotone(reversed([Trial((5,), Verdict.enough, np.empty(0)), Trial((2,), Verdict.short, np.empty(0))]))


def test_neighbours_differ_by_one_level_and_stay_within() -> None:
    """Two of an inner level, one of a corner in each key."""
    assert neighbours((1,), [3]) == ((0,), (2,))
    assert neighbours((0, 2), [2, 3]) == ((1, 2), (0, 1))


def test_a_replication_that_meets_the_value_itself_has_reached_it() -> None:
    """And one in which there was nothing to measure counts neither way."""
    values = np.array([0.0, 1.0, 2.0, np.nan])
    gains, wanted = Aim(1.0, chance=0.8).gains(values)
    assert (gains[:3].tolist(), wanted) == ([0.0, 1.0, 1.0], 0.8)
    assert np.isnan(gains[3])
