"""A report as plain values, and how it becomes one HTML file that needs no network."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from parkflow.analysis import formatting
from parkflow.analysis.charts.chart import Chart
from parkflow.analysis.charts.theme import COLUMN
from parkflow.analysis.language import Words

TEMPLATE = "template.html.j2"


@dataclass(frozen=True)
class Picture:
    """A chart as it stands in a report; its title need not name the park, which the page does."""

    chart: Chart

    @property
    def title(self) -> str:
        """What it is called."""
        return self.chart.heading

    @property
    def caption(self) -> str:
        """What to see in it."""
        return self.chart.caption

    @property
    def is_wide(self) -> bool:
        """Whether it takes both columns of the page."""
        return bool(self.chart.figure.get_figwidth() > COLUMN)

    @cached_property
    def address(self) -> str:
        """The picture itself, as SVG inside a data address."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.chart.bytes('svg')).decode()}"

    def png(self) -> bytes:
        """The picture for programs that cannot draw SVG; raises `FontError` where no font can write what is in it."""
        return self.chart.bytes("png")


@dataclass(frozen=True)
class Cell:
    """What a cell of a table says, and what it is sorted by."""

    text: str
    key: str | float
    is_code: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table of a report; numbers stand on the right. `folded` ones open on a click."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    folded: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether the table is of figures, which need no more room than they take."""
        return not self.folded and any(cell.key != cell.text.lower() for row in self.rows[:1] for cell in row)


@dataclass(frozen=True)
class Section:
    """A part of a report: paragraphs, then points, pictures and tables."""

    title: str
    paragraphs: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    sheets: Sequence[Sheet] = ()
    points: Sequence[str] = ()
    code: str = ""


@dataclass(frozen=True)
class Page:
    """A whole report: the summary, the parts that are printed, and an annex that is printed where it is asked for."""

    title: str
    subtitle: str
    question: str
    answer: Sequence[str]
    sections: Sequence[Section]
    say: Words = field(default_factory=Words)
    recommendation: Sequence[str] = ()
    basis: str = ""
    annex: Sequence[Section] = ()

    @property
    def sheets(self) -> list[Sheet]:
        """All tables, those of the annex last."""
        return [sheet for section in (*self.sections, *self.annex) for sheet in section.sheets]


def text(value: str) -> Cell:
    """A cell of words."""
    return Cell(value, value.lower())


def code(value: str) -> Cell:
    """A cell of what stands in a scenario file: a key, or what it is set to."""
    return Cell(value, value.lower(), is_code=True)


def number(value: float | None, shown: str | None = None) -> Cell:
    """A cell that is sorted by its number; what is not defined comes last."""
    if value is None or value != value:
        return Cell(formatting.NONE, 1e300)
    return Cell(formatting.rounded(value, 1) if shown is None else shown, float(value))


def interval(row: Any, unit: str) -> Cell:
    """A cell with a mean and its interval, from a row of measures (mean, low, high)."""
    return number(row["mean"], formatting.interval(row["mean"], row["low"], row["high"], unit))


def sheet(
    title: str, columns: Iterable[str], rows: Iterable[Sequence[Cell]], note: str = "", folded: bool = False
) -> Sheet:
    """A table."""
    return Sheet(title, tuple(columns), tuple(rows), note, folded)


def html(page: Page, annex: bool = False) -> str:
    """The report as one HTML document; its annex is folded and not printed, unless it is asked for."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(TEMPLATE).render(page=page, say=page.say, annex=annex)
