"""What commands print: tables, plain values, and how far they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left on a terminal, nothing when the output is piped."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=total)
        yield lambda done: bar.update(task, completed=done)
