"""Which lever did it, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.attribution import FIRST, LAST, SHARE, TURN, Attribution
from parkflow.analysis.formatting import interval
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure as known_measure

HEADINGS = {
    SHARE: ("share", "分摊"),
    FIRST: ("first", "首位"),
    LAST: ("last", "末位"),
    TURN: ("in its turn", "按顺序"),
}
"""What the columns are called, by way."""

MANY = 100.0
"""From this joint effect on, decimals are left out."""

PAIRS = 10
"""Pairs of levers that are printed, those that overlap or help each other most."""


def share_tables(found: Attribution, say: Words, in_turn: bool = False) -> Iterator[Table]:
    """A table of levers for each measure, the greatest share first; with what each adds in its turn if asked."""
    ways = [SHARE, FIRST, LAST, *([TURN] if in_turn else [])]
    for joint in found.joint:
        yield _levers(found, joint, ways, say)
    if found.pairs:
        yield _pairs(found, say)


def _levers(found: Attribution, joint: Mapping[str, Any], ways: list[str], say: Words) -> Table:
    measure = known_measure(joint["measure"])
    unit = say.pick(measure.unit, say.unit(measure.unit))
    table = _table(say.pick(f"{say.title(measure)} ({unit})", f"{say.title(measure)}({unit})"))
    table.add_column(say.pick("lever", "措施"), overflow="fold")
    for way in ways:
        table.add_column(say.pick(*HEADINGS[way]), justify="right")
    digits = 0 if abs(joint["mean"]) >= MANY and measure.unit != "share" else 1
    columns = {way: found.of(measure.name, way) for way in ways}
    order = found.order if TURN in ways else sorted(found.levers, key=lambda name: -columns[SHARE][name]["mean"])
    for name in order:
        table.add_row(say.lever(name), *(_cell(columns[way][name], digits) for way in ways))
    table.add_section()
    whole = _cell(joint, digits)
    table.add_row(say.pick("together", "合计"), *(whole if way in (SHARE, TURN) else "" for way in ways))
    return table


def _pairs(found: Attribution, say: Words) -> Table:
    """The pairs that change most beyond what each changes, of the first measure."""
    first = found.joint[0]["measure"]
    way = SHARE if found.method == "exact" else FIRST
    rows = [row for row in found.pairs if (row["measure"], row["way"]) == (first, way)]
    table = _table(
        say.pick(
            "What two levers change together beyond each (below zero: they overlap)",
            "两项措施同时采用的额外作用（负值表示相互重叠）",
        )
    )
    table.add_column(say.pick("lever", "措施"), overflow="fold")
    table.add_column(say.pick("and", "与"), overflow="fold")
    table.add_column(say.title(known_measure(first)), justify="right")
    for row in sorted(rows, key=lambda row: -abs(row["mean"]))[:PAIRS]:
        table.add_row(say.lever(row["lever"]), say.lever(row["other"]), _cell(row))
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", header_style="bold")


def _cell(row: Mapping[str, Any], digits: int = 1) -> str:
    return interval(row["mean"], row["low"], row["high"], row["unit"], digits)
