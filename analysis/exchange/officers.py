"""Which officer of a desk served each file: identical officers told apart, as an office's own log would."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def officers(desk: str, servers: int, start: Floats, end: Floats) -> list[str]:
    """The officer at each of a desk's services, as ``planning/2``; empty where a file has not been served.

    `start` and `end` have one entry per file, in days; NaN is not yet. A file goes to the officer who has been idle
    longest, so that all do about the same; one that is served while all of them are busy went to a borrowed officer,
    ``planning/borrowed-1``. The model does not say which of several identical officers served whom: only that many are
    at work at a time.
    """
    found = [""] * len(start)
    free = [(-np.inf, number, f"{desk}/{number}") for number in range(1, servers + 1)]
    lent: list[tuple[float, int, str]] = []
    heapify(free)
    for file in _in_order(start, end):
        idle = _idle(free, start[file]) or _idle(lent, start[file])
        _, number, name = idle or (0.0, len(lent) + 1, f"{desk}/borrowed-{len(lent) + 1}")
        found[file] = name
        until = np.inf if np.isnan(end[file]) else float(end[file])
        heappush(free if "borrowed" not in name.rpartition("/")[2] else lent, (until, number, name))
    return found


def _in_order(start: Floats, end: Floats) -> Iterator[int]:
    """The files that have been served, by start; of several at one instant, the shorter service first."""
    order = np.lexsort((end, start))
    yield from order[~np.isnan(start[order])].tolist()


def _idle(officers: list[tuple[float, int, str]], now: float) -> tuple[float, int, str] | None:
    """Take out the officer who has been idle longest, if one is idle."""
    return heappop(officers) if officers and officers[0][0] <= now else None
