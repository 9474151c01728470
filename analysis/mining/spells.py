"""How long attempts took: from start to end, or from the end of what came before where a log has no starts."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.office_days import OfficeDays
from parkflow.analysis.mining.precedence import Order, ready_of
from parkflow.analysis.mining.resubmission import unit_of
from parkflow.analysis.mining.traces import SLIGHT, CaseLog

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST = 10
"""Attempts of either kind below which later ones are not compared with first ones."""

HOURS_A_DAY = 8.0
"""Hours of touch time that make a working day."""


class Spells(NamedTuple):
    """Durations of attempts, one entry each: their case, which attempt it was, days or working days, and what is cut.

    `unit` is wd or cd. Days for which an attempt was held up do not count.
    """

    case: NDArray[np.int64]
    number: NDArray[np.int64]
    spent: Floats
    cut: Bools
    unit: str

    def of(self, chosen: Bools) -> Spells:
        """Some of them."""
        return self._replace(**{name: getattr(self, name)[chosen] for name in ("case", "number", "spent", "cut")})

    @property
    def is_instant(self) -> bool:
        """Whether nothing of it takes any time."""
        return bool(len(self.spent)) and not self.cut.any() and float(np.quantile(self.spent, 0.99)) <= SLIGHT


def spells(log: CaseLog, order: Order, days: OfficeDays, name: str, unit: str | None = None) -> Spells:
    """The durations of all attempts at an activity by cases that did not leave early; who only waits has none yet."""
    ready = ready_of(log, order, name)
    timed = log.has_starts and log.is_timed(name)
    mine = [it for it in log.of(name) if np.isnan(log.left[it.case])]
    rows = [(it.case, it.number, _begin(it.start, it.ready, it.number, ready[it.case], timed), it.end) for it in mine]
    case, number, begin, end = (np.array(column) for column in zip(*rows, strict=True)) if rows else _nothing()
    known, cut = ~np.isnan(begin), np.asarray(np.isnan(end), dtype=bool)
    over = np.where(cut, log.until, end)
    known &= over >= begin - SLIGHT if timed else known
    held = [it.pauses for it, is_known in zip(mine, known.tolist(), strict=True) if is_known]
    case, number, begin, over, cut = case[known], number[known], begin[known], over[known], cut[known]
    over = np.maximum(over, begin)
    unit = unit or unit_of(over[~cut], begin[~cut], days)
    spent = np.maximum(_counted(begin, over, unit, days) - _paused(held, unit, days), 0.0)
    return Spells(case.astype(np.int64), number.astype(np.int64), spent, cut, unit)


def _counted(begin: Floats, end: Floats, unit: str, days: OfficeDays) -> Floats:
    """Days or working days between two arrays of times."""
    return days.work(begin, end) if unit == "wd" else end - begin


def _paused(held: Sequence[Sequence[tuple[float, float]]], unit: str, days: OfficeDays) -> Floats:
    """Days or working days for which each attempt was held up."""
    pauses = [(row, *pause) for row, mine in enumerate(held) for pause in mine]
    if not pauses:
        return np.zeros(len(held))
    row, begin, end = (np.array(column) for column in zip(*pauses, strict=True))
    held_up: Floats = np.bincount(row, _counted(begin, end, unit, days), minlength=len(held)).astype(np.float64)
    return held_up


def _begin(start: float, ready: float, number: int, before: float, timed: bool) -> float:
    """When an attempt began: its start, or when it was ready, or for a first attempt when all before was over."""
    if not np.isnan(start):
        return start
    if timed:
        return np.nan  # it is waiting, which tells nothing of how long it will take
    return ready if number > 1 or not np.isnan(ready) else before


def _nothing() -> tuple[Floats, ...]:
    return tuple(np.empty(0) for _ in range(4))


def again(found: Spells) -> tuple[float, float, float]:
    """How long later attempts take against first ones, with its 95% interval, which is all there is for too few."""
    later, first = (found.spent[chosen & ~found.cut] for chosen in (found.number > 1, found.number == 1))
    if len(later) < FEWEST or len(first) < FEWEST or not later.mean() or not first.mean():
        return 1.0, 0.0, np.inf
    ratio = later.mean() / first.mean()
    width = 1.96 * np.sqrt(sum((it.std() / it.mean()) ** 2 / len(it) for it in (later, first)))
    return float(ratio), float(ratio * np.exp(-width)), float(ratio * np.exp(width))


def touch(log: CaseLog) -> Floats:
    """Working days that officers can at most have spent on each case, by the gaps between their events of one day.

    Whatever an officer did since the last event, at most that long can the next one have taken. Events with a date but
    no time of day tell nothing. One entry per case, 0 where nothing is known.
    """
    raw = log.raw
    timed = (raw.officer >= 0) & ((raw.time % 1) > SLIGHT)
    by_officer: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for officer, time, case in zip(
        raw.officer[timed].tolist(), raw.time[timed].tolist(), raw.case[timed].tolist(), strict=True
    ):
        by_officer[officer].append((time, case))
    spent = np.zeros(len(log.arrival))
    for events in by_officer.values():
        events.sort()
        for (before, _), (time, case) in itertools.pairwise(events):
            if int(before) == int(time):
                spent[case] += (time - before) * 24 / HOURS_A_DAY
    return spent
