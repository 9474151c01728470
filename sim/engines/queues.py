"""Waiting lines: first come first served, or by rank."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Protocol

from parkflow.sim.kinds import FIFO


class Line(Protocol):
    """Steps that wait; false when it is empty."""

    def put(self, step: int) -> None:
        """Join the line."""

    def take(self) -> int:
        """Leave the line as the next in turn."""

    def head(self) -> int:
        """The next in turn, who stays."""

    def leave(self, step: int) -> None:
        """Leave the line out of turn."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[int]:
        """All in turn, who stay."""


class FirstCome(deque[int]):
    """First come, first served."""

    put = deque.append
    take = deque.popleft
    leave = deque.remove

    def head(self) -> int:
        """The next in turn, who stays."""
        return self[0]


class Ranked:
    """Lowest rank first; among equals, first come first served. Nobody is interrupted."""

    def __init__(self, rank: list[float]) -> None:
        self._rank = rank
        self._order = count()
        self._heap: list[tuple[float, int, int]] = []

    def put(self, step: int) -> None:
        """Join the line at the place of its rank."""
        heappush(self._heap, (self._rank[step], next(self._order), step))

    def take(self) -> int:
        """Leave the line as the next in turn."""
        return heappop(self._heap)[2]

    def head(self) -> int:
        """The next in turn, who stays."""
        return self._heap[0][2]

    def leave(self, step: int) -> None:
        """Leave the line out of turn."""
        self._heap = [entry for entry in self._heap if entry[2] != step]
        heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)

    def __iter__(self) -> Iterator[int]:
        """All in turn, who stay; the first comes cheaply."""
        if self._heap:
            yield self.head()
            yield from [step for _, _, step in sorted(self._heap)[1:]]


def line(rule: int, rank: list[float]) -> Line:
    """The waiting line of a desk, meeting or stock; `rule` is `FIFO` or `RANKED`, `rank` has one entry per step."""
    return FirstCome() if rule == FIFO else Ranked(rank)
