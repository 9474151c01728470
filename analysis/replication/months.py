"""Work in progress and throughput of one run, month by month."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import project_cases
from parkflow.analysis.replication.milestones import Pair, projects_reached
from parkflow.sim.records import Records

Floats = NDArray[np.float64]

MONTH = 30.0
"""Days of a month in a park without a start date."""


def month_begins(start: dt.date | None, over: float) -> Floats:
    """Days since the start on which months begin, up to the end of a run; the first is day 0, wherever it lies."""
    if start is None:
        return np.arange(0.0, over, MONTH)
    first, last = np.datetime64(start, "D"), np.datetime64(start, "D") + np.timedelta64(int(np.ceil(over)), "D")
    months = np.arange(first.astype("datetime64[M]") + 1, last.astype("datetime64[M]") + 1).astype("datetime64[D]")
    later = (months - first).astype(np.float64)
    return np.concatenate(([0.0], later[later < over]))


def months(records: Records, pair: Pair) -> dict[str, Floats]:
    """One row per month: the day it begins, projects between two milestones on average, and how many reach either.

    A project that has the first milestone behind it when it arrives is between the two from then on. One that withdraws
    before the second is in none of the columns.
    """
    cases = project_cases(records)
    first, second = (projects_reached(records, name) for name in pair)
    kept = second.ahead & ~(records.withdrawn[cases] & np.isnan(second.day))
    here = np.maximum(records.plan.cases.arrival[cases], 0.0)
    begin = np.where(first.ahead, first.day, here)[kept]
    end = np.where(np.isnan(second.day), records.over, second.day)[kept]
    edges = np.append(month_begins(records.layout.scenario.start, records.over), records.over)
    lasting = np.maximum(end - begin, 0.0)  # who meets the milestones in the other order is never between them
    between = _inside(begin, begin + lasting, edges)
    return {
        "month": edges[:-1],
        "in_progress": np.diff(between) / np.diff(edges),
        "started": _counts(first.day[kept & first.ahead], edges),
        "completed": _counts(second.day[kept], edges),
    }


def _counts(days: Floats, edges: Floats) -> Floats:
    """How many days lie between each edge and the next, the last edge included; NaN lies nowhere."""
    ordered = np.sort(days)
    until = np.append(ordered.searchsorted(edges[:-1]), ordered.searchsorted(edges[-1], "right"))
    return np.diff(until).astype(np.float64)


def _inside(begin: Floats, end: Floats, until: Floats) -> Floats:
    """Project-days between begins and ends up to each of some days; a begin that never came is none."""
    inside = np.maximum(np.minimum(end, until[:, None]) - begin, 0.0)
    days: Floats = np.nansum(inside, axis=1)
    return days
