"""What a sweep found: one row for each point, policy and measure, with its interval, however many chunks it lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from parkflow.analysis.experiments.stopping import read_controls
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.measures.registry import measures as all_measures
from parkflow.analysis.measures.registry import read_definitions
from parkflow.analysis.measures.summary import Key, Sampling, Series, estimate, row_with_estimator
from parkflow.analysis.replication.milestones import in_order
from parkflow.analysis.store.arrow import column
from parkflow.analysis.store.sweep_folder import SweepFolder
from parkflow.sim.scenario import Scenario

Found = dict[str, Any]
"""One line: the point, its factors, and the columns of `analysis.measures.summary.row_with_estimator`."""

FORMER_BLOCK = 64
"""Replications of one Latin hypercube block where the sweep does not tell."""

AT_ONCE = 100_000
"""Observations in memory at a time, about."""


def findings(folder: SweepFolder, measures: Sequence[str] = (), groups: bool = False) -> Iterator[Found]:
    """The rows of the measures named, or of the summary's, point by point: of all projects together, or of every group.

    Intervals are made as the registry of measures says, from blocks where replications are drawn in them, and with
    control variates where the sweep has them and they help.
    """
    known, factors = known_measures(folder), folder.points()
    wanted = {name: one for name, one in known.items() if (name in measures if measures else one.in_sweeps)}
    numbers = [number for number in range(len(factors)) if folder.done.count(number)]
    most = max((folder.done.count(number) for number in numbers), default=1)
    step = max(1, AT_ONCE // (40 * most))
    for begin in range(0, len(numbers), step):
        some = numbers[begin : begin + step]
        for row in _rows(folder, some, wanted, groups):
            yield {"point": row["point"], **factors[row["point"]], **row}


def summary(folder: SweepFolder) -> pa.Table:
    """The rows of the summary as a table, for `summary.parquet`."""
    rows = list(findings(folder))
    keys = dict.fromkeys(key for row in rows for key in row)
    return pa.table({key: column([row.get(key) for row in rows]) for key in keys})


def known_measures(folder: SweepFolder) -> dict[str, Measure]:
    """The measures of a sweep by name, with those that it was given and nobody knows here, bounded as it asks."""
    start, end = folder.manifest["question"]
    ordered = in_order(Scenario.model_validate(folder.manifest["scenario"]), (start, end))
    found = read_definitions(folder.manifest.get("measures", {})) | {one.name: one for one in all_measures()}
    return {name: one.between_ordered() if ordered else one for name, one in found.items()}


def _rows(folder: SweepFolder, numbers: Sequence[int], known: Mapping[str, Measure], groups: bool) -> Iterator[Found]:
    setting = folder.manifest["setting"]
    where = pc.field("point").isin(pa.array(numbers, pa.int32())) & pc.field("measure").isin(pa.array(list(known)))
    if not groups:
        own = [one.name for one in known.values() if one.of_cohort]
        where &= (pc.field("group") == ALL) | pc.field("measure").isin(pa.array(own, pa.string()))
    table = folder.read(where=where)
    stopped_by = setting["precision"]["measure"] if setting["precision"] else None
    sampling = Sampling(block_of(setting), stopped_by)
    controls = read_controls(folder, numbers) if setting["controls"] else {}
    for (point, key), series in _gathered(table, list(known)).items():
        mine = controls[point][series.replication] if point in controls else None
        found = estimate(known[key.measure], series, sampling, mine)
        yield {"point": point, **row_with_estimator(key, known[key.measure], series, found)}


def block_of(setting: Mapping[str, Any]) -> int:
    """Replications of one Latin hypercube block of a sweep, by its setting; 1 where they are independent.

    Sweeps that do not say it were made in blocks of 64.
    """
    return int(setting.get("block", FORMER_BLOCK)) if setting["latin_hypercube"] else 1


def _gathered(table: pa.Table, order: Sequence[str]) -> dict[tuple[int, Key], Series]:
    """What the replications of each point show, by key; measures in the order given."""
    if not table.num_columns:
        return {}
    keys = [table[name].to_pylist() for name in ("point", "policy", "measure", "from", "to", "group")]
    places: dict[tuple[int, Key], list[int]] = {}
    for place, (point, *key) in enumerate(zip(*keys, strict=True)):
        places.setdefault((point, Key(*key)), []).append(place)
    columns = [table[name].to_numpy() for name in ("replication", "value", "weight", "censored")]
    turn = {name: place for place, name in enumerate(order)}
    return {
        (point, key): Series(*(values[places[point, key]] for values in columns)).in_order()
        for point, key in sorted(places, key=lambda it: (it[0], it[1].policy, turn[it[1].measure], it[1].group))
    }
