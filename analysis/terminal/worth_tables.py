"""What each lever is worth, as a table for a terminal or a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.formatting import NONE, interval, rounded
from parkflow.analysis.language import Words

HEADINGS = ("lever", "alone saves", "net of the park", "its removal costs", "net")
HEADINGS_ZH = ("措施", "单独节省", "全园净提前", "去掉后损失", "全园净损失")


def worth_table(worth: LeverWorth, say: Words) -> Table:
    """Each lever alone against serial, and what its removal from the bundle costs, in days per project."""
    table = Table(title=_title(worth, say), title_justify="left", title_style="bold", header_style="bold")
    first, *columns = say.pick(HEADINGS, HEADINGS_ZH)
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for lever, *cells in _lines(worth):
        table.add_row(say.pick(lever, say.lever(lever)), *cells)
    return table


def worth_markdown(worth: LeverWorth) -> str:
    """The same as a Markdown table."""
    lines = [f"**{_title(worth, Words())}**", "", f"| {' | '.join(HEADINGS)} |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*lines, *(f"| `{lever}` | {' | '.join(cells)} |" for lever, *cells in _lines(worth))])


def _title(worth: LeverWorth, say: Words) -> str:
    begin, end = (say.activity(name) for name in worth.question)
    saved, net, runs = rounded(worth.saved, 1), rounded(worth.net, 1), worth.replications
    return say.pick(
        f"{worth.park}, {begin} → {end}, {runs} replications: {say.the_policy(worth.policy)} saves {saved} days per "
        f"project, {net} net of the park",
        f"{worth.park},{begin} → {end},{runs} 次仿真重复:{say.policy(worth.policy)}每个项目节省 {saved} 天,"
        f"全园净提前 {net} 天",
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
