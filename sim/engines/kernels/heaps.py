"""Heaps of pairs (key, code), the least on top: the agenda by time and number, ranked lines by rank and ticket.

A heap is the first `size` pairs of a stretch of two arrays, which begins at `begin`. No two pairs of a heap are equal,
so they leave it in the order in which they would leave one of Python's `heapq`, however they lie.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.inlining import inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@inlined
def push(keys: Floats, codes: Ints, begin: int, size: int, key: float, code: int) -> None:
    """Let a pair into a heap, which had `size` of them."""
    place = begin + size
    while place > begin:
        above = begin + ((place - begin - 1) >> 1)
        if not _precedes(key, code, keys[above], codes[above]):
            break
        keys[place], codes[place] = keys[above], codes[above]
        place = above
    keys[place], codes[place] = key, code


@inlined
def pop(keys: Floats, codes: Ints, begin: int, size: int) -> None:
    """Take the least pair, at `begin`, out of a heap, which had `size` of them."""
    last = begin + size - 1
    key, code = keys[last], codes[last]
    place, below = begin, begin + 1
    while below < last:
        if below + 1 < last and _precedes(keys[below + 1], codes[below + 1], keys[below], codes[below]):
            below += 1
        if not _precedes(keys[below], codes[below], key, code):
            break
        keys[place], codes[place] = keys[below], codes[below]
        place, below = below, begin + 2 * (below - begin) + 1
    keys[place], codes[place] = key, code


@inlined
def remove(keys: Floats, codes: Ints, begin: int, size: int, place: int) -> None:
    """Take the pair at `place` out of a heap: those above it move down, and the one on top goes."""
    while place > begin:
        above = begin + ((place - begin - 1) >> 1)
        keys[place], codes[place] = keys[above], codes[above]
        place = above
    pop(keys, codes, begin, size)


@inlined
def _precedes(key: float, code: int, other_key: float, other_code: int) -> bool:
    return key < other_key or (key == other_key and code < other_code)
