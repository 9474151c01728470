"""Numbers keyed by the name of a row: what a name draws depends neither on the other names nor on their order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.seeds import numbers_of

WORDS = 4
"""Words of 64 bits that one key gives."""


class ByName(NamedTuple):
    """A purpose of rows with names, of `each` uniforms: what a name draws does not depend on the other names."""

    purpose: str
    names: tuple[str, ...]
    each: int


@lru_cache(maxsize=65536)
def key_of(purpose: str) -> int:
    """A 64-bit number that names the purpose for good, on every machine and Python version."""
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "big")


def words_by_name(prefix: tuple[int, int], purposes: Sequence[ByName], before: str = "") -> NDArray[np.uint64]:
    """A word for each cell of each name, purpose by purpose: numbers keyed by purpose, name and place in the row.

    The keys of purposes are those of their names behind `before`.
    """
    blocks = [-(-each.each // WORDS) for each in purposes]
    rows = [len(each.names) * block for each, block in zip(purposes, blocks, strict=True)]
    purpose = np.repeat(np.array([key_of(before + each.purpose) for each in purposes], dtype=np.uint64), rows)
    keys = [np.repeat(_keys_of(each.names), block) for each, block in zip(purposes, blocks, strict=True)]
    place = [np.tile(np.arange(block), len(each.names)) for each, block in zip(purposes, blocks, strict=True)]
    words = numbers_of(prefix, [purpose, np.concatenate(keys), np.concatenate(place).astype(np.uint64)])
    parts = zip(purposes, np.split(words, np.cumsum(rows)[:-1]), strict=True)
    return np.concatenate([part.reshape(len(it.names), -1)[:, : it.each].ravel() for it, part in parts])


@lru_cache(maxsize=64)
def _keys_of(names: tuple[str, ...]) -> NDArray[np.uint64]:
    """The keys of names."""
    return np.array([key_of(name) for name in names], dtype=np.uint64)
