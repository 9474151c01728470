"""The diary of a project: who had its file on which day, and why. All numbers are assumed for the tests."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.language import LANGUAGES, words
from parkflow.analysis.replication.diary import Entry, diary
from parkflow.analysis.replication.tables import Table, tables
from parkflow.analysis.terminal.diary_table import diary_table
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario

PARK: dict[str, Any] = {
    "name": "tiny",
    "assumed": "a test",
    "start": "2024-01-01",
    "horizon": 400,
    "calendars": {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}},
    "classes": {"plant": {}},
    "portfolio": {"new": {"of": "plant", "count": 2, "arrivals": {"on": [0.0, 1.0]}}},
    "desks": {"hall": {"servers": 1, "calendar": "office"}},
    "meetings": {"board": {"every": 7, "first": 30.0, "places": 5}},
    "activities": {
        "filing": {
            "step": "desk", "desk": "hall", "duration": "3 wd",
            "correction": {"probability": 1.0, "attempts": 2, "fix": "2 cd"},
        },
        "signed": {"step": "milestone", "needs": ["filing"]},
        "hearing": {"step": "meeting", "meeting": "board", "duration": "1 cd", "needs": ["signed"]},
        "listing": {"step": "notice", "duration": "10 cd", "needs": ["hearing"]},
        "end": {"step": "milestone", "needs": ["listing"]},
    },
}  # fmt: skip


def told(**more: Any) -> tuple[Scenario, dict[str, Table]]:
    """The park, and the tables of one run."""
    scenario = Scenario.model_validate(PARK | more)
    return scenario, dict(tables(simulate(Layout(scenario), 1, 0), ("arrival", "end")).items())


def of(project: str, **more: Any) -> list[Entry]:
    """The diary of a project of the park."""
    return diary(told(**more)[1], project)


def test_a_diary_tells_who_had_the_file_from_when_to_when() -> None:
    """The second project waits behind the first, is served over a weekend, corrects, and goes to the board."""
    found = [(it.begin, round(it.end - it.begin, 2), it.what, it.activity, it.ahead) for it in of("new-2")]
    assert found == [
        (1.0, 2.0, "waits", "filing", 0),
        (3.0, 5.0, "own", "filing", 0),
        (8.0, 2.0, "corrects", "filing", 0),
        (10.0, 1.0, "waits", "filing", 0),
        (11.0, 5.0, "own", "filing", 0),
        (16.0, 0.0, "milestone", "signed", 0),
        (16.0, 14.0, "waits", "hearing", 0),
        (30.0, 1.0, "own", "hearing", 0),
        (31.0, 10.0, "own", "listing", 0),
        (41.0, 0.0, "milestone", "end", 0),
    ]


def test_the_place_in_the_line_is_told() -> None:
    """Of five files that come one after the other the last finds three in the line, and one in service."""
    portfolio = {"new": {"of": "plant", "count": 5, "arrivals": {"on": [0.0, 0.1, 0.2, 0.3, 0.4]}}}
    first = of("new-5", portfolio=portfolio)[0]
    assert (first.what, first.ahead) == ("waits", 3)


def test_what_is_not_over_has_no_end() -> None:
    """The run is over while the notice still runs."""
    last = of("new-1", horizon=35)[-1]
    assert last.activity == "listing"
    assert last.end != last.end


def test_an_unknown_project_is_named_with_those_that_there_are() -> None:
    """The remedy stands in the message."""
    with pytest.raises(ArgumentError, match=r"new-9: the projects are new-1, new-2"):
        of("new-9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_fits_eighty_columns_in_both_languages(language: Any) -> None:
    """Dates, days, and what the milestones are called."""
    scenario, kept = told()
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(diary_table("new-2", diary(kept, "new-2"), scenario, words(language).about(scenario)))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    assert "2024\u201101\u201104" in text
    assert ("the applicant corrects it" if language == "en" else "申请人修改") in text
