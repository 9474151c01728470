"""Intervals that hold together: as wide as they must be, and no wider than Bonferroni's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from parkflow.analysis.measures.intervals import of_mean
from parkflow.analysis.measures.simultaneous import joint_level, of_means


def test_one_quantity_needs_no_adjustment() -> None:
    """By itself it has the level that is asked for; twelve that are the same need far less than Bonferroni gives."""
    one = np.random.default_rng(1).normal(size=(1, 40))
    assert joint_level(one) == 0.95
    assert joint_level(np.repeat(one, 12, axis=0)) < 0.985 < 1 - 0.05 / 12


def test_independent_quantities_need_what_sidak_says() -> None:
    """Ten that have nothing to do with each other need nearly 0.95 to a tenth, never more than Bonferroni's."""
    values = np.random.default_rng(2).normal(size=(10, 400))
    level = joint_level(values)
    assert level == pytest.approx(0.95**0.1, abs=0.001)
    assert level <= 1 - 0.05 / 10


def test_all_hold_at_once_as_often_as_they_say() -> None:
    """Twelve correlated means of 15 replications: all hold in 95% of 400 cases; singly far less often."""
    random, held, singly = np.random.default_rng(3), 0, 0
    for _ in range(400):
        values = random.normal(size=(12, 15)) + 0.7 * random.normal(size=15)
        held += all(it.low <= 0 <= it.high for it in of_means(values))
        singly += all(it.low <= 0 <= it.high for it in map(of_mean, values))
    margin = 3 * np.sqrt(0.95 * 0.05 / 400)
    assert held / 400 > 0.95 - margin
    assert singly / 400 < 0.95 - margin


def test_an_interval_reaches_as_far_as_students_on_both_sides() -> None:
    """Skewness may widen an interval, and does not narrow it."""
    values = np.random.default_rng(4).exponential(size=(1, 30))
    (found,) = of_means(values)
    reach = special.stdtrit(29, 0.975) * values.std(ddof=1) / np.sqrt(30)
    assert found.mean - found.low == pytest.approx(reach)
    assert found.high - found.mean > 1.05 * reach


def test_a_replication_that_lacks_one_quantity_is_left_out_of_all() -> None:
    """Means and counts are over the replications that all have; what never varies has an interval of no width."""
    found = of_means([[1.0, 2.0, np.nan, 3.0], [4.0, 4.0, 4.0, 4.0]])
    assert [it.count for it in found] == [3, 3]
    assert (found[1].low, found[1].mean, found[1].high) == (4.0, 4.0, 4.0)
    assert found[0].mean == 2.0
