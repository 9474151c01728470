"""Tables of one replication under one policy: projects, steps, issues, desks, stocks, months; names are readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import case_names, project_cases, stages_at_the_start, turn, unfinished
from parkflow.analysis.replication.critical_path import CAUSES, own_causes
from parkflow.analysis.replication.desk_loads import desk_limits, desk_loads, longest_queue
from parkflow.analysis.replication.issue_cases import host_steps, solving_steps
from parkflow.analysis.replication.milestones import Pair, milestone_days, project_milestones, reached, saved, span
from parkflow.analysis.replication.months import months
from parkflow.sim.kinds import STOCK
from parkflow.sim.records import Records

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = dict[str, NDArray[Any]]
"""Columns of equal length by name. Days are floats since the start; NaN and "" stand for what did not happen."""


@dataclass(frozen=True)
class Tables:
    """The six tables of one run, and the date of its day 0."""

    projects: Table
    steps: Table
    issues: Table
    desks: Table
    stocks: Table
    months: Table
    start: dt.date | None = None

    def items(self) -> Iterable[tuple[str, Table]]:
        """The tables by name."""
        return ((field.name, getattr(self, field.name)) for field in fields(self) if field.name != "start")


def tables(records: Records, pair: Pair, baseline: Records | None = None) -> Tables:
    """All tables of one run; `pair` is what is asked about, and `baseline` what the run is compared with."""
    names = case_names(records)
    start = records.layout.scenario.start
    return Tables(
        projects=projects(records, names, pair, baseline),
        steps=steps(records, names),
        issues=issues(records, names),
        desks=desks(records),
        stocks=stocks(records),
        months=months(records, pair),
        start=start,
    )


def projects(records: Records, names: NDArray[Any], pair: Pair, baseline: Records | None) -> Table:
    """One row per project: its group, class, arrival, milestones, and the days between the two asked about.

    `censored` projects were unfinished when the run was over; those that withdrew are not among them.
    """
    scenario, cases = records.layout.scenario, project_cases(records)
    group = records.plan.cases.group[cases]
    table = {"project": names[cases], "group": np.array(records.layout.groups)[group]}
    table["class"] = np.array([it.of for it in scenario.portfolio.values()])[group]
    table["arrival"] = records.plan.cases.arrival[cases]
    met = {name: reached(records, name, cases) for name in project_milestones(scenario)}
    table |= {name: it.day for name, it in met.items()}
    table |= {"withdrawn": records.withdrawn[cases], "censored": unfinished(records)[cases]}
    table |= {f"{name}_ahead": it.ahead for name, it in met.items()}
    return table | _asked(records, pair, baseline) | _known_at_the_start(records, cases)


def _known_at_the_start(records: Records, cases: Ints) -> Table:
    """What is known of each project before the run: its stage, its attributes, and the practices that cover it."""
    scenario, cases_of = records.layout.scenario, records.plan.cases
    table: Table = {"stage": stages_at_the_start(records)}
    for kind, given in (("attribute", scenario.attributes), ("practice", scenario.practices)):
        for name in given:
            table[f"{kind}_{name}"] = np.full(len(cases), np.nan) if kind == "attribute" else np.zeros(len(cases), bool)
    for number, projects in enumerate(records.plan.projects):
        mine = np.flatnonzero(cases_of.group[cases] == number)
        row = cases_of.row[cases[mine]]
        for name, values in projects.attributes.items():
            table.setdefault(f"attribute_{name}", np.full(len(cases), np.nan))[mine] = values[row]
        for name, covered in projects.practices.items():
            table[f"practice_{name}"][mine] = covered[row]
    return table


def _asked(records: Records, pair: Pair, baseline: Records | None) -> Table:
    """Days and censoring between the milestones asked about, as the measures `days` and `days_saved` count them."""
    mine = span(records, pair)
    table: Table = {"days": mine.days, "days_censored": mine.censored}
    if baseline is None:
        nothing = np.zeros(len(mine.days), dtype=bool)
        return table | {"days_saved": np.full(len(mine.days), np.nan), "days_saved_censored": nothing}
    gained = saved(records, baseline, pair)
    return table | {"days_saved": gained.days, "days_saved_censored": gained.censored}


def steps(records: Records, names: NDArray[Any]) -> Table:
    """One row per attempt at a step, in the order of cases: whose, what, where, when, and what its own time counts as.

    `copy` and `attempt` count from 1; `place` is the desk, meeting or stock.
    """
    plan, scenario = records.plan, records.layout.scenario
    order = np.lexsort((records.attempt_ready, records.attempt_step, plan.steps.case[records.attempt_step]))
    step = records.attempt_step[order]
    case, activity = plan.steps.case[step], plan.steps.activity[step]
    is_issue = plan.cases.category[case] >= 0
    process = np.array([group.process for group in scenario.portfolio.values()])[plan.cases.group[case]]
    given = list(scenario.activities.values())
    own = np.where(is_issue, CAUSES.index("issue"), own_causes(records.layout)[activity])
    return {
        "project": names[plan.cases.parent[case]],
        "issue": np.where(is_issue, names[case], ""),
        "process": np.where(is_issue, "issue", process),
        "activity": np.array(records.layout.activities)[activity],
        "copy": plan.steps.copy[step] + 1,
        "attempt": turn(step) + 1,
        "step": np.array(["milestone", *(it.step for it in given)])[activity],
        "place": np.array(["", *(it.desk or it.meeting or it.stock or "" for it in given)])[activity],
        "ready": records.attempt_ready[order],
        "start": records.attempt_start[order],
        "end": records.attempt_end[order],
        "cause": np.array(CAUSES)[np.where((turn(step) > 0) & ~is_issue, CAUSES.index("correction"), own)],
    }


def issues(records: Records, names: NDArray[Any]) -> Table:
    """One row per planned issue whose host is there: where it arises, when it was found, solved, closed, and by whom.

    The history follows: the day on which each activity of its handling ended, NaN where it did not take place.
    """
    plan, scenario = records.plan, records.layout.scenario
    host = host_steps(records)
    cases = np.flatnonzero((plan.cases.category >= 0) & (host >= 0))
    activities = np.array([*records.layout.activities, ""])
    solver = solving_steps(records)[cases]
    solved_at = np.where(solver < 0, len(activities) - 1, plan.steps.activity[solver])
    table = {"issue": names[cases], "project": names[plan.cases.parent[cases]]}
    table["category"] = np.array(list(scenario.issues.categories), dtype=str)[plan.cases.category[cases]]
    table["host"] = activities[plan.steps.activity[host[cases]]]
    for column, name in _ISSUE_MILESTONES.items():
        table[column] = milestone_days(records, name)[cases]
    table["solved_at"] = activities[solved_at]
    handling = [name for name, it in scenario.activities.items() if "issue" in it.processes and it.step != "milestone"]
    return table | {name: milestone_days(records, name)[cases] for name in handling}


_ISSUE_MILESTONES = {"raised": "arrival", "found": "issue_found", "solved": "issue_solved", "closed": "issue_closed"}


def desks(records: Records) -> Table:
    """One row per desk: its servers, utilisation, waits in days, longest queue, visits, and how it kept its limits."""
    loads, limits = list(desk_loads(records)), list(desk_limits(records))
    waits = [load.waits(records.over) for load in loads]
    return {
        "desk": np.array([load.desk for load in loads], dtype=str),
        "servers": np.array([load.servers for load in loads], dtype=np.int64),
        "utilisation": np.array([load.busy / load.open if load.open else np.nan for load in loads]),
        "wait_mean": np.array([wait.mean() if len(wait) else np.nan for wait in waits]),
        "wait_p90": np.array([np.quantile(wait, 0.9) if len(wait) else np.nan for wait in waits]),
        "longest_queue": np.array([longest_queue(load) for load in loads], dtype=np.int64),
        "visits": np.array([len(load.ready) for load in loads], dtype=np.int64),
        "overdue": np.array([it.overdue for it in limits], dtype=np.int64),
        "borrowed": np.array([it.borrowed for it in limits], dtype=np.int64),
        "borrowed_days": np.array([it.borrowed_days for it in limits]),
    }


def stocks(records: Records) -> Table:
    """One row per change of a stock's level, and one each time somebody asked in vain (`short`), by stock and day.

    The level of a `short` row is what was in store then; asking in vain is to go away without units or to wait.
    """
    plan, names = records.plan, np.array([*records.layout.scenario.stocks, ""])
    asked = (plan.steps.kind == STOCK) & ~plan.steps.gives & ~records.skipped & ~np.isnan(records.ready)
    short = np.flatnonzero(asked & ~(records.held & (records.start <= records.ready)))
    stock = np.concatenate((records.levels[:, 1].astype(np.int64), plan.steps.resource[short]))
    day = np.concatenate((records.levels[:, 0], records.ready[short]))
    level = np.concatenate(
        (records.levels[:, 2], _levels_at(records, plan.steps.resource[short], records.ready[short]))
    )
    is_short = np.arange(len(day)) >= len(records.levels)
    order = np.lexsort((is_short, day, stock))
    return {"stock": names[stock][order], "day": day[order], "level": level[order], "short": is_short[order]}


def _levels_at(records: Records, stock: Ints, day: Floats) -> Floats:
    """What each stock held on a day."""
    found = np.full(len(day), np.nan)
    for number in np.unique(stock):
        log, mine = records.levels[records.levels[:, 1] == number], stock == number
        found[mine] = log[np.searchsorted(log[:, 0], day[mine], side="right") - 1, 2]
    return found


def stacked(parts: Mapping[str, Table], replication: int) -> Table:
    """The tables of several policies one below the other, with replication and policy in front."""
    lengths = [len(next(iter(table.values()))) for table in parts.values()]
    stacked: Table = {"replication": np.full(sum(lengths), replication)}
    stacked["policy"] = np.repeat(np.array(list(parts), dtype=str), lengths)
    for key in dict.fromkeys(key for table in parts.values() for key in table):
        columns = [
            table.get(key, np.full(length, np.nan)) for table, length in zip(parts.values(), lengths, strict=True)
        ]
        stacked[key] = np.concatenate(columns)
    return stacked
