"""Days by cause on the realised critical path, and what a policy saves of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.measure import Measure, Seen, View
from parkflow.analysis.replication.critical_path import CAUSES

Floats = NDArray[np.float64]


def cause_days(view: View) -> Iterator[Seen]:
    """Mean days by cause, over projects that reached both milestones."""
    yield from _by_cause(view.causes, view.days.censored.sum())


def cause_days_saved(view: View) -> Iterator[Seen]:
    """Mean days saved by cause, over projects that reached both milestones under both policies."""
    if view.baseline is not None:
        yield from _by_cause(view.baseline.causes - view.causes, view.saved.censored.sum())


def _by_cause(days: Floats, censored: int) -> Iterator[Seen]:
    """One entry per cause; `days` has shape (projects, causes)."""
    known = days[~np.isnan(days[:, 0])]
    means = known.mean(axis=0) if len(known) else np.full(len(CAUSES), np.nan)
    for cause, value in zip(CAUSES, means, strict=True):
        yield Seen(value, cause, censored=censored)


_FINISHED = "censored projects are left out, so causes sum to the lead time only where nobody is censored"

MEASURES = (
    Measure(
        "cause_days",
        "days by cause",
        "各因素天数",
        "mean over projects that reached both milestones of the days of this cause on the realised critical path",
        "days",
        cause_days,
        limits=(_FINISHED,),
    ),
    Measure(
        "cause_days_saved",
        "days saved by cause",
        "各因素节省天数",
        "mean over projects that reached both milestones under both policies of baseline - policy",
        "days",
        cause_days_saved,
        paired=True,
        limits=(_FINISHED,),
    ),
)
