"""The sentences of the page on worth hold for the tables below them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "worth.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)
SAVES = re.compile(r"saves (\d+\.\d) days per project, (\d+\.\d) net of the park")


def section(title: str) -> str:
    """The text of one section."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def means(title: str) -> dict[str, tuple[float, ...]]:
    """Of each lever: what it saves alone, net of the park, what its removal costs, and that net of the park."""
    rows = ((lever, cells.split("|")) for lever, cells in ROW.findall(section(title)))
    return {lever: tuple(float(cell.split("[")[0].replace("−", "-")) for cell in cells) for lever, cells in rows}


def together(title: str) -> tuple[float, float]:
    """Days that the whole bundle saves, and net of the park."""
    found = SAVES.search(section(title))
    assert found
    return float(found[1]), float(found[2])


YANTAI, ZHAOQING = means("Yantai: every practice"), means("Zhaoqing: every practice")
REPORTED = means("Zhaoqing: what it reports")


def test_levers_do_not_add_up() -> None:
    assert round(sum(row[0] for row in YANTAI.values())) == 355
    assert round(together("Yantai: every practice")[0]) == 220
    assert [round(one) for one in (YANTAI["start_on_land"][0], YANTAI["start_on_land"][2])] == [75, 23]
    issues = [YANTAI[name] for name in ("commissioners", "escalation_ladder", "review_cadence", "same_day_transfer")]
    assert all(11 <= round(row[0]) <= 30 and round(row[2]) <= 3 for row in issues)


def test_land_comes_first_where_it_is_short() -> None:
    assert max(REPORTED, key=lambda name: REPORTED[name][0]) == "land_bank"
    assert round(REPORTED["land_bank"][0]) == 85
    saved, net = together("Zhaoqing: what it reports")
    assert net / saved == pytest.approx(2 / 3, abs=0.05)


def test_start_upon_land_is_worth_what_it_overlaps() -> None:
    assert all(65 < park["start_on_land"][0] <= 75 for park in (YANTAI, ZHAOQING))
    assert round(REPORTED["start_on_land"][0]) == 16
    assert all(park["start_on_land"][2] < park["start_on_land"][0] / 2 for park in (YANTAI, ZHAOQING))


def test_levers_that_need_others_and_levers_that_move_nothing() -> None:
    assert all(park["standard_land"][0] == 0 and 0.5 < park["standard_land"][2] <= 1.5 for park in (YANTAI, ZHAOQING))
    assert all(park[name][0] == 0 for park in (YANTAI, ZHAOQING) for name in ("ceremonies", "output_appraisal"))


def test_officers_set_apart_lend_a_hand() -> None:
    assert all(0 < one < 22 for park in (YANTAI, ZHAOQING, REPORTED) for one in park["dedicated_windows"])


def test_a_campaign_moves_days() -> None:
    assert REPORTED["campaign"][0] <= 0 < REPORTED["campaign"][1]
