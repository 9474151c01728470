"""Ranges: what a level of each kind sets, which keys a park has, and where a park itself stands."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from parkflow.analysis.experiments.factors import factor, varied
from parkflow.analysis.experiments.ranges import keys_of, level_of, moved, ranges_of, values_at
from parkflow.scenarios.describe import difference
from parkflow.scenarios.load import available, load
from parkflow.sim.ranges import Range
from parkflow.sim.scenario import Scenario

PARKS = [park for park in available() if load(park).ranges]


def park(**ranges: Range) -> Scenario:
    """The baseline with ranges of its own."""
    return load("baseline").with_changes({"ranges": ranges})


def test_a_value_is_set_at_every_key() -> None:
    it = Range(keys=("activities.*.correction.probability",), low=0.1, high=0.5)
    values = values_at(park(returns=it), {"returns": 0.4})
    assert len(values) > 5 and set(values.values()) == {0.4}


def test_a_factor_multiplies_what_the_file_says() -> None:
    keys = ("activities.negotiation.duration", "activities.department.solves", "attributes.quota_days.value")
    before = park(it=Range(keys=keys, low=0.5, high=2, by="factor"))
    after = moved(before, {"it": 0.5})
    first, second = (it.activities["negotiation"].duration for it in (before, after))
    assert (second.mean, second.cv) == (first.mean / 2, first.cv)  # type: ignore[union-attr]
    solves = [it.activities["department"].solves["land"] for it in (after, before)]  # type: ignore[index]
    assert solves[0] == solves[1] / 2
    assert after.attributes["quota_days"].value[0] == 195 / 2  # type: ignore[union-attr]


def test_a_circulation_goes_by_the_key_of_the_file() -> None:
    it = Range(keys=("activities.department_a*.circulation",), low=0.5, high=2, by="factor")
    assert keys_of(park(it=it), it) == tuple(
        f"activities.{key}_circulation.duration" for key in ("department_again", "department_at_last")
    )
    both = (
        each.activities["department_again_circulation"].duration
        for each in (park(it=it), moved(park(it=it), {"it": 0.5}))
    )
    before, after = (each.expectation for each in both if each)
    assert after == before / 2


def test_a_share_leaves_the_sum_and_whole_numbers() -> None:
    keys = ("portfolio.building.count", "portfolio.on_land.count", "portfolio.in_approval.count")
    mix = Range(keys=keys, low=0.2, high=0.8, by="share")
    zhaoqing = load("zhaoqing").with_changes({"ranges": {"mix": mix}})
    before = [zhaoqing.portfolio[name].count for name in ("building", "on_land", "in_approval")]
    assert level_of(zhaoqing, mix) == before[0] / 155
    after = list(values_at(zhaoqing, {"mix": 0.2}).values())
    assert sum(after) == 155 and after[0] == 31
    assert after[1] == pytest.approx(124 * before[1] / sum(before[1:]), abs=1)
    weights = Range(keys=("attributes.land_source.sampled.weights",), low=0.1, high=0.9, by="share")
    (found,) = values_at(park(raw=weights), {"raw": 0.1}).values()
    assert found == pytest.approx((0.1, 0.5, 0.2, 0.2))


def test_days_move_dates() -> None:
    window = Range(keys=("portfolio.new.arrivals.between",), low=-90, high=90, by="days")
    yantai = load("yantai").with_changes({"ranges": {"window": window}})
    (found,) = values_at(yantai, {"window": 31}).values()
    before: tuple[dt.date, dt.date] = yantai.portfolio["new"].arrivals.between  # type: ignore[union-attr,assignment]
    assert found == tuple(day + dt.timedelta(days=31) for day in before)


def test_ranges_of_the_same_key_add_up() -> None:
    land = ("attributes.land_factor.factor",)
    both = park(value=Range(keys=land, low=0.1, high=1), twice=Range(keys=land, low=0.5, high=2, by="factor"))
    assert values_at(both, {"value": 0.4, "twice": 2}) == {land[0]: 0.8}


def test_levers_move_with_the_policies_that_use_them() -> None:
    levels = {"agency_correction": 0.5}
    baseline = load("baseline")
    assert moved(baseline, levels) == baseline
    (key,) = values_at(baseline, levels)
    assert factor(baseline, ("green_channel",), key).unused is None
    usual, other = (varied(baseline, ["green_channel"], values) for values in ({}, values_at(baseline, levels)))
    assert difference(usual["green_channel"], other["green_channel"])


def test_what_a_park_does_not_have_is_passed_over() -> None:
    it = Range(keys=("portfolio.nobody.count", "issues.rate"), low=0.1, high=1)
    assert keys_of(load("baseline"), it) == ("issues.rate",)
    assert "none" not in ranges_of(park(none=Range(keys=("portfolio.nobody.count",), low=1, high=2)))
    assert ranges_of(load("approvals-275")) == {}


@pytest.mark.parametrize("name", PARKS)
def test_every_shipped_park_lies_within_its_ranges_and_takes_their_ends(name: str) -> None:
    scenario = load(name)
    ranges = ranges_of(scenario)
    outside = {key: level for key, it in ranges.items() if not it.low <= (level := level_of(scenario, it)) <= it.high}
    assert not outside
    for share in (0.0, 1.0):
        assert moved(scenario, {key: it.at(share) for key, it in ranges.items()}) != scenario


def test_every_range_of_the_baseline_moves_something() -> None:
    assert set(ranges_of(load("baseline"))) == set(load("baseline").ranges)


def test_the_level_of_the_file_changes_nothing() -> None:
    baseline = load("baseline")
    assert not difference(
        baseline, moved(baseline, {name: level_of(baseline, it) for name, it in ranges_of(baseline).items()})
    )


def test_levels_and_shares_of_the_way_are_each_others_inverse() -> None:
    for by, low, high, middle in (("value", 1, 9, 5), ("factor", 0.25, 4, 1)):
        it = Range(keys=("issues.rate",), low=low, high=high, by=by)
        assert it.at(0.5) == pytest.approx(middle)
        assert [it.share_of(it.at(share)) for share in np.linspace(0, 1, 5)] == pytest.approx(np.linspace(0, 1, 5))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"low": 2, "high": 1}, "2 to 1 is no range"),
        ({"low": 0, "high": 1, "by": "factor"}, "a factor must be above zero"),
        ({"low": 0.5, "high": 2, "by": "share"}, "a share lies between 0 and 1"),
    ],
)
def test_impossible_ranges_are_refused(given: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Range(keys=("issues.rate",), **given)
