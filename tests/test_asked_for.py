"""A comparison to a precision, of several parks, and by default of the policies that a file defines."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import parkflow as pf
from parkflow.analysis.store.run_folder import Run
from parkflow.commands import app
from parkflow.policies import Site

OWN = """extends = "zhifu"
[policies.ours]
assumed = "a test"
title = "our plan"
levers = { land_bank = {} }
"""


def call(*words: str) -> Result:
    """Give a command."""
    return CliRunner().invoke(app, list(words))


def half_width(found: pf.Comparison) -> float:
    """Half of the interval of days saved."""
    (row,) = found.rows("days_saved", "reported", "all")
    assert row["high"] is not None
    assert row["low"] is not None
    return (row["high"] - row["low"]) / 2


@pytest.mark.slow
def test_a_comparison_runs_until_days_saved_are_sure() -> None:
    """No more than it takes, and never fewer than asked for; the interval keeps what looking costs."""
    wanted = 8.0
    found = pf.compare("yantai", "reported", measures="days_saved", replications=4, half_width=wanted, workers=1)
    assert half_width(found) <= wanted
    assert found.replications > 4
    same = pf.compare("yantai", "reported", measures="days_saved", replications=found.replications, workers=1)
    assert half_width(found) > half_width(same)
    (row,), (plain,) = (one.rows("days_saved", "reported", "all") for one in (found, same))
    assert row["mean"] == plain["mean"]


@pytest.mark.slow
def test_the_cap_ends_it_and_is_told() -> None:
    """Status 0: the answer is there, and how sure it is not."""
    done = call("compare", "yantai", "-p", "reported", "--half-width", "0.1", "-n", "4", "--cap", "6", "-w", "1")
    assert done.exit_code == 0
    assert "(6 replications" in done.output
    assert "reported: the half-width of days saved is" in done.output


@pytest.mark.slow
def test_a_run_to_a_precision_can_be_repeated(tmp_path: Path) -> None:
    """Its record tells the half-width, and the numbers are the same to the last bit."""
    out = tmp_path / "run"
    pf.compare("zhifu", "reported", replications=4, half_width=8.0, cap=32, workers=1, out=out)
    assert pf.rerun(out, workers=1).identical


@pytest.mark.slow
def test_several_parks_stand_side_by_side(tmp_path: Path) -> None:
    """An answer for each, one table with a column of parks, a document for each, and a folder for each."""
    file, out = tmp_path / "mine.toml", tmp_path / "runs"
    file.write_text(OWN, encoding="utf-8")
    asked = ("compare", "zhifu", str(file), "-n", "2", "-w", "1")
    text = call(*asked, "--out", str(out)).output
    assert text.count("a project takes") == 4
    assert "park" in text.splitlines()[-7]
    assert [path.name for path in sorted(out.iterdir())] == ["mine", "zhifu"]
    assert Run(out / "mine").policies == ["serial", "ours", "green_channel"]
    documents = json.loads(call(*asked, "--format", "json", "--measure", "days").stdout)
    assert len(documents) == 2
    assert {row["measure"] for one in documents for row in one["measures"]} == {"days"}
    rows = pd.read_csv(io.StringIO(call(*asked, "--format", "csv").stdout))
    assert len(set(rows["park"])) == 2


def test_policies_of_the_file_come_first_then_the_green_channel(tmp_path: Path) -> None:
    """Those of the nearest file that has any of its own; what every park inherits is nobody's own."""
    file, child = tmp_path / "mine.toml", tmp_path / "child.toml"
    file.write_text(OWN, encoding="utf-8")
    child.write_text('extends = "mine.toml"\n', encoding="utf-8")
    chosen = {park: Site.of(park).chosen((), "serial") for park in ("zhifu", "baseline", str(file), str(child))}
    assert chosen == {
        "zhifu": ("reported", "green_channel"),
        "baseline": ("green_channel",),
        str(file): ("ours", "green_channel"),
        str(child): ("ours", "green_channel"),
    }


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    """Suffix, a folder in its place, and a file where a folder should be; four thousand replications are not begun."""
    (tmp_path / "taken.html").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for out, words in (
        ("x.doc", "ends in .html"),
        ("taken.html", "a folder of this name"),
        ("file/x.html", "no folder"),
    ):
        done = call("report", "zhifu", "-n", "4000", "--out", str(tmp_path / out))
        assert (done.exit_code, words in done.output) == (2, True), done.output
    assert call("chart", "causes", "zhifu", "-n", "4000", "--out", str(tmp_path / "x.gif")).exit_code == 2
