"""The one table below the answer: a row for each policy, and as many columns as stand whole in the width there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.table import Table

from parkflow.analysis.formatting import NONE, percent
from parkflow.analysis.language import Words
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.sentences.calendar_dates import iso
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.sentences.sureness import figure

HALF = "half_by"
GAP = 2
"""Cells between two columns."""

NAME = 30
"""A longer name of a policy goes on in a second line."""


LEAST_SHARE = 0.01
"""Shares below this have a decimal."""


class Column(NamedTuple):
    """What a column shows: its measure, its heading in both languages, and its turn when there is too little room."""

    measure: str
    heading: str
    heading_zh: str
    turn: int


COLUMNS = (
    Column("days", "days", "历时（天）", 4),
    Column("days_saved", "saved", "节省（天）", 1),
    Column("net_days", "net of park", "全园净提前", 2),
    Column("share_losing", "lose", "受损", 3),
    Column(HALF, "half by", "半数到达", 5),
    Column("start_rate", "cohort", "开工率", 6),
    Column("issues_resolved_30", "issues in 30 d", "30天化解", 7),
)
"""The columns in their order."""

SHOWN = tuple(column.measure for column in COLUMNS)
"""The measures that sentences and table need."""


def policy_table(outcomes: Sequence[Outcome], say: Words, width: int | None) -> Table:
    """One row for each policy of each outcome; with several outcomes a first column names their parks.

    Columns that do not fit into `width` cells are left out, the least important first; none is where it is None.
    """
    lines = [(found, policy) for found in outcomes for policy in found.policies]
    heads = _heads(lines, len(outcomes) > 1, say)
    columns = {column: [_cell(found, policy, column.measure) for found, policy in lines] for column in COLUMNS}
    filled = {column: cells for column, cells in columns.items() if set(cells) != {NONE}}
    shown = _fitting(filled, sum(_wide(head[:NAME] for head in cells) + GAP for cells in heads.values()), say, width)
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold", pad_edge=False, collapse_padding=True)
    for heading, cells in heads.items():
        table.add_column(heading, overflow="fold", max_width=NAME, min_width=min(NAME, _wide((heading, *cells))))
    for column in shown:
        table.add_column(say.pick(column.heading, column.heading_zh), justify="right", no_wrap=True)
    for number in range(len(lines)):
        table.add_row(*(cells[number] for cells in (*heads.values(), *shown.values())))
    return table


def _heads(lines: Sequence[tuple[Outcome, str]], parks: bool, say: Words) -> dict[str, list[str]]:
    """The columns that say what a row is about."""
    named = {say.pick("policy", "政策"): [_about(found, say).policy(policy) for found, policy in lines]}
    return ({say.pick("park", "园区"): [found.park for found, _ in lines]} if parks else {}) | named


def _about(found: Outcome, say: Words) -> Words:
    return say.about(found.scenario) if found.scenario else say


def _cell(found: Outcome, policy: str, measure: str) -> str:
    """A mean with its interval, or a date."""
    row = next(iter(found.rows(measure, policy)), None)
    if row is None or row["mean"] is None or (measure == HALF and row["censored"]):
        return NONE
    return iso(row["mean"], found.scenario) if measure == HALF else _estimate(row)


def _estimate(row: Row) -> str:
    mean, low, high = (_short(value, row) for value in (row["mean"], row["low"], row["high"]))
    return mean if NONE in (low, high) else f"{mean} [{low}, {high}]"


def _short(value: float | None, row: Row) -> str:
    """A value as a column has room for it: whole per cents from one on, and other numbers as a sentence tells them."""
    is_share = row["unit"] == "share" and (row["mean"] or 0.0) >= LEAST_SHARE
    return percent(value) if is_share else figure(value, row)


def _fitting(columns: dict[Column, list[str]], taken: int, say: Words, width: int | None) -> dict[Column, list[str]]:
    """The columns that stand whole beside what is taken, in their order."""
    kept = set()
    for column in sorted(columns, key=lambda one: one.turn):
        more = _wide((say.pick(column.heading, column.heading_zh), *columns[column])) + GAP
        if width is None or taken + more - GAP <= width:
            kept.add(column)
            taken += more
    return {column: cells for column, cells in columns.items() if column in kept}


def _wide(cells: Iterable[str]) -> int:
    return max(map(cell_len, cells), default=0)
