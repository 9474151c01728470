"""A record is enough to repeat a run: identical to the last bit, or it says which numbers moved and by how much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.language import words
from parkflow.analysis.record.run_record import RecordError, opened
from parkflow.analysis.record.wording import of_repetition
from parkflow.analysis.store.digests import digest_of
from parkflow.analysis.store.index import INDEX, RECORD, read_index
from parkflow.analysis.store.sealing import sealed
from parkflow.commands import app

ROOT = Path(__file__).parents[3]


def resealed(folder: Path, packages: dict[str, str]) -> None:
    """Give a folder that was altered an index and a record that fit it, and other packages."""
    index = read_index(folder)
    assert index is not None
    files = {name: digest_of(folder / name) for name in index.files}
    (folder / INDEX).write_text(replace(index, files=files).text(), encoding="utf-8")
    content = opened(folder / RECORD)
    content["environment"]["packages"] |= packages
    content["files"] = {name: digest_of(folder / name)._asdict() for name in content["files"]}
    (folder / RECORD).write_text(sealed(content), encoding="utf-8")


def altered(folder: Path) -> None:
    """The folder as another version of a library might have made it: one mean and two times are a little different."""
    path = folder / "comparison.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    row = next(row for row in document["measures"] if row["measure"] == "days" and row["policy"] == "fast")
    row["mean"] += 0.25
    path.write_text(json.dumps(document), encoding="utf-8")
    table = pq.read_table(folder / "steps.parquet")
    end = table["end"].to_pylist()
    end[0], end[5] = end[0] + 0.5, end[5] - 2.0
    pq.write_table(table.set_column(table.column_names.index("end"), "end", pa.array(end)), folder / "steps.parquet")
    resealed(folder, {"numpy": "1.0.0"})


def test_the_same_run_is_identical(made: Path) -> None:
    """Every row of measures and every stored value; the files of tables are the same to the byte."""
    found = parkflow.rerun(made, workers=2)
    assert found.identical
    assert found.measures > 50
    assert found.values > 1000
    assert found.versions == ()
    assert {"steps.parquet", "scenarios.json", "measures.csv"} <= set(found.same_files)


def test_the_same_sweep_is_identical(swept: Path) -> None:
    found = parkflow.rerun(swept, workers=1)
    assert found.identical
    assert found.values > 1000


def test_a_sweep_that_was_extended_is_identical(sweep_folder: Path, office: Path) -> None:
    """As many replications as there are, and the record is that of the folder as it is now."""
    parkflow.sweep(
        office, {"desks.counter.servers": [1, 2]}, "fast", replications=2, workers=1, out=sweep_folder, extend=1
    )
    assert opened(sweep_folder / RECORD)["call"]["replications"] == 6
    assert parkflow.verify(sweep_folder).damaged == ()
    assert parkflow.rerun(sweep_folder, workers=1).identical


def test_intervals_over_assumptions_are_compared_too(folder: Path) -> None:
    """A bound that was another one then is told like a number of a measure."""
    document = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    bounds = {"sampling_low": 1.0, "sampling_high": 2.0, "assumptions_low": 0.5, "assumptions_high": 3.0}
    row = {"policy": "fast", "measure": "days_saved", "unit": "days", "mean": 1.5, **bounds, "points": 16}
    document["assumptions"] = [row]
    (folder / "comparison.json").write_text(json.dumps(document), encoding="utf-8")
    resealed(folder, {})
    moved = parkflow.rerun(folder, workers=1).moved
    assert {one.whose for one in moved} == {"days_saved, fast, over assumptions"}
    assert ("assumptions_high", 3.0, None) in [(one.number, one.then, one.now) for one in moved]


@pytest.mark.slow
def test_it_is_identical_in_another_process_place_and_zone(folder: Path, tmp_path: Path) -> None:
    """Another hash seed, time zone, locale and folder, from the folder alone."""
    elsewhere = {"PYTHONHASHSEED": "77", "TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    called = [sys.executable, "-m", "parkflow", "rerun", str(folder), "--workers", "1"]
    done = subprocess.run(called, cwd=tmp_path, env=os.environ | elsewhere, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("identical to the last bit: ")


def test_other_versions_say_what_moved_and_by_how_much(folder: Path) -> None:
    """The measure with both values, the column with how many and how far, and the version; never that it failed."""
    altered(folder)
    found = parkflow.rerun(folder, workers=1)
    assert not found.identical
    assert [version.what for version in found.versions] == ["numpy"]
    assert found.versions[0].then == "1.0.0"
    (moved,) = found.moved
    assert moved.whose.startswith("days, fast, all")
    assert moved.then is not None
    assert moved.now == moved.then - 0.25
    assert moved.share == pytest.approx(0.25 / moved.then)
    assert [(one.table, one.column, one.values) for one in found.changed] == [("steps", "end", 2)]
    assert found.changed[0].greatest == pytest.approx(2.0)


def test_what_moved_is_told_in_lines(folder: Path) -> None:
    """In the terminal, with status 1 since the numbers are others, and in Chinese; no word of failure."""
    altered(folder)
    done = CliRunner().invoke(app, ["rerun", str(folder), "--workers", "1"])
    assert done.exit_code == 1
    assert "numbers moved: 1 of" in done.stdout
    assert "numpy: 1.0.0 then, " in done.stdout
    assert "steps.parquet, end: 2 of" in done.stdout
    assert "fail" not in done.output
    found = parkflow.rerun(folder, workers=1)
    assert next(of_repetition(found, words("zh"))).startswith("数字有变动")


def test_a_table_of_another_shape_is_told(folder: Path) -> None:
    """Rows that are not there, and columns that another version did not write."""
    desks, months = (pq.read_table(folder / f"{name}.parquet") for name in ("desks", "months"))
    pq.write_table(desks.slice(1), folder / "desks.parquet")
    pq.write_table(months.drop_columns("month"), folder / "months.parquet")
    resealed(folder, {})
    found = parkflow.rerun(folder, workers=1)
    assert [(one.table, one.column) for one in found.changed] == [("desks", "rows"), ("months", "month")]
    assert not found.moved


def test_the_result_is_one_object_for_programs(made: Path) -> None:
    done = CliRunner().invoke(app, ["rerun", str(made), "--workers", "1", "--format", "json"])
    found = json.loads(done.stdout)
    assert found["identical"] is True
    assert found["moved"] == found["changed"] == []


def test_the_new_folder_can_be_kept(made: Path, tmp_path: Path) -> None:
    """It is a run like any other, with a record of its own that says how it came to be."""
    parkflow.rerun(made, workers=1, out=tmp_path / "again")
    assert parkflow.verify(tmp_path / "again").damaged == ()
    assert parkflow.rerun(tmp_path / "again", workers=1).identical


def test_a_run_is_not_repeated_over_itself(folder: Path) -> None:
    """What it is compared with would be gone."""
    with pytest.raises(parkflow.ParkflowError, match=r"out=.*: is the folder that is repeated; give another"):
        parkflow.rerun(folder, out=folder.parent / "." / folder.name)
    assert parkflow.verify(folder).damaged == ()


def test_a_damaged_folder_is_not_compared_with(folder: Path) -> None:
    (folder / "steps.parquet").write_bytes(b"torn")
    with pytest.raises(RecordError, match=r"steps.parquet: has been changed; there is nothing sure to compare with"):
        parkflow.rerun(folder)


@pytest.mark.parametrize("command", ["verify", "rerun", "export", "stress"])
def test_bad_folders_get_one_line_and_status_two(command: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [command, str(tmp_path)])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path) in done.stderr.replace("\n", "")


def test_damage_is_printed_with_status_one(folder: Path) -> None:
    (folder / "desks.parquet").write_bytes(b"torn")
    done = CliRunner().invoke(app, ["verify", str(folder)])
    assert done.exit_code == 1
    assert done.stdout.startswith("desks.parquet has been changed; restore it")
