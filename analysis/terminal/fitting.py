"""Tables that are wider than the terminal: columns of numbers that find no room go on in a table below.

A number is never broken. What is named in the first column keeps up to `NAME` cells, other words up to `WORDS`, and
both go on in further lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.table import Column, Table

NAME, WORDS = 28, 10
FRAME, GAP = 3, 2
"""Cells that a column takes for its border and the room beside it, and what stands between two without borders."""


def in_parts(table: Table, width: int) -> list[Table]:
    """The table, or several with the same first column where it does not fit into so many cells."""
    for column in table.columns[1:]:
        column.no_wrap = column.no_wrap or column.justify == "right"
        column.overflow = "fold"
    first, *others = table.columns
    beside, edge = (FRAME, 1) if table.box else (GAP, -GAP)
    shares = list(_shares(others, width - edge - beside - min(_wide(first), NAME), beside))
    if len(shares) < 2:
        return [table]
    parts = [_part(table, [first, *share]) for share in shares]
    parts[0].title, parts[-1].caption = table.title, table.caption
    return parts


def _shares(columns: Sequence[Column], room: int, beside: int) -> Iterator[list[Column]]:
    """The columns in turn, as many at a time as there is room for."""
    share: list[Column] = []
    left = room
    for column in columns:
        takes = beside + (_wide(column) if column.no_wrap else min(_wide(column), WORDS))
        if share and takes > left:
            yield share
            share, left = [], room
        share.append(column)
        left -= takes
    if share:
        yield share


def _wide(column: Column) -> int:
    """The cells of the longest line in a column."""
    texts = (str(cell) for cell in (column.header, *column.cells))
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def _part(table: Table, columns: Sequence[Column]) -> Table:
    """A table of some columns, in the style of another."""
    part = Table(
        box=table.box, padding=table.padding, pad_edge=table.pad_edge,
        title_justify=table.title_justify, title_style=table.title_style, header_style=table.header_style,
        caption_justify=table.caption_justify,
    )  # fmt: skip
    for one in columns:
        part.add_column(one.header, justify=one.justify, no_wrap=one.no_wrap, overflow="fold")
    for row in zip(*(one.cells for one in columns), strict=True):
        part.add_row(*row)
    return part
