"""Desks: officers in pools, the lines before them, the hours in which they are open, and officers who are borrowed.

The officers of one desk lend each other a hand: a file goes to a free officer of its own pool, else to one of another,
and an officer who is free takes from the line of the own pool, else from the others. So nobody idles while a file waits
at an open desk. A desk that is shut takes nobody; when it opens, its free officers pick as their lines stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from parkflow.sim.calendars import SLIGHT, WorkCurve
from parkflow.sim.engines.queues import Line, line
from parkflow.sim.kinds import NOBODY
from parkflow.sim.resources import Pools


class Desks:
    """All the desks of a plan, as lists by pool or by desk."""

    def __init__(self, pools: Pools, curves: Sequence[WorkCurve], rank: list[float]) -> None:
        """Desks as they stand on day 0; `rank` has one entry per step."""
        self.free: list[int] = pools.servers.tolist()
        self.lines: list[Line] = [line(rule, rank) for rule in pools.rule.tolist()]
        self.desk: list[int] = pools.desk.tolist()
        self.pools = [[pool for pool, its in enumerate(self.desk) if its == desk] for desk in dict.fromkeys(self.desk)]
        together = [self.pools[desk] for desk in self.desk]
        self.reach: list[tuple[int, ...]] = [
            (own, *(other for other in its if other != own)) for own, its in enumerate(together)
        ]
        self.hours = [curves[number] if number >= 0 else None for number in pools.hours.tolist()]
        self.called = [False] * len(self.pools)
        self.surge: list[int] = pools.surge.tolist()
        self.plain: list[int] = pools.hours.tolist()
        self.borrowed = [0] * len(self.pools)

    def is_open(self, pool: int, now: float) -> bool:
        """Whether the desk of a pool serves at this moment; it is shut from the very moment at which it closes."""
        hours = self.hours[pool]
        return hours is None or hours.is_open(now)

    def officer(self, pool: int, now: float) -> int:
        """The pool whose officer takes a file of this pool at once, or `NOBODY`: the file has to wait."""
        if not self.called[self.desk[pool]] and self.is_open(pool, now):
            for other in self.reach[pool]:
                if self.free[other]:
                    self.free[other] -= 1
                    return other
        return NOBODY

    def next_file(self, pool: int) -> int:
        """The file that a free officer takes, or -1 if none waits at the desk."""
        for other in self.reach[pool]:
            if self.lines[other]:
                return self.lines[other].take()
        return -1

    def borrow(self, pool: int, step: int) -> bool:
        """Whether an officer can be borrowed for a file in line, which then leaves it."""
        desk = self.desk[pool]
        if self.borrowed[desk] >= self.surge[pool]:
            return False
        self.borrowed[desk] += 1
        self.lines[pool].leave(step)
        return True

    def opening(self, pool: int, now: float) -> float:
        """Days until a shut desk opens for those who wait there; infinite if nobody does, or it has been called."""
        desk, hours = self.desk[pool], self.hours[pool]
        if hours is None or self.called[desk] or hours.is_open(now):
            return inf
        self.called[desk] = any(self.lines[other] for other in self.pools[desk])
        return self.opens_in(pool, now) if self.called[desk] else inf

    def opens_in(self, pool: int, now: float) -> float:
        """Days until a shut desk opens; infinite if it never does."""
        hours = self.hours[pool]
        return 0.0 if hours is None else hours.next_open(now + SLIGHT) - now
