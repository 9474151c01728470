"""Issues in the network: the work they meet is cut into segments, with the issue between or beside them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.kinds import MILESTONE
from parkflow.sim.plan import Steps

Ints = NDArray[np.int64]


class Junctions(NamedTuple):
    """One entry per issue: the step it meets, at which share of its work, whether it stops it, and its own two ends."""

    host: Ints
    fraction: NDArray[np.float64]
    stops: NDArray[np.bool_]
    arrive: Ints
    closed: Ints

    def ordered(self) -> Junctions:
        """The same by host, and by the share of its work."""
        order = np.lexsort((self.fraction, self.host))
        return Junctions(
            self.host[order], self.fraction[order], self.stops[order], self.arrive[order], self.closed[order]
        )


NO_JUNCTIONS = Junctions(*(np.empty(0, dtype=kind) for kind in (np.int64, np.float64, bool, np.int64, np.int64)))


def splice(steps: Steps, count: int, successors: Ints, junctions: Junctions) -> tuple[Steps, Ints]:
    """The steps with segments and joins behind them, and the successors with their edges behind the others.

    The first `count` rows of `steps` are those of all cases; there is room behind them for two rows per issue.

    The host step becomes its first segment. A segment follows each issue: after the issue where it stops the work,
    else at once. A join waits for the last segment and for every issue that did not stop the work, and takes over what
    waited for the host. A host with a stopping issue 1 and another one, 2, that does not stop it::

        before     host ─────────────────────────────────────────→ successors
        after      host → issue 1 → segment 1 → segment 2 → join → successors
                                              ↘ issue 2 ──────↗
    """
    if not len(junctions.host):
        return steps.part(0, count), successors
    host, fraction, stops, arrive, closed = junctions.ordered()
    hosts, start, which, number = np.unique(host, return_index=True, return_inverse=True, return_counts=True)
    last = start + number - 1
    segment = count + np.arange(len(host))
    join = count + len(host) + np.arange(len(hosts))
    before = np.concatenate(([-1], segment[:-1]))
    before[start] = hosts
    _segments(steps, host, fraction, last, segment)
    _shorten(steps, host[start], fraction[start], join)
    _joins(steps, hosts, join, 1 + np.add.reduceat((~stops).astype(np.int64), start))
    steps.waiting[arrive] = 1
    beside = ~stops
    kept_source, kept_target = _edges_of(steps, successors, closed)
    source = np.concatenate((kept_source, before, np.where(stops, closed, before), closed[beside], segment[last]))
    target = np.concatenate((kept_target, arrive, segment, join[which][beside], join))
    spliced = steps.part(0, count + len(host) + len(hosts))
    return spliced, _with_edges(spliced, successors, source, target)


def _segments(steps: Steps, host: Ints, fraction: NDArray[np.float64], last: Ints, number: Ints) -> None:
    """One step per issue, in the order of hosts: the work from this issue to the next one, or to the end.

    `host` and `fraction` have one entry per issue, `last` the places of the last issue of each host, and `number` are
    the segments' own numbers. Only the last segment of a host can come back for correction.
    """
    following = np.append(fraction[1:], 1.0)
    following[last] = 1.0
    added = _copied(steps, host, number)
    added.work[:] *= following - fraction
    added.held_work[:] *= (following - fraction)[:, None]
    inner = np.setdiff1d(np.arange(len(host)), last)
    added.left[inner] = 0
    added.held_left[inner] = 0
    added.waiting[:] = 1
    _unconditional(added, number)


def _shorten(steps: Steps, hosts: Ints, fraction: NDArray[np.float64], join: Ints) -> None:
    """Cut each host down to the work before its first issue; if it is skipped, its join is over instead."""
    steps.work[hosts] *= fraction
    steps.held_work[hosts] *= fraction[:, None]
    steps.left[hosts] = 0
    steps.held_left[hosts] = 0
    steps.skip_to[hosts] = join


def _joins(steps: Steps, hosts: Ints, number: Ints, waiting: Ints) -> None:
    """One milestone per host, with what waited for the host; `number` are their own numbers."""
    added = _copied(steps, hosts, number)
    added.kind[:] = MILESTONE
    added.gate_begin[:] = np.inf
    added.waiting[:] = waiting
    _unconditional(added, number)


def _copied(steps: Steps, which: Ints, number: Ints) -> Steps:
    """Copies of some steps, in the room that has these numbers, one behind another."""
    added = steps.part(int(number[0]), int(number[-1]) + 1)
    for column, copies in zip(steps, added, strict=True):
        copies[:] = column[which]
    return added


def _unconditional(added: Steps, number: Ints) -> None:
    """Free steps of the conditions of their hosts, which have been decided when these are reached."""
    added.condition[:] = -1
    added.took_place[:] = -1
    added.ahead_of[:] = -1
    added.late_after[:] = -np.inf
    added.skip_to[:] = number


def _edges_of(steps: Steps, successors: Ints, sources: Ints) -> tuple[Ints, Ints]:
    """The edges that leave some steps so far, as sources and targets."""
    begin = steps.edges_begin[sources]
    number = steps.edges_end[sources] - begin
    at = np.repeat(begin - np.cumsum(number) + number, number) + np.arange(number.sum())
    return np.repeat(sources, number), successors[at]


def _with_edges(steps: Steps, successors: Ints, source: Ints, target: Ints) -> Ints:
    """Put all edges of the sources behind the others, and point the sources to them."""
    order = np.argsort(source, kind="stable")
    sources, begin, number = np.unique(source[order], return_index=True, return_counts=True)
    steps.edges_begin[sources] = len(successors) + begin
    steps.edges_end[sources] = len(successors) + begin + number
    return np.concatenate((successors, target[order]))
