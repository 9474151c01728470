"""A report as plain values, and how it becomes one HTML file that needs no network."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
    """A chart as it stands in a report: what it is called, what to see, and its bytes as a data address."""

    title: str
    caption: str
    address: str
    wide: bool = False


@dataclass(frozen=True)
class Cell:
    """What a cell of a table says, and what it is sorted by."""

    text: str
    key: str | float


@dataclass(frozen=True)
class Sheet:
    """A table of a report; numbers stand on the right. `folded` ones open on a click, and in print."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a report: paragraphs, then pictures, then tables."""

    title: str
    paragraphs: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    sheets: Sequence[Sheet] = ()
    points: Sequence[str] = ()
    code: str = ""


@dataclass(frozen=True)
class Page:
    """A whole report."""

    title: str
    subtitle: str
    question: str
    answer: Sequence[str]
    sections: Sequence[Section]
    say: Words = field(default_factory=Words)


def picture(chart: Chart) -> Picture:
    """A chart as SVG inside a data address."""
    encoded = base64.b64encode(chart.bytes("svg")).decode()
    wide = chart.figure.get_figwidth() > COLUMN
    return Picture(chart.title, chart.caption, f"data:image/svg+xml;base64,{encoded}", wide)


def text(value: str) -> Cell:
    """A cell of words."""
    return Cell(value, value.lower())


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


def html(page: Page) -> str:
    """The report as one HTML document."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(TEMPLATE).render(page=page, say=page.say)
