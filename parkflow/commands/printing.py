"""What commands print: sentences, tables, plain values, and how far they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import typer

from parkflow.commands.options import Format
from parkflow.commands.streams import Harmless, harmless

if TYPE_CHECKING:
    import pandas as pd

WIDE = 10_000
"""Columns of a file or a pipe: nothing is cut there."""

ANSWER = 12
"""Lines of a screen that an answer takes."""

LEAST_ROWS = 8
"""Rows of a table that are shown on the smallest screen."""

PREPARING = "preparing: park, layout, first replication"


def width_of_terminal() -> int | None:
    """The columns of the terminal that is written to; None for a file or a pipe, which is as wide as it takes."""
    from rich.console import Console

    console = Console()
    return console.width if console.is_terminal else None


def rows_of_terminal() -> int | None:
    """The rows of a table that leave room for an answer on one screen; None for a file or a pipe."""
    from rich.console import Console

    console = Console()
    return max(LEAST_ROWS, console.height - ANSWER) if console.is_terminal else None


def show(renderable: Any, width: int | None = None) -> None:
    """Print a table in the width of the terminal, at most `width`; into a file or a pipe as wide as it is."""
    from rich.console import Console

    console = Console(markup=False, emoji=False)
    if console.is_terminal:
        room = min(width or console.width, console.width)
        for part in _parts(renderable, room):
            console.print(Harmless(part), width=room)
        return
    whole = Console(width=width or WIDE, color_system=None, markup=False, emoji=False)
    with whole.capture() as captured:
        whole.print(Harmless(renderable))
    typer.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _parts(renderable: Any, width: int) -> list[Any]:
    """A table in parts where it is too wide; anything else as it is."""
    from rich.table import Table

    from parkflow.analysis.terminal.fitting import in_parts

    return list(in_parts(renderable, width)) if isinstance(renderable, Table) else [renderable]


def say_paragraphs(paragraphs: Iterable[str]) -> None:
    """Print sentences, broken between words in a terminal, and one paragraph on a line in a file or a pipe.

    An empty line follows each.
    """
    from parkflow.analysis.terminal.wrapped import wrapped

    width = width_of_terminal()
    for paragraph in paragraphs:
        plain = harmless(paragraph)
        typer.echo("\n".join(wrapped(plain, width)) if width else plain)
        typer.echo()


class Answer(Protocol):
    """What a command found: as one object of plain values, and as a table."""

    def document(self) -> dict[str, Any]:
        """The answer as JSON holds it."""

    def frame(self) -> pd.DataFrame:
        """The answer as a pandas DataFrame."""


def show_answer(found: Answer, shape: Format, tell: Callable[[], None]) -> None:
    """Print an answer as JSON or CSV, or let it be told in sentences and tables."""
    if shape is Format.json:
        show_json(found.document())
    elif shape is Format.csv:
        typer.echo(found.frame().to_csv(index=False), nl=False)
    else:
        tell()


def show_json(document: Any, indent: int | None = None) -> None:
    """Print plain values as JSON."""
    typer.echo(json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False, default=str))


class Bar:
    """How many replications are done, and what is known so far: calling it tells the first, `so_far` the other."""

    def __init__(self, show: Callable[..., None]) -> None:
        self._show, self._before = show, 0

    def __call__(self, done: int) -> None:
        """So many replications are done, those of parks before not counted."""
        self._show(completed=self._before + done, description="replications")

    def next_park(self, done: int) -> None:
        """The next park begins; so many replications of the last one are done."""
        self._before += done

    def so_far(self, saved: Mapping[str, float]) -> None:
        """The days per project that each policy saves until now."""
        from parkflow.analysis.formatting import rounded

        self._show(saved=", ".join(f"{policy} saves {rounded(days, 0)} days" for policy, days in saved.items()))


@contextmanager
def progress_bar(total: int | None) -> Iterator[Bar]:
    """A bar with the time left and the numbers so far on a terminal, nothing when the output is piped.

    Until the first replication is done it tells that work is under way, and for how long. `total` is None where nobody
    knows how many there will be.
    """
    if not sys.stderr.isatty():
        yield Bar(lambda **shown: None)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    left = TimeRemainingColumn(compact=True)
    console = Console(stderr=True)
    with Progress(*columns, left, TextColumn("{task.fields[saved]}"), console=console, transient=True) as bar:
        task = bar.add_task(PREPARING, total=total, saved="")
        yield Bar(partial(bar.update, task))
