"""What would be enough in a park: the officers of a hall, the cheapest of two keys, and what stands in the way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.need import Need
from parkflow.analysis.experiments.seeking import Verdict
from parkflow.analysis.language import LANGUAGES, words
from parkflow.analysis.terminal.need_tables import need_sentences, need_table
from parkflow.commands import app

SERVERS = "desks.hall.servers"


def park(notice: str = "0 cd") -> parkflow.Scenario:
    """Six projects file at the same time, ten days each, at two halls one after the other; then comes a notice."""
    given: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plain": {}},
        "portfolio": {"plain": {"of": "plain", "count": 6, "arrivals": {"on": [0.0]}}},
        "desks": {"hall": {"servers": 1}, "bureau": {"servers": 6}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "10 cd"},
            "review": {"step": "desk", "desk": "bureau", "duration": "10 cd", "needs": ["filing"]},
            "hearing": {"step": "work", "duration": notice, "needs": ["review"]},
            "groundbreaking": {"step": "milestone", "needs": ["hearing"]},
        },
        "question": {"from": "arrival", "to": "groundbreaking"},
    }
    return parkflow.Scenario.model_validate(given)


@pytest.mark.parametrize(("days", "officers"), [(55, 1), (45, 1), (44, 2), (30, 2), (29, 3), (25, 3), (24, 4), (20, 6)])
def test_the_least_officers_are_those_counted_by_hand(days: float, officers: int) -> None:
    """Six files of ten days take 35, 20, 15, 13⅓, 11⅔ or 10 days on average at 1 to 6 officers, and the review ten."""
    found = parkflow.need(park(), vary={SERVERS: (1, 8)}, target=f"days<={days}", workers=1)
    assert found.enough is not None
    assert found.enough.levels == {SERVERS: officers}
    assert all((it.levels[SERVERS] >= officers) == (it.verdict is Verdict.enough) for it in found.attempts)


def test_of_two_keys_the_cheapest_pair_is_found() -> None:
    """Two officers at both halls take 30 days on average; six at the dear one would do with one at the other."""
    keys: dict[str, Any] = {SERVERS: (1, 6), "desks.bureau.servers": (1, 6)}
    found = parkflow.need(park(), vary=keys, target="days<=40", costs={SERVERS: 5.0}, workers=1)
    assert found.enough is not None
    every = {
        (hall, bureau): parkflow.run(
            park().with_changes(dict(zip(keys, (hall, bureau), strict=True))), replications=1
        ).rows("days")[0]["mean"]
        for hall in range(1, 7)
        for bureau in range(1, 7)
    }
    cost = min(5 * hall + bureau for (hall, bureau), days in every.items() if days is not None and days <= 40)
    assert found.enough.cost == cost
    assert all(it.verdict is Verdict.short for it in found.attempts if it.cost < cost)


@pytest.fixture(scope="module")
def hopeless() -> Need:
    """A notice of 90 days stands between any number of officers and 60 days."""
    return parkflow.need(park("90 cd"), vary={SERVERS: (1, 8)}, target="days<=60", workers=1)


def test_what_stands_in_the_way_is_named(hopeless: Need) -> None:
    """The work of the notice, which no officer shortens; no desk is full."""
    assert hopeless.enough is None
    assert hopeless.obstacles is not None
    assert hopeless.obstacles.causes[0][1] == pytest.approx(90.0)
    [attempt] = hopeless.attempts
    assert attempt.levels == {SERVERS: 8}


def test_the_answer_stands_in_both_languages(hopeless: Need) -> None:
    """Found and not found, with the table of what was tried."""
    found = parkflow.need(park(), vary={SERVERS: (1, 8)}, target="days<=30", workers=1)
    told = (("is the least that brings", "No level reaches"), ("最少", "任何水平"))
    for language, (least, nothing) in zip(LANGUAGES, told, strict=True):
        say = words(language).about(park())
        assert least in need_sentences(found, say)[0]
        assert nothing in need_sentences(hopeless, say)[0]
        assert need_table(found, say).row_count == len(found.attempts)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"target": "days"}, "MEASURE>=VALUE"),
        ({"target": "dayz<=3"}, "days"),
        ({"target": "start_rate>=3"}, "lies between"),
        ({"target": "days_saved>=3"}, "name another policy"),
        ({"vary": {}}, "name a key"),
        ({"vary": {"desks.hal.servers": (1, 3)}}, "hall"),
        ({"vary": {SERVERS: (3, 1)}}, "swap"),
        ({"vary": {SERVERS: (0, 3)}}, "servers"),
        ({"costs": {"desks.bureau.servers": 2.0}}, "not varied"),
        ({"costs": {SERVERS: 0.0}}, "above 0"),
        ({"chance": 1.5}, "between 0 and 1"),
        ({"confidence": 0.2}, "0.5"),
        ({"group": "nobody"}, "another"),
    ],
)
def test_what_does_not_fit_is_told(given: dict[str, Any], remedy: str) -> None:
    """With the argument and the remedy."""
    with pytest.raises(ArgumentError, match=remedy):
        parkflow.need(park(), workers=1, **{"vary": {SERVERS: (1, 3)}, "target": "days<=30", **given})


@pytest.mark.slow
def test_the_command_gives_the_same_in_a_sentence_and_as_json() -> None:
    """Planners of a shipped park; the cap is low, so that it ends soon."""
    asked = [
        "need",
        "yantai",
        "--vary",
        "desks.planning.servers=1:4",
        "--target",
        "days<=500",
        "-w",
        "1",
        "--cap",
        "16",
    ]
    lines = CliRunner().invoke(app, asked).stdout.splitlines()
    document = json.loads(CliRunner().invoke(app, [*asked, "-f", "json"]).stdout)
    assert f"desks.planning.servers = {document['enough']['desks.planning.servers']}" in lines[0]
