"""A sweep from its file to its folder: what will be run, running it, and how far it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.batches import Experiment, Work, carry_out
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.question import Question, UnknownMilestoneError, resolved
from parkflow.analysis.experiments.results import Found, findings, known_measures, summary
from parkflow.analysis.experiments.sweep_file import DEFAULT_REPLICATIONS, Sweep
from parkflow.analysis.experiments.sweeper import Progress, Sweeper
from parkflow.analysis.measures.measure import Measure
from parkflow.analysis.measures.precision import LEAST_BLOCKS, Target, first_look, last_look, least_needed
from parkflow.analysis.measures.registry import chosen, measure, measures, written_definitions
from parkflow.analysis.provenance import record, scenario_hash
from parkflow.analysis.replication.replication import laid_out
from parkflow.analysis.store.index import NATION, SWEEP
from parkflow.analysis.store.sweep_folder import FORMAT, OBSERVATIONS, Batch, SweepFolder
from parkflow.scenarios.describe import dumped
from parkflow.scenarios.load import InputError
from parkflow.sim.checks import ScenarioError, nearest
from parkflow.sim.levers import LeverError, under
from parkflow.sim.streams import BLOCK

PILOT = 8
"""Replications of the first point that tell whether a precision can be reached at all."""

USUAL = "days_saved"
"""The measure that a sweep is about where it does not say so."""

REDUCTION = 4.0
"""Control variates and blocks are not expected to save more replications than this factor."""


@dataclass(frozen=True)
class Plan:
    """A sweep ready to run: the experiment, its sizes, and what its folder will say of it."""

    sweep: Sweep
    experiment: Experiment
    target: Target | None
    replications: int

    @property
    def name(self) -> str:
        """The name of the sweep."""
        return self.sweep.file.name

    @property
    def wanted(self) -> str:
        """The half-width wanted, in words."""
        return f"{self.target.half_width:g} {measure(self.target.measure).unit}" if self.target else ""

    def drawn(self, in_blocks: bool) -> Plan:
        """The same with replications in Latin hypercube blocks, or independent; by their keys these are two sweeps."""
        mark = f"/{BLOCK}"
        key = self.experiment.key.removesuffix(mark) + (mark if in_blocks else "")
        return replace(self, experiment=replace(self.experiment, key=key, latin_hypercube=in_blocks))

    def manifest(self) -> dict[str, Any]:
        """What the folder says of the sweep; the sessions are added as they come."""
        file = self.sweep.file
        return {
            "format": FORMAT,
            "name": file.name,
            "title": file.title,
            "park": file.park,
            "design_hash": self.experiment.key,
            "scenario_hash": scenario_hash(self.sweep.scenario),
            "baseline": file.baseline,
            "against": file.against,
            "policies": list(self.sweep.policies),
            "question": list(self.experiment.question),
            "seed": file.seed,
            "points": len(self.sweep.points),
            "setting": self._setting(),
            "observed": [one.name for one in self.experiment.measures or ()],
            "measures": written_definitions(self.experiment.measures or ()),
            "design": file.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "scenario": dumped(self.sweep.scenario),
        }

    def _setting(self) -> dict[str, Any]:
        file, made = self.sweep.file, self.experiment
        chosen = {"controls": file.controls, "latin_hypercube": made.latin_hypercube, "detail": file.detail}
        sizes = {"block": made.block, "replications": self.replications}
        return chosen | sizes | {"precision": asdict(self.target) if self.target else None}


def planned(sweep: Sweep, asked: Sequence[Measure | str] | None = None) -> Plan:
    """What a sweep comes to, with all measures or those `asked` for, by object or by name.

    Raises `InputError` for milestones, measures or sizes that do not fit, `KeyError` for a name that no measure has.
    """
    file, target = sweep.file, _target(sweep)
    question = _question(sweep)
    if asked and target:
        asked = (*asked, target.measure)
    chosen_by_name = [sorted(one.name for one in chosen(asked))] if asked else []
    replications = file.replications or (LEAST_BLOCKS * BLOCK if file.latin_hypercube else DEFAULT_REPLICATIONS)
    key = _hash(
        scenario_hash(sweep.scenario), sweep.points, sweep.policies, file.baseline, file.against, question, file.seed,
        False, file.controls, file.detail, *chosen_by_name, *map(_source, sweep.levers),
    )  # fmt: skip
    experiment = Experiment(
        key, sweep.variation, file.baseline, question, file.seed, False, file.controls, file.detail, chosen(asked),
    )  # fmt: skip
    if file.latin_hypercube and replications % BLOCK:
        raise InputError(f"{file.name}: replications: Latin hypercube blocks have {BLOCK}; give a multiple of {BLOCK}")
    return Plan(sweep, experiment, target, replications).drawn(_in_blocks(sweep, replications))


def _in_blocks(sweep: Sweep, replications: int) -> bool:
    """Whether replications are drawn in Latin hypercube blocks: where nobody says, if there may be enough of them."""
    said, most = sweep.file.latin_hypercube, sweep.file.precision.maximum if sweep.file.precision else replications
    return most >= LEAST_BLOCKS * BLOCK if said is None else said


def _hash(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _source(lever: type[Any]) -> str:
    """The code of a lever of a user's own, which tells one sweep from another as a parameter would."""
    try:
        return inspect.getsource(lever)
    except (OSError, TypeError):  # typed into an interpreter that keeps no source
        return lever.__qualname__


def _question(sweep: Sweep) -> Question:
    """The pair of milestones asked about."""
    file = sweep.file
    try:
        scenario = laid_out(under(sweep.scenario, file.baseline)).scenario
        return resolved(scenario, file.start, file.end)
    except UnknownMilestoneError as error:
        raise InputError(f"{file.name}: {error}") from None
    except (LeverError, ScenarioError) as error:
        raise InputError(f"{file.name}: policy {file.baseline}: {error}") from None


def _target(sweep: Sweep) -> Target | None:
    asked, name = sweep.file.precision, sweep.file.name
    if asked is None:
        return None
    means = [one.name for one in measures() if one.interval == "mean"]
    if asked.measure not in means:
        raise InputError(
            f"{name}: precision.measure: {asked.measure} is no mean over days; {nearest(asked.measure, means)}"
        )
    return Target(**asked.model_dump())


# Before running


@dataclass(frozen=True)
class Forecast:
    """What a sweep will take: replications at least and at most, seconds of one core for each, bytes of store."""

    points: int
    least: int
    most: int
    seconds: float
    bytes: float


def forecast(plan: Plan) -> Forecast:
    """Run two replications of the first and the last point, and reckon from them.

    Raises `InputError` when they fail.
    """
    points = plan.sweep.points
    numbers = dict.fromkeys((0, len(points) - 1))
    pairs = tuple((number, replication) for number in numbers for replication in range(2))
    batch = _tried(plan, pairs)
    stored = sum(_stored(table) for table in batch.tables.values())
    least, most = _bounds(plan)
    return Forecast(len(points), least, most, batch.seconds / len(pairs), stored / len(pairs))


def _bounds(plan: Plan) -> tuple[int, int]:
    points, block = len(plan.sweep.points), plan.experiment.block
    if plan.target is None:
        return points * plan.replications, points * plan.replications
    return points * first_look(plan.target, block), points * last_look(plan.target, block)


def _tried(plan: Plan, pairs: tuple[tuple[int, int], ...]) -> Batch:
    batch = carry_out(plan.experiment, Work(pairs, {number: plan.sweep.points[number] for number, _ in pairs}))
    if not batch.done:
        failure = batch.failures[0]
        raise InputError(f"{plan.name}: point {failure.point} ({failure.inputs['values']}): {failure.error}")
    return batch


def _stored(table: Any) -> int:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.tell()


def _check_reachable(plan: Plan, target: Target) -> Batch:
    """A pilot; refuses a precision that the first point cannot reach by the cap, and raises `InputError` then."""
    file, batch = plan.sweep.file, _tried(plan, tuple((0, replication) for replication in range(PILOT)))
    needed = max(least_needed(values, target.half_width) for values in _values(plan, target, batch))
    if needed > target.maximum * (REDUCTION if file.controls or plan.experiment.latin_hypercube else 1.0):
        within = target.half_width * (needed / target.maximum) ** 0.5
        takes = f"±{target.half_width:g} of {target.measure} takes some {needed:.0f} replications or more"
        remedy = f"raise maximum, or ask for ±{within:.2g} or wider"
        raise InputError(f"{plan.name}: precision: {takes}, and the cap is {target.maximum}; {remedy}")
    return batch


def _values(plan: Plan, target: Target, batch: Batch) -> list[list[float]]:
    """The target's measure in the replications of a batch, by policy."""
    values: dict[str, list[float]] = {}
    for row in batch.tables[OBSERVATIONS].to_pylist():
        concerned = row["policy"] == target.policy if target.policy else row["policy"] != plan.experiment.baseline
        if concerned and row["measure"] == target.measure and row["group"] == target.group:
            values.setdefault(row["policy"], []).append(row["value"])
    if not values:
        remedy = "name a measure and a group that the park has"
        raise InputError(f"{plan.name}: precision: no policy has {target.measure} of {target.group}; {remedy}")
    return list(values.values())


# Running


def run_sweep(
    plan: Plan,
    out: Path,
    executor: Executor,
    progress: Progress,
    command: str,
    extend: int = 0,
    retry_failed: bool = False,
    repair: bool = False,
) -> SweepFolder:
    """Run a sweep into a folder, or go on with what the folder has; returns it as it is then.

    `extend` gives every point so many replications more once the sweep is finished; an extension that was interrupted
    is finished first. With `repair` what is damaged in the folder is dropped and run again. Raises `ArgumentError`,
    `InputError`, `StoreError`, and what the executor raises.
    """
    plan = _going_on(plan, out)
    if extend and plan.sweep.file.latin_hypercube and extend % BLOCK:
        raise ArgumentError("extend", extend, f"Latin hypercube blocks have {BLOCK}; give a multiple of {BLOCK}")
    fresh = not (out / OBSERVATIONS).is_dir()
    pilot = _check_reachable(plan, plan.target) if plan.target and fresh else None
    with SweepFolder.begin(out, plan.manifest(), plan.sweep.points, repair) as folder:
        _begin_session(folder, plan, command, extend)
        if retry_failed:
            folder.forget_failures()
        if pilot:
            folder.add(pilot)
        function = partial(carry_out, plan.experiment)
        sweeper = Sweeper(function, plan.experiment.seed, plan.sweep.points, folder, executor, progress)
        more = folder.manifest["extended"]
        if plan.target is None:
            sweeper.to_size(dict.fromkeys(range(len(plan.sweep.points)), plan.replications + more))
        else:
            sizes = sweeper.to_precision(plan.target, plan.experiment)
            if more:
                sweeper.to_size({number: size + more for number, size in sizes.items()})
        folder.flush()
        folder.write_summary(summary(folder))
        folder.write_manifest({**folder.manifest, "complete": True})
    return folder


def _going_on(plan: Plan, out: Path) -> Plan:
    """The plan, its replications drawn as those that the folder has, unless the sweep says how."""
    setting = SweepFolder(out).manifest.get("setting", {})
    known = "latin_hypercube" in setting and plan.sweep.file.latin_hypercube is None
    return plan.drawn(setting["latin_hypercube"]) if known else plan


def _begin_session(folder: SweepFolder, plan: Plan, command: str, extend: int) -> None:
    """Note who goes on with the sweep and with what; an extension counts once the sweep was complete."""
    before = folder.manifest
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    session = {"started": started, **record(plan.sweep.scenario, command)}
    is_over = before.get("complete", False) or not before["sessions"]
    extended = before.get("extended", 0) + (extend if is_over else 0)
    sessions = [*before["sessions"], session]
    folder.write_manifest({**plan.manifest(), "sessions": sessions, "extended": extended, "complete": False})


# Afterwards


def results(out: Path, named: tuple[str, ...] = (), groups: bool = False) -> tuple[SweepFolder, list[Found]]:
    """The rows of a sweep's folder: of the measures named, or of the summary.

    Raises `StoreError` where there is no sweep, `ArgumentError` for a measure that does not exist.
    """
    folder = SweepFolder.open(out)
    known = list(known_measures(folder))
    for name in named:
        if name not in known:
            raise ArgumentError("measure", name, f"there is no such measure; {nearest(name, known)}")
    return folder, list(findings(folder, named, groups))


def asked_for(out: Path) -> str:
    """The measure that a sweep is about: that of its precision, else days saved, else the first that it has."""
    manifest = SweepFolder.open(out).manifest
    precision, observed = manifest["setting"]["precision"], manifest.get("observed", [USUAL])
    return str(precision["measure"] if precision else USUAL if USUAL in observed else observed[0])


def document(folder: SweepFolder, rows: list[Found]) -> dict[str, Any]:
    """Results as one object of plain values."""
    manifest = folder.manifest
    kept = ("name", "title", "park", "baseline", "policies", "question", "seed", "points", "setting", "design_hash")
    return {
        **{key: manifest[key] for key in kept},
        "against": manifest.get("against", "point"),
        "replications": folder.done.total(),
        "failures": [{**vars(failure)} for failure in folder.failures.values()],
        "record": manifest["sessions"][-1] if manifest["sessions"] else {},
        "measures": rows,
    }


@dataclass(frozen=True)
class Standing:
    """How far a sweep's folder is."""

    name: str
    points: int
    begun: int
    failed: int
    replications: int
    chunks: int
    bytes: int
    complete: bool
    sessions: int
    command: str


def standing(out: Path) -> Standing:
    """How far a sweep or a nation is; raises `StoreError` where there is none."""
    folder = SweepFolder.open(out, SWEEP, NATION)
    manifest = folder.manifest
    sessions = manifest["sessions"]
    points = manifest["points"]
    return Standing(
        name=manifest["name"],
        points=points,
        begun=sum(folder.done.count(number) > 0 for number in range(points)),
        failed=len({number for number, _ in folder.failures}),
        replications=folder.done.total(),
        chunks=folder.chunks,
        bytes=folder.size(),
        complete=manifest.get("complete", False),
        sessions=len(sessions),
        command=sessions[-1]["command"] if sessions else "",
    )


def capped(folder: SweepFolder, rows: list[Found]) -> list[Found]:
    """The rows whose precision was not reached by the cap."""
    asked: Mapping[str, Any] | None = folder.manifest["setting"]["precision"]
    if asked is None:
        return []
    mine = [row for row in rows if row["measure"] == asked["measure"] and row["group"] == asked["group"]]
    concerned = [row for row in mine if row["policy"] == asked["policy"] or not asked["policy"]]
    return [
        row
        for row in concerned
        if row["policy"] != folder.manifest["baseline"]
        and (row["low"] is None or row["high"] - row["low"] > 2 * asked["half_width"] * (1 + 1e-12))
    ]
