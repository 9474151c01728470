"""Who does what: officers who share activities are one pool, its size is what the log shows, and loads are reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from os.path import commonpath

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.monthly import months_of
from parkflow.analysis.mining.traces import SLIGHT, Attempt, CaseLog

Floats = NDArray[np.float64]
ALIKE = 0.5
"""Share of their events that two activities must have from the same officers to be done by one pool."""

REGULAR = 0.05
"""Share of a pool's events below which an officer is not counted as one of it."""

SHORTEST = 3
"""Letters that names of officers must have in common for their desk to be called so."""

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
    regular: int
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
        if self.regular < 2 or self.busiest * self.regular < UNEQUAL:
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
    by_count = len(loads) if at_a_time else len(regular)
    servers = max(1, at_a_time if len(loads) == 1 else min(at_a_time or by_count, by_count))
    sure = waited if at_a_time else len(regular) == len(loads)
    name = _name(log, names, attempts, [log.raw.officers[officer] for officer in loads])
    busiest = max(loads.values()) / len(attempts)
    return Pool(name, names, servers, len(attempts), len(loads), len(regular), at_a_time, sure, busiest)


def _name(log: CaseLog, names: tuple[str, ...], attempts: list[Attempt], officers: list[str]) -> str:
    """What the officers' names begin with, as planning in planning/2, or else after what they do most."""
    begin = commonpath(officers).rstrip("0123456789/-_ ").replace(".", "_")
    if len(begin) >= SHORTEST:
        return begin
    busiest = max(names, key=lambda name: sum(log.activities[it.activity] == name for it in attempts))
    return f"{busiest}_officers".replace(".", "_")


def _at_a_time(attempts: Iterable[Attempt]) -> tuple[int, bool]:
    """The most attempts under way at a time, and whether anybody waited then; nothing where starts are unknown."""
    served = [it for it in attempts if not np.isnan(it.start) and it.end > it.start + 2 * SLIGHT and not it.pauses]
    start, end = (np.sort([getattr(it, name) for it in served]) for name in ("start", "end"))

    def active(at: Floats) -> NDArray[np.int64]:
        return np.searchsorted(start, at, side="right") - np.searchsorted(end, at, side="right")

    if not served:
        return 0, False
    most = int(active(start + SLIGHT).max())
    middle = np.array([(it.ready + it.start) / 2 for it in served if it.start > it.ready + 2 * SLIGHT])
    return most, bool((active(middle) >= most).any())


def officers_by_month(log: CaseLog, begin: float, end: float) -> float:
    """How many officers did at least a twentieth of a month's events, on average over the months of a span of days."""
    raw = log.raw
    time = raw.time - log.origin
    mine = (raw.officer >= 0) & (time >= begin) & (time < end)
    months = months_of(time[mine], log.origin)
    counts = [np.unique(raw.officer[mine][months == month], return_counts=True)[1] for month in np.unique(months)]
    return float(np.mean([(each >= REGULAR * each.sum()).sum() for each in counts])) if counts else 0.0
