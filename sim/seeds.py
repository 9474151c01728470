"""States of many random generators at once, as `numpy.random.PCG64(SeedSequence(...))` would set them one by one.

A stream costs 12 µs to seed by way of `SeedSequence`, most of it the mixing of its entropy (O'Neill's `seed_seq_fe`;
numpy, `bit_generator.pyx`). Here the words of all keys are mixed together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

_POOL = 4
_INIT_A, _MULT_A = 0x43B0D7E5, 0x931E8875
_INIT_B, _MULT_B = 0x8B51F9DD, 0x58F38DED
_MIX_LEFT, _MIX_RIGHT = 0xCA01F9DD, 0x4973F715
_SHIFT = np.uint32(16)
_WORD = 2**32 - 1
_PCG = 0x2360ED051FC65DA44385DF649FCCF645
"""Multiplier of the 128-bit congruential generator within PCG64."""


def states_of(prefix: Sequence[int], keys: NDArray[np.uint64]) -> list[Any]:
    """The state of ``PCG64(SeedSequence((*prefix, key)))`` for each key of 64 bits."""
    if keys.min() <= _WORD:  # numpy gives such a key a word less; one in four milliards is one
        return [np.random.PCG64(np.random.SeedSequence((*prefix, key))).state for key in keys.tolist()]
    fixed = words_of(prefix).astype(np.uint32)
    seeds = _generated(_mixed([*(np.full(len(keys), word) for word in fixed), *_halves(keys)]))
    return [_state(*four) for four in seeds.tolist()]


def numbers_of(prefix: Sequence[int], keys: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """What ``SeedSequence((*prefix, *row)).generate_state(4, uint64)`` gives for each row of keys; shape (rows, 4).

    `keys` has one column per part of the key. Every part counts two words here, whatever its size.
    """
    fixed = words_of(prefix).astype(np.uint32)
    parts = [half for key in keys for half in _halves(key)]
    return _generated(_mixed([*(np.full(len(keys[0]), word) for word in fixed), *parts]))


def _halves(keys: NDArray[np.uint64]) -> tuple[Words, Words]:
    """The lower and the upper word of each key."""
    return (keys & np.uint64(_WORD)).astype(np.uint32), (keys >> np.uint64(32)).astype(np.uint32)


def words_of(numbers: Sequence[int]) -> NDArray[np.uint64]:
    """The words of 32 bits of some numbers, of each the lowest first and one at least."""
    found = []
    for number in numbers:
        found.append(number & _WORD)
        while number := number >> 32:
            found.append(number & _WORD)
    return np.array(found, dtype=np.uint64)


class _Hash:
    """A hash whose constant moves on with each word that it takes in."""

    def __init__(self, constant: int, multiplier: int) -> None:
        self.constant, self.multiplier = constant, multiplier

    def __call__(self, words: Words) -> Words:
        words = words ^ np.uint32(self.constant)
        self.constant = self.constant * self.multiplier & _WORD
        words = words * np.uint32(self.constant)
        return words ^ (words >> _SHIFT)


def _mix(one: Words, other: Words) -> Words:
    mixed: Words = one * np.uint32(_MIX_LEFT) - other * np.uint32(_MIX_RIGHT)
    return mixed ^ (mixed >> _SHIFT)


def _mixed(entropy: Sequence[Words]) -> list[Words]:
    """The pool of each key, from the words of its entropy; each array has one entry per key."""
    hashed, nothing = _Hash(_INIT_A, _MULT_A), np.zeros_like(entropy[0])
    pool = [hashed(entropy[place] if place < len(entropy) else nothing) for place in range(_POOL)]
    for source in range(_POOL):
        for target in range(_POOL):
            if source != target:
                pool[target] = _mix(pool[target], hashed(pool[source]))
    for words in entropy[_POOL:]:
        pool = [_mix(each, hashed(words)) for each in pool]
    return pool


def _generated(pool: Sequence[Words]) -> NDArray[np.uint64]:
    """Four words of 64 bits per key; shape (keys, 4)."""
    hashed = _Hash(_INIT_B, _MULT_B)
    words = np.stack([hashed(pool[place % _POOL]) for place in range(2 * _POOL)], axis=1).astype(np.uint64)
    return words[:, 0::2] | words[:, 1::2] << np.uint64(32)


def _state(seed_high: int, seed_low: int, inc_high: int, inc_low: int) -> dict[str, Any]:
    """The state that PCG64 takes from four words."""
    inc = ((inc_high << 64 | inc_low) << 1 | 1) & (2**128 - 1)
    state = ((inc + (seed_high << 64 | seed_low)) * _PCG + inc) & (2**128 - 1)
    return {"bit_generator": "PCG64", "state": {"state": state, "inc": inc}, "has_uint32": 0, "uinteger": 0}
