"""What each lever is worth, as a table for a terminal or a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.formatting import NONE, interval, rounded

HEADINGS = ("lever", "alone saves", "net of the park", "its removal costs", "net")


def worth_table(worth: LeverWorth) -> Table:
    """Each lever alone against serial, and what its removal from the bundle costs, in days per project."""
    table = Table(title=_title(worth), title_justify="left", title_style="bold", header_style="bold")
    table.add_column("lever")
    for column in HEADINGS[1:]:
        table.add_column(column, justify="right")
    for line in _lines(worth):
        table.add_row(*line)
    return table


def worth_markdown(worth: LeverWorth) -> str:
    """The same as a Markdown table."""
    lines = [f"**{_title(worth)}**", "", f"| {' | '.join(HEADINGS)} |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*lines, *(f"| `{lever}` | {' | '.join(cells)} |" for lever, *cells in _lines(worth))])


def _title(worth: LeverWorth) -> str:
    begin, end = worth.question
    return (
        f"{worth.park}, {begin} → {end}, {worth.replications} replications: {worth.policy} saves "
        f"{rounded(worth.saved, 1)} days per project, {rounded(worth.net, 1)} net of the park"
    )


def _lines(worth: LeverWorth) -> list[tuple[str, ...]]:
    """Levers with the estimates of both ways, each with its net, the most valuable alone first."""
    found = {(row["lever"], row["way"]): row for row in worth.rows}
    levers = dict.fromkeys(lever for lever, _ in found)
    order = sorted(levers, key=lambda lever: -(found.get((lever, "alone"), {}).get("mean") or 0.0))
    return [
        (lever, *(cell for way in ("alone", "removed") for cell in _cells(found.get((lever, way))))) for lever in order
    ]


def _cells(row: Mapping[str, Any] | None) -> tuple[str, str]:
    """Days saved, and the net of the park."""
    if row is None:
        return NONE, NONE
    net = NONE if row["net"] is None else interval(row["net"], row["net_low"], row["net_high"])
    return interval(row["mean"], row["low"], row["high"]), net
