"""Points of a sweep by what is special about them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from parkflow.analysis.formatting import plain
from parkflow.analysis.language import Words

MOST_NAMED = 40
"""More points than this are not named one by one."""


def point_name(row: Any, points: pd.DataFrame, factors: list[str], say: Words) -> str:
    """A point by its factors; among listed points by those that are not as at most of them."""
    named = factors
    if is_listed(points, factors):
        named = [factor for factor in factors if row[factor] != points[factor].mode().iloc[0]]
    parts = [f"{say.factor(factor)} = {_told(factor, row[factor], say)}" for factor in named]
    return ", ".join(parts) or say.pick("the usual point", "基准点")


def _told(factor: str, value: Any, say: Words) -> str:
    """A level of a factor as a reader knows it: policies by their titles."""
    return say.policy(value) if factor == "policy" else level(value)


def is_listed(table: pd.DataFrame, factors: list[str]) -> bool:
    """Whether the points are some of more than two factors' combinations, and few enough to be named one by one."""
    whole = int(np.prod([table[factor].nunique() for factor in factors]))
    return len(factors) > 2 and len(table) < whole and len(table) <= MOST_NAMED


def level(value: object) -> str:
    """A level of a factor, as it is written."""
    return plain(bool(value) if isinstance(value, np.bool_) else value, 4)
