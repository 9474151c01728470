"""Replications: one scenario or several that meet the same projects, once or many times, over any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from joblib import Parallel, delayed

from sim.layout import Layout
from sim.records import Records, simulate

T = TypeVar("T")

LONGEST_BATCH = 16
"""Replications handed to a worker at once; short enough for progress to be seen."""


class Executor(Protocol):
    """Runs a function on batches of replications and yields the results in the order of the batches."""

    def __call__(self, function: Callable[[Sequence[int]], T], batches: Sequence[Sequence[int]]) -> Iterator[T]:
        """Yield `function(batch)` for each batch, in order."""


def replicate(layouts: Mapping[str, Layout], seed: int, replication: int) -> dict[str, Records]:
    """Run several scenarios on the projects of one replication (common random numbers)."""
    return {name: simulate(layout, seed, replication) for name, layout in layouts.items()}


def run_many(
    observe: Callable[[dict[str, Records]], T],
    layouts: Mapping[str, Layout],
    seed: int,
    replications: Sequence[int],
    executor: Executor,
) -> Iterator[T]:
    """Yield what `observe` makes of each replication, in the order of `replications`, whoever computed it."""
    size = max(1, min(LONGEST_BATCH, len(replications) // 8))
    batches = [replications[begin : begin + size] for begin in range(0, len(replications), size)]
    for results in executor(partial(_batch, observe, layouts, seed), batches):
        yield from results


def here(function: Callable[[Sequence[int]], T], batches: Sequence[Sequence[int]]) -> Iterator[T]:
    """The executor that uses this process."""
    return map(function, batches)


def local(workers: int) -> Executor:
    """The executor that uses so many processes of this machine."""
    if workers == 1:
        return here

    def over_processes(function: Callable[[Sequence[int]], T], batches: Sequence[Sequence[int]]) -> Iterator[T]:
        results: Iterator[T] = Parallel(n_jobs=workers, return_as="generator")(delayed(function)(b) for b in batches)
        return results

    return over_processes


def _batch(
    observe: Callable[[dict[str, Records]], T], layouts: Mapping[str, Layout], seed: int, replications: Sequence[int]
) -> list[T]:
    return [observe(replicate(layouts, seed, replication)) for replication in replications]
