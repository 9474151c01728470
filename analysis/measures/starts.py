"""Starts as they are announced, beside those that are real."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parkflow.analysis.measures.measure import NO_PAIR, Measure, Seen, View, mean

NOMINAL, PERMIT = "groundbreaking_nominal", "construction_permit"


def nominal_days(view: View) -> Iterator[Seen]:
    """Mean days from the first milestone to the announced start, by group; nothing where the park has none."""
    if view.run.has(NOMINAL):
        span = view.run.span((view.pair[0], NOMINAL))
        for group, mine in view.groups_of(~np.isnan(span.days) | span.censored):
            yield Seen(mean(span.days[mine]), group, censored=span.censored[mine].sum())


def before_permit(view: View) -> Iterator[Seen]:
    """Projects whose start is announced before their permit is there, of those announced, by group."""
    if not (view.run.has(NOMINAL) and view.run.has(PERMIT)):
        return
    announced, permitted = view.run.reached(NOMINAL).day, view.run.reached(PERMIT)
    known = ~np.isnan(announced) & permitted.ahead
    early = known & ~(permitted.day <= announced)
    for group, mine in view.groups_of(known):
        yield Seen(np.count_nonzero(early & mine), group, np.count_nonzero(known & mine))


MEASURES = (
    Measure(
        "nominal_days",
        "days to the announced start",
        "至名义开工天数",
        "mean over projects of groundbreaking_nominal - from; one not announced when the run is over counts up to then",
        "days",
        nominal_days,
        between=None,
        limits=("an announced start is a ceremony or a notice: nothing need be built yet",),
    ),
    Measure(
        "nominal_before_permit",
        "share of starts announced before the permit",
        "先开工后许可占比",
        "projects whose groundbreaking_nominal comes before their construction_permit ÷ projects announced",
        "share",
        before_permit,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
    ),
)
