"""Words by kind: what has one name in two kinds has two titles, and titles come from the scenario."""

from __future__ import annotations

import pytest

from parkflow.analysis.language import Words, words
from parkflow.analysis.measures.registry import MEASURES
from parkflow.analysis.words.names import CAUSES
from parkflow.scenarios.load import load

PARK = load("zhaoqing")
EN, ZH = words("en").about(PARK), words("zh").about(PARK)


def test_one_name_in_several_kinds_has_a_word_in_each() -> None:
    """Land is a stage and a cause; registration is no cause; neither takes the other's word."""
    assert ZH.stage("land") == PARK.stages["land"].title_zh != ZH.cause("land") == CAUSES["land"][1]
    assert EN.the_cause("land") == "work on the land"


def test_titles_come_from_the_scenario() -> None:
    """In both languages; a scenario's own title changes the word."""
    desk = PARK.desks["planning"]
    assert (EN.desk("planning"), ZH.desk("planning")) == (desk.title, desk.title_zh)
    renamed = words("en").about(PARK.with_changes({"desks.planning.title": "Bureau of Plans"}))
    assert renamed.desk("planning") == "Bureau of Plans"


def test_without_a_scenario_names_stand_with_spaces() -> None:
    """A made-up table has no scenario; its names can be read all the same."""
    assert Words().desk("land_office") == "land office"
    assert Words().the_policy("quick_one") == "the policy quick one"


@pytest.mark.parametrize(
    ("say", "policy", "sentence"),
    [
        (EN, "serial", "in the serial park"),
        (EN, "reported", "under the reported practice"),
        (EN, "reported+green_lane", "under the policy reported+green lane"),
        (ZH, "serial", "串联审批下"),
    ],
)
def test_a_policy_in_a_sentence(say: Words, policy: str, sentence: str) -> None:
    """A policy with a title has an article; one made on the way is called a policy."""
    assert say.under(policy) == sentence


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("desks.planning.servers", f"{EN.desk('planning')}: servers"),
        ("policies.full.levers.night_work.share", "night work: share"),
        ("levers.night_work.share", "night work: share"),
        ("policies.full.levers.night_work", "night work"),
        ("horizon", "horizon"),
    ],
)
def test_factors_are_labelled_by_titles(key: str, label: str) -> None:
    """Of a factor's key the table and the policy go without saying."""
    assert EN.factor(key) == label


@pytest.mark.parametrize(
    ("measure", "row", "word"),
    [
        ("cause_days", "land", ZH.cause("land")),
        ("utilisation", "planning", ZH.desk("planning")),
        ("days_saved", "new", PARK.portfolio["new"].title_zh),
        ("days_saved", "all", "全部项目"),
        ("days_saved", "class:priority", "类别 " + PARK.classes["priority"].title_zh),
    ],
)
def test_rows_of_measures_are_named_by_what_they_are(measure: str, row: str, word: str) -> None:
    """A cause, a desk, a group or a class."""
    assert ZH.row(measure, row) == word


def test_every_measure_has_a_chinese_title() -> None:
    """A measure brings its own."""
    assert all(ZH.title(it) == it.title_zh for it in MEASURES)
