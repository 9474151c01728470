"""Readers see titles, in English and in Chinese, never bare keys."""

from __future__ import annotations

import pytest

from parkflow.scenarios.describe import title_of
from parkflow.scenarios.load import available, load
from parkflow.sim.levers import CATALOGUE
from parkflow.sim.scenario import Scenario

KINDS = (
    "activities", "attributes", "calendars", "categories", "classes", "crews", "desks", "meetings", "policies",
    "portfolio", "practices", "stages", "stocks",
)  # fmt: skip


@pytest.mark.parametrize("park", available())
def test_everything_shipped_has_a_title_in_both_languages(park: str) -> None:
    scenario = load(park)
    assert scenario.title and scenario.title_zh
    for kind in KINDS:
        things = scenario.issues.categories if kind == "categories" else getattr(scenario, kind)
        assert not [f"{kind}.{name}" for name, thing in things.items() if not (thing.title and thing.title_zh)]


def test_titles_fall_back_from_chinese_to_english_to_the_name() -> None:
    titles = [{"title": "fire brigade", "title_zh": "消防"}, {"title": "fire brigade"}, {}]
    parks = [
        Scenario.model_validate(
            {
                "name": "made up",
                "classes": {"plant": {}},
                "portfolio": {"new": {"of": "plant", "count": 1, "arrivals": {"on": [0]}}},
                "desks": {"fire_brigade": {"servers": 1, **title}},
                "activities": {"start": {"step": "milestone"}},
            }
        )
        for title in titles
    ]
    assert [title_of(park, "desks", "fire_brigade") for park in parks] == ["fire brigade"] * 3
    assert [title_of(park, "desks", "fire_brigade", "zh") for park in parks] == ["消防", "fire brigade", "fire brigade"]
    assert title_of(parks[0], "activities", "arrival", "zh") == "项目进入"
    assert title_of(parks[0], "policies", "serial") == "serial park"


def test_stages_are_a_list_or_a_table_in_the_order_of_the_file() -> None:
    base = {"name": "made up", "portfolio": {}, "activities": {}}
    listed = Scenario.model_validate(base | {"stages": ["land", "site"]})
    titled = Scenario.model_validate(base | {"stages": {"land": {"title_zh": "供地"}, "site": {}}})
    assert list(listed.stages) == list(titled.stages) == ["land", "site"]
    assert [titled.stage_index(stage) for stage in ("land", "site", None)] == [0, 1, 2]


def test_limits_stand_with_what_they_limit() -> None:
    shipped = [lever for lever in CATALOGUE.values() if lever.__module__.startswith("parkflow.")]
    assert all(lever.limits for lever in shipped)
    sentences = [limit for lever in shipped for limit in lever.limits]
    for park in map(load, available()):
        assert park.limits and len(park.limits) == len(park.limits_zh)
        sentences += park.limits
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert not [sentence for sentence in sentences if "withdraw" in sentence], "four in a hundred do"


def test_a_park_adds_its_limits_to_those_it_inherits() -> None:
    inherited, own = load("baseline").limits, load("zhifu").limits
    assert own[: len(inherited)] == inherited and len(own) > len(inherited)
