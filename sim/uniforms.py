"""Where the uniforms of activities lie when those of many purposes are drawn at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.streams import Purpose, Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Uniforms:
    """So many uniforms, `each`, for every copy that an activity can have in a block of cases.

    `sizes` has their number by purpose. In what `drawn` gives, the row of the first copy of activity a in block b is
    `begin[b, a]` (-1: there are none).
    """

    each: int
    purposes: tuple[Purpose, ...]
    sizes: tuple[int, ...]
    begin: Ints

    def drawn(self, streams: Streams) -> Floats:
        """The uniforms of one replication; shape (copies, each)."""

        def joined() -> Floats:
            return streams.joined(self.purposes, self.sizes).reshape(-1, self.each)

        return streams.once((self.purposes, self.sizes), joined)


def uniforms_of(each: int, shape: tuple[int, ...], rows: Iterable[tuple[int, int, Purpose, int]]) -> Uniforms:
    """Uniforms for rows of block, activity, purpose and number of copies; `shape` is that of `begin`."""
    purposes: list[Purpose] = []
    begin, sizes, total = np.full(shape, -1), [], 0
    for block, activity, purpose, copies in rows:
        begin[block, activity], total = total, total + copies
        purposes.append(purpose)
        sizes.append(each * copies)
    return Uniforms(each, tuple(purposes), tuple(sizes), begin)
