"""The one table below the answer of a sweep: a row for each point, from the highest down, as many as there is room."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.responses import Responses
from parkflow.analysis.formatting import interval
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.sentences.points import level, point_name

MOST_FACTORS = 3
"""More factors than this share one column."""


def point_table(found: Responses, asked: str, say: Words, most: int | None = None) -> Table:
    """The points of a sweep with their factors and the measure asked about, the `most` highest of them."""
    known = found.of(asked).dropna(subset=["mean"])
    rows = known.sort_values("mean", ascending=False, kind="stable").head(most or len(known))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for column in _heads(found, say):
        table.add_column(column, overflow="fold")
    unit = measure(asked).unit
    says_so = unit != "days" or "days" in measure(asked).title
    told = say.begin(say.title(measure(asked))) + ("" if says_so else f" ({say.unit(unit)})")
    table.add_column(told, justify="right", no_wrap=True)
    for _, row in rows.iterrows():
        table.add_row(*_cells(found, row, known, say), interval(row["mean"], row["low"], row["high"], unit))
    if len(rows) < len(known):
        left = len(known) - len(rows)
        table.caption = say.pick(f"… and {left} points below these", f"……另有 {left} 个点低于以上各点")
        table.caption_justify = "left"
    return table


def _heads(found: Responses, say: Words) -> list[str]:
    if len(found.factors) > MOST_FACTORS:
        return [say.pick("point", "点")]
    return [say.factor(key) for key in found.factors] or [say.pick("policy", "政策")]


def _cells(found: Responses, row: Any, known: Any, say: Words) -> list[str]:
    """What is special about a point, factor by factor, or in one cell where there are many."""
    if len(found.factors) > MOST_FACTORS:
        return [point_name(row, known, list(found.factors), say)]
    return [say.policy(str(row[key])) if key == "policy" else level(row[key]) for key in found.factors or ("policy",)]
