"""Load of the park's desks: how busy they are, how long one waits, and how they keep their limits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parkflow.analysis.measures.measure import ALL, NO_PAIR, Measure, Seen, View, mean


def utilisation(view: View) -> Iterator[Seen]:
    """Busy server-days of open ones, by desk."""
    for load in view.run.desk_loads:
        yield Seen(load.busy, load.desk, load.open)


def wait(view: View) -> Iterator[Seen]:
    """Mean days waited at each desk; who still waits is censored."""
    for load in view.run.desk_loads:
        yield Seen(mean(load.waits(view.run.over)), load.desk, censored=np.isnan(load.start).sum())


def overdue(view: View) -> Iterator[Seen]:
    """Attempts that took longer than their limit, of those at the desk, in all and by desk."""
    yield from _of_attempts({it.desk: (it.overdue, it.attempts) for it in view.run.desk_limits})


def borrowed(view: View) -> Iterator[Seen]:
    """Attempts that borrowed officers served, of those at the desk, in all and by desk."""
    yield from _of_attempts({it.desk: (it.borrowed, it.attempts) for it in view.run.desk_limits})


def _of_attempts(counts: dict[str, tuple[int, int]]) -> Iterator[Seen]:
    """Shares of attempts, in all and by desk; a desk to which nobody came has none."""
    asked = {desk: count for desk, count in counts.items() if count[1]}
    if asked:
        yield Seen(sum(few for few, _ in asked.values()), ALL, sum(attempts for _, attempts in asked.values()))
        for desk, (few, attempts) in asked.items():
            yield Seen(few, desk, attempts)


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
    Measure(
        "overdue",
        "share of attempts overdue",
        "超期办件占比",
        "attempts that took longer from ready to their decision, circulation included, than their limit ÷ attempts",
        "share",
        overdue,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
        limits=(
            "attempts without a limit are never overdue, and those still open only once their limit has passed",
            "where a policy promises less than the law allows, the limit is what it promises",
            "days are those of the calendar of the limit; what an applicant corrects lies between attempts",
        ),
    ),
    Measure(
        "borrowed",
        "share of attempts by borrowed officers",
        "借调办件占比",
        "attempts served by officers borrowed for files that would have missed their limit ÷ attempts",
        "share",
        borrowed,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
    ),
)
