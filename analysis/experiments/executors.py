"""Replications: one scenario or several that meet the same projects, once or many times, over any executor."""

from __future__ import annotations

import os
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from functools import partial
from itertools import islice
from threading import Thread
from typing import Any, Protocol, TypeVar

from parkflow.analysis.experiments.forks import Forks, can_fork, interrupts_ignored
from parkflow.analysis.replication.replication import LaidOut, Replication, replicate
from parkflow.sim.choosing import carried, engine
from parkflow.sim.errors import ParkflowError

S = TypeVar("S")
T = TypeVar("T")

LONGEST_BATCH = 16
"""Replications handed to a worker at once; short enough for progress to be seen."""

IN_FLIGHT = 4
"""Batches a cluster has in hand for each of its threads, so that none waits for the next."""

SECONDS_BETWEEN_CHECKS = 1.0
"""How often a worker checks whether its parent is still there."""

SECONDS_TO_CONNECT = 5
"""How long a scheduler may take to answer."""


class WorkerLostError(ParkflowError):
    """A worker died under a batch; batches that were not yielded have no result."""


class Executor(Protocol):
    """Runs a function on batches, which it takes one by one as workers become free."""

    def __call__(self, function: Callable[[S], T], batches: Iterable[S], ordered: bool = True) -> Iterator[T]:
        """Yield `function(batch)` for each batch: in their order, or as they are ready.

        Raises `WorkerLostError` when a worker dies; what `function` raises passes through.
        """


def run_many(
    observe: Callable[[dict[str, Replication]], T],
    layouts: Mapping[str, LaidOut],
    seed: int,
    replications: Sequence[int],
    executor: Executor,
) -> Iterator[T]:
    """Yield what `observe` makes of each replication, in the order of `replications`, whoever computed it."""
    function = partial(_batch, observe, layouts, seed)
    yield from function(replications[:1])  # what this builds, workers that are forked from here need not build
    if len(replications) > 1:
        for results in executor(function, _batches(replications[1:])):
            yield from results


def _batches(replications: Sequence[int]) -> Iterator[Sequence[int]]:
    """Replications in batches, short ones first: so that there is something to see, and workers end together."""
    begin = 0
    while left := len(replications) - begin:
        size = max(1, min(LONGEST_BATCH, 1 + begin // LONGEST_BATCH, left // 8))
        yield replications[begin : begin + size]
        begin += size


def here(function: Callable[[S], T], batches: Iterable[S], ordered: bool = True) -> Iterator[T]:
    """The executor that uses this process."""
    return map(function, batches)


def local(workers: int) -> Executor:
    """The executor that uses so many processes of this machine; one is this process itself."""
    return here if workers == 1 else Local(workers)


class Local:
    """The executor that uses processes of this machine, which stay from call to call as long as the function is one.

    Where workers can be forked they start at once, and inherit the function and all that was built for it.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._kept: Forks | Started | None = None

    def __call__(self, function: Callable[[S], T], batches: Iterable[S], ordered: bool = True) -> Iterator[T]:
        """Yield what the function makes of each batch."""
        pool, self._kept = self._kept, None  # nobody else may use it meanwhile
        if pool is None or pool.function is not function:
            engine()  # what is compiled here, workers that are forked inherit
            pool = (Forks if can_fork() else Started)(function, self.workers)
        numbered = pool.carry_out(batches)
        try:
            yield from _sorted(numbered) if ordered else (found for _, found in numbered)
        except BrokenExecutor as error:
            raise WorkerLostError(str(error)) from None
        self._kept = pool


def _sorted(numbered: Iterable[tuple[int, T]]) -> Iterator[T]:
    """What is numbered from 0 on, in the order of its numbers."""
    early: dict[int, T] = {}
    due = 0
    for number, found in numbered:
        early[number] = found
        while due in early:
            yield early.pop(due)
            due += 1


class Started:
    """So many processes that begin with nothing and are told one function: slow to start, but possible everywhere."""

    def __init__(self, function: Callable[[Any], Any], number: int) -> None:
        from joblib.externals.loky import ProcessPoolExecutor

        self.function, self._most = function, 2 * number
        self._pool = ProcessPoolExecutor(number, initializer=_told, initargs=(function, os.getpid()))
        self.close = weakref.finalize(self, self._pool.shutdown, kill_workers=True)

    def carry_out(self, batches: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        """Yield the number of each batch and what the function makes of it, as they are ready.

        Raises what the function raises, and `BrokenExecutor` when a worker died; in both cases, and when the iterator
        is left early, all workers end.
        """
        waiting, over = iter(enumerate(batches)), False
        try:
            with interrupts_ignored():
                in_hand = self._submitted(waiting, self._most)
            while in_hand:
                for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                    number, found = in_hand.pop(future), future.result()
                    in_hand |= self._submitted(waiting, 1)
                    yield number, found
            over = True
        finally:
            if not over:
                self.close()

    def _submitted(self, waiting: Iterator[tuple[int, Any]], most: int) -> dict[Future[Any], int]:
        return {self._pool.submit(_carried_out, batch): number for number, batch in islice(waiting, most)}


_TOLD: list[Callable[[Any], Any]] = []
"""The function of this process, if it is a worker that was told one."""


def _told(function: Callable[[Any], Any], parent: int) -> None:
    _TOLD[:] = [function]
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this worker soon after its parent, even one that was killed."""
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_CHECKS)
    os._exit(1)


def _carried_out(batch: Any) -> Any:
    return _TOLD[0](batch)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor that uses the workers of a running Dask scheduler, such as ``tcp://10.0.0.1:8786``.

    The scheduler moves the batches of a lost worker to another. Raises `ImportError` without the extra ``cluster``, and
    `OSError` when there is no scheduler at the address.
    """
    from distributed import Client

    with Client(address, set_as_default=False, timeout=SECONDS_TO_CONNECT) as client:
        yield partial(_over_cluster, client)


def _over_cluster(client: Any, function: Callable[[S], T], batches: Iterable[S], ordered: bool = True) -> Iterator[T]:
    from distributed import CancelledError, KilledWorker

    waiting, function = iter(batches), carried(function)
    in_hand = IN_FLIGHT * max(1, sum(client.nthreads().values()))

    def submitted(most: int | None) -> list[Any]:
        return [client.submit(_carried_out_by, told, batch, pure=False) for batch in islice(waiting, most)]

    try:
        [told] = client.scatter([function], broadcast=True)  # to each worker once, not with every batch
        yield from _in_order(submitted, in_hand) if ordered else _as_ready(submitted, in_hand, client.loop)
    except (KilledWorker, CancelledError) as error:
        raise WorkerLostError(str(error)) from None


def _carried_out_by(function: Callable[[S], T], batch: S) -> T:
    return function(batch)


def _in_order(submitted: Callable[[int], list[Any]], in_hand: int) -> Iterator[Any]:
    futures = deque(submitted(in_hand))
    while futures:
        yield futures.popleft().result()
        futures.extend(submitted(1))


def _as_ready(submitted: Callable[[int], list[Any]], in_hand: int, loop: Any) -> Iterator[Any]:
    from distributed import as_completed

    ready = as_completed(submitted(in_hand), loop=loop)
    for future in ready:
        result = future.result()
        future.release()
        ready.update(submitted(1))
        yield result


def _batch(
    observe: Callable[[dict[str, Replication]], T],
    layouts: Mapping[str, LaidOut],
    seed: int,
    replications: Sequence[int],
) -> list[T]:
    return [observe(replicate(layouts, seed, replication)) for replication in replications]
