"""`parkflow check` tells a good file in ten lines and warns of what is hardly meant; `parkflow new` writes one."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from parkflow.analysis.words.catalogue import in_chinese
from parkflow.checking import checked
from parkflow.commands import app
from parkflow.scenarios.load import available, load, raw
from parkflow.starter import Asked, started

PARKS = [park for park in available() if park != "approvals-275"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def parkflow(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def file(text: str, name: str = "mine.toml") -> str:
    Path(name).write_text(f'extends = "baseline"\n{text}', encoding="utf-8")
    return name


def warnings(text: str) -> list[str]:
    """The keys that `check` warns of in a file."""
    return [problem.key for problem in checked(file(text)).doubts]


WORK = 'step = "work"\nstage = "approvals"\nduration = "5 cd"\nassumed = "what if"\n'
DESK = 'servers = 9\nassumed = "what if"\n'


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_good_file_is_told_in_ten_lines(lang: str) -> None:
    """What it is, how it differs from its parent, and a pilot run; the status is 0, with --strict too."""
    done = parkflow("check", file(f"[desks.planning]\n{DESK}"), "--strict", "--lang", lang)
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) <= 10
    assert ("desks (planning)" if lang == "en" else "窗口（planning）") in done.output
    assert ("no warnings" if lang == "en" else "没有警告") in done.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (f'[activities.study]\n{WORK}needs = ["filing"]\ntags = ["submission"]\n', ["activities.study"] * 2),
        ('[cohort]\ngroups = ["ordinary"]\nmilestone = "groundbreaking"\nby = 2020-01-01\n', ["cohort.by"]),
        ("[policies.serial.levers]\nservice_cap = {}\n", ["policies.serial"]),
        ("horizon = 700\n", ["horizon"]),
        ("[calendars.earth]\nlost = 0.98\n", ["calendars.earth", "horizon"]),
        ('[portfolio.ordinary]\ncount = 500\nassumed = "what if"\n', ["desks"]),
    ],
)
def test_what_is_hardly_meant_is_warned_of(text: str, keys: Sequence[str]) -> None:
    """An activity that delays nobody, a cohort before the start, serial redefined, a short horizon, busy desks."""
    found = warnings(text)
    assert [key for key in found if key.startswith("desks.")] if keys == ["desks"] else found == list(keys)


@pytest.mark.slow
def test_warnings_are_lines_with_a_status_of_their_own() -> None:
    """0, or 1 where that is asked for; in Chinese no English word is left but keys."""
    name = file("horizon = 700\n")
    assert parkflow("check", name).exit_code == 0
    done = parkflow("check", name, "--strict")
    assert done.exit_code == 1
    assert [line for line in done.output.splitlines() if line.startswith("warning: horizon: cuts off ")]
    told = parkflow("check", name, "--lang", "zh").output
    assert "警告：horizon：" in told
    assert "give more days" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('question = { from = "groundbreaking", to = "agreement" }\n', "cannot come before"),
        ('without = ["calendars.earth.months"]\n[calendars.earth]\nlost = 1\n', "never opens"),
        ("[desks.planning]\nservres = 2\n", "servers"),
    ],
)
def test_what_cannot_be_is_refused(text: str, told: str) -> None:
    """With status 2, before anything is run."""
    done = parkflow("check", file(text))
    assert done.exit_code == 2
    assert told in done.output
    assert not re.search("cannot|never opens|did you mean", in_chinese(done.output))


def test_a_list_is_told_with_the_columns_that_nobody_reads() -> None:
    """And every warning of a run counts its projects."""
    Path("list.csv").write_text("name,agreement,telephone\nBolts,2023-02-01,110\n", encoding="utf-8")
    done = parkflow("check", file('projects = "list.csv"\n'))
    assert "list.csv: 1 projects; columns that are not read: telephone" in done.output


@pytest.mark.slow
@pytest.mark.parametrize("park", PARKS)
def test_a_starter_moves_every_date(park: str) -> None:
    """From any park to another year: as good a file, no date left behind, and no warning that the parent has not."""
    before = raw(park)["start"]
    start = before.replace(year=before.year + 5)
    starter, files = started(Asked("later", park, start=start), Path.cwd())
    for name, content in files.items():
        Path(name).write_bytes(content)
    scenario = load("later.toml")
    assert scenario.start == start == starter.start
    assert {problem.key for problem in checked("later.toml").doubts} == {it.key for it in checked(park).doubts}
    text = tomllib.loads(files["later.toml"].decode())
    assert not [day for day in dates(text) if day < start]


def dates(value: object) -> list[dt.date]:
    """All dates that a file states."""
    if isinstance(value, dict | list):
        return [day for inner in (value.values() if isinstance(value, dict) else value) for day in dates(inner)]
    return [value] if isinstance(value, dt.date) else []


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_starter_of_the_example_list_is_good(lang: str) -> None:
    """Forty projects by name, every desk busy for 85% at most, no warning, and a comment beside each part."""
    done = parkflow("new", "river", "--projects", "example", "--size-desks", "--officers", "planning=3", "--lang", lang)
    assert done.exit_code == 0, done.output
    scenario = load("river.toml")
    assert sum(len(group.named) for group in scenario.portfolio.values()) == 40
    assert scenario.desks["planning"].servers == 3
    found = checked("river.toml")
    assert not found.doubts
    serial = {desk: share for (policy, desk), share in found.pilot.utilisation.items() if policy == "serial"}
    assert max(serial.values()) <= 0.87
    text = Path("river.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema ./parkflow.schema.json\n")
    assert Path("parkflow.schema.json").is_file()
    assert ("staff list" if lang == "en" else "编制表") in text


def test_a_starter_with_a_number_of_projects_inherits_none() -> None:
    """And nothing that is said of the groups that are gone."""
    assert parkflow("new", "river", "--parent", "yantai", "--count", "30", "--start", "2027-03-01").exit_code == 0
    scenario = load("river.toml")
    assert [name for name, group in scenario.portfolio.items() if group.process == "project"] == ["projects"]
    assert scenario.cohort is None
    assert scenario.portfolio["projects"].count == 30


def test_the_approval_of_the_starter_is_the_one_of_the_docs() -> None:
    """Its lines without the # are a good park."""
    parkflow("new", "river")
    lines = Path("river.toml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("# [desks.port_authority]")
    active = [*lines[:begin], *(line.removeprefix("#").removeprefix(" ") for line in lines[begin:])]
    Path("port.toml").write_text("\n".join(active), encoding="utf-8")
    assert "port_review" in load("port.toml").activities["permit_review"].needs


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--parent", "baselin"], "did you mean 'baseline'?"),
        (["--start", "soon"], "is no date; write it as 2026-01-01"),
        (["--projects", "absent.csv"], "there is no such file"),
        (["--projects", "example", "--count", "3"], "give one of the two"),
        (["--officers", "planing=3"], "did you mean 'planning'?"),
        (["--officers", "planning"], "write --officers planning=3"),
    ],
)
def test_answers_that_do_not_fit_are_refused(arguments: list[str], told: str) -> None:
    """With status 2, and nothing is written."""
    done = parkflow("new", "river", *arguments)
    assert done.exit_code == 2
    assert told in done.output
    assert not list(Path.cwd().iterdir())


def test_nothing_is_written_over_without_force() -> None:
    """A file of one's own stays; the same file again does no harm."""
    assert parkflow("new", "river").exit_code == 0
    assert parkflow("new", "river").exit_code == 0
    Path("river.toml").write_text("mine", encoding="utf-8")
    done = parkflow("new", "river")
    assert done.exit_code == 2
    assert "river.toml: there is such a file already; give --force" in done.output
    assert Path("river.toml").read_text(encoding="utf-8") == "mine"
    assert parkflow("new", "river", "--force").exit_code == 0


def test_a_name_stays_in_the_folder() -> None:
    """It is the name of a file, and no path."""
    assert parkflow("new", "../river").exit_code == 2


@pytest.mark.slow
def test_a_list_can_be_given_to_commands() -> None:
    """Its names are in the chart of what was run; a folder keeps its own projects, and says so."""
    text = "项目名称,签约日期\n某某电池,2023-03-01\n乙厂,2023-04-01\n"
    Path("list.csv").write_bytes(text.encode("gb18030"))
    common = ("-n", "1", "-w", "1")
    done = parkflow(
        "compare", "baseline", "--projects", "list.csv", "--policy", "green_channel", "--out", "run", *common
    )
    assert done.exit_code == 0, done.output
    drawn = parkflow("chart", "gantt", "run", "--project", "某某电池", "--out", "one.svg")
    assert "Schedule of project 某某电池" in drawn.output, drawn.output
    told = parkflow("diary", "baseline", "--projects", "list.csv", "--project", "乙厂")
    assert "groundbreaking" in told.output
    refused = parkflow("report", "run", "--projects", "list.csv")
    assert refused.exit_code == 2
    assert "run holds what was run, with its own projects" in refused.output
    record = json.loads(Path("run/run-record.json").read_text(encoding="utf-8"))
    assert record["lists"] == [{"file": "list.csv", "sha256": sha256(text.encode("gb18030")).hexdigest()}]
