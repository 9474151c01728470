"""Who does what: officers who share activities are one pool, its size is what the log shows, and loads are reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.traces import SLIGHT, Attempt, CaseLog

Floats = NDArray[np.float64]
ALIKE = 0.5
"""Share of their events that two activities must have from the same officers to be done by one pool."""

REGULAR = 0.05
"""Share of a pool's events below which an officer is not counted as one of it."""

UNEQUAL = 1.5
"""How many times its even share the busiest officer does before loads are reported as unequal."""


@dataclass(frozen=True)
class Pool:
    """Officers who share activities: how many they are, whether that is sure, and how unequal their loads are."""

    name: str
    activities: tuple[str, ...]
    servers: int
    events: int
    officers: int
    at_a_time: int
    sure: bool
    busiest: float

    @property
    def words(self) -> str:
        """What its size rests on."""
        at_a_time = f", at most {self.at_a_time} at a time" if self.at_a_time else ""
        return f"{self.events} cases of {', '.join(self.activities)}; {self.officers} officers named{at_a_time}"

    @property
    def unequal(self) -> str:
        """What to say of unequal loads; empty where they are even, or one name stands for all."""
        if self.officers < 2 or self.busiest * self.servers < UNEQUAL:
            return ""
        return f"{self.name}: loads are unequal, one of {self.officers} officers has {self.busiest:.0%} of the events"


def pools(log: CaseLog) -> tuple[Pool, ...]:
    """The pools of a log, each named after the officer, if one name stands for it, or its busiest activity."""
    by_activity: defaultdict[str, list[Attempt]] = defaultdict(list)
    for it in log.attempts:
        name = log.activities[it.activity]
        if it.officer >= 0 and not np.isnan(it.end) and name not in log.marks:
            by_activity[name].append(it)
    together = _together({name: Counter(it.officer for it in mine) for name, mine in by_activity.items()})
    found: dict[str, Pool] = {}
    for names in together:
        pool = _pool(log, names, [it for name in names for it in by_activity[name]])
        found[pool.name] = pool
    return tuple(found.values())


def _together(counts: dict[str, Counter[int]]) -> list[tuple[str, ...]]:
    """Activities that share officers, in groups."""
    groups: list[set[str]] = []
    for name in counts:
        near = [it for it in groups if any(_overlap(counts[name], counts[other]) >= ALIKE for other in it)]
        groups = [it for it in groups if it not in near] + [set().union({name}, *near)]
    return [tuple(name for name in counts if name in group) for group in groups]


def _overlap(first: Counter[int], second: Counter[int]) -> float:
    """The share of their events that two activities have from the same officers."""
    return sum(min(first[it] / first.total(), second[it] / second.total()) for it in first.keys() & second.keys())


def _pool(log: CaseLog, names: tuple[str, ...], attempts: list[Attempt]) -> Pool:
    loads = Counter(it.officer for it in attempts)
    regular = [officer for officer, events in loads.items() if events >= REGULAR * len(attempts)]
    at_a_time, waited = _at_a_time(attempts)
    one_name = len(loads) == 1
    servers = max(at_a_time, 1) if one_name else len(regular)
    busiest_activity = max(names, key=lambda name: sum(log.activities[it.activity] == name for it in attempts))
    name = log.raw.officers[next(iter(loads))] if one_name else f"{busiest_activity}_officers"
    sure = waited if one_name else len(regular) == len(loads)
    return Pool(
        name.replace(".", "_") or "desk", names, servers, len(attempts), len(loads), at_a_time, sure,
        max(loads.values()) / len(attempts),
    )  # fmt: skip


def _at_a_time(attempts: Iterable[Attempt]) -> tuple[int, bool]:
    """The most attempts that were under way at a time, and whether anybody waited; nothing where starts are unknown."""
    served = [it for it in attempts if not np.isnan(it.start) and it.end > it.start]
    changes = sorted([(it.start + SLIGHT, 1) for it in served] + [(it.end, -1) for it in served])
    most = here = 0
    for _, change in changes:
        here += change
        most = max(most, here)
    return most, any(it.start > it.ready + SLIGHT for it in served)
