"""Logs are read whatever their form, and what is wrong with one is told by file, row, column and remedy."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from parkflow.analysis.mining.log_files import default_mapping, read_log, read_mapping
from parkflow.analysis.mining.log_mapping import Columns, LogError, LogMapping, mapping_of, renamed

CSV = """case,activity,time,resource
a,file,2024-05-06T09:00,Li
a,decide,2024-05-08T16:30,Wu
b,file,2024-05-07T10:00,Li
"""
EVENT = """<event><string key="concept:name" value="{0}"/><date key="time:timestamp" value="{1}"/>
<string key="lifecycle:transition" value="{2}"/><string key="org:resource" value="{3}"/></event>"""
TRACE = """<trace><string key="concept:name" value="{0}"/><string key="parts" value="shed"/>{1}</trace>"""


def xes(*traces: str) -> str:
    """A log of some traces."""
    return f'<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">{"".join(traces)}</log>'


def saved(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def refused(folder: Path, name: str, text: str, mapping: LogMapping | None = None) -> str:
    """What is told of a log that cannot be used."""
    with pytest.raises(LogError) as error:
        read_log(saved(folder, name, text), mapping or LogMapping())
    return str(error.value)


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_a_csv_file_is_read(name: str, tmp_path: Path) -> None:
    """Times are days since 1970 by the clock on the wall, names are numbered as they come."""
    log = read_log(saved(tmp_path, name, CSV), LogMapping())
    assert log.cases == ("a", "b")
    assert log.codes == ("file", "decide")
    assert [log.officers[number] for number in log.officer] == ["Li", "Wu", "Li"]
    assert np.diff(log.time)[0] == pytest.approx(2 + 7.5 / 24)


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_an_xes_file_is_read(name: str, tmp_path: Path) -> None:
    """Scheduling, start and completion are told apart; other transitions are counted and passed over."""
    phases = ("schedule", "start", "suspend", "resume", "reassign", "complete")
    events = [EVENT.format("file", f"2024-05-06T0{i}:00:00+02:00", phase, "Li") for i, phase in enumerate(phases)]
    log = read_log(
        saved(tmp_path, name, xes(TRACE.format("a", "".join(events)))), LogMapping(columns=Columns(kind="parts"))
    )
    assert log.phase.tolist() == [0, 1, 3, 4, 2]
    assert log.passed_over == 1
    assert log.kinds == ("shed",)
    assert log.time[0] % 1 == 0  # midnight on the wall, whatever the zone


def test_events_outside_the_dates_of_the_mapping_are_left_out(tmp_path: Path) -> None:
    """And so are cases that have no other."""
    mapping = mapping_of({"until": "2024-05-07"}, "m")
    assert read_log(saved(tmp_path, "log.csv", CSV), mapping).cases == ("a",)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("log.csv", "case,activity,time\na,file,yesterday\n", "log.csv: row 2, column time: 'yesterday' is no time"),
        ("log.csv", "case,activity,time\n,file,2024-05-06\n", "log.csv: row 2, column case: is empty"),
        ("log.csv", "fall,activity,time\n", "log.csv: row 1: no column is known as the case; name it in the mapping"),
        ("log.csv", "case,activity,time\n", "log.csv: it holds no event"),
        ("log.xes", "<log><trace></log>", "log.xes: line 1, column 15: is not valid XML"),
        (
            "log.xes",
            xes(TRACE.format("a", EVENT.format("file", "soon", "complete", ""))),
            "case a, event 1, time:times",
        ),
        ("log.xes", xes("<trace></trace>"), "log.xes: trace 1: has no 'concept:name'"),
        ("log.txt", "", "is neither XES nor CSV"),
        ("log.xes.gz", "", "log.xes.gz: line 1, column 1"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(name: str, text: str, told: str, tmp_path: Path) -> None:
    """File, row, column and remedy."""
    assert told in refused(tmp_path, name, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As is a shipped log that does not exist, and a file that is not packed as its name says."""
    with pytest.raises(LogError, match="cannot be read"):
        read_log(tmp_path / "none.csv", LogMapping())
    with pytest.raises(LogError, match="did you mean 'permits'"):
        read_log("permit", LogMapping())
    (tmp_path / "plain.csv.gz").write_text(CSV)
    with pytest.raises(LogError, match="cannot be read"):
        read_log(tmp_path / "plain.csv.gz", LogMapping())


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the one that is nearest."""
    told = refused(tmp_path, "log.csv", CSV, LogMapping(columns=Columns(officer="resourse")))
    assert "columns.officer: there is no column 'resourse'; did you mean 'resource'?" in told


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"colums": {}}, "map.toml: colums: there is no such key; did you mean 'columns'?"),
        ({"columns": {"cases": "x"}}, "map.toml: columns.cases: there is no such key; did you mean 'case'?"),
        ({"left_after": "long"}, "map.toml: left_after: input should be a valid number"),
        ({"corrections": {"a": {"request": []}}}, "map.toml: corrections.a.request"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told(table: dict[str, object], told: str) -> None:
    """File, key and remedy."""
    with pytest.raises(LogError) as error:
        mapping_of(table, "map.toml")
    assert told in str(error.value)


def test_a_mapping_names_what_the_log_has() -> None:
    """One of several names is enough, for names change over the years; none is an error."""
    codes = ("file", "decide 2")
    assert renamed(mapping_of({"milestones": {"end": ["decide", "decide 2"]}}, "m"), codes, "m")["decide 2"] == "end"
    with pytest.raises(LogError, match=r"milestones.end: the log has no activity 'decid'"):
        renamed(mapping_of({"milestones": {"end": ["decid"]}}, "m"), codes, "m")
    with pytest.raises(LogError, match=r"corrections.fil: no activity is called so; did you mean 'file'"):
        renamed(mapping_of({"corrections": {"fil": {"request": ["file"], "answer": ["file"]}}}, "m"), codes, "m")


@pytest.mark.parametrize("name", ["permits", "bpi-2015", "receipt"])
def test_shipped_mappings_can_be_read(name: str) -> None:
    """By their names; that of a shipped log is taken by itself."""
    assert read_mapping(name).milestones
    assert default_mapping(name) == read_mapping(name)


def test_memory_holds_numbers_only(tmp_path: Path) -> None:
    """An event more costs a few numbers and their copies while they are sorted; one kept as XML takes two kilobytes."""

    def peak(traces: int) -> int:
        events = "".join(EVENT.format("file", "2024-05-06T09:00:00", "complete", "Li") for _ in range(50))
        path = saved(tmp_path, "long.xes", xes(*(TRACE.format(f"c{i}", events) for i in range(traces))))
        tracemalloc.start()
        read_log(path, LogMapping())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert (peak(160) - peak(40)) / (120 * 50) < 300


def test_progress_is_told(tmp_path: Path) -> None:
    """With the number of events at the end."""
    told: list[int] = []
    read_log(saved(tmp_path, "log.csv", CSV), LogMapping(), told.append)
    assert told == [3]
