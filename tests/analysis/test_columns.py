"""Every column of every stored table is documented, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pyarrow.dataset as ds
import pytest

from parkflow.analysis.experiments.executors import here
from parkflow.analysis.experiments.sweep import planned, run_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.store.columns import COLUMNS, documented
from parkflow.analysis.store.run_folder import Run


def columns(path: Path) -> set[str]:
    """Names of the columns of a Parquet file, or of a folder of them."""
    return set(ds.dataset(path, format="parquet").schema.names)


@pytest.mark.parametrize("table", ["projects", "steps", "issues", "desks", "stocks", "months"])
def test_tables_of_a_run_have_the_documented_columns(stored: Run, table: str) -> None:
    """Names that the scenario gives are among them."""
    assert columns(stored.folder / f"{table}.parquet") == documented(table, stored.scenario)


def test_tables_of_a_sweep_have_the_documented_columns(tmp_path: Path) -> None:
    """So have observations, controls, points, the summary and what is kept of every replication."""
    settings = {"replications": 2, "detail": "projects", "policies": ["green_channel"]}
    sweep = load_sweep("approvals-275", ["portfolio.projects.count=20,30"], settings)
    run_sweep(planned(sweep), tmp_path / "sweep", here, lambda state: None, "a test")
    factors = ["portfolio.projects.count"]
    for table in ("observations", "controls"):
        assert columns(tmp_path / "sweep" / table) == documented(table, sweep.scenario)
    for table in ("points", "summary"):
        assert columns(tmp_path / "sweep" / f"{table}.parquet") == documented(table, sweep.scenario, factors)
    assert columns(tmp_path / "sweep" / "projects") == {"point"} | documented("projects", sweep.scenario)


def test_no_column_is_told_twice_or_without_a_meaning() -> None:
    """Each has a name, a unit and a meaning."""
    for table in COLUMNS.values():
        assert len({column.name for column in table}) == len(table)
        assert all(column.name and column.unit and column.meaning for column in table)
