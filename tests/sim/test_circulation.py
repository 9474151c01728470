"""A desk step with a circulation is the officer's part of a file; the rest passes in a work step behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.assembly import make_plan
from parkflow.sim.checks import ScenarioError
from parkflow.sim.engines.simpy import Engine
from parkflow.sim.layout import Layout
from parkflow.sim.scenario import Scenario


def office(**filing: Any) -> Scenario:
    """One desk of one officer, before whom two projects file at once; `filing` is what its desk step says besides."""
    return Scenario.model_validate(
        {
            "name": "office",
            "assumed": "made up",
            "horizon": 400,
            "calendars": {"office": {}, "counter": {"week": [1.0] * 7}},
            "classes": {"plant": {}},
            "attributes": {"factor": 2.0, "forest": "bernoulli(0.5)"},
            "practices": {"ahead": {}},
            "portfolio": {"new": {"of": "plant", "count": 2, "arrivals": {"on": [0]}}},
            "desks": {"window": {"servers": 1, "calendar": "counter"}},
            "activities": {
                "filing": {"step": "desk", "desk": "window", "duration": "1 wd", "circulation": "5 wd", **filing},
                "review": {"step": "work", "duration": "1 wd", "calendar": "office", "after": {"filing": "ahead"}},
                "permitted": {"step": "milestone", "needs": ["filing", "review"]},
            },
        }
    )


def ends(scenario: Scenario) -> dict[str, list[float]]:
    """Ends of the steps by activity, earliest first; NaN where it was skipped."""
    plan = make_plan(Layout(scenario), 1, 0)
    history = Engine(plan).run()
    names = np.array(plan.layout.activities)[plan.steps.activity]
    end = np.where(history.skipped, np.nan, history.end)
    return {name: sorted(end[names == name].tolist()) for name in dict.fromkeys(names.tolist())}


def test_the_officer_is_free_while_the_file_circulates() -> None:
    found = ends(office())
    assert found["filing"] == [1, 2]
    assert found["filing_circulation"] == [6, 7]
    assert found["review"] == [7, 8], "what waited for the desk, even by custom, waits for the circulation"
    assert found["permitted"] == [7, 8]


def test_the_circulation_is_what_its_desk_step_is() -> None:
    filing = {
        "title": "filing",
        "title_zh": "备案",
        "tags": ["submission"],
        "times": ["factor"],
        "stage": None,
        "source": "law",
    }
    found = office(**filing).activities["filing_circulation"]
    assert (found.step, found.cause, found.exposure, found.needs) == ("work", "service", 0.0, ("filing",))
    assert (found.title, found.title_zh) == ("filing: circulation", "备案流转")
    assert (found.tags, found.times, found.source) == (("submission", "circulation"), ("factor",), "law")
    assert found.calendar == "office"
    assert office(circulation_calendar="counter").activities["filing_circulation"].calendar == "counter"
    assert office(circulation="5 cd").activities["filing_circulation"].calendar is None


def test_translating_again_changes_nothing() -> None:
    once = office()
    assert Scenario.model_validate(once.model_dump()) == once
    assert once.with_changes({"desks.window.servers": 2}).activities == once.activities


@pytest.mark.parametrize(
    "applies",
    [{"probability": 0.5}, {"where": {"forest": 1.0}}],
    ids=["drawn", "by attribute"],
)
def test_a_file_circulates_where_it_was_filed(applies: dict[str, Any]) -> None:
    plenty = office(applies=applies).with_changes({"portfolio.new.count": 40})
    found = ends(plenty)
    filed, circulated = (int((~np.isnan(found[name])).sum()) for name in ("filing", "filing_circulation"))
    assert 5 < filed == circulated < 35


def test_a_file_that_waits_for_a_stock_to_be_short_circulates_only_then() -> None:
    given = office(needs=["place"], applies={"short": "place"}).model_dump()
    given["stocks"] = {"places": {"initial": 1}}
    given["activities"]["place"] = {"step": "stock", "stock": "places", "when_short": "go on"}
    found = ends(Scenario.model_validate(given))
    np.testing.assert_array_equal(found["filing_circulation"], [6, np.nan])


def test_a_name_that_is_taken_is_refused() -> None:
    given = office().model_dump()
    given["activities"]["filing"]["circulation"] = "3 wd"
    with pytest.raises(ScenarioError, match=r"activities.filing.circulation: .*change activities.filing_circulation"):
        Layout(Scenario.model_validate(given))
    with pytest.raises(ScenarioError, match="circulation_calendar: this desk step has no circulation; add"):
        Layout(office(circulation=None, circulation_calendar="office"))


def test_what_took_place_is_over_before() -> None:
    given = office().model_dump()
    given["activities"]["review"]["applies"] = {"took_place": "filing"}
    with pytest.raises(ScenarioError, match=r"review.applies.took_place: may be reached before 'filing' is over; add"):
        Layout(Scenario.model_validate(given))
