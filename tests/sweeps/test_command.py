"""The commands sweep, results and status, as a user gives them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from parkflow.analysis.experiments.sweeper import State
from parkflow.analysis.terminal.progress import Lines
from parkflow.commands import app

VARY = ("--vary", "desks.window.servers=1,2", "--workers", "1")


def call(*words: str) -> Result:
    """Give a command."""
    return CliRunner().invoke(app, list(words))


@pytest.fixture(scope="module")
def folder(park: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of two points."""
    out = tmp_path_factory.mktemp("sweep") / "run"
    answer = call("sweep", park, *VARY, "-n", "8", "--out", str(out))
    assert answer.exit_code == 0, answer.output
    return out


def test_results_come_as_table_json_and_csv(folder: Path) -> None:
    """The same rows in three forms; JSON holds how they were made."""
    table = call("results", str(folder))
    assert "Days saved is highest" in table.output
    document = json.loads(call("results", str(folder), "--format", "json").stdout)
    rows = pd.read_csv(io.StringIO(call("results", str(folder), "--format", "csv").stdout))
    assert document["points"] == 2
    assert document["replications"] == 16
    assert document["record"]["packages"]["simpy"]
    assert {"point", "desks.window.servers", "policy", "measure", "mean", "low", "high"} <= set(rows)
    assert len(rows) == len(document["measures"])


def test_any_stored_measure_can_be_asked_for(folder: Path) -> None:
    """Measures outside the summary come from the observations, by group; unknown ones are refused by name."""
    rows = json.loads(call("results", str(folder), "-m", "wait", "--groups", "--format", "json").stdout)["measures"]
    assert {row["group"] for row in rows} == {"window", "review"}
    refused = call("results", str(folder), "-m", "wiat")
    assert refused.exit_code == 2
    assert "did you mean 'wait'?" in refused.output


def test_the_summary_opens_with_one_line_in_pandas_and_duckdb(folder: Path) -> None:
    """Chunks and summary are plain Parquet."""
    summary = pd.read_parquet(folder / "summary.parquet")
    assert set(summary["desks.window.servers"]) == {1, 2}
    assert len(pd.read_parquet(folder / "observations")) > 100
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    stored = f"'{folder}/observations/*.parquet'"
    assert duckdb.sql(f"select count(*) from {stored} where measure = 'days_saved'").fetchall() == [(16,)]


def test_status_says_how_far_a_sweep_is(folder: Path, tmp_path: Path) -> None:
    """Points, replications, store and the last command; a folder without a sweep is refused."""
    said = call("status", str(folder)).output
    assert "complete" in said
    assert "2 of 2 begun" in said
    assert "replications  16" in said
    assert call("status", str(tmp_path)).exit_code == 2


def test_a_dry_run_stores_nothing(park: str, tmp_path: Path) -> None:
    """It says how many points and replications, how long and how much room."""
    answer = call("sweep", park, *VARY, "-n", "8", "--dry-run", "--out", str(tmp_path / "run"))
    assert "2 points, 16 replications" in answer.output
    assert "MB of disk" in answer.output
    assert not (tmp_path / "run").exists()


def test_detail_keeps_the_tables_of_every_replication(park: str, tmp_path: Path) -> None:
    """--detail projects stores one row a project, policy and replication."""
    answer = call("sweep", park, *VARY, "-n", "2", "--detail", "projects", "--out", str(tmp_path / "run"))
    assert answer.exit_code == 0
    projects = pd.read_parquet(tmp_path / "run" / "projects")
    assert len(projects) == 2 * 2 * 2 * 15
    assert {"point", "replication", "policy", "project", "arrival", "done"} <= set(projects)


@pytest.mark.slow
def test_bad_input_is_one_message_and_status_2(park: str, tmp_path: Path) -> None:
    """No traceback, whatever is wrong."""
    for words in (
        ("sweep", park),
        ("sweep", "nowhere"),
        ("sweep", str(tmp_path / "none.toml")),
        ("sweep", park, "--vary", "desks.window.servers=1,2", "--cluster", "tcp://127.0.0.1:1"),
        ("sweep", park, "--vary", "desks.window.servers=1,2", "--workers", "0"),
        ("results", str(tmp_path)),
    ):
        answer = call(*words, *(("--out", str(tmp_path / "run")) if words[0] == "sweep" else ()))
        assert answer.exit_code == 2, words
        assert "Traceback" not in answer.output


def test_progress_is_plain_lines_away_from_a_terminal() -> None:
    """Points, replications, the widest interval, failures and the time left."""
    stream = io.StringIO()
    lines = Lines("demo", "0.5 days", stream)
    lines(State(points=3, expected=20, done=5))
    lines.last -= 60
    lines.begun -= 60
    lines(State(points=3, expected=20, done=10, finished=1, failed=1, wide=1.4))
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("demo: 1/3 points, 10/20 replications, widest half-width 1.40 × 0.5 days, 1 failed, ")
    assert line.endswith(" left")
