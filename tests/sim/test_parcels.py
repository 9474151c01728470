"""Stocks whose units come in whole parcels, or lapse; exact logs of a few takers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.checks import ScenarioError
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

Table = dict[str, Any]
nan = np.nan


def run(takers: list[tuple[float, float]], replication: int = 0, when_short: str = "wait", **stock: Any) -> Records:
    """Takers (day, amount), each of a group of its own, at one stock."""
    park: Table = {"name": "store", "assumed": "exact times", "start": "2023-01-02", "horizon": 1000}
    park["attributes"] = {"size": 1.0}
    park["classes"] = {f"t{n}": {"attributes": {"size": amount}} for n, (_, amount) in enumerate(takers)}
    park["portfolio"] = {
        f"t{n}": {"of": f"t{n}", "count": 1, "arrivals": {"on": [day]}} for n, (day, _) in enumerate(takers)
    }
    park["stocks"] = {"land": stock}
    park["activities"] = {"take": {"step": "stock", "stock": "land", "amount": "size", "when_short": when_short}}
    return simulate(Layout(Scenario.model_validate(park)), 1, replication)


def taken(records: Records) -> list[float]:
    """Day on which each taker obtained units, NaN for those who did not."""
    mine = records.plan.steps.activity == 1
    days: list[float] = np.where(records.held[mine], records.start[mine], nan).tolist()
    return days


def levels(records: Records) -> list[tuple[float, float]]:
    """What was in store, by day of change."""
    return [(day, level) for day, _, level in records.levels.tolist()]


def test_a_taker_has_the_smallest_parcel_that_is_big_enough_and_all_of_it() -> None:
    """Of 50, 20 and 80 he who wants 30 takes the 50, he who wants 20 just that, and 30 more take the 80."""
    records = run([(1, 30), (2, 20), (3, 30), (4, 1)], whole=True, initial=[50, 20, 80], when_short="go on")
    assert taken(records)[:3] == [1.0, 2.0, 3.0]
    assert np.isnan(taken(records)[3])
    assert levels(records) == [(0.0, 150.0), (1.0, 100.0), (2.0, 80.0), (3.0, 0.0)]


def test_many_small_parcels_make_no_big_one() -> None:
    """He who wants 30 waits though 40 are in store; he who came later and wants 15 need not, nor be behind him."""
    tranches = [{"on": 9, "amount": 25}, {"on": 12, "amount": 35}]
    records = run([(1, 30), (2, 15), (3, 22)], whole=True, initial=[20, 20], tranches=tranches)
    assert taken(records) == [12.0, 2.0, 9.0]
    assert levels(records)[-1] == (12.0, 20.0)


def test_of_those_who_wait_the_first_whom_it_fits_has_a_parcel() -> None:
    """A parcel goes to the first in line who can use it, by the rule of the stock."""
    records = run([(1, 30), (2, 20), (3, 10)], whole=True, tranches=[{"on": 5, "amount": 20}, {"on": 6, "amount": 40}])
    assert taken(records)[:2] == [6.0, 5.0]
    assert np.isnan(taken(records)[2])


def test_units_that_can_be_divided_go_to_the_first_in_line() -> None:
    """Without whole parcels who is first waits for enough, and the others behind him."""
    records = run([(1, 30), (2, 15)], initial=20, tranches=[{"on": 9, "amount": 25}])
    assert taken(records) == [9.0, 9.0]


def test_a_level_comes_in_equal_parcels() -> None:
    """A number is the level in all, in so many parcels."""
    records = run([(1, 10), (2, 10), (3, 10)], whole=True, initial=60, parcels=2, when_short="go on")
    assert levels(records) == [(0.0, 60.0), (1.0, 30.0), (2.0, 0.0)]


def test_sizes_are_drawn_for_each_replication() -> None:
    """A distribution gives the size of each of so many parcels, under the stock's name."""
    stock: Table = {"whole": True, "initial": "uniform(10, 20) mu", "parcels": 200}
    one, other = (run([(1, 15)], replication, **stock) for replication in (0, 1))
    lots = one.plan.stocks.lot
    assert len(lots) == 200 and (lots >= 10).all() and (lots <= 20).all()
    assert lots.mean() == pytest.approx(15, abs=3 * lots.std() / 200**0.5)
    assert not np.array_equal(lots, other.plan.stocks.lot)
    assert one.levels[0, 2] - one.levels[1, 2] == pytest.approx(lots[lots >= 15].min())


def test_what_is_in_store_lapses() -> None:
    """At the end of a year what nobody took is gone; what comes on the very day stays, and who waits waits on."""
    tranches = [{"on": "2023-07-02", "amount": 30}, {"on": "2024-01-01", "amount": 5}]
    records = run([(1, 10), (400, 5), (401, 1)], initial=20, tranches=tranches, lapses=["2022-01-01", "2024-01-01"])
    assert levels(records) == [(0, 20), (1, 10), (181, 40), (364, 0), (364, 5), (400, 0)]
    assert taken(records)[:2] == [1.0, 400.0] and np.isnan(taken(records)[2])


def test_whole_parcels_lapse_too() -> None:
    """Nothing is left of them."""
    records = run([(5, 10)], whole=True, initial=[30, 40], lapses=[3], when_short="go on")
    assert levels(records) == [(0, 70), (3, 0)]
    assert np.isnan(taken(records)).all()


def test_ordered_parcels_are_whole_and_replace_what_lapsed() -> None:
    """A base stock orders anew on the day on which its store was emptied; each order brings one parcel."""
    park: Table = {"name": "bank", "assumed": "exact times", "horizon": 100, "attributes": {"size": 30.0}}
    park |= {"classes": {"plant": {"attributes": {"size": 12.0}}, "parcel": {}}}
    park["portfolio"] = {
        "plants": {"of": "plant", "count": 2, "arrivals": {"on": [5, 30]}},
        "parcels": {"of": "parcel", "count": 4, "process": "parcel", "arrivals": {"by": "land"}},
    }
    park["stocks"] = {"land": {"whole": True, "initial": [20], "target": 20, "orders": "parcels", "lapses": [20]}}
    prepare = {"step": "work", "duration": 10, "processes": ["parcel"]}
    give = {"step": "stock", "stock": "land", "amount": "size", "gives": True, "needs": ["prepare"]}
    take = {"step": "stock", "stock": "land", "amount": "size"}
    park["activities"] = {"take": take, "prepare": prepare, "give": {**give, "processes": ["parcel"]}}
    records = simulate(Layout(Scenario.model_validate(park)), 1, 0)
    assert levels(records) == [(0, 20), (5, 0), (15, 30), (20, 0), (30, 30), (30, 0), (40, 30)]


def test_a_parcel_that_can_never_be_big_enough() -> None:
    """Who waits for more than any parcel holds is told so, however much there is in all."""
    with pytest.raises(ScenarioError, match="waits for 50 and at most 40 will ever be in store"):
        run([(1, 50)], whole=True, initial=[40, 40])
    run([(1, 50)], initial=[40, 40])
