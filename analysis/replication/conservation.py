"""The work that waits at desks: what the order of service cannot change.

Whoever is served first, as long as no officer is idle while a file waits, the waits weighted by the work that each file
brings have the same sum as in the order of arrival: exactly with one officer, and on average with several
(Kleinrock, Naval Research Logistics Quarterly 12, 1965). Priorities move waits; they save none.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.attempts import desk_attempts
from parkflow.analysis.replication.curve_days import worked_days
from parkflow.sim.kinds import BORROWED
from parkflow.sim.records import Records

Floats = NDArray[np.float64]


class Waiting(NamedTuple):
    """The files of one desk in one run: working days of officers on them, and the sum of these times days waited.

    `weighted` is that of the run, `in_turn` what it would be had the same files been served in the order of arrival.
    Days are those of the desk: they pass as far as it is open and free of applicants outside the list.
    """

    desk: str
    work: float
    weighted: float
    in_turn: float


def waiting(records: Records) -> Iterator[Waiting]:
    """What waited at the desks, in the order of the scenario.

    Left out are desks that nobody came to or that somebody still waits at when the run is over, those that borrowed
    officers, and those whose files do not all go by one calendar.
    """
    at_desks = desk_attempts(records)
    calendars = records.plan.steps.calendar[records.attempt_step[at_desks.number]]
    for number, (name, desk) in enumerate(records.layout.scenario.desks.items()):
        mine = at_desks.of(number)
        start, calendar = at_desks.start[mine], calendars[mine]
        if not len(start) or np.isnan(start).any() or (at_desks.pool[mine] == BORROWED).any():
            continue
        if (calendar != calendar[0]).any():
            continue
        ready, start, end = (
            _of_desk(records, int(calendar[0]), days) for days in (at_desks.ready[mine], start, at_desks.end[mine])
        )
        work = end - start
        yield Waiting(
            name,
            float(work.sum()),
            float((work * (start - ready)).sum()),
            float((work * (_in_turn(ready, work, desk.servers) - ready)).sum()),
        )


def _of_desk(records: Records, calendar: int, days: Floats) -> Floats:
    """Moments in the time of a desk, which stands still while it is closed."""
    return days if calendar < 0 else worked_days(records).at(calendar, days)


def _in_turn(ready: Floats, work: Floats, servers: int) -> Floats:
    """When files would be taken up in the order of arrival by so many officers."""
    free = [0.0] * servers
    start = np.empty(len(ready))
    for file in np.argsort(ready, kind="stable").tolist():
        start[file] = max(float(ready[file]), free[0])
        heapq.heapreplace(free, float(start[file] + work[file]))
    return start
