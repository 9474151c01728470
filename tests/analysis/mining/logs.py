"""Tiny logs, written as rows, for the tests of mining."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from parkflow.analysis.mining.log_files import RawLog, read_log
from parkflow.analysis.mining.log_mapping import LogMapping

MONDAY = dt.datetime(2023, 1, 2)
Row = tuple[str, str, str, float | None, float | None, float | None]
"""Case, activity, officer, and the days of being ready, of the start and of the end (None: not in the log)."""


def moment(day: float | None) -> str:
    """A day after the first Monday of 2023 as text."""
    return "" if day is None else (MONDAY + dt.timedelta(days=day)).isoformat(timespec="seconds")


def log_of(rows: Iterable[Row], folder: Path, mapping: LogMapping | None = None) -> RawLog:
    """The log of some rows, by way of a CSV file."""
    lines = [",".join((case, activity, officer, *map(moment, days))) for case, activity, officer, *days in rows]
    path = folder / "tiny.csv"
    path.write_text("\n".join(["case,activity,resource,schedule,start,complete", *lines]), encoding="utf-8")
    return read_log(path, mapping or LogMapping())
