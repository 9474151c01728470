"""The page of stored tables: every column with its unit and its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from docs.making.markdown import page, table


class Column(Protocol):
    """A column of a stored table, as the registry of tables describes it."""

    @property
    def name(self) -> str:
        """The name of the column in the Parquet file."""

    @property
    def unit(self) -> str:
        """What it is counted in; empty for words."""

    @property
    def meaning(self) -> str:
        """What it holds, in a sentence."""


def tables_page(tables: Mapping[str, Iterable[Column]]) -> str:
    """The columns of every table of a run's or a sweep's folder."""
    lead = (
        "`parkflow run` and `parkflow compare` with `--out FOLDER` write the first five of these tables as Parquet "
        "files, and `parkflow sweep` the others; with `--detail projects` or `--detail events` a sweep keeps the "
        "first ones as well, with a column `point` in front. A name in braces stands for several columns, which the "
        "scenario or the sweep names. Days since start are fractional; the date is in the metadata of each file."
    )
    parts = (f"## {name}\n\n{_columns(columns)}" for name, columns in tables.items())
    return page("Stored tables", lead, *parts)


def _columns(columns: Iterable[Column]) -> str:
    return table(["column", "unit", "meaning"], [[f"`{it.name}`", it.unit, it.meaning] for it in columns])
