"""The reporting sheet: filled from what is known, honest about what is not."""

from __future__ import annotations

import re

import pytest

import parkflow
from parkflow.analysis.language import words
from parkflow.analysis.report.stress import share_filled, stress, stress_section, study_of
from parkflow.analysis.report.stress_items import ITEMS, MISSING, MISSING_ZH
from parkflow.analysis.store.run_folder import Run
from parkflow.scenarios.load import available

ENOUGH = 0.8
"""Share of the items that each shipped park fills."""

FOR_THE_AUTHORS = ("1.1", "3.2", "6.1")
"""Why the study was made, what was done to raw data, and where its folder is published."""


@pytest.mark.parametrize("park", available())
def test_four_fifths_are_filled_for_every_shipped_park(park: str) -> None:
    """In both languages; what is missing says what to write."""
    for language in ("en", "zh"):
        sheet = parkflow.stress(park, lang=language)
        items = re.split(r"^## ", sheet, flags=re.MULTILINE)[1:-1]
        missing = [item.split()[0] for item in items if MISSING in item or MISSING_ZH in item]
        assert len(items) == 24
        assert 1 - len(missing) / len(items) >= ENOUGH
        assert missing == list(FOR_THE_AUTHORS)


def test_a_run_fills_in_how_it_was_made(stored: Run) -> None:
    """Replications and seed, command, versions, machine and time are those of its record."""
    items = {item.number: item for item in stress(study_of(stored), words("en"))}
    assert items["4.3"].text.startswith("3 independent replications per policy with common random numbers, seed 1")
    assert "`parkflow.compare`" in items["5.3"].text
    assert re.search(r"numpy \d+\.", items["5.1"].text)
    assert re.search(r"[\d.]+ s, processes: 1", items["5.4"].text)
    assert "the reported practice" in items["1.3"].text or "reported practice" in items["1.3"].text
    assert share_filled(list(items.values())) >= ENOUGH
    assert [number for number, item in items.items() if not item.filled] == list(FOR_THE_AUTHORS)


def test_components_are_those_of_the_scenario(stored: Run) -> None:
    """Every group, activity, desk, meeting and stock stands in its item, by its title."""
    say = words("en").about(stored.scenario)
    items = {item.number: item.text for item in stress(study_of(stored), say)}
    scenario = stored.scenario
    assert all(f"* {say.group(name)}: {group.count}" in items["2.5.1"] for name, group in scenario.portfolio.items())
    assert all(f"* {say.activity(name)}: " in items["2.5.2"] for name in scenario.activities)
    named = [*map(say.desk, scenario.desks), *map(say.meeting, scenario.meetings), *map(say.stock, scenario.stocks)]
    assert all(f"* {name}: " in items["2.5.3"] for name in named)


def test_a_park_that_was_not_run_says_so() -> None:
    assert "not run yet" in parkflow.stress("approvals-275")


def test_the_sheet_is_a_part_of_the_report(stored: Run) -> None:
    """All its items in one table, which opens on a click."""
    section = stress_section(study_of(stored), words("en"))
    assert [row[0].text.split()[0] for row in section.sheets[0].rows] == [number for number, _, _ in ITEMS]
    assert section.sheets[0].folded


def test_every_noted_number_stands_in_the_annex() -> None:
    """With where it comes from; what is assumed says why."""
    sheet = parkflow.stress("zhifu")
    rows = sheet.partition("## Annex: input parameters")[2].strip().splitlines()[2:]
    assert len(rows) > 200
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert any("| assumed |" in row for row in rows)
    assert any("S41" in row and "| source |" in row for row in rows)
