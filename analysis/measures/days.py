"""Days between two milestones, and what a policy saves of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.measure import ENOUGH, Measure, Seen, View, mean
from parkflow.analysis.replication.milestones import Span
from parkflow.analysis.replication.once import once

Floats = NDArray[np.float64]

LOSES_BELOW = -0.5
"""A project that saves less than this many days loses; smaller differences are nobody's loss."""

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def lead_time(view: View) -> Iterator[Seen]:
    """Mean days between the pair, by group."""
    yield from _means(view, view.days)


def days_saved(view: View) -> Iterator[Seen]:
    """Mean days saved, by group."""
    yield from _means(view, view.saved)


def _means(view: View, span: Span) -> Iterator[Seen]:
    for group, mine in view.groups_of(~np.isnan(span.days) | span.censored):
        yield Seen(mean(span.days[mine]), group, censored=span.censored[mine].sum())


def net_days(view: View) -> Iterator[Seen]:
    """Mean days by which the second milestone comes earlier, by group and by stage at the start."""
    if view.baseline is None:
        return
    span = view.run.earlier(view.baseline.run, view.pair[1])
    concerned = ~np.isnan(span.days)
    stages = ((name, mine) for name, mine in view.stages.items() if (mine & concerned).any())
    for group, mine in (*view.groups_of(concerned), *stages):
        yield Seen(mean(span.days[mine]), group, censored=span.censored[mine].sum())


def share_losing(view: View) -> Iterator[Seen]:
    """Projects that lose of those compared, by group."""
    days, censored = view.saved.days, view.saved.censored
    for group, mine in view.groups_of(~np.isnan(days) | censored):
        compared = np.count_nonzero(~np.isnan(days[mine]))
        yield Seen(np.count_nonzero(days[mine] < LOSES_BELOW), group, compared, censored[mine].sum())


@dataclass(frozen=True)
class Balance:
    """Observes the sum over projects of the days gained (`sign` 1) or lost (-1), by group."""

    sign: float

    def __call__(self, view: View) -> Iterator[Seen]:
        """The sum of each group."""
        days, censored = view.saved.days, view.saved.censored
        for group, mine in view.groups_of(~np.isnan(days) | censored):
            yield Seen(np.nansum(np.maximum(self.sign * days[mine], 0.0)), group, censored=censored[mine].sum())


@dataclass(frozen=True)
class Quantile:
    """Observes a quantile over all projects of the days, or of the days saved."""

    share: float
    saved: bool = False

    def __call__(self, view: View) -> Iterator[Seen]:
        """The quantile; NaN where no project has days."""
        span, known = (view.saved, _saved_quantiles(view)) if self.saved else (view.days, _quantiles(view))
        yield Seen(known[self.share], censored=span.censored.sum())


@once
def _quantiles(view: View) -> dict[float, float]:
    """The quantiles of the days by their share."""
    return _quantiles_of(view.days.days)


@once
def _saved_quantiles(view: View) -> dict[float, float]:
    """The quantiles of the days saved by their share."""
    return _quantiles_of(view.saved.days)


def _quantiles_of(days: Floats) -> dict[float, float]:
    """All quantiles in one go, which sorts the projects once."""
    kept, shares = days[~np.isnan(days)], list(QUANTILES.values())
    found = _between(np.sort(kept), shares) if len(kept) else [np.nan] * len(shares)
    return dict(zip(shares, found, strict=True))


def _between(ordered: Floats, shares: Sequence[float]) -> Iterator[float]:
    """What `numpy.quantile` finds in sorted numbers, to the last bit, without what it costs to ask it."""
    for share in shares:
        place = share * (len(ordered) - 1)
        below = floor(place)
        low, high, weight = ordered[below], ordered[min(below + 1, len(ordered) - 1)], place - below
        yield float(high - (high - low) * (1 - weight) if weight >= 0.5 else low + (high - low) * weight)


_RESTRICTED = "a project that has not reached 'to' when the run is over counts up to then"
_LEFT_OUT = "projects that have not reached 'from', withdrew before 'to', or have either behind them, are left out"
_BOTH_CUT = "both end at the same time after the later of its two starts, at the latest when the run is over"
_SAVED = "days under the baseline - days under the policy, of one project"
_AT_LEAST = "where projects are censored, it is a lower bound of the days that they take"
_ROUGH = f"its interval is rough from fewer than {ENOUGH} replications, and marked so"
_SAME = "only projects that have 'from' ahead of them and reach it under both policies are compared; 'net_days' has all"

_EVERYBODY = (
    "all projects that have 'to' ahead of them, also those that the question is not about or that passed 'from'"
)

MEASURES = (
    Measure(
        "days",
        "lead time",
        "历时",
        f"mean over projects of to - from; {_RESTRICTED}; {_LEFT_OUT}",
        "days",
        lead_time,
        elapsed=True,
        limits=(_AT_LEAST,),
        headline=True,
        in_sweeps=True,
    ),
    *(
        Measure(
            f"days_{name}",
            f"lead time, {name}",
            f"历时{name}分位",
            f"{share:.0%} quantile over projects",
            "days",
            Quantile(share),
            "quantile",
            elapsed=True,
            limits=(_AT_LEAST, _ROUGH),
            headline=True,
            in_sweeps=name != "p10",
        )
        for name, share in QUANTILES.items()
    ),
    Measure(
        "days_saved",
        "days saved",
        "节省天数",
        f"mean over projects of {_SAVED}; {_BOTH_CUT}",
        "days",
        days_saved,
        paired=True,
        limits=(_SAME,),
        headline=True,
        in_sweeps=True,
    ),
    Measure(
        "net_days",
        "net of the park, days earlier",
        "全园净提前天数",
        "mean over projects that have 'to' ahead of them of its day under the baseline - its day under the policy",
        "days",
        net_days,
        paired=True,
        limits=(_EVERYBODY, "where projects are censored, both days count up to the end of the run"),
        headline=True,
        in_sweeps=True,
    ),
    *(
        Measure(
            f"days_saved_{name}",
            f"days saved, {name}",
            f"节省天数{name}分位",
            f"{share:.0%} quantile over projects of {_SAVED}",
            "days",
            Quantile(share, saved=True),
            "quantile",
            paired=True,
            limits=(_SAME, _ROUGH),
        )
        for name, share in QUANTILES.items()
    ),
    Measure(
        "share_losing",
        "share of projects that lose",
        "受损项目占比",
        "projects that lose more than half a day ÷ projects compared",
        "share",
        share_losing,
        "share",
        least=0.0,
        most=1.0,
        paired=True,
        limits=(_SAME, "a loss of half a day or less counts as none"),
        headline=True,
        in_sweeps=True,
    ),
    Measure(
        "project_days_gained",
        "project-days gained",
        "受益项目天数",
        "sum over projects that gain of days saved",
        "days",
        Balance(1.0),
        least=0.0,
        paired=True,
        limits=(_SAME,),
        in_sweeps=True,
    ),
    Measure(
        "project_days_lost",
        "project-days lost",
        "受损项目天数",
        "sum over projects that lose of days lost",
        "days",
        Balance(-1.0),
        least=0.0,
        paired=True,
        limits=(_SAME,),
        in_sweeps=True,
    ),
)
