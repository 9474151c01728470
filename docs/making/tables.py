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
    """The columns of every table of a run's folder."""
    lead = (
        "`parkflow run` and `parkflow compare` with `--out FOLDER` write these tables as Parquet files. "
        "Days count from the start date, which is in the metadata of each file."
    )
    parts = (f"## {name}\n\n{_columns(columns)}" for name, columns in tables.items())
    return page("Stored tables", lead, *parts)


def _columns(columns: Iterable[Column]) -> str:
    return table(["column", "unit", "meaning"], [[f"`{it.name}`", it.unit, it.meaning] for it in columns])
