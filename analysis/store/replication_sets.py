"""Sets of replications of the points of a sweep, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping

MOST = 3
"""Points that are named one by one in a sentence."""


class Replications:
    """Which replications of which points: a set of bits per point, so that millions fit."""

    def __init__(self) -> None:
        self._bits: dict[int, int] = {}

    def add(self, point: int, replication: int) -> None:
        """Take one in."""
        self._bits[point] = self._bits.get(point, 0) | (1 << replication)

    def __contains__(self, pair: tuple[int, int]) -> bool:
        return bool(self._bits.get(pair[0], 0) >> pair[1] & 1)

    def count(self, point: int) -> int:
        """Replications of a point."""
        return self._bits.get(point, 0).bit_count()

    def last(self, point: int) -> int:
        """The last replication of a point; -1 where it has none."""
        return self._bits.get(point, 0).bit_length() - 1

    def total(self) -> int:
        """Replications of all points."""
        return sum(bits.bit_count() for bits in self._bits.values())

    def update(self, other: Replications) -> None:
        """Take in all of the other."""
        for point, bits in other._bits.items():
            self._bits[point] = self._bits.get(point, 0) | bits

    def written(self) -> dict[str, str]:
        """As ranges: ``{"3": "0-19,24"}``."""
        return {str(point): _ranges(bits) for point, bits in sorted(self._bits.items())}

    def in_words(self) -> str:
        """For a sentence: ``replications 0-19,24 of point 3``; of many points only the first."""
        named = [f"{ranges} of point {point}" for point, ranges in list(self.written().items())[:MOST]]
        rest = len(self._bits) - len(named)
        return f"replications {', '.join(named)}" + (f" and those of {rest} points more" if rest else "")

    @classmethod
    def read(cls, written: Mapping[str, str]) -> Replications:
        """From ranges."""
        found = cls()
        for point, ranges in written.items():
            for part in ranges.split(","):
                first, _, last = part.partition("-")
                bits = (1 << (int(last or first) + 1)) - (1 << int(first))
                found._bits[int(point)] = found._bits.get(int(point), 0) | bits
        return found


def _ranges(bits: int) -> str:
    text, place = [], 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        first, last = place + zeros, place + zeros + ones - 1
        text.append(f"{first}-{last}" if last > first else str(first))
        bits >>= ones
        place = last + 1
    return ",".join(text)
