"""What holds a project up: of the steps before a milestone that it waits in or works at, the one that began first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.once import once
from parkflow.sim.records import Records
from parkflow.sim.resources import begins

Ints = NDArray[np.int64]


def holding(records: Records, step: Ints) -> Ints:
    """The step that each of some steps (-1: none) is held up by when the run is over: itself where it has ended.

    Otherwise it is the one that could begin first of those before it that could begin and have not ended: where two are
    open at once, the one that is open longer.
    """
    found = step.copy()
    place = np.flatnonzero(step >= 0)
    place = place[np.isnan(records.end[step[place]])]
    owner, opened = _open_before(records, place, step[place])
    order = np.lexsort((opened, records.first_ready[opened], owner))[::-1]
    found[owner[order]] = opened[order]
    return found


def _open_before(records: Records, owner: Ints, step: Ints) -> tuple[Ints, Ints]:
    """Steps that could begin and have not ended, before or at given steps that have not; with the owner of each."""
    owners, opened = [owner[:0]], [step[:0]]
    if len(step):
        begin, before = _pending_predecessors(records)
    while len(step):
        is_open = ~np.isnan(records.first_ready[step])
        owners.append(owner[is_open])
        opened.append(step[is_open])
        owner, step = owner[~is_open], step[~is_open]
        count = begin[step + 1] - begin[step]
        owner = np.repeat(owner, count)
        earlier = before[np.repeat(begin[step], count) + places(count)]
        step, first = np.unique(earlier, return_index=True)
        owner = owner[first]
    return np.concatenate(owners), np.concatenate(opened)


@once
def _pending_predecessors(records: Records) -> tuple[Ints, Ints]:
    """The steps that have not ended and that each such step waits for.

    Those of step s are the second array from entry s of the first to entry s + 1.
    """
    steps = records.plan.steps
    pending = np.isnan(records.end) & ~records.skipped
    source = np.flatnonzero(pending)
    count = steps.edges_end[source] - steps.edges_begin[source]
    target = records.plan.successors[np.repeat(steps.edges_begin[source], count) + places(count)]
    source, waits = np.repeat(source, count), pending[target]
    source, target = source[waits], target[waits]
    return begins(np.bincount(target, minlength=len(pending))), source[np.argsort(target, kind="stable")]


def places(count: Ints) -> Ints:
    """0, 1, … for each of some counts, one after the other."""
    place: Ints = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return place
