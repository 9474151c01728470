"""What a layout keeps for its plans stays where it is, and changes none of them."""

from __future__ import annotations

import pickle

import numpy as np

from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.scenario import Scenario


def test_a_pickled_layout_is_its_scenario(small_park: Scenario) -> None:
    """What was worked out for plans is left behind, and the plans of the other side are the same."""
    fresh = pickle.dumps(Layout(small_park))
    layout = Layout(small_park)
    plans = [make_plan(layout, 1, replication) for replication in (0, 1)]
    sent = pickle.dumps(layout)
    assert len(sent) == len(fresh)
    again = make_plan(pickle.loads(sent), 1, 1)
    for one, other in zip((*plans[1].steps, *plans[1].cases), (*again.steps, *again.cases), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_kept_is_made_once(small_park: Scenario) -> None:
    made = []

    def make(layout: Layout) -> int:
        made.append(layout)
        return len(made)

    layout = Layout(small_park)
    assert [layout.kept(make), layout.kept(make)] == [1, 1]
    assert made == [layout]
