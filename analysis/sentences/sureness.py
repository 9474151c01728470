"""How sure a number is, in words: its interval, and what the interval does not contain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words

Row = Mapping[str, Any]
"""The row of a measure: its mean, low, high and unit."""

FEW = 5
"""With fewer replications than this, the first line says that it is a first look only."""

SMALL = 10.0
"""Means below this size are told with a decimal."""


def figure(value: float | None, row: Row) -> str:
    """A value as exactly as the mean of its row deserves: shares as percentages, small means with a decimal."""
    digits = 1 if abs(row["mean"] or 0.0) < (0.1 if row["unit"] == "share" else SMALL) else 0
    return percent(value, digits) if row["unit"] == "share" else rounded(value, digits)


def within(row: Row, say: Words, first: bool = False) -> str:
    """The interval of a row in brackets, with its level where it is the `first` of a text; nothing without one."""
    if row["low"] is None or row["high"] is None:
        return ""
    low, high = figure(row["low"], row), figure(row["high"], row)
    level = say.pick("95% interval ", "95% 区间 ") if first else ""
    return say.pick(f" ({level}{low} to {high})", f"（{level}{low} 至 {high}）")


def sign(row: Row) -> int:
    """Which side of zero a whole interval lies on: 1 above, -1 below, 0 where it contains zero or there is none."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return 0
    return int(low > 0) - int(high < 0)


def verdict(row: Row, say: Words) -> str:
    """Whether it may be chance that days are saved, as the end of a sentence about a row of days saved."""
    if row["low"] is None or row["high"] is None:
        return say.pick(
            "; one replication has no interval, so nobody knows whether it is chance",
            "；仅一次仿真重复，没有区间，无法判断是否出于偶然",
        )
    if sign(row) == 0:
        return say.pick(
            "; the interval contains zero: it may as well be that nothing is saved", "；区间包含零：也可能并无节省"
        )
    saved = say.pick(*(("saved", "节省") if sign(row) > 0 else ("lost", "增加")))
    return say.pick(
        f"; the interval does not contain zero, so it is not chance that days are {saved}",
        f"；区间不包含零，天数{saved}并非偶然",
    )


def few(replications: int, say: Words) -> list[str]:
    """The first line of what rests on fewer than five replications; none for what rests on more."""
    if replications >= FEW:
        return []
    runs = "replication" if replications == 1 else "replications"
    return [
        say.pick(
            f"Only {replications} {runs}, fewer than five: this is a first look, and its intervals may be far off.",
            f"仅 {replications} 次仿真重复，少于五次：只可作初步参考，区间可能偏差很大。",
        )
    ]
