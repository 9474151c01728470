"""Folders that another version wrote are refused in one line that names the file and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.store.digests import digest_of
from parkflow.analysis.store.files import FormerFormatError
from parkflow.analysis.store.index import INDEX, RUN, Index
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.store.sweep_folder import MANIFEST, SweepFolder

COMMAND = "parkflow compare zhifu --out run"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run with an index of today, a scenario with a key that nobody knows, and a table that lacks columns."""
    scenario = {"name": "old", "portfolio": {}, "activities": {}, "wizards": 3}
    (tmp_path / "scenarios.json").write_text(json.dumps({"serial": scenario}), encoding="utf-8")
    pd.DataFrame({"policy": ["serial"]}).to_parquet(tmp_path / "projects.parquet")
    (tmp_path / "steps.parquet").write_bytes(b"other tables")
    files = {path.name: digest_of(path) for path in tmp_path.iterdir()}
    (tmp_path / INDEX).write_text(Index(RUN, COMMAND, files).text(), encoding="utf-8")
    return Run(tmp_path)


def complaint(error: pytest.ExceptionInfo[FormerFormatError]) -> str:
    """The message, which is one line and of the root that commands tell."""
    assert isinstance(error.value, AnalysisError)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_scenario_of_another_version_is_refused(run: Run) -> None:
    with pytest.raises(FormerFormatError) as error:
        _ = run.scenarios
    expected = f"scenarios.json: was written by another version of parkflow; give the command (it was {COMMAND}) again"
    assert expected in complaint(error)


@pytest.mark.parametrize(("table", "columns"), [("projects", ["policy", "days"]), ("steps", None)])
def test_a_table_of_another_version_is_refused(run: Run, table: str, columns: list[str] | None) -> None:
    with pytest.raises(FormerFormatError) as error:
        run.table(table, columns)
    assert f"{table}.parquet: was written by another version" in complaint(error)
    assert run.table("projects", ["policy"])["policy"].tolist() == ["serial"]


@pytest.mark.parametrize("text", ["{}", "not JSON", '{"baseline": "serial"}'])
def test_a_document_of_another_version_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "comparison.json").write_text(text, encoding="utf-8")
    with pytest.raises(FormerFormatError) as error:
        _ = Run(tmp_path).baseline
    assert "comparison.json: was written by another version" in complaint(error)


@pytest.mark.parametrize("manifest", [{}, {"format": 1}, {"format": 0, "measures": {}}])
def test_a_sweep_of_another_version_is_refused(tmp_path: Path, manifest: dict[str, object]) -> None:
    kept = {**manifest, "sessions": [{"command": "parkflow sweep meetings"}]}
    (tmp_path / MANIFEST).write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(FormerFormatError) as error:
        SweepFolder.open(tmp_path)
    assert "manifest.json: was written by another version" in complaint(error)
    assert "it was parkflow sweep meetings" in complaint(error)
