"""Starts as they are announced, beside those that are real."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parkflow.analysis.measures.measure import NO_PAIR, Measure, Seen, View, mean

NOMINAL, EFFECTIVE, PERMIT = "groundbreaking_nominal", "groundbreaking", "construction_permit"
"""A ceremony may come when work has long begun: a project counts as started on the earlier day of the two."""


def nominal_days(view: View) -> Iterator[Seen]:
    """Mean days from the first milestone to the nominal start, by group; nothing where the park has none."""
    if not view.run.has(NOMINAL):
        return
    nominal = view.run.span((view.pair[0], NOMINAL))
    days, censored = nominal.days, nominal.censored
    if view.run.has(EFFECTIVE):
        effective = view.run.span((view.pair[0], EFFECTIVE))
        days = np.where(np.isnan(days), days, np.fmin(days, effective.days))
        censored = censored & (effective.censored | np.isnan(effective.days))
    for group, mine in view.groups_of(~np.isnan(days) | censored):
        yield Seen(mean(days[mine]), group, censored=censored[mine].sum())


def before_permit(view: View) -> Iterator[Seen]:
    """Projects that start nominally before their permit is there, of those that start, by group."""
    if not (view.run.has(NOMINAL) and view.run.has(PERMIT)):
        return
    nominal, permitted = view.run.reached(NOMINAL), view.run.reached(PERMIT)
    started = nominal.day
    if view.run.has(EFFECTIVE):
        started = np.where(nominal.ahead, np.fmin(started, view.run.reached(EFFECTIVE).day), started)
    known = ~np.isnan(started) & permitted.ahead
    early = known & ~(permitted.day <= started)
    for group, mine in view.groups_of(known):
        yield Seen(np.count_nonzero(early & mine), group, np.count_nonzero(known & mine))


MEASURES = (
    Measure(
        "nominal_days",
        "days to the nominal start",
        "至名义开工天数",
        "mean over projects of the earlier of groundbreaking_nominal and groundbreaking - from; "
        "one with neither when the run is over counts up to then",
        "days",
        nominal_days,
        between=None,
        limits=("an announced start is a ceremony or a notice: nothing need be built yet",),
    ),
    Measure(
        "nominal_before_permit",
        "share of nominal starts before the permit",
        "先开工后许可占比",
        "projects whose nominal start comes before their construction_permit ÷ projects that start nominally",
        "share",
        before_permit,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
    ),
)
