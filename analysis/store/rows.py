"""Rows of pandas tables, whose columns a type checker cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, its columns as attributes."""
    yield from table.itertuples(index=False)


def greatest(table: pd.DataFrame, column: str) -> Any:
    """The row with the greatest value of a column."""
    return table.iloc[int(table[column].argmax())]


def least(table: pd.DataFrame, column: str) -> Any:
    """The row with the least value of a column."""
    return table.iloc[int(table[column].argmin())]
