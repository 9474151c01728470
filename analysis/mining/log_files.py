"""Reading event logs: XES and CSV, packed with gzip or not, event by event, so that memory holds numbers only."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_mapping import Columns, LogError, LogMapping, mapping_of
from parkflow.scenarios.toml_files import toml_of
from parkflow.sim.names import nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[int], None]
"""Is told how many events are read."""

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios" / "logs"
EPOCH = dt.datetime(1970, 1, 1)
READY, START, END, SUSPEND, RESUME = range(5)
_PHASES = {
    "schedule": READY, "assign": READY, "start": START, "suspend": SUSPEND, "resume": RESUME, "complete": END, "": END,
}  # fmt: skip
_USUAL: Mapping[str, tuple[str, ...]] = {
    "case": ("case:concept:name", "concept:name", "case", "case_id", "case id", "project"),
    "activity": ("concept:name", "activity", "event", "task"),
    "time": ("time:timestamp", "complete", "end", "end_time", "completed", "timestamp", "time"),
    "start": ("start_timestamp", "start", "start_time", "started"),
    "ready": ("ready", "schedule", "scheduled", "enabled"),
    "suspended": ("suspended",),
    "lifecycle": ("lifecycle:transition", "lifecycle"),
    "officer": ("org:resource", "resource", "officer"),
    "kind": ("case:class", "class", "case:group"),
}
"""Names under which each column is looked for when the mapping does not say."""

EVERY = 10_000
"""Events between two reports of progress."""


@dataclass(frozen=True)
class RawLog:
    """The events of a log as columns: one entry per event, in the order of cases and times.

    `time` is in days since 1970-01-01 as the clock on the wall showed; `phase` says whether an event is the scheduling,
    start, end, suspension or resumption of an activity; `officer` is -1 where nobody is named. `kinds` holds the class
    of each case, and `passed_over` counts events that are none of these.
    """

    name: str
    cases: tuple[str, ...]
    codes: tuple[str, ...]
    officers: tuple[str, ...]
    kinds: tuple[str, ...]
    case: Ints
    code: Ints
    officer: Ints
    phase: Ints
    time: Floats
    passed_over: int = 0


@dataclass
class _Columns:
    """Events as they come: names are numbered as they are met."""

    name: str
    progress: Progress
    names: dict[str, dict[str, int]] = field(default_factory=lambda: {"case": {}, "code": {}, "officer": {}})
    kinds: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, array[int]] = field(
        default_factory=lambda: {key: array("q") for key in ("case", "code", "officer", "phase")}
    )
    time: array[float] = field(default_factory=lambda: array("d"))
    passed_over: int = 0

    def add(self, case: str, activity: str, officer: str, phase: int, time: float) -> None:
        """Take one event."""
        for key, text in (("case", case), ("code", activity), ("officer", officer)):
            known = self.names[key]
            self.numbers[key].append(known.setdefault(text, len(known)) if text else -1)
        self.numbers["phase"].append(phase)
        self.time.append(time)
        if len(self.time) % EVERY == 0:
            self.progress(len(self.time))

    def done(self, mapping: LogMapping) -> RawLog:
        """The log, events outside the mapping's dates left out; raises `LogError` if none is left."""
        time = np.frombuffer(self.time, dtype=np.float64) if self.time else np.empty(0)
        kept = time >= (days_of_date(mapping.since) if mapping.since else -np.inf)
        kept &= time < (days_of_date(mapping.until) if mapping.until else np.inf)
        if not kept.any():
            what = "no event lies between since and until" if len(time) else "it holds no event"
            raise LogError(f"{self.name}: {what}; check the file and the dates of the mapping")
        columns = {key: np.frombuffer(values, dtype=np.int64) for key, values in self.numbers.items()}
        order = np.lexsort((time, columns["case"]))
        kinds = tuple(self.kinds.get(number, "") for number in range(len(self.names["case"])))
        texts = {key: tuple(known) for key, known in self.names.items()}
        case, code, officer, phase = (columns[key][order] for key in ("case", "code", "officer", "phase"))
        names = (texts["case"], texts["code"], texts["officer"])
        whole = RawLog(self.name, *names, kinds, case, code, officer, phase, time[order], self.passed_over)
        return chosen(whole, kept[order])


def chosen(raw: RawLog, kept: NDArray[np.bool_]) -> RawLog:
    """Some events of a log, and the cases that have any of them."""
    there, case = np.unique(raw.case[kept], return_inverse=True)
    cases, kinds = (tuple(names[number] for number in there) for names in (raw.cases, raw.kinds))
    code, officer, phase = raw.code[kept], raw.officer[kept], raw.phase[kept]
    return replace(
        raw, cases=cases, kinds=kinds, case=case, code=code, officer=officer, phase=phase, time=raw.time[kept]
    )


def days_of_date(day: dt.date) -> float:
    """Days since 1970-01-01."""
    return float((day - EPOCH.date()).days)


def date_of(days: float) -> dt.date:
    """The date of a time in days since 1970-01-01."""
    return EPOCH.date() + dt.timedelta(days=int(days // 1))


def read_mapping(name_or_path: str | os.PathLike[str]) -> LogMapping:
    """A shipped mapping by name, or one from a TOML file; raises `LogError` where it cannot be read."""
    path = _found(os.fspath(name_or_path), ".toml", "mapping")
    try:
        table = toml_of(path)
    except OSError as error:
        raise LogError(f"{path}: cannot be read ({error.strerror}); give the path of a mapping file") from None
    except ValueError as error:
        raise LogError(f"{path}: is not valid TOML: {error}; correct it there (syntax: https://toml.io)") from None
    return mapping_of(table, path.name)


def default_mapping(name_or_path: str | os.PathLike[str]) -> LogMapping:
    """The mapping that belongs to a shipped log, or the one that says nothing."""
    beside = SHIPPED / f"{os.fspath(name_or_path)}.toml"
    return read_mapping(beside) if beside.is_file() else LogMapping()


def _found(given: str, suffix: str, what: str) -> Path:
    """A shipped file by name, or the path as it is."""
    if Path(given).suffix or Path(given).name != given:
        return Path(given)
    if (shipped := SHIPPED / f"{given}{suffix}").is_file():
        return shipped
    there = sorted(path.stem for path in SHIPPED.glob(f"*{suffix}"))
    raise LogError(f"{given}: there is no such {what}; {nearest(given, there)} Other files end in {suffix}")


def read_log(
    name_or_path: str | os.PathLike[str], mapping: LogMapping, progress: Progress = lambda done: None
) -> RawLog:
    """The events of an XES or CSV file, or of a shipped log; raises `LogError` where it cannot be read."""
    path = _found(os.fspath(name_or_path), ".csv", "log")
    kind = path.name.removesuffix(".gz").rpartition(".")[2].lower()
    if kind not in ("xes", "csv"):
        raise LogError(f"{path}: is neither XES nor CSV; give a file that ends in .xes, .xes.gz, .csv or .csv.gz")
    taken = _Columns(path.name, progress)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            (_take_xes if kind == "xes" else _take_csv)(stream, mapping.columns, taken)  # type: ignore[arg-type]
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LogError(f"{path}: cannot be read ({reason}); give the path of a log") from None
    except ParseError as error:
        line, column = error.position
        raise LogError(
            f"{path.name}: line {line}, column {column + 1}: is not valid XML; export the log again"
        ) from None
    progress(len(taken.time))
    return taken.done(mapping)


# XES


def _take_xes(stream: IO[bytes], columns: Columns, taken: _Columns) -> None:
    """Take the events of an XES file, trace by trace; what is read is dropped at once."""
    root: Element | None = None
    count = 0
    for when, element in iterparse(stream, ("start", "end")):
        if root is None:
            root = element
        if when == "end" and element.tag.rpartition("}")[2] == "trace":
            count += 1
            _take_trace(element, count, columns, taken)
            root.clear()


def _take_trace(trace: Element, number: int, columns: Columns, taken: _Columns) -> None:
    attributes = _values(trace)
    case = attributes.get(columns.case or "concept:name", "")
    if not case:
        raise LogError(f"{taken.name}: trace {number}: has no {columns.case or 'concept:name'!r}; name columns.case")
    events = (child for child in trace if child.tag.rpartition("}")[2] == "event")
    for row, event in enumerate(events, start=1):
        values = _values(event)
        where = f"{taken.name}: case {case}, event {row}"
        _take_event(values, case, where, columns, taken)
    if case in taken.names["case"]:
        taken.kinds[taken.names["case"][case]] = attributes.get(columns.kind or "class", "")


def _take_event(values: Mapping[str, str], case: str, where: str, columns: Columns, taken: _Columns) -> None:
    phase = _PHASES.get(values.get(columns.lifecycle or "lifecycle:transition", "complete").lower())
    if phase is None:
        taken.passed_over += 1
        return
    activity = values.get(key := columns.activity or "concept:name", "")
    if not activity:
        raise LogError(f"{where}: has no {key!r}; name the key of activities as columns.activity")
    time = values.get(key := columns.time or "time:timestamp", "")
    officer = values.get(columns.officer or "org:resource", "")
    taken.add(case, activity, officer, phase, _time(time, f"{where}, {key}"))


def _values(element: Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("value") is not None}


# CSV


def _take_csv(stream: IO[bytes], columns: Columns, taken: _Columns) -> None:
    """Take the rows of a CSV file: one per event, or one per activity where it has a column of starts."""
    with io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="") as text:
        rows = csv.DictReader(text)
        headers = list(rows.fieldnames or ())
        at = {name: _header(name, getattr(columns, name), headers, taken.name) for name in _USUAL}
        for row in rows:
            _take_row(row, at, f"{taken.name}: row {rows.line_num}", taken)


def _header(name: str, given: str | None, headers: list[str], file: str) -> str | None:
    """The header of one column: the one that the mapping names, or a usual one; none where a log may lack it."""
    if given is not None:
        if given not in headers:
            raise LogError(f"{file}: columns.{name}: there is no column {given!r}; {nearest(given, headers)}")
        return given
    lower = {header.lower(): header for header in reversed(headers)}
    usual = [each for each in _USUAL[name] if name != "case" or each != "concept:name"]
    found = next((lower[each] for each in usual if each in lower), None)
    if found is None and name in ("case", "activity", "time"):
        raise LogError(f"{file}: row 1: no column is known as the {name}; name it in the mapping as columns.{name}")
    return found


def _take_row(row: Mapping[str, str | None], at: Mapping[str, str | None], where: str, taken: _Columns) -> None:
    cell = {name: (row.get(header) or "").strip() if header else "" for name, header in at.items()}
    for name in ("case", "activity"):
        if not cell[name]:
            raise LogError(f"{where}, column {at[name]}: is empty; give every row its {name}, or delete the row")
    for name, phase in (("ready", READY), ("start", START)):
        if cell[name]:
            taken.add(cell["case"], cell["activity"], "", phase, _time(cell[name], f"{where}, column {at[name]}"))
    _take_time(cell, at, where, taken)
    if cell["kind"]:
        taken.kinds[taken.names["case"][cell["case"]]] = cell["kind"]


def _take_time(cell: Mapping[str, str], at: Mapping[str, str | None], where: str, taken: _Columns) -> None:
    """Take the end of a row, which may be empty where the row has a start: the activity is still open."""
    phase = _PHASES.get(cell["lifecycle"].lower())
    if phase is None:
        taken.passed_over += 1
    elif cell["time"] or not (cell["start"] or cell["ready"]):
        day = _time(cell["time"], f"{where}, column {at['time']}")
        _take_pause(cell, at, day, where, taken)
        taken.add(cell["case"], cell["activity"], cell["officer"], phase, day)


def _take_pause(cell: Mapping[str, str], at: Mapping[str, str | None], day: float, where: str, taken: _Columns) -> None:
    """Take the days for which an activity was held up as one pause, which ends with it."""
    try:
        held = float(cell["suspended"] or 0)
    except ValueError:
        raise LogError(f"{where}, column {at['suspended']}: {cell['suspended'][:40]!r} is no number of days") from None
    if held > 0:
        taken.add(cell["case"], cell["activity"], "", SUSPEND, day - held)
        taken.add(cell["case"], cell["activity"], "", RESUME, day)


def _time(text: str, where: str) -> float:
    """Days since 1970-01-01 by the clock on the wall where it was written; the zone is left out."""
    try:
        when = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise LogError(f"{where}: {text[:40]!r} is no time; write it as 2024-05-17T09:30:00") from None
    return (when.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)


def rows_of(raw: RawLog) -> Iterator[tuple[int, int, int, int, float]]:
    """Case, activity, officer, phase and time of each event, as plain numbers."""
    return zip(
        raw.case.tolist(), raw.code.tolist(), raw.officer.tolist(), raw.phase.tolist(), raw.time.tolist(), strict=True
    )
