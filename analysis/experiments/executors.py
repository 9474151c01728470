"""Replications: one scenario or several that meet the same projects, once or many times, over any executor."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from threading import Thread, current_thread, main_thread
from typing import Any, Protocol, TypeVar

from joblib import Parallel, delayed

from parkflow.analysis.replication.replication import LaidOut, Replication, replicate
from parkflow.sim.choosing import carried
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
    size = max(1, min(LONGEST_BATCH, len(replications) // 8))
    batches = [replications[begin : begin + size] for begin in range(0, len(replications), size)]
    for results in executor(partial(_batch, observe, layouts, seed), batches):
        yield from results


def here(function: Callable[[S], T], batches: Iterable[S], ordered: bool = True) -> Iterator[T]:
    """The executor that uses this process."""
    return map(function, batches)


def local(workers: int) -> Executor:
    """The executor that uses so many processes of this machine."""
    if workers == 1:
        return here

    def over_processes(function: Callable[[S], T], batches: Iterable[S], ordered: bool = True) -> Iterator[T]:
        way = "generator" if ordered else "generator_unordered"
        parallel = Parallel(n_jobs=workers, return_as=way, batch_size=1)
        mine = partial(_while_parent_lives, os.getpid(), function)
        try:
            with _interrupts_ignored():  # inherited by the workers: Control-C is for the parent, which stops them
                results = parallel(delayed(mine)(batch) for batch in batches)
            yield from results
        except BrokenExecutor as error:
            raise WorkerLostError(str(error)) from None

    return over_processes


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _while_parent_lives(parent: int, function: Callable[[S], T], batch: S) -> T:
    _end_with(parent)
    return function(batch)


@cache
def _end_with(parent: int) -> None:
    """Make this worker end soon after its parent does, even one that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_CHECKS)
        os._exit(1)

    if os.getppid() == parent:
        Thread(target=watch, daemon=True).start()


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
        return [client.submit(function, batch, pure=False) for batch in islice(waiting, most)]

    try:
        yield from _in_order(submitted, in_hand) if ordered else _as_ready(submitted, in_hand, client.loop)
    except (KilledWorker, CancelledError) as error:
        raise WorkerLostError(str(error)) from None


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
