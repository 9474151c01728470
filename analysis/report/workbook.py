"""All tables of a report as an Excel workbook: one sheet per table, and every measure as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pandas as pd

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.report.page import Cell, Page

LONGEST_NAME = 31
"""Letters that the name of a sheet may have."""

WIDEST = 60
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
IMPOSSIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Letters that a name, or any cell, cannot have."""


class ExtraError(AnalysisError):
    """A library that is not a part of every installation is missing; the message says how to install it."""


def workbook(page: Page, measures: pd.DataFrame) -> bytes:
    """The summary, every table of a page and all rows of measures, as the bytes of an XLSX file.

    A cell that shows one number is one; one that shows an estimate with its interval is text, and its three numbers
    stand in the sheet of measures. Raises `ExtraError` where openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ExtraError("an Excel workbook needs openpyxl: install parkflow[excel]") from None
    book, say = Workbook(), page.say
    book.remove(book.active)
    names: set[str] = set()
    for title, rows in _tables(page, measures):
        sheet = book.create_sheet(_name(title, names))
        for row in rows:
            sheet.append([IMPOSSIBLE.sub("", it) if isinstance(it, str) else it for it in row])
        _finish(sheet, has_head=title != say.pick("Summary", "摘要"))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _tables(page: Page, measures: pd.DataFrame) -> Iterator[tuple[str, list[list[Any]]]]:
    """Title and rows of every sheet."""
    say = page.say
    told = (page.title, page.subtitle, page.question, *page.recommendation, *page.answer, page.basis)
    yield say.pick("Summary", "摘要"), [[it] for it in told if it]
    for table in page.sheets:
        yield table.title, [list(table.columns), *([_value(cell) for cell in row] for row in table.rows)]
    rows = measures.astype(object).where(measures.notna(), None)
    yield say.pick("All measures", "全部指标"), [list(rows.columns), *map(list, rows.itertuples(index=False))]


def _value(cell: Cell) -> Any:
    """The number of a cell that shows nothing else."""
    is_number = isinstance(cell.key, int | float) and "[" not in cell.text and cell.key < 1e300
    return cell.key if is_number else cell.text


def _name(title: str, taken: set[str]) -> str:
    """A name that no sheet has, cut to what a name may be."""
    plain = FORBIDDEN.sub(" ", title).strip() or "table"
    name, number = plain[:LONGEST_NAME].strip(), 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - len(str(number)) - 1].strip()} {number}"
    taken.add(name.lower())
    return name


def _finish(sheet: Any, has_head: bool) -> None:
    """Columns as wide as their words, a head that stays where it is, and lines that wrap in the summary."""
    from openpyxl.styles import Alignment, Font

    for column in sheet.columns:
        longest = max(len(str(cell.value)) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(WIDEST, longest + 2) if has_head else 120
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    if has_head:
        sheet.freeze_panes = "A2"
        return
    for row in sheet.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
