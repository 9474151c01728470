"""Days by cause on the realised critical path, and what a policy saves of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.measure import Measure, Seen, View, mean
from parkflow.analysis.replication.critical_path import CAUSES

Floats = NDArray[np.float64]


def cause_days(view: View) -> Iterator[Seen]:
    """Mean days by cause."""
    yield from _by_cause(view.ways.days, view.days.censored.sum())


def closed_days(view: View) -> Iterator[Seen]:
    """Mean days on which an office was closed."""
    yield Seen(mean(view.ways.closed), censored=view.days.censored.sum())


def cause_days_saved(view: View) -> Iterator[Seen]:
    """Mean days saved by cause."""
    if view.baseline is not None:
        mine, before = view.run.restricted(view.baseline.run, view.pair)
        gained = view.baseline.ways_counting(before.days).days - view.ways_counting(mine.days).days
        yield from _by_cause(gained, view.saved.censored.sum())


def _by_cause(days: Floats, censored: int) -> Iterator[Seen]:
    """One entry per cause; `days` has shape (projects, causes)."""
    known = days[~np.isnan(days[:, 0])]
    means = known.mean(axis=0) if len(known) else np.full(len(CAUSES), np.nan)
    for cause, value in zip(CAUSES, means, strict=True):
        yield Seen(value, cause, censored=censored)


_CUT_OFF = "the last stretch of a project that is cut off counts under the step that holds it up, up to the cut"

MEASURES = (
    Measure(
        "cause_days",
        "days by cause",
        "各因素天数",
        "mean over projects of the days of this cause on the realised critical path; the causes sum to the lead time",
        "days",
        cause_days,
        elapsed=True,
        limits=(_CUT_OFF,),
    ),
    Measure(
        "closed_days",
        "of these, on closed days",
        "其中非工作日",
        "mean over projects of the days on the realised critical path on which the office or site was closed",
        "days",
        closed_days,
        elapsed=True,
        limits=("a memo: they are contained in the causes; notices and issues run on over closed days",),
    ),
    Measure(
        "cause_days_saved",
        "days saved by cause",
        "各因素节省天数",
        "mean over projects of the days of this cause under the baseline - under the policy; they sum to days saved",
        "days",
        cause_days_saved,
        paired=True,
        limits=(_CUT_OFF,),
    ),
)
