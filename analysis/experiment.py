"""Running a sweep: replications of points as batches for an executor, until each point has enough of them.

What is found depends on the points, the seed and the numbers of the replications only: not on the executor, the number
of workers, the size of batches or the order in which they are done.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, groupby
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.controls import Controls
from analysis.measures import Observation
from analysis.observe import observe
from analysis.precision import Precise, Target, first_look, next_look, precise
from analysis.store import CONTROLS, OBSERVATIONS, WHOLE_POINT, Batch, Failure, RunFolder, StoreError
from analysis.tables import stacked, tables
from sim.layout import Layout
from sim.records import Records, simulate
from sim.run import Executor, WorkerLostError
from sim.scenario import Scenario
from sim.streams import LatinHypercube, Streams

Floats = NDArray[np.float64]
Point = Mapping[str, Any]
Pair = tuple[int, int]
"""A point and a replication, by number."""

SECONDS_A_BATCH = 1.0
LARGEST_BATCH = 256
SUSPECTS = 16
"""Batches that may have been in hand when a worker died; they are tried again last, in the end one by one."""

TABLES_OF = {"summary": (), "projects": ("projects",), "events": ("projects", "steps", "issues", "desks")}


@dataclass(frozen=True)
class Experiment:
    """What a sweep runs at its points. `key` tells one sweep from another.

    `variation` gives the scenarios of a point by policy, the baseline among them.
    """

    key: str
    variation: Callable[[Point], Mapping[str, Scenario]]
    baseline: str
    question: tuple[str, str]
    seed: int
    latin_hypercube: bool = False
    controls: bool = True
    detail: str = "summary"


@dataclass(frozen=True)
class Work:
    """A batch: pairs of point and replication, and the factors of the points among them."""

    pairs: tuple[Pair, ...]
    points: Mapping[int, Point]


class Progress(Protocol):
    """Is told how far a sweep is."""

    def __call__(self, state: State) -> None:
        """Show the state, if it is time to."""


@dataclass
class State:
    """How far a sweep is: points finished of all, replications stored of those expected, and the widest interval.

    `wide` is the largest half-width at a point that is not finished yet, over the one that is wanted.
    """

    points: int
    expected: int = 0
    done: int = 0
    finished: int = 0
    failed: int = 0
    wide: float | None = None


# In the worker


def carry_out(experiment: Experiment, work: Work) -> Batch:
    """Run a batch; what fails is told, and does not keep the rest from being run."""
    found = _Found(experiment)
    for pair in work.pairs:
        try:
            found.take(pair, _built(experiment, pair[0], work.points[pair[0]]))
        except _PointError as error:
            found.fail((pair[0], WHOLE_POINT), work.points[pair[0]], error.__cause__ or error)
        except Exception as error:
            found.fail(pair, work.points[pair[0]], error)
    return found.batch()


class _PointError(Exception):
    """The scenarios of a point cannot be built."""


@dataclass(frozen=True)
class _Built:
    """A point, ready to run."""

    layouts: Mapping[str, Layout]
    controls: Controls | None


_BUILT: dict[tuple[str, int], _Built] = {}
"""Points that this worker built last."""

MOST_BUILT = 16


def _built(experiment: Experiment, number: int, point: Point) -> _Built:
    key = (experiment.key, number)
    if key not in _BUILT:
        while len(_BUILT) >= MOST_BUILT:
            del _BUILT[next(iter(_BUILT))]
        try:
            scenarios = experiment.variation(point)
            layouts = {policy: _shared_layout(scenario) for policy, scenario in scenarios.items()}
        except Exception as error:
            raise _PointError from error
        _BUILT[key] = _Built(layouts, Controls(layouts[experiment.baseline]) if experiment.controls else None)
    return _BUILT[key]


def _shared_layout(scenario: Scenario) -> Layout:
    """The layout of a scenario; the same object if this worker has it already, as baselines of several points."""
    for built in _BUILT.values():
        for layout in built.layouts.values():
            if layout.scenario == scenario:
                return layout
    return Layout(scenario)


class _Found:
    """What a batch finds, gathered as columns."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.done: list[Pair] = []
        self.failures: list[Failure] = []
        self.seen: list[tuple[Pair, list[Observation]]] = []
        self.controls: list[tuple[Pair, tuple[str, ...], Floats]] = []
        self.detail: dict[str, list[pa.Table]] = {}
        self._runs: dict[int, tuple[int, Records]] = {}

    def take(self, pair: Pair, built: _Built) -> None:
        """Run a replication of a point and look at it."""
        experiment = self.experiment
        runs = {policy: self._run(layout, pair[1]) for policy, layout in built.layouts.items()}
        seen = observe(runs, experiment.baseline, experiment.question)
        detail = self._detail(pair, runs)
        if built.controls is not None:
            values = built.controls.read(runs[experiment.baseline].plan)
            self.controls.append((pair, built.controls.names, values))
        self.seen.append((pair, seen))
        for name, table in detail.items():
            self.detail.setdefault(name, []).append(table)
        self.done.append(pair)

    def fail(self, pair: Pair, point: Point, error: BaseException) -> None:
        """Keep an error with its inputs."""
        inputs = {"values": dict(point), "seed": self.experiment.seed, "replication": pair[1]}
        trace = "".join(traceback.format_exception(error))
        self.failures.append(Failure(*pair, f"{type(error).__name__}: {error}", trace, inputs))

    def batch(self) -> Batch:
        """All of it, as Arrow tables."""
        found = {name: pa.concat_tables(parts, promote_options="default") for name, parts in self.detail.items()}
        if self.seen:
            found[OBSERVATIONS] = _observations(self.seen)
        if self.controls:
            found[CONTROLS] = _controls(self.controls)
        return Batch(found, self.done, list({(f.point, f.replication): f for f in self.failures}.values()))

    def _run(self, layout: Layout, replication: int) -> Records:
        """Run a layout, or take its records if the replication before was of the same layout and number."""
        known = self._runs.get(id(layout))
        if known is None or known[0] != replication:
            chance = LatinHypercube if self.experiment.latin_hypercube else Streams
            known = (replication, simulate(layout, self.experiment.seed, replication, chance))
            self._runs = {key: run for key, run in self._runs.items() if run[0] == replication} | {id(layout): known}
        return known[1]

    def _detail(self, pair: Pair, runs: Mapping[str, Records]) -> dict[str, pa.Table]:
        names = TABLES_OF[self.experiment.detail]
        kept = {policy: tables(records) for policy, records in runs.items()} if names else {}
        found = {}
        for name in names:
            table = stacked({policy: getattr(run, name) for policy, run in kept.items()}, pair[1])
            point = np.full(len(table["replication"]), pair[0], dtype=np.int32)
            found[name] = pa.table({"point": point, **{key: pa.array(values) for key, values in table.items()}})
        return found


def _observations(seen: Sequence[tuple[Pair, list[Observation]]]) -> pa.Table:
    lengths = [len(observations) for _, observations in seen]
    columns = list(zip(*chain.from_iterable(observations for _, observations in seen), strict=True))
    names = ("policy", "measure", "from", "to", "group", "value", "weight", "censored")
    kinds = [pa.string()] * 5 + [pa.float64(), pa.float64(), pa.int32()]
    numbered = _numbered([pair for pair, _ in seen], lengths)
    return pa.table(numbered | {n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})


def _controls(read: Sequence[tuple[Pair, tuple[str, ...], Floats]]) -> pa.Table:
    numbered = _numbered([pair for pair, _, _ in read], [len(names) for _, names, _ in read])
    names = pa.array(chain.from_iterable(names for _, names, _ in read), pa.string())
    return pa.table(numbered | {"control": names, "value": pa.array(np.concatenate([values for *_, values in read]))})


def _numbered(pairs: Sequence[Pair], lengths: Sequence[int]) -> dict[str, pa.Array]:
    point, replication = (np.repeat(np.array(part, dtype=np.int32), lengths) for part in zip(*pairs, strict=True))
    return {"point": pa.array(point), "replication": pa.array(replication)}


# In the process that keeps the store


@dataclass
class Sweeper:
    """Runs an experiment into a folder."""

    experiment: Experiment
    points: Sequence[Point]
    folder: RunFolder
    executor: Executor
    progress: Progress = field(default=lambda state: None)

    def __post_init__(self) -> None:
        self.state = State(len(self.points), done=self.folder.done.total())
        self.keeper = _Keeper(self.folder)
        self.pace: float | None = None

    def to_size(self, sizes: Mapping[int, int]) -> None:
        """Replicate each point up to its size."""
        self.state.expected = max(sum(sizes.values()), self.state.done)
        self._carry_out(self._open_pairs(sizes))
        self._count(sizes)

    def to_precision(self, target: Target, policies: Callable[[Point], Sequence[str]]) -> dict[int, int]:
        """Replicate each point until the target is met or given up; returns the sizes at which that was."""
        looker = Looker(self.folder, self.experiment, target, self.points, policies)
        while True:
            sizes = looker.sizes()
            self.state.wide = looker.wide
            self.state.finished = looker.finished
            self.state.expected = max(sum(sizes.values()), self.state.done)
            pairs = list(self._open_pairs({point: sizes[point] for point in looker.open}))
            if not pairs:
                return sizes
            self._carry_out(iter(pairs))

    def _open_pairs(self, sizes: Mapping[int, int]) -> Iterator[Pair]:
        """What is to be run: points one after another, or several side by side where they may share a baseline."""
        together = 8
        numbers = list(sizes)
        for begin in range(0, len(numbers), together):
            some = numbers[begin : begin + together]
            for replication in range(max(sizes[number] for number in some)):
                for number in some:
                    if replication < sizes[number] and not self.folder.is_settled(number, replication):
                        yield number, replication

    def _carry_out(self, pairs: Iterator[Pair]) -> None:
        """Run pairs; where workers die, run what is left again, and what kills them by itself."""
        function = partial(carry_out, self.experiment)
        left: dict[tuple[Pair, ...], Work] = {}
        fresh = self._batches(pairs, left)
        while True:
            try:
                self._keep(self.executor(function, chain(list(left.values()), fresh), ordered=False), left)
            except WorkerLostError as error:
                if len(left) > SUSPECTS:
                    continue
                self._one_by_one(function, left, str(error))
                fresh = self._batches(pairs, left)
                continue
            return

    def _one_by_one(self, function: Callable[[Work], Batch], left: dict[tuple[Pair, ...], Work], why: str) -> None:
        """Run the batches that were in hand pair by pair; a pair that kills its worker alone has failed."""
        suspects = list(left.values())
        left.clear()
        for work in suspects:
            for pair in work.pairs:
                if self.folder.is_settled(*pair):
                    continue
                alone = Work((pair,), {pair[0]: work.points[pair[0]]})
                try:
                    self._keep(self.executor(function, iter([alone, alone][:1]), ordered=False), {})
                except WorkerLostError:
                    inputs = {"values": dict(alone.points[pair[0]]), "seed": self.experiment.seed}
                    self.folder.add(Batch({}, [], [Failure(*pair, "the worker died", why, inputs)]))

    def _batches(self, pairs: Iterator[Pair], left: dict[tuple[Pair, ...], Work]) -> Iterator[Work]:
        """Pairs in batches of about a second, as fast as they turned out to be; `left` keeps those handed out."""
        while True:
            size = 1 if self.pace is None else int(min(max(SECONDS_A_BATCH / self.pace, 1), LARGEST_BATCH))
            some = tuple(pair for _, pair in zip(range(size), pairs, strict=False))
            if not some:
                return
            left[some] = Work(some, {number: self.points[number] for number, _ in some})
            yield left[some]
