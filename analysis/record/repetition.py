"""What came out differently when a run was repeated: which numbers moved, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parkflow.analysis.experiments.responses import is_sweep
from parkflow.analysis.experiments.sweep import results
from parkflow.analysis.record.run_record import Record
from parkflow.analysis.store.digests import digest_of
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.store.sweep_folder import CONTROLS, OBSERVATIONS, SweepFolder

OVER_ASSUMPTIONS = ("sampling_low", "sampling_high", "assumptions_low", "assumptions_high", "points")
NUMBERS = ("mean", "low", "high", "replications", "censored", *OVER_ASSUMPTIONS)
"""What a row of measures says; everything else in it says whose that is."""

ORDER = ("point", "replication", "policy", "measure", "from", "to", "group", "control")
"""Columns by which the rows of a sweep's tables are set in order: processes finish in any."""

TABLES = ("projects", "steps", "issues", "desks", "stocks", "months")

Rows = Sequence[Mapping[str, Any]]


class Moved(NamedTuple):
    """A number of a measure that is another one now; None where it is not defined, or not there."""

    whose: str
    number: str
    then: float | None
    now: float | None

    @property
    def share(self) -> float:
        """By which share of its value it moved; infinite for what was not there, is not, or was nothing."""
        if self.then is None or self.now is None or self.then == 0:
            return inf
        return abs(self.now - self.then) / abs(self.then)


class Changed(NamedTuple):
    """A column of a table: how many of its values are others now, and the greatest difference of numbers."""

    table: str
    column: str
    values: int
    of: int
    greatest: float


class Version(NamedTuple):
    """What a run was made with, then and now; None where it is not there."""

    what: str
    then: str | None
    now: str | None


@dataclass(frozen=True)
class Repetition:
    """How a run came out again: measures that moved, furthest first, columns that changed, what was compared."""

    moved: tuple[Moved, ...]
    changed: tuple[Changed, ...]
    measures: int
    values: int
    same_files: tuple[str, ...]
    versions: tuple[Version, ...]
    seconds_then: float
    seconds_now: float

    @property
    def identical(self) -> bool:
        """Whether every number is the same to the last bit."""
        return not self.moved and not self.changed


def compared(then: Path, now: Path, records: tuple[Record, Record]) -> Repetition:
    """What two folders of one run, or of one sweep, say differently; `records` are theirs, in this order."""
    old, new = (_tables(folder) for folder in (then, now))
    rows = _rows(then), _rows(now)
    shared = [name for name in records[0]["files"] if (now / name).is_file()]
    return Repetition(
        moved=tuple(sorted(_moved(*rows), key=lambda moved: -moved.share)),
        changed=tuple(change for name in old for change in _changes(name, old[name], new.get(name))),
        measures=len(rows[0]),
        values=sum(table.num_rows * table.num_columns for table in old.values()),
        same_files=tuple(name for name in shared if digest_of(now / name)._asdict() == records[0]["files"][name]),
        versions=tuple(other_versions(*records)),
        seconds_then=records[0]["cost"]["seconds"],
        seconds_now=records[1]["cost"]["seconds"],
    )


def other_versions(then: Record, now: Record) -> Iterator[Version]:
    """What differs between the environments, the evidence and the scenarios of two records."""
    old, new = (_made_with(record) for record in (then, now))
    for what in dict.fromkeys((*old, *new)):
        if old.get(what) != new.get(what):
            yield Version(what, old.get(what), new.get(what))


def _made_with(record: Record) -> dict[str, str]:
    known = dict(record["environment"])
    packages = known.pop("packages")
    evidence = {f"evidence ({record['evidence']['file']})": record["evidence"]["sha256"][:12]}
    return {key: value for key, value in {**known, **packages, **evidence}.items() if value is not None}


def _rows(folder: Path) -> Rows:
    """The rows of the measures, and of their intervals over assumptions where there are any."""
    if is_sweep(folder):
        return results(folder)[1]
    document = Run(folder).document
    return [*document["measures"], *({**row, "group": "over assumptions"} for row in document.get("assumptions", ()))]


def _tables(folder: Path) -> dict[str, pa.Table]:
    """The stored tables, those of a sweep with their rows in order."""
    if not is_sweep(folder):
        return {name: pq.read_table(folder / f"{name}.parquet") for name in TABLES}
    stored = SweepFolder.open(folder)
    tables = {name: stored.read(name) for name in (OBSERVATIONS, CONTROLS)}
    return {name: _in_order(table) for name, table in tables.items() if table.num_columns}


def _in_order(table: pa.Table) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in ORDER if name in table.column_names])


def _moved(then: Rows, now: Rows) -> Iterator[Moved]:
    old, new = ({_whose(row): row for row in rows} for rows in (then, now))
    for whose in dict.fromkeys((*old, *new)):
        before, after = old.get(whose, {}), new.get(whose, {})
        for number in NUMBERS:
            if before.get(number) != after.get(number):
                yield Moved(whose, number, before.get(number), after.get(number))


def _whose(row: Mapping[str, Any]) -> str:
    """What a row is about, in words."""
    about = {key: value for key, value in row.items() if key not in NUMBERS and value not in ("", None)}
    named = [str(about.pop(key)) for key in ("measure", "policy", "group") if key in about]
    span = " → ".join(str(about.pop(key)) for key in ("from", "to") if key in about)
    about.pop("unit", None)
    return ", ".join((*named, *([span] if span else []), *(f"{key} {value}" for key, value in about.items())))


def _changes(name: str, then: pa.Table, now: pa.Table | None) -> Iterator[Changed]:
    if now is None or now.num_rows != then.num_rows:
        yield Changed(name, "rows", abs(then.num_rows - (now.num_rows if now else 0)), then.num_rows, np.nan)
        return
    for column in dict.fromkeys((*then.column_names, *now.column_names)):
        if column not in then.column_names or column not in now.column_names:
            yield Changed(name, column, then.num_rows, then.num_rows, np.nan)
        elif change := _change(then[column], now[column]):
            yield Changed(name, column, change[0], then.num_rows, change[1])


def _change(then: pa.ChunkedArray, now: pa.ChunkedArray) -> tuple[int, float] | None:
    """How many values differ in a bit, and the greatest difference; None where none does."""
    if pa.types.is_floating(then.type) and pa.types.is_floating(now.type):
        old, new = (np.asarray(column.to_numpy(), dtype=np.float64) for column in (then, now))
        same = (old.view(np.int64) == new.view(np.int64)) | (np.isnan(old) & np.isnan(new))
        greatest = float(np.nanmax(np.abs(new - old)[~same], initial=0.0)) if not same.all() else 0.0
    else:
        same = np.array([a == b for a, b in zip(then.to_pylist(), now.to_pylist(), strict=True)], dtype=bool)
        greatest = np.nan
    return None if same.all() else (int((~same).sum()), greatest)
