"""Lists of names with what there is to say of each: the name whole on one line, the rest broken into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.table import Table

LEAST = 12
"""Cells that a column of words wants at least."""


def listing(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None, least: int = LEAST
) -> Table:
    """A table whose first column is never broken.

    The last columns are left out where `width` has no room for `least` cells of each.
    """
    lines = [list(row) for row in rows]
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    names = max([cell_len(columns[0]), *(cell_len(line[0]) for line in lines)])
    room = len(columns) if width is None else 1 + max(0, (width - names - 4) // (least + 3))
    for number, column in enumerate(columns[:room]):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for line in lines:
        table.add_row(*line[:room])
    return table
