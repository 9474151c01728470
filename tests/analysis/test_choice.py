"""Choosing a policy: the tiny park's answer is known, and effort tells which policies are on the frontier."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.choice import Choice
from parkflow.analysis.experiments.selection import FIRST
from parkflow.analysis.language import words
from parkflow.analysis.terminal.choice_tables import choice_sentence, choice_table
from parkflow.commands import app
from parkflow.sim.levers.base import Lever, parameter


class Officers(Lever):
    """The hall has so many officers."""

    name = "officers"
    title = "Officers of the hall"
    title_zh = "窗口人数"
    area = "approvals"
    mechanisms = ()
    facts = ()
    observable = "Days in the queue fall."
    neutral = {"servers": 1}

    servers: int = parameter(2, "officers", "Officers in the hall.", ge=1, le=9)

    def changes(self, scenario: parkflow.Scenario) -> dict[str, Any]:
        """The officers of the hall."""
        return {"desks.hall.servers": self.servers}


def park() -> parkflow.Scenario:
    """Six projects file at one officer at the same time: a second and a third officer shorten the line."""
    parkflow.register(Officers)
    more = {"two": {"officers": {}}, "three": {"officers": {"servers": 3}}, "idle": {}}
    given: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plain": {}},
        "portfolio": {"plain": {"of": "plain", "count": 6, "arrivals": {"on": [0.0]}}},
        "desks": {"hall": {"servers": 1}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "exponential(10) cd"},
            "groundbreaking": {"step": "milestone", "needs": ["filing"]},
        },
        "question": {"from": "arrival", "to": "groundbreaking"},
        "policies": {name: {"assumed": "a test", "levers": levers} for name, levers in more.items()},
    }
    return parkflow.Scenario.model_validate(given)


@pytest.fixture(scope="module")
def chosen() -> Choice:
    """The best of three policies, of which one does nothing."""
    return parkflow.choose(park(), workers=1, zone=1.0)


def test_most_officers_are_selected_and_who_does_nothing_is_dropped_first(chosen: Choice) -> None:
    """The lower the line, the fewer the replications; an equal number for all would have cost more."""
    assert (chosen.best, chosen.is_promised) == ("three", True)
    fates = {it.policy: it for it in chosen.candidates}
    assert [it.policy for it in chosen.candidates] == ["three", "two", "idle"]
    assert fates["idle"].replications == FIRST <= fates["two"].replications <= fates["three"].replications
    assert fates["idle"].dropped_by in ("two", "three")
    assert chosen.used == sum(it.replications for it in chosen.candidates)


def test_the_values_are_those_of_a_comparison(chosen: Choice) -> None:
    """With the same seed and as many replications `compare` tells the same mean of the policy selected."""
    replications = chosen.candidates[0].replications
    told = parkflow.compare(park(), "three", replications=replications, workers=1, measures="days_saved")
    assert chosen.candidates[0].value.mean == told.rows("days_saved", "three", "all")[0]["mean"]


def test_the_frontier_holds_what_no_other_beats_in_both(chosen: Choice) -> None:
    """Officers work as long under every policy, so only the best saves most for the same effort."""
    assert [it.policy for it in chosen.candidates if it.on_frontier] == ["three"]


def test_the_lowest_is_the_highest_turned_round() -> None:
    """Fewest days where days are asked for."""
    found = parkflow.choose(park(), ["two", "three"], measure="days", lowest=True, zone=1.0, workers=1)
    assert found.best == "three"
    assert found.candidates[0].value.mean < found.candidates[1].value.mean


def test_the_answer_stands_in_both_languages(chosen: Choice) -> None:
    """A sentence with what it rests on, and one line per policy."""
    for language in ("en", "zh"):
        say = words(language).about(park())
        sentence = choice_sentence(chosen, say)
        assert "95%" in sentence
        assert str(chosen.used) in sentence
        assert choice_table(chosen, say).row_count == 3


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"zone": 0.0}, "zone"),
        ({"confidence": 1.0}, "confidence"),
        ({"measure": "days_savd"}, "days_saved"),
        ({"policies": "two"}, "two policies or more"),
        ({"cap": 3}, "cap"),
        ({"group": "nobody"}, "nobody"),
    ],
)
def test_what_does_not_fit_is_told(given: dict[str, Any], remedy: str) -> None:
    """Before anything runs, but for a group that shows nothing."""
    with pytest.raises(ArgumentError, match=remedy):
        parkflow.choose(park(), workers=1, **given)


@pytest.mark.slow
def test_the_command_prints_the_sentence_first_and_json_the_same() -> None:
    """Two policies of a shipped park."""
    asked = ["choose", "yantai", "-p", "reported", "-p", "green_channel", "--workers", "1"]
    lines = CliRunner().invoke(app, asked).stdout.splitlines()
    assert "is best in days saved" in lines[0]
    document = json.loads(CliRunner().invoke(app, [*asked, "-f", "json"]).stdout)
    assert document["promised"]
    assert {"policy", "mean", "effort", "replications", "frontier"} <= set(document["candidates"][0])
