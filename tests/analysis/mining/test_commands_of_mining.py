"""The commands and the Python face of mining, and numbers that are laid onto another park."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.mining.log_mapping import LogMapping
from parkflow.analysis.mining.mined import mined
from parkflow.commands import app
from tests.analysis.mining.logs import Row, log_of

PARK = """
title = "Two steps"
assumed = "made up"
calendars = { office = { week = [1, 1, 1, 1, 1, 0, 0] } }
start = 2023-01-02
horizon = 1000
classes = { case = {} }
portfolio = { cases = { of = "case", count = 5, arrivals = { on = [2023-01-02] } } }
desks = { counter = { servers = 3, calendar = "office" }, other = { servers = 1 } }
[activities]
examine = { step = "desk", desk = "counter", duration = "1 wd", circulation = "9 wd" }
wait = { step = "notice", duration = "20 cd", needs = ["examine"] }
"""


def run(*arguments: str | Path) -> tuple[int, str]:
    """Exit status and all that is printed."""
    done = CliRunner().invoke(app, [str(it) for it in arguments])
    return done.exit_code, done.output


def test_mine_writes_a_park_and_says_what_is_not_told(tmp_path: Path) -> None:
    """The file loads and checks; without one the park is printed."""
    status, said = run("mine", "permits", "--out", tmp_path / "town.toml")
    assert status == 0
    assert "4 activities, 2 desks, 200 cases" in said
    assert "not told by the log: who goes first in a queue" in said
    assert parkflow.load(tmp_path / "town.toml").desks["review"].servers == 2
    assert run("check", tmp_path / "town.toml")[0] == 0
    assert 'title = "Town office mined from its log"' in run("mine", "permits")[1]


def test_a_mistake_is_told_in_one_line(tmp_path: Path) -> None:
    """Status 2, and no traceback."""
    (tmp_path / "map.toml").write_text("milestone = {}", encoding="utf-8")
    status, said = run("mine", "permits", "--mapping", tmp_path / "map.toml")
    assert status == 2
    assert said == "parkflow: map.toml: milestone: there is no such key; did you mean 'milestones'?\n"
    assert run("mine", "permit")[0] == 2
    assert run("backtest", "permits", "--share", "2")[1].startswith("parkflow: --share 2.0: give a share")


@pytest.mark.slow
def test_backtest_prints_what_was_told_and_what_came() -> None:
    """As a table, as JSON and as CSV."""
    status, said = run("backtest", "permits", "--draws", "4")
    assert status == 0
    assert "learned from 96 cases before 2024-07-06" in said
    document = json.loads(run("backtest", "permits", "--draws", "4", "--format", "json")[1])
    assert {row["way"] for row in document["ways"]} == {"simulation", "empirical", "gamma", "empirical by class"}
    assert run("backtest", "permits", "--draws", "4", "--format", "csv")[1].startswith("way,number,told")


def test_estimates_have_intervals_around_them() -> None:
    """Keys of the park, and the number of cases that each rests on."""
    found = parkflow.mine("permits")
    assert {it.key for it in found.estimates} >= {"activities.intake.duration", "activities.examination.correction.fix"}
    assert all(it.low <= it.value <= it.high and it.cases > 0 for it in found.estimates)
    assert all("mined from permits.csv" in str(it.source) for it in found.scenario.activities.values())


def office(waits: bool) -> list[Row]:
    """Three files on each weekday, examined for a quarter of a day by two officers; then they circulate for a fifth."""
    rows: list[Row] = []
    for day in (7.0 * week + weekday for week in range(12) for weekday in range(5)):
        for turn in range(3):
            start = day + (0.35 if turn == 2 else 0.1)
            ready, end, case = start - 0.15 * (waits and turn == 2), start + 0.25, f"c{day:.0f}-{turn}"
            rows.append((case, "examine", f"counter/{turn % 2 + 1}", ready, start, end))
            rows.append((case, "examine_circulation", "", end, end, end + 0.2))
            rows.append((case, "stamp", "porter", end + 0.2, end + 0.2, end + 0.25))
    return rows


def test_numbers_are_laid_onto_a_park_of_the_same_names(tmp_path: Path) -> None:
    """Durations with their circulation, and officers where their number is sure; what has no place is told."""
    (tmp_path / "park.toml").write_text(PARK, encoding="utf-8")
    log_of(office(waits=True), tmp_path)
    extends = str(tmp_path / "park.toml")
    found = parkflow.mine(tmp_path / "tiny.csv", extends=extends, out=tmp_path / "mined.toml")
    park = parkflow.load(tmp_path / "mined.toml")
    examine = park.activities["examine"].duration
    assert examine is not None
    assert examine.expectation == pytest.approx(0.25, abs=1e-3)
    circulation = park.activities["examine_circulation"].duration
    assert circulation is not None
    assert circulation.expectation == pytest.approx(0.2, abs=1e-3)
    assert park.desks["counter"].servers == 2
    assert park.activities["wait"] == parkflow.load(extends).activities["wait"]
    assert "stamp: no project of the park has such an activity" in found.findings
    log_of(office(waits=False), tmp_path)
    parkflow.mine(tmp_path / "tiny.csv", extends=extends, out=tmp_path / "unsure.toml")
    assert parkflow.load(tmp_path / "unsure.toml").desks["counter"].servers == 3


def test_days_of_a_suspension_do_not_count(tmp_path: Path) -> None:
    """A file of two days that was held up for five more took two."""
    lines = ["case,activity,resource,schedule,start,complete,suspended"]
    lines += [f"c{n},a,Li,2023-02-{n + 1:02d},2023-02-{n + 1:02d},2023-02-{n + 8:02d},5.0" for n in range(12)]
    (tmp_path / "log.csv").write_text("\n".join(lines), encoding="utf-8")
    found = parkflow.mine(tmp_path / "log.csv")
    assert found.park["activities"]["a"]["duration"] == "2 cd"


def test_a_mapping_may_be_given_as_a_value(tmp_path: Path) -> None:
    """From Python, without a file."""
    raw = log_of(office(waits=False), tmp_path)
    assert mined(raw, LogMapping(title="Here")).park["title"] == "Here"
    assert parkflow.mine(tmp_path / "tiny.csv", LogMapping(title="Here")).park["title"] == "Here"
