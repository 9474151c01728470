"""Rows of a spreadsheet: of a CSV file in UTF-8, UTF-16 or GB18030, or of the sheet of an XLSX file that is open."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parkflow.scenarios.errors import InputError
from parkflow.scenarios.translate import short

Cell = str | float | dt.date | None
"""What a cell holds: text without blanks around it, a number, a date, or nothing."""

Row = tuple[Cell, ...]

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
ENCODINGS = ("utf-8-sig", "gb18030")
"""What a text is tried in, one after the other, if it does not say."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a file with their numbers, which count from 1, and its SHA-256; empty rows are left out."""

    name: str
    sha256: str
    rows: tuple[tuple[int, Row], ...]


def read_sheet(path: Path, name: str, encoding: str | None = None) -> Sheet:
    """The rows of a CSV or XLSX file, called `name` in messages; `encoding` is that of a CSV file, found if not given.

    Raises `InputError` where it cannot be read.
    """
    kind = path.suffix.casefold()
    if kind not in (".csv", ".txt", ".tsv", ".xlsx"):
        raise InputError(f"{name}: is neither CSV nor XLSX; save the spreadsheet as one of them")
    content = _bytes(path, name)
    rows = _of_workbook(content, name) if kind == ".xlsx" else _of_text(_decoded(content, name, encoding), name)
    kept = [(number, row) for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]
    return Sheet(name, hashlib.sha256(content).hexdigest(), tuple(kept))


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                f"{name}: is larger than {MOST_BYTES // 1_000_000} MB; keep only the list of projects in it"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{name}: there is no such file; check its path") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror}); check its path and permissions") from None


def _decoded(content: bytes, name: str, encoding: str | None) -> str:
    """The text of a file, in the encoding that is told, or that its first bytes tell, or that fits."""
    if encoding is None and content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    for each in (encoding,) if encoding else ENCODINGS:
        try:
            return content.decode(each).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise InputError(f"{name}: no encoding is called {short(each)!r}; write utf-8 or gb18030") from None
    tried = encoding or "UTF-8 or GB18030"
    raise InputError(f"{name}: is not text in {tried}; save it as UTF-8")


def _of_text(text: str, name: str) -> Iterable[Row]:
    """The rows of a text whose cells are parted by the sign that is most frequent in its first lines."""
    first = text[:5000]
    sign = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error as error:
        raise InputError(f"{name}: is no CSV ({short(str(error))}); save the spreadsheet as CSV anew") from None
    return _checked(rows, name)


def _of_workbook(content: bytes, name: str) -> Iterable[Row]:
    """The rows of the sheet of an XLSX file that is open when one opens it."""
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise InputError(
            f"{name}: needs openpyxl; pip install 'parkflow[excel]', or save the spreadsheet as CSV"
        ) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = [row for row, _ in zip(book.active.iter_rows(values_only=True), range(MOST_ROWS + 1), strict=False)]
    except Exception as error:  # openpyxl lets through whatever zip files and XML raise
        told = short(str(error) or type(error).__name__)
        raise InputError(f"{name}: cannot be read as XLSX ({told}); save the spreadsheet anew, or as CSV") from None
    return _checked(rows, name)


def _checked(rows: list[Any], name: str) -> list[Row]:
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise InputError(f"{name}: has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns; keep only the list in it")
    return [tuple(map(_cell, row)) for row in rows]


def _cell(value: Any) -> Cell:
    """The content of a cell; times of day and blanks fall away."""
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return str(value).strip() or None
