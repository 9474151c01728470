"""Scenario discovery finds a box that is known, and regret is that of the textbook."""

from __future__ import annotations

import numpy as np
import pytest

from parkflow.analysis.experiments.boxes import box_around, regrets, winners


def test_a_known_box_is_found() -> None:
    """Of five inputs two matter: the first above 0.6, the third below 0.3; the others are left free."""
    points = np.random.default_rng(1).random((2000, 5))
    interesting = (points[:, 0] > 0.6) & (points[:, 2] < 0.3)
    found = box_around(points, interesting)
    assert found is not None
    assert set(found.bounds) == {0, 2}
    assert found.bounds[0] == pytest.approx((0.6, 1.0), abs=0.05)
    assert found.bounds[2] == pytest.approx((0.0, 0.3), abs=0.05)
    assert found.density > 0.9
    assert found.coverage > 0.8
    inside = (points[:, 0] >= found.bounds[0][0]) & (points[:, 2] <= found.bounds[2][1])
    assert found.points == inside.sum()


def test_chance_in_what_is_of_interest_does_not_hide_the_box() -> None:
    """One in ten is told wrongly."""
    rng = np.random.default_rng(2)
    points = rng.random((2000, 4))
    found = box_around(points, (points[:, 1] > 0.7) ^ (rng.random(2000) < 0.1))
    assert found is not None
    assert set(found.bounds) == {1}
    assert found.bounds[1][0] == pytest.approx(0.7, abs=0.1)


def test_without_anything_of_interest_there_is_no_box() -> None:
    """Nor where everything is."""
    points = np.random.default_rng(3).random((50, 2))
    assert box_around(points, np.zeros(50, dtype=bool)) is None
    assert box_around(points, np.ones(50, dtype=bool)) is None


def test_regret_is_what_the_best_choice_would_have_brought_more() -> None:
    """Savage's table: the safe option has the least regret though it is the best at one point only."""
    values = np.array([[10.0, 6.0, 0.0], [0.0, 5.0, 9.0], [4.0, 5.0, 4.0], [np.nan, 9.0, 9.0]])
    assert regrets(values).tolist() == [9.0, 4.0, 10.0]
    assert winners(values, ("bold", "safe", "late")) == pytest.approx({"bold": 1 / 3, "safe": 1 / 3, "late": 1 / 3})
