"""How many are enough: from which level of a factor on, one more saves next to nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from parkflow.analysis.experiments.responses import Responses
from parkflow.analysis.experiments.sweep_file import DECIDED
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.sentences.points import level

ASKED = ("days_saved", "net_days")
"""Measures of which more is better, in days per project."""

LEAST_DAYS = 1.0
"""One more that saves a project less than this is not worth asking for."""

LEAST_LEVELS = 3


def enough(found: Responses, asked: str, say: Words) -> list[str]:
    """For each policy, how many of the one factor that is varied are enough against the park as it is.

    Beside a baseline that changes with the factor that cannot be told; then it is said that few may seem to save most.
    """
    varied = [key for key in found.factors if key != "policy"]
    if asked not in ASKED or len(varied) != 1 or varied[0].split(".")[0] not in DECIDED:
        return []
    if found.document["against"] != "park":
        return [_moving(varied[0], say)]
    return list(_by_policy(found.of(asked).dropna(subset=["mean"]), varied[0], say))


def _by_policy(points: pd.DataFrame, key: str, say: Words) -> Iterator[str]:
    for policy, mine in points.groupby("policy", sort=False):
        if is_numeric_dtype(mine[key]) and mine[key].nunique() >= LEAST_LEVELS:
            yield _sentence(str(policy), mine.sort_values(key), key, say)


def _sentence(policy: str, mine: pd.DataFrame, key: str, say: Words) -> str:
    """What one more is worth from level to level of a policy's points (the factor, mean), in rising order."""
    at, days = mine[key].to_numpy(dtype=np.float64), mine["mean"].to_numpy(dtype=np.float64)
    gains = np.diff(days) / np.diff(at)
    worth_it = np.flatnonzero(gains >= LEAST_DAYS)
    name, under = say.factor(key), say.begin(say.under(policy))
    if len(worth_it) and worth_it[-1] == len(gains) - 1:
        return say.pick(
            f"{under} not even {level(at[-1])} of {name} is enough: the last one more still saves "
            f"{rounded(gains[-1], 1)} days per project.",
            f"{under}，{name}达到 {level(at[-1])} 仍不足：最后每增加一个仍使每个项目节省 {rounded(gains[-1], 1)} 天。",
        )
    first = worth_it[-1] + 1 if len(worth_it) else 0
    most = rounded(max(0.0, float(gains[first:].max())), 1)
    fewest = say.pick(", the least that was tried,", "（所试的最小值）") if not first else ""
    return say.pick(
        f"{under} {level(at[first])} of {name}{fewest} is enough: beyond that, one more saves at most {most} days "
        "per project.",
        f"{under}，{name}为 {level(at[first])}{fewest}即可：此后每增加一个，每个项目最多再节省 {most} 天。",
    )


def _moving(key: str, say: Words) -> str:
    name = say.factor(key)
    return say.pick(
        f"The baseline has the same {name} as the point that it is compared with, so that few may seem to save most; "
        "how many are enough is asked against the park as it is.",
        f"基准的{name}与所比较的点相同，数量少时看似节省更多；要问多少才够，应与现状园区比较。",
    )
