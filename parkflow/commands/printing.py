"""What commands print: tables, plain values, and how far they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import typer


def show(renderable: Any, width: int = 120) -> None:
    """Print a table as wide as the terminal, or `width` columns wide into a file or a pipe."""
    from rich.console import Console

    console = Console()
    console.print(renderable) if console.is_terminal else Console(width=width).print(renderable)


def show_json(document: Any, indent: int | None = None) -> None:
    """Print plain values as JSON."""
    typer.echo(json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False, default=str))


class Bar:
    """How many replications are done, and what is known so far: calling it tells the first, `so_far` the other."""

    def __init__(self, show: Callable[..., None]) -> None:
        self._show = show

    def __call__(self, done: int) -> None:
        """So many replications are done."""
        self._show(completed=done)

    def so_far(self, saved: Mapping[str, float]) -> None:
        """The days per project that each policy saves until now."""
        from parkflow.analysis.formatting import rounded

        self._show(saved=", ".join(f"{policy} saves {rounded(days, 0)} days" for policy, days in saved.items()))


@contextmanager
def progress_bar(total: int | None) -> Iterator[Bar]:
    """A bar with the time left and the numbers so far on a terminal, nothing when the output is piped."""
    if not sys.stderr.isatty():
        yield Bar(lambda **shown: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, TextColumn("{task.fields[saved]}"), console=console, transient=True) as bar:
        task = bar.add_task("replications", total=total, saved="")
        yield Bar(partial(bar.update, task))
