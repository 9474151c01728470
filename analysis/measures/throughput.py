"""How many projects get there: starts, completions, withdrawals, and the start rate of a cohort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from parkflow.analysis.measures.measure import ENOUGH, NO_PAIR, Measure, Seen, View, mean


@dataclass(frozen=True)
class Arrivals:
    """Observes how many projects reach a milestone during the run, by group; nothing where the park has none of it."""

    milestone: str

    def __call__(self, view: View) -> Iterator[Seen]:
        """The count of each group; those that could still come are censored."""
        if not view.run.has(self.milestone):
            return
        met = view.run.reached(self.milestone)
        waiting = met.ahead & ~view.run.withdrawn & np.isnan(met.day)
        for group, mine in view.groups_of(met.ahead):
            yield Seen(np.count_nonzero(~np.isnan(met.day[mine])), group, censored=waiting[mine].sum())


def withdrawn(view: View) -> Iterator[Seen]:
    """Projects that withdrew of all, by group, where the park lets any."""
    if any(given.step == "end" for given in view.run.scenario.activities.values()):
        for group, mine in view.groups.items():
            yield Seen(view.run.withdrawn[mine].sum(), group, mine.sum())


def start_rate(view: View) -> Iterator[Seen]:
    """Projects of the cohort that reach its milestone by its date; before that date, unfinished ones are censored."""
    run = view.run
    cohort = run.scenario.cohort
    if cohort is None:
        return
    met = run.reached(cohort.milestone)
    mine = met.ahead & np.isin(run.groups, cohort.groups)
    by = run.scenario.day(cohort.by)
    cut_off = np.count_nonzero(mine & np.isnan(met.day) & ~run.withdrawn) if run.over < by else 0
    there = np.count_nonzero(met.day[mine] <= by)
    yield Seen(there, " + ".join(cohort.groups), np.count_nonzero(mine), cut_off, cohort.milestone)


def half_by(view: View) -> Iterator[Seen]:
    """Day by which half of the projects that have the second milestone ahead of them have reached it.

    Where fewer than half do, there is no such day, and those still on their way are censored.
    """
    met = view.run.reached(view.pair[1])
    mine = met.ahead & ~view.run.withdrawn
    by = np.sort(met.day[mine])  # who never gets there is NaN, and comes last
    day = by[(len(by) - 1) // 2] if len(by) else np.nan
    yield Seen(day, censored=np.count_nonzero(np.isnan(by)) if np.isnan(day) else 0)


def wip(view: View) -> Iterator[Seen]:
    """Mean projects in progress between the pair, over the months in which some are."""
    in_progress = view.run.months(view.pair)["in_progress"]
    yield Seen(mean(in_progress[in_progress > 0]))


_SO_FAR = "projects that reach it after the end of the run are not counted"

MEASURES = (
    Measure(
        "started",
        "projects started",
        "开工项目数",
        "projects that reach groundbreaking during the run",
        "count",
        Arrivals("groundbreaking"),
        least=0.0,
        between=("", "groundbreaking"),
        limits=(_SO_FAR,),
        headline=True,
        in_sweeps=True,
    ),
    Measure(
        "completed",
        "projects in production",
        "投产项目数",
        "projects that reach production during the run",
        "count",
        Arrivals("production"),
        least=0.0,
        between=("", "production"),
        limits=(_SO_FAR,),
        headline=True,
        in_sweeps=True,
    ),
    Measure(
        "half_by",
        "day by which half are there",
        "半数到达之日",
        "day by which half of the projects that have 'to' ahead of them have reached it",
        "day",
        half_by,
        "quantile",
        least=0.0,
        limits=(
            "there is no such day in a replication in which fewer than half get there; these are censored",
            f"its interval is rough from fewer than {ENOUGH} replications, and marked so",
        ),
    ),
    Measure(
        "wip",
        "projects in progress",
        "在办项目数",
        "mean over the months in which some are of the projects between from and to",
        "count",
        wip,
        least=0.0,
        limits=("projects that withdraw are not in it, and the months after the last is done neither",),
    ),
    Measure(
        "withdrawn",
        "share of projects withdrawn",
        "退出项目占比",
        "projects that withdraw or are turned away during the run ÷ projects",
        "share",
        withdrawn,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
    ),
    Measure(
        "start_rate",
        "start rate of the cohort",
        "开工率",
        "projects of the cohort that reach its milestone by its date ÷ projects of the cohort",
        "share",
        start_rate,
        "share",
        least=0.0,
        most=1.0,
        between=NO_PAIR,
        limits=("projects with the milestone behind them at the start are not of the cohort",),
        headline=True,
        in_sweeps=True,
        of_cohort=True,
    ),
)
