"""A nation from its file to its folder: running its zones, what that takes, and what they show together."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from pathlib import Path
from typing import Any

import pyarrow as pa
from scipy import special

from parkflow.analysis.experiments.batches import Point, Work
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.nation_file import Nation
from parkflow.analysis.experiments.question import resolved
from parkflow.analysis.experiments.sweeper import Progress, State, Sweeper
from parkflow.analysis.experiments.zones import BLOCK, Key, Sums, Zones, blocks
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.measures.registry import chosen, measures, read_definitions, written_definitions
from parkflow.analysis.provenance import record, scenario_hash
from parkflow.analysis.store.arrow import column
from parkflow.analysis.store.sweep_folder import FORMAT, SweepFolder
from parkflow.scenarios.load import InputError
from parkflow.sim.levers import own_levers

Row = dict[str, Any]
"""One line: kind of zone, policy, measure, from, to, group, unit, mean, low, high, zones, censored."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class NationPlan:
    """A nation ready to run."""

    nation: Nation
    zones: Zones
    replications: int

    @property
    def name(self) -> str:
        """The name of the nation."""
        return self.nation.file.name

    @property
    def counts(self) -> dict[str, int]:
        """Zones by kind."""
        return {name: kind.zones for name, kind in self.nation.file.kinds.items()}

    @property
    def points(self) -> tuple[Point, ...]:
        """The blocks of zones."""
        return blocks(self.counts)

    def manifest(self) -> dict[str, Any]:
        """What the folder says of the nation; the sessions are added as they come."""
        file = self.nation.file
        hashes = {kind: {p: scenario_hash(one) for p, one in by.items()} for kind, by in self.nation.scenarios.items()}
        names = [one.name for one in self.zones.asked]
        parts = (self.counts, hashes, self.zones.baseline, self.zones.seed, names, BLOCK)
        return {
            "format": FORMAT,
            "name": file.name,
            "title": file.title,
            "nation": {"zones": self.counts, "replications": self.replications, "seed": self.zones.seed},
            "design_hash": hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(),
            "baseline": file.baseline,
            "policies": list(file.policies),
            "points": len(self.points),
            "measures": written_definitions(self.zones.asked),
            "design": file.model_dump(mode="json", exclude_defaults=True),
        }


def planned_nation(
    nation: Nation, seed: int = 1, replications: int = 1, asked: Sequence[Measure | str] | None = None
) -> NationPlan:
    """What a nation comes to, with the measures of a sweep's summary or those `asked` for.

    Raises `KeyError` for a name that no measure has.
    """
    known = chosen(asked) if asked else tuple(one for one in measures() if one.in_sweeps)
    questions = {kind: resolved(by_policy[nation.file.baseline]) for kind, by_policy in nation.scenarios.items()}
    zones = Zones(nation.scenarios, nation.file.baseline, questions, seed, known, own_levers())
    return NationPlan(nation, zones, replications)


def run_nation(
    plan: NationPlan,
    out: Path,
    executor: Executor,
    progress: Progress,
    command: str,
    retry_failed: bool = False,
    repair: bool = False,
) -> SweepFolder:
    """Run the zones of a nation into a folder, or go on with what the folder has; returns it as it is then.

    Raises `StoreError`, and what the executor raises.
    """
    points = plan.points
    with SweepFolder.begin(out, plan.manifest(), points, repair) as folder:
        _begin_session(folder, plan, command)
        if retry_failed:
            folder.forget_failures()
        of_zones = _in_zones(progress, sum(plan.counts.values()), len(points))
        sweeper = Sweeper(plan.zones, plan.zones.seed, points, folder, executor, of_zones)
        sweeper.to_size(dict.fromkeys(range(len(points)), plan.replications))
        folder.flush()
        rows = nation_rows(folder)
        folder.write_summary(pa.table({name: column([row[name] for row in rows]) for name in (rows or [{}])[0]}))
        folder.write_manifest({**folder.manifest, "complete": True})
    return folder


def _begin_session(folder: SweepFolder, plan: NationPlan, command: str) -> None:
    scenario = next(iter(next(iter(plan.nation.scenarios.values())).values()))
    session = {"started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **record(scenario, command)}
    sessions = [*folder.manifest["sessions"], session]
    folder.write_manifest({**plan.manifest(), "sessions": sessions, "complete": False})


def _in_zones(progress: Progress, zones: int, points: int) -> Progress:
    """Tells in zones what a sweeper tells in blocks."""

    def tell(state: State) -> None:
        share = zones / points
        counts = {name: round(getattr(state, name) * share) for name in ("expected", "done", "finished", "failed")}
        progress(State(points=zones, **counts))

    return tell


# Before running


@dataclass(frozen=True)
class NationForecast:
    """What a nation will take: zones and replications, and seconds of one core for a zone once a worker is warm."""

    zones: int
    replications: int
    policies: int
    seconds: float


def forecast_nation(plan: NationPlan) -> NationForecast:
    """Run two zones of each kind twice, and reckon from the second time; raises `InputError` when they fail."""
    seconds = 0.0
    for kind, count in plan.counts.items():
        few = min(count, 2)
        some = {"kind": kind, "first": 0, "zones": few}
        for replication in range(2):
            begun = time.process_time()
            batch = plan.zones(Work(((0, replication),), {0: some}))
            if batch.failures:
                raise InputError(f"{plan.name}: kinds.{kind}: {batch.failures[0].error}")
        seconds += (time.process_time() - begun) / few * count
    zones = sum(plan.counts.values())
    return NationForecast(zones, plan.replications, 1 + len(plan.nation.file.policies), seconds / zones)


# Afterwards


def nation_rows(folder: SweepFolder) -> list[Row]:
    """The rows of each kind of zone, and of all together where there are several: means over zones, and intervals.

    A mean counts each zone once; a share has the numerators and denominators of all zones. The interval is that of
    chance between zones, which are independent.
    """
    kinds = [point["kind"] for point in folder.points()]
    by_kind: dict[Key, dict[str, list[Sums]]] = {}
    stored = folder.read(columns=["point", "replication", *_COLUMNS])
    rows = stored.sort_by([("point", "ascending"), ("replication", "ascending")]).to_pylist() if len(stored) else []
    for row in rows:
        key = Key(*(row[name] for name in _COLUMNS[:5]))
        sums = Sums(*(row[name] for name in _COLUMNS[5:]))
        by_kind.setdefault(key, {}).setdefault(kinds[row["point"]], []).append(sums)
    known = read_definitions(folder.manifest["measures"]) | {one.name: one for one in measures()}
    return [row for key, of in by_kind.items() for row in _rows(key, known[key.measure], of)]


_COLUMNS = ("policy", "measure", "from", "to", "group", *Sums._fields)


def _rows(key: Key, one: Measure, by_kind: Mapping[str, Sequence[Sums]]) -> Iterator[Row]:
    totals = {kind: _total(sums) for kind, sums in by_kind.items()}
    parts = {kind: [total] for kind, total in totals.items()}
    if len(totals) > 1:
        parts[ALL] = list(totals.values())
    for kind, strata in parts.items():
        mean, half = _estimate(strata)
        low, high = (None if half is None else min(max(mean + way * half, one.least), one.most) for way in (-1, 1))
        yield {
            "kind": kind, **dict(zip(_COLUMNS[:5], key, strict=True)), "unit": one.unit, "mean": mean, "low": low,
            "high": high, "zones": sum(of.zones for of in strata), "censored": sum(of.censored for of in strata),
        }  # fmt: skip


def _total(sums: Sequence[Sums]) -> Sums:
    """The exact sums over blocks, whatever their order."""
    zones, *products, censored = zip(*sums, strict=True)
    return Sums._make([sum(zones), *map(fsum, products), sum(censored)])


def _estimate(strata: Sequence[Sums]) -> tuple[float, float | None]:
    """A ratio of sums over zones of several kinds, and half of its interval (Cochran, Sampling Techniques, 6.11)."""
    weight = fsum(of.weight for of in strata)
    mean = fsum(of.value for of in strata) / weight if weight else 0.0
    if not weight or any(of.zones < 2 for of in strata):
        return mean, None
    variance = fsum(of.zones / (of.zones - 1) * _spread(of, mean) for of in strata)
    freedom = sum(of.zones - 1 for of in strata)
    return mean, float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * sqrt(variance) / weight


def _spread(of: Sums, mean: float) -> float:
    """Sum over zones of the squares of value - mean × weight, about their average."""
    squares = of.value_squared - 2 * mean * of.value_weight + mean**2 * of.weight_squared
    return max(squares - (of.value - mean * of.weight) ** 2 / of.zones, 0.0)
