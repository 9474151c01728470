"""What a sweep found: one row for each point, policy and measure, with its interval, however many chunks it lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parkflow.analysis.experiments.stopping import read_controls
from parkflow.analysis.measures.intervals import bootstrap, bootstrap_ratio
from parkflow.analysis.measures.precision import Precise, precise
from parkflow.analysis.measures.registry import ALL, MEASURES, measure
from parkflow.analysis.store.sweep_folder import RunFolder, column
from parkflow.sim.streams import BLOCK

Floats = NDArray[np.float64]
Found = dict[str, Any]
"""One line: the point, its factors, the keys of `analysis.measures.registry.Row`, `estimator`, `variance_factor`."""

AT_ONCE = 100_000
"""Observations in memory at a time, about."""

SHARED_GROUPS = ("start_rate",)
"""Measures of a summary whose group is not that of all projects."""

SUMMARISED = (
    "days", "days_p50", "days_p90", "days_saved", "share_losing", "project_days_gained", "project_days_lost",
    "started", "completed", "start_rate", "issues_found", "issues_resolved", "issues_resolved_30",
    "issues_resolved_70", "issues_resolved_90", "issue_days",
)  # fmt: skip
"""Measures in the summary of a sweep; the others are in its observations."""


def findings(folder: RunFolder, measures: Sequence[str] = SUMMARISED, groups: bool = False) -> Iterator[Found]:
    """The rows of some measures, point by point: of all projects together, or of every group.

    Intervals are made as the registry of measures says, from blocks where replications are drawn in them, and with
    control variates where the sweep has them and they help.
    """
    factors = folder.points()
    numbers = [number for number in range(len(factors)) if folder.done.count(number)]
    most = max((folder.done.count(number) for number in numbers), default=1)
    step = max(1, AT_ONCE // (40 * most))
    for begin in range(0, len(numbers), step):
        some = numbers[begin : begin + step]
        for row in _rows(folder, some, measures, groups):
            yield {"point": row["point"], **factors[row["point"]], **row}


def summary(folder: RunFolder) -> pa.Table:
    """The rows of the summary as a table, for `summary.parquet`."""
    rows = list(findings(folder))
    keys = dict.fromkeys(key for row in rows for key in row)
    return pa.table({key: column([row.get(key) for row in rows]) for key in keys})


def _rows(folder: RunFolder, numbers: Sequence[int], measures: Sequence[str], groups: bool) -> Iterator[Found]:
    setting = folder.manifest["setting"]
    where = pc.field("point").isin(pa.array(numbers, pa.int32())) & pc.field("measure").isin(pa.array(list(measures)))
    if not groups:
        where &= (pc.field("group") == ALL) | pc.field("measure").isin(pa.array(SHARED_GROUPS))
    table = folder.read(where=where)
    controls = read_controls(folder, numbers) if setting["controls"] else {}
    for key, mine in _gathered(table).items():
        name = key[2]
        estimate = _estimate(name, mine, controls.get(key[0]), setting)
        yield _row(key, mine, estimate)


def _gathered(table: pa.Table) -> dict[tuple[Any, ...], dict[str, Floats]]:
    """Columns of replication, value, weight and censored, by point, policy, measure, milestones and group."""
    if not table.num_columns:
        return {}
    keys = [table[name].to_pylist() for name in ("point", "policy", "measure", "from", "to", "group")]
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, key in enumerate(zip(*keys, strict=True)):
        places.setdefault(key, []).append(place)
    columns = {name: table[name].to_numpy() for name in ("replication", "value", "weight", "censored")}
    order = {measure.name: place for place, measure in enumerate(MEASURES)}
    return {
        key: _in_order({name: values[places[key]] for name, values in columns.items()})
        for key in sorted(places, key=lambda key: (key[0], key[1], order.get(key[2], 0), key[5]))
    }


def _in_order(columns: dict[str, Floats]) -> dict[str, Floats]:
    turn = np.argsort(columns["replication"], kind="stable")
    return {name: values[turn] for name, values in columns.items()}


def _estimate(name: str, mine: Mapping[str, Floats], controls: Floats | None, setting: Mapping[str, Any]) -> Precise:
    in_blocks, stopped = setting["latin_hypercube"], setting["precision"] is not None
    interval = measure(name).interval
    value, weight, count = mine["value"], mine["weight"], len(mine["value"])
    if interval == "student":
        known = controls[mine["replication"].astype(np.int64)] if controls is not None else None
        return precise(value, known, in_blocks, stopped and name == setting["precision"]["measure"])
    if in_blocks:
        whole = count // BLOCK * BLOCK
        value, weight = (np.nansum(each[:whole].reshape(-1, BLOCK), axis=1) for each in (value, weight))
        value = value if interval == "bootstrap ratio" else value / BLOCK
    found = bootstrap_ratio(value, weight) if interval == "bootstrap ratio" else bootstrap(value)
    return replace(Precise(**vars(found)), count=count, estimator="blocks" if in_blocks else "plain")


def _row(key: tuple[Any, ...], mine: Mapping[str, Floats], found: Precise) -> Found:
    point, policy, name, start, end, group = key
    return {
        "point": point,
        "policy": policy,
        "measure": name,
        "from": start,
        "to": end,
        "group": group,
        "unit": measure(name).unit,
        "mean": _defined(found.mean),
        "low": _defined(found.low),
        "high": _defined(found.high),
        "replications": found.count,
        "censored": int(mine["censored"].sum()),
        "estimator": found.estimator,
        "variance_factor": _defined(found.factor),
    }


def _defined(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
