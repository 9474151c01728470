"""What one replication shows of every measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, SupportsFloat, SupportsInt

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.registry import ALL, LOSES_BELOW, QUANTILES, RESOLVED_WITHIN, Observation
from parkflow.analysis.replication.critical_path import CAUSES, cause_days, milestone_steps, project_cases
from parkflow.analysis.replication.desk_loads import desk_loads
from parkflow.sim.issues import expected_issues
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def observe(runs: Mapping[str, Records], baseline: str, question: tuple[str, str]) -> list[Observation]:
    """All measures of one replication: the level of every policy, and what differs from the baseline.

    Raises `ValueError` if the policies do not have the same projects.
    """
    seen = {policy: _Run(policy, records, *question) for policy, records in runs.items()}
    base = seen[baseline]
    found: list[Observation] = []
    for run in seen.values():
        found += [*_days(run), *_throughput(run), *_issues(run), *_desks(run), *_causes(run)]
        if run is not base:
            found += [*_days_saved(run, base), *_causes_saved(run, base)]
    return found


class _Reached(NamedTuple):
    """The day on which each case reached a milestone (NaN: not yet), and whether it has it ahead of it at all."""

    day: Floats
    ahead: Bools


@dataclass(frozen=True)
class _Run:
    """One policy's records of a replication, and the pair of milestones asked about."""

    policy: str
    records: Records
    start: str
    end: str

    @cached_property
    def projects(self) -> Ints:
        return project_cases(self.records)

    @cached_property
    def issues(self) -> Ints:
        return np.flatnonzero(self.records.plan.cases.category >= 0)

    @cached_property
    def groups(self) -> dict[str, Bools]:
        """Which projects are in which group; classes only where they are not the groups under other names."""
        cases, scenario = self.records.plan.cases, self.records.layout.scenario
        group = cases.group[self.projects]
        names = {number: name for number, name in enumerate(scenario.portfolio) if (group == number).any()}
        classes = list(dict.fromkeys(scenario.portfolio[name].of for name in names.values()))
        found = {ALL: np.ones(len(group), dtype=bool)}
        if len(names) > 1:
            found |= {name: group == number for number, name in names.items()}
        if 1 < len(classes) < len(names):
            of = np.array([group.of for group in scenario.portfolio.values()])[group]
            found |= {f"class:{name}": of == name for name in classes}
        return found

    @cached_property
    def withdrawn(self) -> Bools:
        return self.records.withdrawn[self.projects]

    def groups_of(self, concerned: Bools) -> Iterator[tuple[str, Bools]]:
        """The group of all, and every other that holds a project concerned, with its projects."""
        return ((name, mine) for name, mine in self.groups.items() if name == ALL or (mine & concerned).any())

    @cached_property
    def causes(self) -> Floats:
        """Days by project and cause; NaN where a project has not reached both milestones."""
        return np.column_stack(list(cause_days(self.records, self.start, self.end).values()))

    @cached_property
    def pair(self) -> tuple[_Reached, _Reached]:
        return self.reached(self.start, self.projects), self.reached(self.end, self.projects)

    def has(self, name: str) -> bool:
        """Whether the scenario has this activity."""
        return name in self.records.layout.number

    def reached(self, name: str, cases: Ints) -> _Reached:
        step = milestone_steps(self.records, name)[cases]
        return _Reached(np.where(step < 0, np.nan, self.records.end[step]), step >= 0)

    def span(self, over: float) -> tuple[Floats, Bools]:
        """Days of each project between the pair, up to `over` at most (NaN: left out), and which are censored.

        Projects that withdrew before the second milestone are left out, and not censored.
        """
        start, end = self.pair
        asked = start.ahead & end.ahead & ~(self.withdrawn & np.isnan(start.day + end.day))
        days = np.where(np.isnan(end.day), over, end.day) - start.day
        return np.where(asked, days, np.nan), asked & np.isnan(start.day + end.day)

    def seen(
        self, name: str, value: SupportsFloat, group: str = ALL, weight: SupportsFloat = 1.0, censored: SupportsInt = 0
    ) -> Observation:
        """An observation of a measure without a pair of milestones."""
        return Observation(self.policy, name, "", "", group, float(value), float(weight), int(censored))

    def between(
        self, name: str, value: SupportsFloat, group: str = ALL, weight: SupportsFloat = 1.0, censored: SupportsInt = 0
    ) -> Observation:
        """An observation of a measure of the pair asked about."""
        return self.seen(name, value, group, weight, censored)._replace(start=self.start, end=self.end)


def _days(run: _Run) -> Iterator[Observation]:
    days, censored = run.span(run.records.over)
    for group, mine in run.groups_of(~np.isnan(days) | censored):
        yield run.between("days", _mean(days[mine]), group, censored=censored[mine].sum())
    yield from _quantiles(run, "days", days, censored)


def _days_saved(run: _Run, base: _Run) -> Iterator[Observation]:
    saved, censored = _saved(run, base)
    for group, mine in run.groups_of(~np.isnan(saved) | censored):
        here, unfinished = saved[mine], censored[mine].sum()
        compared = np.count_nonzero(~np.isnan(here))
        yield run.between("days_saved", _mean(here), group, censored=unfinished)
        yield run.between("share_losing", np.count_nonzero(here < LOSES_BELOW), group, compared, unfinished)
        yield run.between("project_days_gained", np.nansum(np.maximum(here, 0.0)), group, censored=unfinished)
        yield run.between("project_days_lost", np.nansum(np.maximum(-here, 0.0)), group, censored=unfinished)
    yield from _quantiles(run, "days_saved", saved, censored)


def _saved(run: _Run, base: _Run) -> tuple[Floats, Bools]:
    """Days saved by each project (NaN: left out), both runs restricted at the same time, and which are censored."""
    for column in ("group", "row"):
        mine, theirs = (getattr(it.records.plan.cases, column)[it.projects] for it in (run, base))
        if not np.array_equal(mine, theirs):
            raise ValueError(f"policies {run.policy!r} and {base.policy!r} do not have the same projects")
    over = max(run.records.over, base.records.over)
    (days, censored), (before, censored_before) = run.span(over), base.span(over)
    return before - days, censored | censored_before


def _quantiles(run: _Run, name: str, days: Floats, censored: Bools) -> Iterator[Observation]:
    kept = days[~np.isnan(days)]
    values = np.quantile(kept, list(QUANTILES.values())) if len(kept) else np.full(len(QUANTILES), np.nan)
    for key, value in zip(QUANTILES, values, strict=True):
        yield run.between(f"{name}_{key}", value, censored=censored.sum())


def _causes(run: _Run) -> Iterator[Observation]:
    yield from _by_cause(run, "cause_days", run.causes, run.span(run.records.over)[1])


def _causes_saved(run: _Run, base: _Run) -> Iterator[Observation]:
    yield from _by_cause(run, "cause_days_saved", base.causes - run.causes, _saved(run, base)[1])


def _by_cause(run: _Run, name: str, days: Floats, censored: Bools) -> Iterator[Observation]:
    known = days[~np.isnan(days[:, 0])]
    means = known.mean(axis=0) if len(known) else np.full(len(CAUSES), np.nan)
    for cause, value in zip(CAUSES, means, strict=True):
        yield run.between(name, value, cause, censored=censored.sum())


def _throughput(run: _Run) -> Iterator[Observation]:
    for name, milestone in (("started", "groundbreaking"), ("completed", "production")):
        if run.has(milestone):
            day, ahead = run.reached(milestone, run.projects)
            for group, mine in run.groups_of(ahead):
                there = ~np.isnan(day[mine])
                seen = run.seen(name, there.sum(), group, censored=(ahead & ~run.withdrawn)[mine][~there].sum())
                yield seen._replace(end=milestone)
    if any(given.step == "end" for given in run.records.layout.scenario.activities.values()):
        for group, mine in run.groups.items():
            yield run.seen("withdrawn", run.withdrawn[mine].sum(), group, mine.sum())
    yield from _start_rate(run)


def _start_rate(run: _Run) -> Iterator[Observation]:
    scenario = run.records.layout.scenario
    cohort = scenario.cohort
    if cohort is None:
        return
    day, ahead = run.reached(cohort.milestone, run.projects)
    in_cohort = np.array([name in cohort.groups for name in scenario.portfolio])
    mine = ahead & in_cohort[run.records.plan.cases.group[run.projects]]
    by = scenario.day(cohort.by)
    cut_off = np.count_nonzero(mine & np.isnan(day) & ~run.withdrawn) if run.records.over < by else 0
    there = np.count_nonzero(day[mine] <= by)
    seen = run.seen("start_rate", there, " + ".join(cohort.groups), np.count_nonzero(mine), cut_off)
    yield seen._replace(end=cohort.milestone)


def _issues(run: _Run) -> Iterator[Observation]:
    some = any(expected_issues(run.records.layout.scenario).values())
    if not (some and run.has("issue_found") and run.has("issue_solved")):
        return
    names = ("arrival", "issue_found", "issue_solved")
    raised, found, solved = (run.reached(name, run.issues).day for name in names)
    arisen, known = np.count_nonzero(~np.isnan(raised)), ~np.isnan(found)
    yield run.seen("issues_raised", arisen)
    yield run.seen("issues_found", known.sum(), censored=arisen - known.sum())
    for seen in (*_resolution(run, found[known], solved[known]), *_solutions(run)):
        yield seen._replace(start="issue_found", end="issue_solved")


def _resolution(run: _Run, found: Floats, solved: Floats) -> Iterator[Observation]:
    over, still_open = run.records.over, np.isnan(solved)
    yield run.seen("issues_resolved", (~still_open).sum(), weight=len(found), censored=still_open.sum())
    for days in RESOLVED_WITHIN:
        watched = found <= over - days
        within = np.count_nonzero(solved[watched] - found[watched] <= days)
        too_late = np.count_nonzero(still_open & ~watched)
        yield run.seen(f"issues_resolved_{days}", within, weight=watched.sum(), censored=too_late)
    yield run.seen("issue_days", _mean(np.where(still_open, over, solved) - found), censored=still_open.sum())


def _solutions(run: _Run) -> Iterator[Observation]:
    layout, steps = run.records.layout, run.records.plan.steps
    by = solving_steps(run.records)
    by = by[by >= 0]
    activity = steps.activity[by]
    for name, given in layout.scenario.activities.items():
        if given.solves is not None:
            yield run.seen("issues_solved_at", (activity == layout.number[name]).sum(), name, len(by))
    if run.has("reopened"):
        again = ~np.isnan(run.records.ready) & ~run.records.skipped & (steps.activity == layout.number["reopened"])
        yield run.seen("issues_reopened", again.sum(), weight=len(by))


def solving_steps(records: Records) -> Ints:
    """The step that solved each case's issue, by case; -1 where none did."""
    steps = records.plan.steps
    solvers = np.flatnonzero(steps.solves & (steps.kind != SKIPPED) & ~records.skipped & ~np.isnan(records.end))
    latest_first = solvers[np.argsort(records.end[solvers], kind="stable")[::-1]]
    found = np.full(len(records.plan.cases.first), -1)
    found[steps.case[latest_first]] = latest_first
    return found


def _desks(run: _Run) -> Iterator[Observation]:
    for load in desk_loads(run.records):
        waits = load.waits(run.records.over)
        yield run.seen("utilisation", load.busy, load.desk, load.open)
        yield run.seen("wait", _mean(waits), load.desk, censored=np.isnan(load.start).sum())


def _mean(values: Floats) -> float:
    """Mean of what is there; NaN if nothing is."""
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else np.nan
