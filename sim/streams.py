"""Keyed draws: one stream of uniforms for each purpose, laid out by project.

A purpose is a name such as ``"new/filing"``. What one purpose draws does not depend on which others exist, and row i of
a purpose does not depend on how many rows follow it. Two policies of one replication therefore meet the same projects
(common random numbers).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=65536)
def key_of(purpose: str) -> int:
    """A 64-bit number that names the purpose for good, on every machine and Python version."""
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "big")


class Streams:
    """The uniforms of one replication, by purpose."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def uniforms(self, purpose: str, *shape: int) -> NDArray[np.float64]:
        """Uniforms in [0, 1) of the given shape; rows come first, so more rows leave earlier ones as they were."""
        sequence = np.random.SeedSequence((self.seed, self.replication, key_of(purpose)))
        return np.random.Generator(np.random.PCG64(sequence)).random(shape)
