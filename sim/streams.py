"""Keyed draws: one stream of uniforms for each purpose, laid out by project.

A purpose is a name such as ``"new/filing"``. What one purpose draws does not depend on which others exist, and row i of
a purpose does not depend on how many rows follow it. Two policies of one replication therefore meet the same projects
(common random numbers). Rows that have names are drawn by these, in whatever order they stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import prod
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.seeds import numbers_of, states_of

Floats = NDArray[np.float64]
T = TypeVar("T")

BLOCK = 16
"""Replications of one Latin hypercube block, as many as the field has elements that its permutations come from."""


@lru_cache(maxsize=65536)
def key_of(purpose: str) -> int:
    """A 64-bit number that names the purpose for good, on every machine and Python version."""
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "big")


class ByName(NamedTuple):
    """A purpose of rows with names, of `each` uniforms: what a name draws does not depend on the other names."""

    purpose: str
    names: tuple[str, ...]
    each: int


Purpose = str | ByName
"""What uniforms are drawn for."""


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
        if plain := {name: size for name, size in missing.items() if isinstance(name, str)}:
            self._keep(plain, self._drawn(list(plain), list(plain.values())))
        if named := [purpose for purpose in missing if isinstance(purpose, ByName)]:
            self._keep({purpose: missing[purpose] for purpose in named}, self._drawn_by_name(named))
        pieces = [self._kept.get(name, _NONE)[:size] for name, size in wanted.items()]
        return pieces[0] if len(pieces) == 1 else np.concatenate([_NONE, *pieces])

    def _keep(self, sizes: Mapping[Any, int], drawn: Floats) -> None:
        """Keep what was drawn for purposes of these sizes, one behind another."""
        drawn.flags.writeable = False
        ends = accumulate(sizes.values())
        self._kept.update({name: drawn[end - sizes[name] : end] for name, end in zip(sizes, ends, strict=True)})

    def _drawn_by_name(self, purposes: Sequence[ByName]) -> Floats:
        """Fresh uniforms of purposes whose rows have names, one purpose behind another."""
        words = _words_by_name((self.seed, self.replication), purposes)
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def _drawn(self, purposes: Sequence[str], sizes: Sequence[int]) -> Floats:
        """Fresh uniforms of all these purposes, one purpose behind another."""
        found = np.empty(sum(sizes))
        states = states_of((self.seed, self.replication), [key_of(purpose) for purpose in purposes])
        bits = np.random.PCG64(0)
        random = np.random.Generator(bits).random
        begin = 0
        for state, size in zip(states, sizes, strict=True):
            bits.state = state
            random(out=found[begin : begin + size])
            begin += size
        return found


class LatinHypercube(Streams):
    """Uniforms of one replication such that each block of 16 replications has one in each 16th of [0, 1), cell by cell.

    Replications 0 to 15 are the first block. Blocks are independent; the replications of one block are not, and their
    mean is one observation (McKay, Beckman and Conover, Technometrics 1979).
    """

    def _drawn(self, purposes: Sequence[str], sizes: Sequence[int]) -> Floats:
        """Uniforms in [0, 1), each in the stratum that its cell's permutation has for this replication."""
        words = _words(self.seed, self.replication // BLOCK, tuple(purposes), tuple(sizes))
        return self._stratified(words, super()._drawn(purposes, sizes))

    def _drawn_by_name(self, purposes: Sequence[ByName]) -> Floats:
        """The same for purposes whose rows have names: a cell keeps its permutation wherever its name stands."""
        strata = [each._replace(purpose=f"strata/{each.purpose}") for each in purposes]
        words = _words_by_name((self.seed, self.replication // BLOCK), strata)
        return self._stratified(words, super()._drawn_by_name(purposes))

    def _stratified(self, words: NDArray[np.uint64], uniforms: Floats) -> Floats:
        """Each uniform moved into the stratum that its cell's word has for this replication; one entry per cell."""
        within = (_permuted(self.replication % BLOCK, words) + uniforms) / BLOCK
        return np.minimum(within, np.nextafter(1.0, 0.0))


_NONE = np.empty(0)

WORDS = 4
"""Words of 64 bits that one key gives."""


def _words_by_name(prefix: tuple[int, int], purposes: Sequence[ByName]) -> NDArray[np.uint64]:
    """A word for each cell of each name, purpose by purpose: numbers keyed by purpose, name and place in the row."""
    blocks = [-(-each.each // WORDS) for each in purposes]
    rows = [len(each.names) * block for each, block in zip(purposes, blocks, strict=True)]
    purpose = np.repeat(np.array([key_of(each.purpose) for each in purposes], dtype=np.uint64), rows)
    keys = [np.repeat(_keys_of(each.names), block) for each, block in zip(purposes, blocks, strict=True)]
    place = [np.tile(np.arange(block), len(each.names)) for each, block in zip(purposes, blocks, strict=True)]
    words = numbers_of(prefix, [purpose, np.concatenate(keys), np.concatenate(place).astype(np.uint64)])
    parts = zip(purposes, np.split(words, np.cumsum(rows)[:-1]), strict=True)
    return np.concatenate([part.reshape(len(it.names), -1)[:, : it.each].ravel() for it, part in parts])


@lru_cache(maxsize=64)
def _keys_of(names: tuple[str, ...]) -> NDArray[np.uint64]:
    """The keys of names."""
    return np.array([key_of(name) for name in names], dtype=np.uint64)


Chance = Callable[[int, int], Streams]
"""Where the draws of a replication come from, by seed and replication: `Streams` or `LatinHypercube`."""


@lru_cache(maxsize=16)
def _words(seed: int, block: int, purposes: tuple[str, ...], sizes: tuple[int, ...]) -> NDArray[np.uint64]:
    """The word of each cell, one purpose behind another; kept for the other replications of the block."""
    states = states_of((seed, block), [key_of(f"strata/{purpose}") for purpose in purposes])
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
