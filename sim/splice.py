"""Issues in the network: the work they meet is cut into segments, with the issue between or beside them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.layout import MILESTONE

Ints = NDArray[np.int64]
Columns = dict[str, Any]
"""Arrays of one entry a step, by name; the fields of `sim.plan.Steps`."""


class Junctions(NamedTuple):
    """One entry an issue: the step it meets, at which share of its work, whether it stops it, and its own two ends."""

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


def splice(steps: Columns, successors: Ints, junctions: Junctions) -> Ints:
    """Add segments and joins to `steps` in place, and return the successors with their edges.

    The host step becomes its first segment. A segment follows each issue: after the issue where it stops the work,
    else at once. A join waits for the last segment and for every issue that did not stop the work, and takes over what
    waited for the host.
    """
    if not len(junctions.host):
        return successors
    host, fraction, stops, arrive, closed = junctions.ordered()
    hosts, start, which, number = np.unique(host, return_index=True, return_inverse=True, return_counts=True)
    last = start + number - 1
    count = len(steps["case"])
    segment = count + np.arange(len(host))
    join = count + len(host) + np.arange(len(hosts))
    before = np.concatenate(([-1], segment[:-1]))
    before[start] = hosts
    _add_segments(steps, host, fraction, start, last)
    _add_joins(steps, hosts, join, 1 + np.add.reduceat((~stops).astype(np.int64), start))
    steps["waiting"][arrive] = 1
    beside = ~stops
    kept_source, kept_target = _edges_of(steps, successors, closed)
    source = np.concatenate((kept_source, before, np.where(stops, closed, before), closed[beside], segment[last]))
    target = np.concatenate((kept_target, arrive, segment, join[which][beside], join))
    return _add_edges(steps, successors, source, target)


def _add_segments(steps: Columns, host: Ints, fraction: NDArray[np.float64], start: Ints, last: Ints) -> None:
    """One more step after each issue, with the share of the work up to the next issue or the end.

    Only the last one can come back for correction.
    """
    following = np.append(fraction[1:], 1.0)
    following[last] = 1.0
    added = {name: column[host] for name, column in steps.items()}
    added["work"] = added["work"] * (following - fraction)
    added["held_work"] = added["held_work"] * (following - fraction)[:, None]
    steps["work"][host[start]] *= fraction[start]
    steps["held_work"][host[start]] *= fraction[start, None]
    for left in ("left", "held_left"):
        steps[left][host[start]] = 0
        added[left][np.setdiff1d(np.arange(len(host)), last)] = 0
    added["condition"] = np.full(len(host), -1)
    added["late_after"] = np.full(len(host), -np.inf)
    added["waiting"] = np.ones(len(host), dtype=np.int64)
    _append(steps, added)


def _add_joins(steps: Columns, hosts: Ints, join: Ints, waiting: Ints) -> None:
    """One milestone a host, with what waited for the host; a host that is skipped completes it."""
    added = {name: column[hosts] for name, column in steps.items()}
    added["kind"] = np.full(len(hosts), MILESTONE)
    added["gate"] = np.full_like(added["gate"], -1)
    added["condition"] = np.full(len(hosts), -1)
    added["late_after"] = np.full(len(hosts), -np.inf)
    added["waiting"] = waiting
    _append(steps, added)
    steps["skip_to"][hosts] = join


def _append(steps: Columns, added: Columns) -> None:
    begin = len(steps["case"])
    for name, column in steps.items():
        steps[name] = np.concatenate((column, added[name]))
    steps["skip_to"][begin:] = np.arange(begin, len(steps["skip_to"]))


def _edges_of(steps: Columns, successors: Ints, sources: Ints) -> tuple[Ints, Ints]:
    """The edges that leave some steps so far, as sources and targets."""
    begin = steps["edges_begin"][sources]
    number = steps["edges_end"][sources] - begin
    at = np.repeat(begin - np.cumsum(number) + number, number) + np.arange(number.sum())
    return np.repeat(sources, number), successors[at]


def _add_edges(steps: Columns, successors: Ints, source: Ints, target: Ints) -> Ints:
    order = np.argsort(source, kind="stable")
    sources, begin, number = np.unique(source[order], return_index=True, return_counts=True)
    steps["edges_begin"][sources] = len(successors) + begin
    steps["edges_end"][sources] = len(successors) + begin + number
    return np.concatenate((successors, target[order]))
