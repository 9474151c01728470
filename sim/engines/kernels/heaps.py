"""Heaps of pairs (key, code), the least on top: the agenda by time and number, ranked lines by rank and ticket.

A heap is the stretch of `size` pairs at `begin` in two arrays, so that many share them. No two pairs of a heap are
equal, so the order in which they leave is that of Python's `heapq`, however they lie.
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
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if not _precedes(key, code, keys[begin + above], codes[begin + above]):
            break
        keys[begin + place], codes[begin + place] = keys[begin + above], codes[begin + above]
        place = above
    keys[begin + place], codes[begin + place] = key, code


@inlined
def pop(keys: Floats, codes: Ints, begin: int, size: int) -> None:
    """Take the least pair, at `begin`, out of a heap, which had `size` of them."""
    last = size - 1
    key, code = keys[begin + last], codes[begin + last]
    place, below = 0, 1
    while below < last:
        if below + 1 < last and _precedes(
            keys[begin + below + 1], codes[begin + below + 1], keys[begin + below], codes[begin + below]
        ):
            below += 1
        if not _precedes(keys[begin + below], codes[begin + below], key, code):
            break
        keys[begin + place], codes[begin + place] = keys[begin + below], codes[begin + below]
        place, below = below, 2 * below + 1
    keys[begin + place], codes[begin + place] = key, code


@inlined
def remove(keys: Floats, codes: Ints, begin: int, size: int, place: int) -> None:
    """Take the pair at `begin + place` out of a heap: those above it move down, and the one on top goes."""
    while place > 0:
        above = (place - 1) >> 1
        keys[begin + place], codes[begin + place] = keys[begin + above], codes[begin + above]
        place = above
    pop(keys, codes, begin, size)


@inlined
def _precedes(key: float, code: int, other_key: float, other_code: int) -> bool:
    return key < other_key or (key == other_key and code < other_code)
