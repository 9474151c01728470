"""What each lever is worth, as a table for a terminal or a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.formatting import NONE, interval, rounded


def worth_table(worth: LeverWorth) -> Table:
    """Each lever alone against serial, and what its removal from the bundle costs, in days per project."""
    table = Table(title=_title(worth), title_justify="left", title_style="bold", header_style="bold")
    table.add_column("lever")
    for column in ("alone saves", "its removal costs"):
        table.add_column(column, justify="right")
    for lever, alone, removed in _lines(worth):
        table.add_row(lever, alone, removed)
    return table


def worth_markdown(worth: LeverWorth) -> str:
    """The same as a Markdown table."""
    lines = [f"**{_title(worth)}**", "", "| lever | alone saves | its removal costs |", "|---|---:|---:|"]
    return "\n".join([*lines, *(f"| `{lever}` | {alone} | {removed} |" for lever, alone, removed in _lines(worth))])


def _title(worth: LeverWorth) -> str:
    begin, end = worth.question
    return (
        f"{worth.park}, {begin} → {end}, {worth.replications} replications: {worth.policy} saves "
        f"{rounded(worth.saved, 1)} days per project"
    )


def _lines(worth: LeverWorth) -> list[tuple[str, str, str]]:
    """Levers with their two estimates, the most valuable alone first."""
    found = {(row["lever"], row["way"]): row for row in worth.rows}
    levers = dict.fromkeys(lever for lever, _ in found)
    order = sorted(levers, key=lambda lever: -(found.get((lever, "alone"), {}).get("mean") or 0.0))
    return [(lever, _cell(found.get((lever, "alone"))), _cell(found.get((lever, "removed")))) for lever in order]


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return NONE
    return interval(row["mean"], row["low"], row["high"])
