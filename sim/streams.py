"""Keyed draws: one stream of uniforms for each purpose, laid out by project.

A purpose is a name such as ``"new/filing"``. What one purpose draws does not depend on which others exist, and row i of
a purpose does not depend on how many rows follow it. Two policies of one replication therefore meet the same projects
(common random numbers). Rows that have names are drawn by these, in whatever order they stand (`sim.keyed`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.choice import choice
from parkflow.sim.keyed import ByName, key_of, words_by_name
from parkflow.sim.seeds import states_of, words_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

BLOCK = 16
"""Replications of one Latin hypercube block, as many as the field has elements that its permutations come from."""


Purpose = str | ByName
"""What uniforms are drawn for."""


@lru_cache(maxsize=256)
def keys_of(purposes: tuple[str, ...], before: str = "") -> NDArray[np.uint64]:
    """The keys of some purposes, whose names all begin with `before`."""
    return np.array([key_of(before + purpose) for purpose in purposes], dtype=np.uint64)


class Streams:
    """The uniforms of one replication, by purpose; what was drawn once is kept for whoever asks again."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._kept: dict[Purpose, Floats] = {}
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is made of these streams under this key, made by whoever asks first."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def uniforms(self, purpose: Purpose, *shape: int) -> Floats:
        """Uniforms in [0, 1) of the given shape; rows come first, so more rows leave earlier ones as they were."""
        return self.joined((purpose,), (prod(shape),)).reshape(shape)

    def joined(self, purposes: Sequence[Purpose], sizes: Sequence[int]) -> Floats:
        """So many uniforms of each purpose, one purpose behind another; not to be written to."""
        wanted = dict(zip(purposes, sizes, strict=True))
        missing = {name: size for name, size in wanted.items() if len(self._kept.get(name, ())) < size}
        if plain := tuple(purpose for purpose in missing if isinstance(purpose, str)):
            sizes = [missing[purpose] for purpose in plain]
            self._keep(plain, sizes, self._drawn(plain, sizes))
        if named := tuple(purpose for purpose in missing if isinstance(purpose, ByName)):
            self._keep(named, [missing[purpose] for purpose in named], self._drawn_by_name(named))
        pieces = [self._kept.get(name, _NONE)[:size] for name, size in wanted.items()]
        return pieces[0] if len(pieces) == 1 else np.concatenate([_NONE, *pieces])

    def _keep(self, purposes: Sequence[Purpose], sizes: Sequence[int], drawn: Floats) -> None:
        """Keep what was drawn for purposes of these sizes, one behind another."""
        drawn.flags.writeable = False
        ends = accumulate(sizes)
        parts = zip(purposes, sizes, ends, strict=True)
        self._kept.update({purpose: drawn[end - size : end] for purpose, size, end in parts})

    def _drawn_by_name(self, purposes: tuple[ByName, ...]) -> Floats:
        """Fresh uniforms of purposes whose rows have names, one purpose behind another."""
        words = words_by_name((self.seed, self.replication), purposes)
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def _drawn(self, purposes: tuple[str, ...], sizes: Sequence[int]) -> Floats:
        """Fresh uniforms of all these purposes, one purpose behind another."""
        found = np.empty(sum(sizes))
        if _compiled():
            self._fill(purposes, np.array(sizes, dtype=np.int64), found)
            return found
        begin, bits = 0, np.random.PCG64(0)
        random = np.random.Generator(bits).random
        for state, size in zip(states_of((self.seed, self.replication), keys_of(purposes)), sizes, strict=True):
            bits.state = state
            random(out=found[begin : begin + size])
            begin += size
        return found

    def _fill(self, purposes: tuple[str, ...], sizes: Ints, found: Floats) -> None:
        """The same, compiled."""
        from parkflow.sim.engines.kernels.streams import draw

        prefix = words_of((self.seed, self.replication))
        draw(prefix, keys_of(purposes), sizes, _room(prefix), found)


class LatinHypercube(Streams):
    """Uniforms of one replication such that each block of 16 replications has one in each 16th of [0, 1), cell by cell.

    Replications 0 to 15 are the first block. Blocks are independent; the replications of one block are not, and their
    mean is one observation (McKay, Beckman and Conover, Technometrics 1979).
    """

    def _drawn(self, purposes: tuple[str, ...], sizes: Sequence[int]) -> Floats:
        """Uniforms in [0, 1), each in the stratum that its cell's permutation has for this replication."""
        drawn = super()._drawn(purposes, sizes)
        if _compiled():
            return drawn
        return self._stratified(_words(self.seed, self.replication // BLOCK, purposes, tuple(sizes)), drawn)

    def _drawn_by_name(self, purposes: tuple[ByName, ...]) -> Floats:
        """The same of purposes whose rows have names: a cell keeps its permutation wherever its name stands."""
        words = words_by_name((self.seed, self.replication // BLOCK), purposes, "strata/")
        return self._stratified(words, super()._drawn_by_name(purposes))

    def _stratified(self, words: NDArray[np.uint64], uniforms: Floats) -> Floats:
        """Each uniform in the stratum that its cell's word has for this replication; one entry per cell."""
        within: Floats = (_permuted(self.replication % BLOCK, words) + uniforms) / BLOCK
        return np.minimum(within, np.nextafter(1.0, 0.0))

    def _fill(self, purposes: tuple[str, ...], sizes: Ints, found: Floats) -> None:
        from parkflow.sim.engines.kernels.streams import draw_stratified

        block, place = divmod(self.replication, BLOCK)
        prefix, strata = words_of((self.seed, self.replication)), words_of((self.seed, block))
        keys, strata_keys = keys_of(purposes), keys_of(purposes, "strata/")
        draw_stratified(prefix, keys, strata, strata_keys, _PRODUCTS[place], sizes, _room(prefix), found)


def _compiled() -> bool:
    """Whether uniforms are drawn by compiled code: where it can run, and nobody asks for SimPy's engine."""
    return choice() != "simpy" and _can_be_compiled()


@cache
def _can_be_compiled() -> bool:
    try:
        from parkflow.sim.engines.kernels import streams

        streams.prepare()
    except Exception:  # numba is not there, refuses other versions, or has nowhere to keep what it compiles
        return False
    return True


def _room(prefix: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """What the kernel works in: a pool of four words, and words of the prefix and of a key."""
    return np.empty(len(prefix) + 6, dtype=np.uint64)


_NONE = np.empty(0)


Chance = Callable[[int, int], Streams]
"""Where the draws of a replication come from, by seed and replication: `Streams` or `LatinHypercube`."""


@lru_cache(maxsize=16)
def _words(seed: int, block: int, purposes: tuple[str, ...], sizes: tuple[int, ...]) -> NDArray[np.uint64]:
    """The word of each cell, one purpose behind another; kept for the other replications of the block."""
    states = states_of((seed, block), keys_of(purposes, "strata/"))
    bits = np.random.PCG64(0)
    words = [np.empty(0, dtype=np.uint64)]
    for state, size in zip(states, sizes, strict=True):
        bits.state = state
        words.append(bits.random_raw(size))
    found = np.concatenate(words)
    found.flags.writeable = False
    return found


def _permuted(place: int, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Image of `place` under a permutation of 0..15 of each cell: a × place + b over the field of 16 elements.

    Factor and shift come from the bits of the cell's word. Of these 240 permutations exactly one takes two given places
    to two given strata, so that any two replications meet as they do under permutations drawn from all.
    """
    shift = words & np.uint64(BLOCK - 1)
    factor = ((words >> np.uint64(32)) * np.uint64(BLOCK - 1) >> np.uint64(32)) + np.uint64(1)
    image: NDArray[np.uint64] = _PRODUCTS[place][factor] ^ shift
    return image


def _product(one: int, other: int) -> int:
    """Product of two elements of the field of 16: polynomials of bits, modulo x⁴ + x + 1."""
    found = 0
    for bit in range(4):
        found ^= (one << bit) * (other >> bit & 1)
    for bit in (6, 5, 4):
        found ^= (0b10011 << (bit - 4)) * (found >> bit & 1)
    return found


_PRODUCTS = np.array([[_product(one, other) for other in range(BLOCK)] for one in range(BLOCK)], dtype=np.uint64)
