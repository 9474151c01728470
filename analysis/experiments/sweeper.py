"""Running a sweep: replications of points as batches for an executor, until each point has enough of them.

What is found depends on the points, the seed and the numbers of the replications only: not on the executor, the number
of workers, the size of batches or the order in which they are done.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from parkflow.analysis.experiments.batches import SIDE_BY_SIDE, Pair, Point, Work
from parkflow.analysis.experiments.executors import Executor, WorkerLostError, here
from parkflow.analysis.experiments.stopping import Made, take_looks
from parkflow.analysis.measures.precision import Target
from parkflow.analysis.store.sweep_folder import Batch, Failure, SweepFolder

SECONDS_A_BATCH = 1.0
LARGEST_BATCH = 256
PARTS = 16
"""What is left is cut into so many batches at least, where there are workers to share it."""

STRIKES = 2
"""Times that a worker may die under a batch before its replications are run one by one."""

FLUSH_LEAST, FLUSH_SHARE, FLUSH_MOST = 1.0, 0.02, 30.0
"""Seconds between chunks: a share of the time so far, between bounds. A kill loses at most what is younger."""


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


@dataclass
class Sweeper:
    """Runs an experiment into a folder; `function` carries out a batch of it wherever that is sent."""

    function: Callable[[Work], Batch]
    seed: int
    points: Sequence[Point]
    folder: SweepFolder
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

    def to_pairs(self, pairs: Sequence[Pair]) -> None:
        """Run pairs of point and replication in the order given, those aside that are settled."""
        missing = [pair for pair in pairs if not self.folder.is_settled(*pair)]
        self.state.points, self.state.expected = len(self.points), self.state.done + len(missing)
        self._missing = Counter(number for number, _ in missing)
        self._carry_out(iter(missing))
        self.folder.flush()

    def to_precision(self, target: Target, made: Made) -> dict[int, int]:
        """Replicate each point until the target is met or given up; returns the sizes at which that was."""
        sizes: dict[int, int] = {}
        open_points = list(range(len(self.points)))
        while open_points:
            looks = take_looks(self.folder, made, target, open_points)
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
        for batch in self.executor(self.function, batches, ordered=False):
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
                inputs = {"values": dict(alone.points[pair[0]]), "seed": self.seed, "replication": pair[1]}
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
        share = max(self._missing.total() // (1 if self.executor is here else PARTS), 1)
        return int(max(min(SECONDS_A_BATCH / self._pace, LARGEST_BATCH, share), 1))

    def _tell(self, batch: Batch) -> None:
        self.state.done += len(batch.done)
        for number, _ in batch.done:
            self._missing[number] -= 1
            self.state.finished += self._missing[number] == 0 and self.state.wide is None
        self.state.failed = len({number for number, _ in self.folder.failures})
        self.progress(self.state)
