"""Lists of projects, as an office keeps them in a spreadsheet: one row per project, in place of the groups of a park.

A list becomes one group per class. Whatever is wrong with it is told by file, row and column.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from parkflow.scenarios.errors import InputError
from parkflow.scenarios.headings import (
    AGREEMENT,
    ARRIVAL,
    CLASS,
    DATES,
    HEADINGS,
    NAME,
    SINCE,
    STAGE,
    Column,
    HeadingError,
    columns_of,
    plain,
    unit_of,
)
from parkflow.scenarios.spreadsheet import Cell, Row, Sheet, read_sheet
from parkflow.scenarios.translate import Table, short, shown
from parkflow.sim.checks import Problem
from parkflow.sim.names import nearest

HEADS = 10
"""Rows in which the headings may stand: titles and notes may come before."""

MOST_LINES = 10
TITLES = ("title", "title_zh")
TOTALS = ("合计", "总计", "小计", "total", "sum")
YES, NO = ("yes", "true", "y", "是", "有", "√"), ("no", "false", "n", "否", "无", "×")


@dataclass(frozen=True)
class ProjectList:
    """A list that was read: the groups of a portfolio, the row of each project, and the columns that nobody reads."""

    name: str
    groups: dict[str, Table]
    columns: tuple[Column, ...]
    rows: Mapping[tuple[str, int], int]
    ignored: tuple[str, ...] = ()

    def told(self, problem: Problem) -> str | None:
        """A problem of the scenario by row and column of the list; None where it is none of the list's."""
        match = re.fullmatch(r"portfolio\.(.+)\.arrivals\.projects\.(\d+)\.(.+)", problem.key)
        row = self.rows.get((match[1], int(match[2]))) if match else None
        if match is None or row is None:
            return None
        return _line(self.name, row, self._heading(match[3]), f"{problem.what}; {problem.remedy}")

    def _heading(self, field: str) -> str:
        """The heading of the column that gave a field of a project."""
        holds = field.removeprefix("attributes.")
        wanted = (AGREEMENT, ARRIVAL) if holds in ("on", "milestone") else (holds,)
        return next((column.heading for column in self.columns if column.holds in wanted), holds)


def read_list(path: Path, name: str, park: Table, encoding: str | None = None) -> ProjectList:
    """The projects of a list, called `name` in messages, for a park of these keys.

    Raises `InputError` with everything that is wrong with it.
    """
    sheet = read_sheet(path, name, encoding)
    reading = _Reading(sheet, park, *_headed(sheet, park))
    projects = list(reading.projects())
    if reading.wrong:
        more = len(reading.wrong) - MOST_LINES
        raise InputError("\n".join([*reading.wrong[:MOST_LINES], *([f"… and {more} more"] if more > 0 else [])]))
    if not projects:
        raise InputError(f"{name}: holds no project; write one per row below the headings")
    return _grouped(reading, projects)


def _line(name: str, row: int, heading: str, told: str) -> str:
    return f"{name}: row {row}, column {heading!r}: {short(told, 300)}"


def _headed(sheet: Sheet, park: Table) -> tuple[int, tuple[Column, ...], tuple[str, ...]]:
    """The number of the row of headings, its columns, and the headings of columns that nobody reads."""
    names = [plain(word) for word in HEADINGS[NAME]]
    for number, row in sheet.rows[:HEADS]:
        cells = {place: str(cell) for place, cell in enumerate(row) if cell is not None}
        if len(cells) > 1 and any(plain(cell) in names for cell in cells.values()):
            try:
                columns = tuple(columns_of(cells, attributes_of(park)))
            except HeadingError as error:
                raise InputError(f"{sheet.name}: row {number}, {error}") from None
            return number, columns, tuple(cells[place] for place in cells.keys() - {each.place for each in columns})
    raise InputError(
        f"{sheet.name}: none of its first {HEADS} rows has headings; head a column 'name' (项目名称), others as needed"
    )


def attributes_of(park: Table) -> dict[str, Table]:
    """The attributes of a park and of its classes, as tables; titles are those of the park where a class has none."""
    found = tables_in(park, "attributes")
    for kind in tables_in(park, "classes").values():
        for name, given in tables_in(kind, "attributes").items():
            found[name] = given | found.get(name, {})
    return found


def tables_in(park: Table, key: str) -> dict[str, Table]:
    """The tables under a key of a file that nobody has checked; a bare distribution is one."""
    found = park.get(key)
    tables = found.items() if isinstance(found, dict) else ()
    return {name: it if isinstance(it, dict) else {"sampled": it} for name, it in tables}


def _grouped(reading: _Reading, projects: list[tuple[int, str, Table]]) -> ProjectList:
    """The projects as one group per class."""
    sheet, groups, rows = reading.sheet, dict[str, Table](), dict[tuple[str, int], int]()
    for row, kind, project in projects:
        note = {"source": f"project list {sheet.name}"}
        titles = {key: it for key, it in tables_in(reading.park, "classes").get(kind, {}).items() if key in TITLES}
        arrivals = {"projects": [], "file": sheet.name, "sha256": sheet.sha256}
        group = groups.setdefault(kind, {"of": kind, **titles, **note, "arrivals": arrivals})
        rows[kind, len(group["arrivals"]["projects"])] = row
        group["arrivals"]["projects"].append(project)
    return ProjectList(sheet.name, groups, reading.columns, rows, reading.ignored)


@dataclass
class _Reading:
    """Reads row by row, and notes what is wrong."""

    sheet: Sheet
    park: Table
    head: int
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]

    def __post_init__(self) -> None:
        self.wrong: list[str] = []
        self.attributes = attributes_of(self.park)
        self.classes = _words(self._own_classes())
        listed = self.park.get("stages")
        self.stages = _words(
            {key: {} for key in listed} if isinstance(listed, list) else tables_in(self.park, "stages")
        )

    def _own_classes(self) -> dict[str, Table]:
        """The classes of projects: those that are not of parcels alone."""
        groups = tables_in(self.park, "portfolio").values()
        parcels = {group.get("of") for group in groups if group.get("process", "project") != "project"}
        return {name: given for name, given in tables_in(self.park, "classes").items() if name not in parcels}

    def projects(self) -> Iterator[tuple[int, str, Table]]:
        """Row, class and fields of every project."""
        for number, row in self.sheet.rows:
            if number > self.head:
                fields = self._fields(number, row)
                kind = fields.pop(CLASS, None) or self._usual_class()
                if fields:
                    yield number, kind, fields

    def _usual_class(self) -> str:
        """The class of projects that say none: the first that is not of key projects."""
        classes = self._own_classes()
        return next((name for name, given in classes.items() if not given.get("key")), next(iter(classes), "ordinary"))

    def _fields(self, number: int, row: Row) -> Table:
        """The fields of the project in a row; nothing where something is wrong with it."""
        fields: Table = {"attributes": {}}
        dates: dict[str, dt.date] = {}
        before = len(self.wrong)
        for column in self.columns:
            cell = row[column.place] if column.place < len(row) else None
            if cell is None:
                continue
            try:
                if column.holds in DATES:
                    dates[column.holds] = _date(cell)
                else:
                    self._take(column, cell, fields)
            except ValueError as error:
                self.wrong.append(_line(self.sheet.name, number, column.heading, str(error)))
        if "name" not in fields and len(self.wrong) == before:
            heading = next(column.heading for column in self.columns if column.holds == NAME)
            self.wrong.append(_line(self.sheet.name, number, heading, "is empty; name the project, or remove the row"))
        return fields | _standing(dates, "stage" in fields) if len(self.wrong) == before else {}

    def _take(self, column: Column, cell: Cell, fields: Table) -> None:
        """Read one cell into the fields; raises `ValueError` with what is wrong and what would be right."""
        if column.is_attribute:
            fields["attributes"][column.holds] = self._number(column, cell)
        elif column.holds == NAME:
            fields["name"] = _name(cell)
        elif column.holds == CLASS:
            fields[CLASS] = _known(cell, self.classes, "class")
        elif column.holds == STAGE:
            fields["stage"] = _known(cell, self.stages, "stage")

    def _number(self, column: Column, cell: Cell) -> float:
        """The value of an attribute: a number, one of its words, or yes or no."""
        labels = {str(word).casefold(): float(value) for value, words in self._labels(column) for word in words}
        if isinstance(cell, float):
            return cell * column.factor
        text = str(cell).casefold()
        if text in labels:
            return labels[text]
        if text in (*YES, *NO) and unit_of(self.attributes[column.holds]) == "flag":
            return float(text in YES)
        try:
            return float(text.replace(",", "")) * column.factor
        except ValueError:
            remedy = (
                f"write one of {', '.join(labels)}" if labels else "write it in figures, with its unit in the heading"
            )
            raise ValueError(f"{shown(str(cell))} is no number; {remedy}") from None

    def _labels(self, column: Column) -> list[tuple[str, list[str]]]:
        return list(self.attributes[column.holds].get("labels", {}).items())


def _standing(dates: Mapping[str, dt.date], is_begun: bool) -> Table:
    """When a project came or comes: of one at work the first contact counts, of one to come what it comes with."""
    found: Table = {"since": dates[SINCE]} if SINCE in dates else {}
    if ARRIVAL in dates and (is_begun or AGREEMENT not in dates):
        return found | {"on": dates[ARRIVAL]}
    return found | {"on": dates[AGREEMENT], "milestone": AGREEMENT} if AGREEMENT in dates else found


def _words(things: Mapping[str, Table]) -> dict[str, str]:
    """The names of things by what a list may call them: their keys and titles."""
    found: dict[str, str] = {}
    for name, given in things.items():
        for word in (name, given.get("title"), given.get("title_zh")):
            if word:
                found.setdefault(plain(word), name)
    return found


def _known(cell: Cell, words: Mapping[str, str], kind: str) -> str:
    name = words.get(plain(str(cell)))
    if name is None:
        raise ValueError(f"no {kind} is called {shown(str(cell))}; {nearest(str(cell), dict.fromkeys(words.values()))}")
    return name


def _name(cell: Cell) -> str:
    """The name of a project; a number that a spreadsheet took for one is written without its point."""
    name = f"{cell:g}" if isinstance(cell, float) else " ".join(str(cell).split())
    if name.casefold() in TOTALS:
        raise ValueError(f"{name!r} looks like a sum; remove the row")
    return name


_DATES = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月?)")


def _date(cell: Cell) -> dt.date:
    """A date; a month without a day is its middle."""
    if isinstance(cell, dt.date):
        return cell
    match = _DATES.fullmatch(str(cell))
    try:
        if match is None:
            raise ValueError
        return dt.date(int(match[1]), int(match[2]), int(match[3] or 15))
    except ValueError:
        text = f"{cell:g}" if isinstance(cell, float) else str(cell)
        raise ValueError(f"{shown(text)} is no date; write it as 2024-03-29 or 2024年3月29日") from None
