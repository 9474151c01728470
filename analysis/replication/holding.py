"""What holds a project up: of the steps before a milestone that it waits in or works at, the one that began first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.plan import Plan
from parkflow.sim.records import Records

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
    begin, before = predecessors(records.plan)
    pending = np.isnan(records.end) & ~records.skipped
    owners, opened = [owner[:0]], [step[:0]]
    while len(step):
        is_open = ~np.isnan(records.first_ready[step])
        owners.append(owner[is_open])
        opened.append(step[is_open])
        owner, step = owner[~is_open], step[~is_open]
        count = begin[step + 1] - begin[step]
        owner = np.repeat(owner, count)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        earlier = before[np.repeat(begin[step], count) + place]
        owner, earlier = owner[pending[earlier]], earlier[pending[earlier]]
        step, first = np.unique(earlier, return_index=True)
        owner = owner[first]
    return np.concatenate(owners), np.concatenate(opened)


def predecessors(plan: Plan) -> tuple[Ints, Ints]:
    """What each step waits for: those of step s are the second array from entry s of the first to entry s + 1."""
    number = plan.steps.edges_end - plan.steps.edges_begin
    source = np.repeat(np.arange(len(number)), number)
    place = np.arange(len(source)) - np.repeat(np.cumsum(number) - number, number)
    target = plan.successors[plan.steps.edges_begin[source] + place]
    order = np.argsort(target, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(target, minlength=len(number))))), source[order]
