"""Which activity really came before which, how often, and where a log cannot tell whether it had to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_mapping import LogMapping
from parkflow.analysis.mining.traces import SLIGHT, CaseLog

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST = 5
"""Cases with both activities below which nothing is said of their order."""


class Link(NamedTuple):
    """An order that held: `held` of `cases` with both, `bound` of them because nothing else kept the later one."""

    before: str
    after: str
    held: int
    cases: int
    bound: int

    @property
    def always(self) -> bool:
        """Whether it held without exception."""
        return self.held == self.cases

    @property
    def words(self) -> str:
        """How often it held, in words."""
        return f"after {self.before} in {self.held} of {self.cases} cases"


@dataclass(frozen=True)
class Order:
    """The precedence of a log: links by the later activity, and those that a log cannot tell from coincidence."""

    links: Mapping[str, tuple[Link, ...]]
    untold: tuple[Link, ...]

    def needs(self, activity: str) -> tuple[str, ...]:
        """What must be over before an activity, by the log."""
        return tuple(link.before for link in self.links[activity])


class _Times(NamedTuple):
    """First beginning (its end where no start is known) and last end of each activity, of shape (activities, cases)."""

    begin: Floats
    end: Floats
    known: Bools


def order_of(log: CaseLog, mapping: LogMapping) -> Order:
    """The precedence that held in at least the share `mapping.held` of the cases, without what follows from the rest.

    Where beginnings are known, a link counts as shown when the later activity began at the very moment at which the
    earlier one ended, for then nothing else kept it; orders that always held but never bound are `untold`.
    """
    times = _times(log)
    held, both = _held(times)
    share = held / np.maximum(both, 1)
    before = (share >= mapping.held) & (both >= FEWEST)
    np.fill_diagonal(before, False)
    before = _without_circles(before, share)
    bound = _bound(times, before)
    known: Bools = np.asarray(times.known.any(axis=1))
    shown = before & (bound > 0) & known[None, :]
    kept = _reduced(shown | (before & ~known[None, :]))
    kept |= _orphans(before, kept, times, log.arrival)
    untold = before & ~_closure(kept)
    names = log.activities

    def link(first: int, second: int) -> Link:
        counts = (int(table[first, second]) for table in (held, both, bound))
        return Link(names[first], names[second], *counts)

    by_later = {name: tuple(link(f, s) for f in np.flatnonzero(kept[:, s]).tolist()) for s, name in enumerate(names)}
    return Order(_led(by_later, log.leads), tuple(link(f, s) for f, s in np.argwhere(_reduced(untold)).tolist()))


def _led(links: dict[str, tuple[Link, ...]], leads: Mapping[str, str]) -> dict[str, tuple[Link, ...]]:
    """Links with what leads to a milestone before it, and what was before the milestone before that."""
    return {**links, **{leading: links[mark] for mark, leading in leads.items()}, **dict.fromkeys(leads, ())}


def _times(log: CaseLog) -> _Times:
    shape = (len(log.activities), len(log.arrival))
    begin, end, known = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    leads = {log.number(leading) for leading in log.leads.values()}
    for it in log.attempts:
        if it.activity in leads:
            continue  # its end is that of its milestone
        at = (it.activity, it.case)
        if it.number == 1:
            began = it.ready if not np.isnan(it.ready) else it.start
            known[at] = not np.isnan(began) and (log.has_starts or log.activities[it.activity] not in log.marks)
            begin[at] = began if known[at] else it.end
        end[at] = it.end
    return _Times(begin, end, known)


def _held(times: _Times) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """In how many cases each activity (row) was over before each other one (column) began, and in how many both are."""
    count = len(times.begin)
    held, both = (np.zeros((count, count), dtype=np.int64) for _ in range(2))
    for first in range(count):
        there = ~np.isnan(times.end[first]) & ~np.isnan(times.begin)
        both[first] = there.sum(axis=1)
        held[first] = (there & (times.end[first] <= times.begin + SLIGHT)).sum(axis=1)
    return held, both


def _without_circles(before: Bools, share: Floats) -> Bools:
    """Links both ways, which instants at one moment have, keep the more frequent one, or else the one met first."""
    later = np.tri(len(before), dtype=bool, k=-1)
    weaker = before & before.T & ((share < share.T) | ((share == share.T) & later))
    cleaned = before & ~weaker
    while (circle := _closure(cleaned) & np.eye(len(cleaned), dtype=bool)).any():
        inside = np.flatnonzero(circle.diagonal())
        weights = np.where(cleaned[np.ix_(inside, inside)], share[np.ix_(inside, inside)], np.inf)
        first, second = np.unravel_index(int(weights.argmin()), weights.shape)
        cleaned[inside[first], inside[second]] = False
    return np.asarray(cleaned)


def _closure(links: Bools) -> Bools:
    """What follows from links: whether there is a way from each activity to each other one."""
    reach = links.copy()
    for middle in range(len(reach)):
        reach |= reach[:, [middle]] & reach[[middle], :]
    return reach


def _reduced(links: Bools) -> Bools:
    """Links without those that follow from the others."""
    reach = _closure(links)
    longer = (links.astype(np.int64) @ reach.astype(np.int64)) > 0
    reduced: Bools = links & ~longer
    return reduced


def _bound(times: _Times, before: Bools) -> NDArray[np.int64]:
    """In how many cases the later activity began at the very moment at which the earlier one ended."""
    bound = np.zeros(before.shape, dtype=np.int64)
    for first, second in np.argwhere(before):
        at_once = np.abs(times.begin[second] - times.end[first]) <= SLIGHT
        bound[first, second] = int((at_once & times.known[second]).sum())
    return bound


def _orphans(before: Bools, kept: Bools, times: _Times, arrival: Floats) -> Bools:
    """Links of activities that would be left without a predecessor though they do not begin with the arrival."""
    extra = np.zeros_like(kept)
    reduced = _reduced(before)
    for it in np.flatnonzero(before.any(axis=0) & ~kept.any(axis=0)):
        there = times.known[it]
        at_once = np.abs(times.begin[it] - arrival)[there] <= SLIGHT
        if not len(at_once) or at_once.mean() < 0.5:
            extra[:, it] = reduced[:, it]
    return extra


def ready_of(log: CaseLog, order: Order, activity: str) -> Floats:
    """The day on which each case could begin an activity by its predecessors: the last end, or the arrival.

    NaN where a predecessor that the case has is not over.
    """
    ready = log.arrival.copy()
    for name in _all_before(order.links, activity):
        ready = np.fmax(ready, log.reached(name))
    return ready


def _all_before(links: Mapping[str, Iterable[Link]], activity: str) -> list[str]:
    found: list[str] = []
    waiting = [activity]
    for name in waiting:
        for link in links[name]:
            if link.before not in found:
                found.append(link.before)
                waiting.append(link.before)
    return found
