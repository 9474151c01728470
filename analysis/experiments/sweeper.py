"""Running a sweep: replications of points as batches for an executor, until each point has enough of them.

What is found depends on the points, the seed and the numbers of the replications only: not on the executor, the number
of workers, the size of batches or the order in which they are done.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parkflow.analysis.experiments.executors import Executor, WorkerLostError
from parkflow.analysis.experiments.stopping import look
from parkflow.analysis.measures.observe import observe
from parkflow.analysis.measures.precision import Target
from parkflow.analysis.measures.registry import Observation
from parkflow.analysis.replication.controls import Controls
from parkflow.analysis.replication.tables import stacked, tables
from parkflow.analysis.store.sweep_folder import CONTROLS, OBSERVATIONS, WHOLE_POINT, Batch, Failure, RunFolder
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import LatinHypercube, Streams

Floats = NDArray[np.float64]
Point = Mapping[str, Any]
Pair = tuple[int, int]
"""A point and a replication, by number."""

SECONDS_A_BATCH = 1.0
LARGEST_BATCH = 256
PARTS = 16
"""What is left is cut into so many batches at least."""

SIDE_BY_SIDE = 8
"""Points that are run side by side."""

STRIKES = 2
"""Times that a worker may die under a batch before its replications are run one by one."""

FLUSH_LEAST, FLUSH_SHARE, FLUSH_MOST = 1.0, 0.02, 30.0
"""Seconds between chunks: a share of the time so far, between bounds. A kill loses at most what is younger."""

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


Progress = Callable[[State], None]
"""Is told how far a sweep is, after every batch."""


# In the worker


def carry_out(experiment: Experiment, work: Work) -> Batch:
    """Run a batch; what fails is told, and does not keep the rest from being run."""
    begun = time.perf_counter()
    found = _Found(experiment)
    for pair in work.pairs:
        try:
            found.take(pair, _built(experiment, pair[0], work.points[pair[0]]))
        except _PointError as error:
            found.fail((pair[0], WHOLE_POINT), work.points[pair[0]], error.__cause__ or error)
        except Exception as error:
            found.fail(pair, work.points[pair[0]], error)
    return found.batch(work.pairs, time.perf_counter() - begun)


class _PointError(Exception):
    """The scenarios of a point cannot be built."""


@dataclass(frozen=True)
class _Built:
    """A point, ready to run."""

    layouts: Mapping[str, Layout]
    controls: Controls | None


_BUILT: dict[tuple[str, int], _Built] = {}
"""Points that this worker built last."""

MOST_BUILT = 2 * SIDE_BY_SIDE


def _built(experiment: Experiment, number: int, point: Point) -> _Built:
    key = (experiment.key, number)
    if key not in _BUILT:
        while len(_BUILT) >= MOST_BUILT:
            del _BUILT[next(iter(_BUILT))]
        try:
            scenarios = experiment.variation(point)
            layouts = {policy: _layout(policy, scenario) for policy, scenario in scenarios.items()}
        except Exception as error:
            raise _PointError from error
        _BUILT[key] = _Built(layouts, Controls(layouts[experiment.baseline]) if experiment.controls else None)
    return _BUILT[key]


def _layout(policy: str, scenario: Scenario) -> Layout:
    """The layout of a policy's scenario; that of another point if it is the same, as baselines often are."""
    for built in _BUILT.values():
        known = built.layouts.get(policy)
        if known is not None and known.scenario == scenario:
            return known
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
        self._last: dict[int, tuple[Layout, Records]] = {}

    def take(self, pair: Pair, built: _Built) -> None:
        """Run a replication of a point and look at it."""
        experiment = self.experiment
        others = {policy: layout for policy, layout in built.layouts.items() if policy != experiment.baseline}
        runs = {experiment.baseline: self._baseline(built.layouts[experiment.baseline], pair[1])}
        runs |= {policy: self._run(layout, pair[1]) for policy, layout in others.items()}
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

    def batch(self, pairs: tuple[Pair, ...], seconds: float) -> Batch:
        """All of it, as Arrow tables."""
        found = {name: pa.concat_tables(parts, promote_options="default") for name, parts in self.detail.items()}
        if self.seen:
            found[OBSERVATIONS] = _observations(self.seen)
        if self.controls:
            found[CONTROLS] = _controls(self.controls)
        failures = list({(failure.point, failure.replication): failure for failure in self.failures}.values())
        return Batch(pairs, found, self.done, failures, seconds)

    def _baseline(self, layout: Layout, replication: int) -> Records:
        """The baseline's records, which points side by side share if it is the same layout."""
        known = self._last.get(replication)
        if known is None or known[0] is not layout:
            self._last = {replication: (layout, self._run(layout, replication))}
        return self._last[replication][1]

    def _run(self, layout: Layout, replication: int) -> Records:
        chance = LatinHypercube if self.experiment.latin_hypercube else Streams
        return simulate(layout, self.experiment.seed, replication, chance)

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
    progress: Progress = lambda state: None

    def __post_init__(self) -> None:
        self.state = State(len(self.points), done=self.folder.done.total())
        self._begun = self._flushed = time.monotonic()
        self._pace: float | None = None
        self._strikes: Counter[tuple[Pair, ...]] = Counter()
        self._missing: Counter[int] = Counter()

    def to_size(self, sizes: Mapping[int, int]) -> None:
        """Replicate each point up to its size."""
        self.state.expected = max(sum(sizes.values()), self.state.done)
        self._run(sizes)

    def _run(self, sizes: Mapping[int, int]) -> None:
        self._missing = Counter({number: size - self.folder.done.count(number) for number, size in sizes.items()})
        self._carry_out(self._open_pairs(sizes))
        self.folder.flush()

    def to_precision(self, target: Target) -> dict[int, int]:
        """Replicate each point until the target is met or given up; returns the sizes at which that was."""
        sizes: dict[int, int] = {}
        open_points = list(range(len(self.points)))
        while open_points:
            looks = look(self.folder, self.experiment, target, open_points)
            sizes |= {number: seen.size for number, seen in looks.items()}
            open_points = [number for number, seen in looks.items() if not seen.finished]
            self.state.finished = len(self.points) - len(open_points)
            self.state.wide = max((looks[number].ratio for number in open_points), default=None)
            self.state.expected = max(sum(sizes.values()), self.state.done)
            self._run({number: sizes[number] for number in open_points})
        return sizes

    def _open_pairs(self, sizes: Mapping[int, int]) -> Iterator[Pair]:
        """What is to be run: some points side by side, for they may share a baseline, one replication after another."""
        numbers = list(sizes)
        for begin in range(0, len(numbers), SIDE_BY_SIDE):
            some = numbers[begin : begin + SIDE_BY_SIDE]
            for replication in range(max(sizes[number] for number in some)):
                for number in some:
                    if replication < sizes[number] and not self.folder.is_settled(number, replication):
                        yield number, replication

    def _carry_out(self, pairs: Iterator[Pair]) -> None:
        """Run pairs; where workers die, run what they had in hand again, and what is suspect by itself."""
        in_hand: dict[tuple[Pair, ...], Work] = {}
        fresh = self._batches(pairs, in_hand)
        while True:
            try:
                self._keep(chain(list(in_hand.values()), fresh), in_hand)
                return
            except WorkerLostError as error:
                self._strikes.update(list(in_hand))
                for suspect in [batch for batch in in_hand if self._strikes[batch] >= STRIKES]:
                    self._one_by_one(in_hand.pop(suspect), str(error))

    def _keep(self, batches: Iterable[Work], in_hand: dict[tuple[Pair, ...], Work]) -> None:
        """Run batches and take in what they find; those that are done are no longer in hand."""
        for batch in self.executor(partial(carry_out, self.experiment), batches, ordered=False):
            in_hand.pop(batch.pairs, None)
            self._pace = batch.seconds / len(batch.pairs)
            self.folder.add(batch)
            self._tell(batch)
            now = time.monotonic()
            if now - self._flushed > min(max(FLUSH_SHARE * (now - self._begun), FLUSH_LEAST), FLUSH_MOST):
                self.folder.flush()
                self._flushed = time.monotonic()

    def _one_by_one(self, suspect: Work, why: str) -> None:
        """Run a batch pair by pair; a pair whose worker dies again has failed."""
        for pair in suspect.pairs:
            alone = Work((pair,), {pair[0]: suspect.points[pair[0]]})
            try:
                self._keep([alone], {})
            except WorkerLostError:
                inputs = {"values": dict(alone.points[pair[0]]), "seed": self.experiment.seed, "replication": pair[1]}
                self.folder.add(Batch((pair,), failures=[Failure(*pair, "the worker died", why, inputs)]))

    def _batches(self, pairs: Iterator[Pair], in_hand: dict[tuple[Pair, ...], Work]) -> Iterator[Work]:
        """Pairs in batches of about a second, as fast as they turned out to be."""
        while True:
            some = tuple(islice(pairs, self._size()))
            if not some:
                return
            in_hand[some] = Work(some, {number: self.points[number] for number, _ in some})
            yield in_hand[some]

    def _size(self) -> int:
        """Pairs in the next batch; few where there are few, so that every worker has its part of them."""
        if self._pace is None:
            return 1
        share = max(self._missing.total() // PARTS, 1)
        return int(max(min(SECONDS_A_BATCH / self._pace, LARGEST_BATCH, share), 1))

    def _tell(self, batch: Batch) -> None:
        self.state.done += len(batch.done)
        for number, _ in batch.done:
            self._missing[number] -= 1
            self.state.finished += self._missing[number] == 0 and self.state.wide is None
        self.state.failed = len({number for number, _ in self.folder.failures})
        self.progress(self.state)
