"""The ledger as a whole: run once and kept, printed in two languages, drawn, and asked for from the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.charts.drawing import ledger_chart
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.executors import run_many
from parkflow.analysis.language import words
from parkflow.analysis.store.files import StoreError
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.analysis.terminal.ledger_tables import ledger_tables
from parkflow.analysis.validation import running
from parkflow.analysis.validation.ledger import Ledger
from parkflow.commands import app
from parkflow.validation import stored_ledger, validate

WIDTH = 80


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of two small parks."""
    folder = tmp_path_factory.mktemp("ledger")
    validate(("zhifu", "guian"), replications=2, workers=1, out=folder)
    return folder


@pytest.fixture(scope="module")
def ledger(kept: Path) -> Ledger:
    """That ledger, from what is kept."""
    return stored_ledger(kept)


def printed(ledger: Ledger, language: str) -> str:
    """The tables as a pipe gets them."""
    console = Console(width=WIDTH, record=True, file=io.StringIO())
    for table in ledger_tables(ledger, words(language)):  # type: ignore[arg-type]
        console.print(table)
    return console.export_text()


@pytest.mark.slow
def test_what_is_kept_is_not_run_again(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second call takes every replication from the folder, and comes to the same; more replications go on."""
    kept = shutil.copytree(kept, tmp_path / "copy")
    before = json.loads((kept / "ledger.json").read_text(encoding="utf-8"))
    told: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(running, "run_many", None)
        again = validate(("zhifu", "guian"), replications=2, workers=1, out=kept, progress=told.append)
    assert told == [2, 4]
    assert again.document()["lines"] == before["lines"]
    asked: list[list[int]] = []

    def watched(*given: object) -> object:
        asked.append(list(given[3]))  # type: ignore[call-overload]
        return run_many(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "run_many", watched)
    validate("zhifu", replications=3, workers=1, out=kept)
    assert asked == [[2]]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_fit_eighty_columns(ledger: Ledger, language: str) -> None:
    """Every line, every verdict, in both languages, and no cell cut off."""
    from rich.cells import cell_len

    text = printed(ledger, language)
    assert max(cell_len(line) for line in text.splitlines()) <= WIDTH
    assert "…" not in text
    for line in ledger.lines:
        assert set(words(language).verdict(line.verdict).split()) <= set(text.split())  # type: ignore[arg-type]
    assert ("30 times would be 6.1 days" in " ".join(text.split())) == (language == "en")


@pytest.mark.slow
def test_documents_hold_plain_numbers(ledger: Ledger, kept: Path) -> None:
    """JSON without NaN, and a CSV of one row per line."""
    document = json.loads(
        (kept / "ledger.json").read_text(encoding="utf-8"), parse_constant=lambda name: pytest.fail(name)
    )
    assert [line["line"] for line in document["lines"]] == [line.definition.line for line in ledger.lines]
    with (kept / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["verdict"] for row in rows] == [line.verdict for line in ledger.lines]
    refuted = next(row for row in rows if row["line"] == "f000-21")
    assert "4.1 to 4.6 times" in refuted["why"]


@pytest.mark.slow
def test_counts_are_of_facts_and_targets(ledger: Ledger) -> None:
    """A usable fact has the verdict of its first line; targets are counted by kind."""
    counts = ledger.counts()
    of_facts = ledger.of_facts()
    assert "f000-21" not in of_facts  # not usable
    assert sum(counts["facts"].values()) == len(of_facts) == 14
    assert counts["targets"]["calibration"]["of"] == 2
    assert counts["targets"]["validation"]["of"] == 2


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_ledger_is_drawn(ledger: Ledger, language: str, tmp_path: Path) -> None:
    """A row for every line that is simulated, in both languages."""
    chart = ledger_chart(ledger, Ask(words(language)))  # type: ignore[arg-type]
    rows = [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
    assert len(rows) == sum(line.predicted == line.predicted for line in ledger.lines)
    assert len(chart.table) == len(ledger.lines)
    chart.save(tmp_path / "ledger.png")
    assert (tmp_path / "ledger.png").stat().st_size > 10_000


@pytest.mark.slow
def test_the_command_prints_and_draws(kept: Path, tmp_path: Path) -> None:
    """Table, JSON and CSV from what is kept, and the chart of the folder."""
    kept = shutil.copytree(kept, tmp_path / "copy")
    for shape, sign in (("table", "P"), ("json", '"verdict"'), ("csv", "line,facts,use")):
        done = CliRunner().invoke(app, ["validate", "zhifu", "-n", "2", "-w", "1", "-o", str(kept), "-f", shape])
        assert done.exit_code == 0, done.output
        assert sign in done.stdout
    picture = tmp_path / "l.svg"
    done = CliRunner().invoke(app, ["chart", "ledger", str(kept), "--out", str(picture)])
    assert done.exit_code == 0, done.output
    assert picture.exists()


@pytest.mark.slow
def test_headline_verdicts_over_the_ranges(tmp_path: Path) -> None:
    """Each headline claim has a verdict at every point, kept as they are done."""
    found = validate("guian", replications=2, assumptions=10, workers=1, out=tmp_path)
    (robust,) = found.robustness
    assert (robust.line, robust.points) == ("v-01", 10)
    assert sum(robust.share(verdict) for verdict in robust.verdicts) == pytest.approx(1)
    assert found.document()["robustness"] == [robust.row()]
    told: list[int] = []
    again = validate("guian", replications=2, assumptions=10, workers=1, out=tmp_path, progress=told.append)
    assert told == [2, 12]
    assert again.robustness == found.robustness


def test_a_park_without_reports_is_refused(tmp_path: Path) -> None:
    """What to name, and what a folder should hold."""
    with pytest.raises(ArgumentError, match=r"park=baseline: nothing is reported of it; .*guian"):
        parkflow.validate("baseline", replications=2)
    with pytest.raises(ArgumentError, match="replications=1: give 2 or more"):
        parkflow.validate("guian", replications=1)
    with pytest.raises(StoreError, match="holds no ledger; make one with"):
        parkflow.chart("ledger", tmp_path)


def test_a_log_keeps_keys_apart(tmp_path: Path) -> None:
    """Values by key and number; a line cut off is passed over, and the next one begins a line of its own."""
    path = tmp_path / "log" / "values.jsonl"
    with ReplicationLog(path) as log:
        log.append("a", 0, {"x": [1.0]})
        log.append("b", 0, {"x": [2.0]})
    path.write_text(path.read_text(encoding="utf-8")[:-3], encoding="utf-8")
    with ReplicationLog(path) as log:
        assert log.of("a") == {0: {"x": [1.0]}}
        assert log.of("b") == {}
        log.append("b", 1, {"x": [3.0]})
    assert ReplicationLog(path).of("b") == {1: {"x": [3.0]}}
    with ReplicationLog(path), pytest.raises(StoreError, match="another process"), ReplicationLog(path):
        pass
