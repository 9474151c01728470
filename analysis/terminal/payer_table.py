"""Who pays for a policy, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.displaced import Displacement
from parkflow.analysis.formatting import NONE, interval, rounded
from parkflow.analysis.language import Words

KINDS = ("all", "cover", "group", "class", "size", "stage")


def payer_table(found: Displacement, say: Words) -> Table:
    """Project-days gained, lost and net by kind of project; each section sums to the park."""
    title = say.pick("Project-days moved, each section sums to the park", "项目天数的转移，各组之和等于全园")
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column(say.pick("who", "项目"), overflow="fold")
    for heading in (("projects", "个数"), ("gain", "提前"), ("lose", "推迟"), ("net", "净提前")):
        table.add_column(say.pick(*heading), justify="right")
    table.add_column(say.pick("each", "平均每项"), justify="right")
    for kind in KINDS:
        for group, row in found.of(kind).items():
            table.add_row(say.group(group), *_cells(row))
        table.add_section()
    return table


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    per = NONE if not row["projects"] else rounded(row["net"] / row["projects"], 1)
    net = interval(row["net"], row["net_low"], row["net_high"], digits=0)
    return rounded(row["projects"], 0), rounded(row["gained"]), rounded(row["lost"]), net, per
