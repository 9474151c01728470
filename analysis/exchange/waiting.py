"""Why a file waited, in the five classes of waiting-time analysis (Lashkevich et al.), in days that sum to the wait.

At a desk, days on which the office is closed are *unavailability*; the rest is shared by what the officers did
meanwhile: serving files that came later is *prioritisation*, serving earlier ones is *contention*. At a meeting, the
wait for the first sitting is *batching*, and the wait after it is shared by whom the sittings that left the file out
heard instead. A wait for land, quota or another stock is *extraneous*, and so is what nobody in the log explains.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import WorkCurve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLASSES = ("contention", "prioritisation", "unavailability", "batching", "extraneous")
"""The classes, in the order of every table."""


def nothing(count: int) -> dict[str, Floats]:
    """No waiting, of any class, for so many files."""
    return {name: np.zeros(count) for name in CLASSES}


def at_desk(ready: Floats, start: Floats, end: Floats, hours: WorkCurve | None) -> dict[str, Floats]:
    """Days waited at a desk by class; all arrays have one entry per file, NaN for what has not happened.

    `hours` is the desk's calendar, None where it never closes. Files that have not been served have waited for nothing
    yet.
    """
    found = nothing(len(ready))
    waited = np.flatnonzero(start > ready)
    begin, until = ready[waited], start[waited]
    closed = np.zeros(len(waited)) if hours is None else hours.lost(begin, until)[0]
    closed = np.clip(closed, 0.0, until - begin)
    earlier, later = _served_meanwhile(ready, start, end, waited)
    kept = until - begin - closed
    overtaken = kept * np.divide(later, earlier + later, out=np.zeros(len(waited)), where=earlier + later > 0)
    explained = earlier + later > 0
    found["unavailability"][waited] = closed
    found["prioritisation"][waited] = overtaken
    found["contention"][waited] = np.where(explained, kept - overtaken, 0.0)
    found["extraneous"][waited] = np.where(explained, 0.0, kept)
    return found


def at_meeting(ready: Floats, start: Floats) -> dict[str, Floats]:
    """Days waited for a meeting by class; arrays of one entry per case, NaN for who has not been heard."""
    found = nothing(len(ready))
    sittings = np.unique(start[~np.isnan(start)])
    for case in np.flatnonzero(start > ready).tolist():
        missed = sittings[(sittings >= ready[case]) & (sittings < start[case])]
        first = missed[0] if len(missed) else start[case]
        found["batching"][case] = first - ready[case]
        for begin, end in pairwise(np.append(missed, start[case])):
            heard = ready[start == begin]
            later = np.count_nonzero(heard > ready[case]) / len(heard)
            found["prioritisation"][case] += later * (end - begin)
            found["contention"][case] += (1 - later) * (end - begin)
    return found


def elsewhere(ready: Floats, start: Floats) -> dict[str, Floats]:
    """Days waited for neither officers nor meetings: for land, quota and the like."""
    return nothing(len(ready)) | {"extraneous": np.where(start > ready, start - ready, 0.0)}


def _served_meanwhile(ready: Floats, start: Floats, end: Floats, waited: Ints) -> tuple[Floats, Floats]:
    """Officer-days spent on files that came no later, and on files that came later, while each of `waited` waited."""
    order = np.argsort(start, kind="stable")
    order = order[~np.isnan(start[order])]
    begins, asked = start[order], ready[order]
    ends = np.where(np.isnan(end[order]), np.inf, end[order])
    longest = np.max(ends - begins, initial=0.0)
    earlier, later = np.zeros(len(waited)), np.zeros(len(waited))
    for place, file in enumerate(waited.tolist()):
        first = np.searchsorted(begins, ready[file] - longest)
        last = np.searchsorted(begins, start[file])
        shared = np.minimum(ends[first:last], start[file]) - np.maximum(begins[first:last], ready[file])
        shared = np.maximum(shared, 0.0)
        overtook = asked[first:last] > ready[file]
        earlier[place], later[place] = shared[~overtook].sum(), shared[overtook].sum()
    return earlier, later
