"""Load of the park's desks: how busy they are, and how long one waits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parkflow.analysis.measures.measure import NO_PAIR, Measure, Seen, View, mean


def utilisation(view: View) -> Iterator[Seen]:
    """Busy server-days of open ones, by desk."""
    for load in view.run.desk_loads:
        yield Seen(load.busy, load.desk, load.open)


def wait(view: View) -> Iterator[Seen]:
    """Mean days waited at each desk; who still waits is censored."""
    for load in view.run.desk_loads:
        yield Seen(mean(load.waits(view.run.over)), load.desk, censored=np.isnan(load.start).sum())


MEASURES = (
    Measure(
        "utilisation",
        "utilisation of a desk",
        "窗口利用率",
        "busy server-days in opening hours ÷ (servers × open days), over the busiest 365 days of the desk",
        "share",
        utilisation,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
        limits=("it is that of the busiest year, not of the whole run",),
    ),
    Measure(
        "wait",
        "wait at a desk",
        "窗口等待",
        "mean over attempts of start - ready, closed days included; who still waits counts up to the end of the run",
        "days",
        wait,
        least=0.0,
        between=NO_PAIR,
        limits=("where attempts are censored, it is a lower bound",),
    ),
)
