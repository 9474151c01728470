"""From observations to rows: one row per policy, measure, pair of milestones and group, with its interval.

Comparisons and sweeps go the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.intervals import of_share
from parkflow.analysis.measures.measure import Measure, Observation
from parkflow.analysis.measures.precision import LEAST_BLOCKS, Precise, precise
from parkflow.analysis.measures.registry import measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Key(NamedTuple):
    """What a row is about."""

    policy: str
    measure: str
    start: str
    end: str
    group: str


Row = TypedDict(
    "Row",
    {
        "policy": str,
        "measure": str,
        "from": str,
        "to": str,
        "group": str,
        "unit": str,
        "mean": float | None,
        "low": float | None,
        "high": float | None,
        "replications": int,
        "censored": int,
    },
)
"""One line of results. A number is None where it is not defined, as an interval is from one replication."""


@dataclass(frozen=True)
class Series:
    """What many replications show of one key; columns of one entry per replication, in their order."""

    replication: Ints
    value: Floats
    weight: Floats
    censored: Ints

    def in_order(self) -> Series:
        """The same, by number of the replication."""
        turn = np.argsort(self.replication, kind="stable")
        return Series(self.replication[turn], self.value[turn], self.weight[turn], self.censored[turn])


@dataclass(frozen=True)
class Sampling:
    """How replications were made: in Latin hypercube blocks of so many (1: independent ones), and up to what.

    `stopped_by` is the measure whose precision ended them.
    """

    block: int = 1
    stopped_by: str | None = None


INDEPENDENT = Sampling()


def summarise(
    observations_by_replication: Sequence[Sequence[Observation]],
    known: Iterable[Measure] | None = None,
    sampling: Sampling = INDEPENDENT,
) -> list[Row]:
    """One row for each policy, measure, pair and group, with its interval over replications; `censored` is a sum.

    `known` are the measures observed, all registered ones if it is None.
    """
    by_name = {one.name: one for one in (measures() if known is None else known)}
    gathered: dict[Key, list[tuple[int, float, float, int]]] = {}
    for replication, observations in enumerate(observations_by_replication):
        for seen in observations:
            line = (replication, seen.value, seen.weight, seen.censored)
            gathered.setdefault(Key(*seen[:5]), []).append(line)
    found = {key: Series(*(np.array(column) for column in zip(*lines, strict=True))) for key, lines in gathered.items()}
    return [
        row(key, by_name[key.measure], series, estimate(by_name[key.measure], series, sampling))
        for key, series in found.items()
    ]


def estimate(
    measure: Measure, series: Series, sampling: Sampling = INDEPENDENT, controls: Floats | None = None
) -> Precise:
    """The mean of a measure over replications and its interval, made as the measure says.

    `controls` has shape (replications, controls), one row for each entry of the series.
    """
    if measure.interval == "share":
        found = _share(series, sampling.block)
    else:
        helping = controls if measure.interval == "mean" else None
        found = precise(series.value, helping, sampling.block, sampling.stopped_by == measure.name)
    return found.within(measure.least, measure.most)


def _share(series: Series, block: int) -> Precise:
    """A ratio of sums over replications, or over blocks of them where that is narrower.

    An unfinished last block counts only where they are taken one by one.
    """
    alone = Precise(**vars(of_share(series.value, series.weight)))
    if len(series.value) < LEAST_BLOCKS * block or block == 1:
        return alone
    whole = len(series.value) // block * block
    value, weight = (np.nansum(each[:whole].reshape(-1, block), axis=1) for each in (series.value, series.weight))
    together = replace(Precise(**vars(of_share(value, weight))), count=whole, estimator="blocks")
    return together if together.half_width < alone.half_width else alone


def row(key: Key, measure: Measure, series: Series, found: Precise) -> Row:
    """The row of a key."""
    return {
        "policy": key.policy,
        "measure": key.measure,
        "from": key.start,
        "to": key.end,
        "group": key.group,
        "unit": measure.unit,
        "mean": defined(found.mean),
        "low": defined(found.low),
        "high": defined(found.high),
        "replications": found.count,
        "censored": int(series.censored.sum()),
    }


def row_with_estimator(key: Key, measure: Measure, series: Series, found: Precise) -> Mapping[str, object]:
    """The row of a key, and how its interval was made."""
    return row(key, measure, series, found) | {
        "estimator": found.estimator,
        "variance_factor": defined(found.factor),
        "variance_factor_error": defined(found.factor_error),
    }


def defined(number: float) -> float | None:
    """A number, or None where it is not defined."""
    return None if isnan(number) else float(number)
