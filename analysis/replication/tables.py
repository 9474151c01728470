"""Tables of one replication under one policy: projects, steps, issues, desks and stocks, with readable names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.observe import solving_steps
from parkflow.analysis.replication.critical_path import CAUSES, milestone_steps, own_causes, project_cases
from parkflow.analysis.replication.desk_loads import DeskLoad, desk_loads
from parkflow.sim.kinds import STOCK
from parkflow.sim.records import Records

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = dict[str, NDArray[Any]]
"""Columns of equal length by name. Days are floats since the start; NaN and "" stand for what did not happen."""


@dataclass(frozen=True)
class Tables:
    """The five tables of one run, and the date of its day 0."""

    projects: Table
    steps: Table
    issues: Table
    desks: Table
    stocks: Table
    start: dt.date | None = None

    def items(self) -> Iterable[tuple[str, Table]]:
        """The tables by name."""
        return ((field.name, getattr(self, field.name)) for field in fields(self) if field.name != "start")


def tables(records: Records) -> Tables:
    """All tables of one run."""
    names = case_names(records)
    start = records.layout.scenario.start
    return Tables(
        projects=projects(records, names),
        steps=steps(records, names),
        issues=issues(records, names),
        desks=desks(records),
        stocks=stocks(records),
        start=start,
    )


def frame(table: Table) -> pd.DataFrame:
    """A table as a pandas DataFrame."""
    import pandas as pd

    return pd.DataFrame(table)


def case_names(records: Records) -> NDArray[Any]:
    """A name for every case: ``new-17`` is the 17th project of the group new, ``new-17/2`` its second issue."""
    cases = records.plan.cases
    group = np.array(records.layout.groups)[cases.group]
    number = np.char.add("-", (cases.row + 1).astype(str))
    return np.char.add(np.char.add(group, number), _issue_suffix(cases.parent, cases.category))


def projects(records: Records, names: NDArray[Any]) -> Table:
    """One row a project: its group, class, arrival, the day of every milestone, and whether it withdrew.

    `censored` projects were unfinished when the run was over; those that withdrew are not among them.
    """
    scenario, cases = records.layout.scenario, project_cases(records)
    group = records.plan.cases.group[cases]
    milestones = [name for name, a in scenario.activities.items() if a.step == "milestone" and "project" in a.processes]
    table = {"project": names[cases], "group": np.array(records.layout.groups)[group]}
    table["class"] = np.array([it.of for it in scenario.portfolio.values()])[group]
    table["arrival"] = records.plan.cases.arrival[cases]
    table |= {name: milestone_days(records, name)[cases] for name in milestones}
    return table | {"withdrawn": records.withdrawn[cases], "censored": _unfinished(records)[cases]}


def steps(records: Records, names: NDArray[Any]) -> Table:
    """One row an attempt at a step, in the order of cases: whose, what, where, when, and what its own time counts as.

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
        "attempt": _turn(step) + 1,
        "step": np.array(["milestone", *(it.step for it in given)])[activity],
        "place": np.array(["", *(it.desk or it.meeting or it.stock or "" for it in given)])[activity],
        "ready": records.attempt_ready[order],
        "start": records.attempt_start[order],
        "end": records.attempt_end[order],
        "cause": np.array(CAUSES)[np.where((_turn(step) > 0) & ~is_issue, CAUSES.index("correction"), own)],
    }


def issues(records: Records, names: NDArray[Any]) -> Table:
    """One row a planned issue whose host is there: where it arises, when it was found, solved and closed, and by whom.

    The history follows: the day on which each activity of its handling ended, NaN where it did not take place.
    """
    plan, scenario = records.plan, records.layout.scenario
    host = _hosts(records)
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
    """One row a desk: its servers, utilisation, waits in days, longest queue and number of visits."""
    loads = list(desk_loads(records))
    waits = [load.waits(records.over) for load in loads]
    return {
        "desk": np.array([load.desk for load in loads], dtype=str),
        "servers": np.array([load.servers for load in loads], dtype=np.int64),
        "utilisation": np.array([load.busy / load.open if load.open else np.nan for load in loads]),
        "wait_mean": np.array([wait.mean() if len(wait) else np.nan for wait in waits]),
        "wait_p90": np.array([np.quantile(wait, 0.9) if len(wait) else np.nan for wait in waits]),
        "longest_queue": np.array([longest_queue(load) for load in loads], dtype=np.int64),
        "visits": np.array([len(load.ready) for load in loads], dtype=np.int64),
    }


def stocks(records: Records) -> Table:
    """One row a change of a stock's level, and one each time somebody asked in vain (`short`), by stock and day.

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


def longest_queue(load: DeskLoad) -> int:
    """The most attempts that waited at one desk at a time; who is served at once does not queue."""
    waited = ~(load.start <= load.ready)
    left = load.start[waited]
    days = np.concatenate((left[~np.isnan(left)], load.ready[waited]))
    change = np.concatenate(
        (np.full(np.count_nonzero(~np.isnan(left)), -1), np.ones(np.count_nonzero(waited), dtype=int))
    )
    return int(np.cumsum(change[np.lexsort((change, days))]).max(initial=0))


def milestone_days(records: Records, name: str) -> Floats:
    """Day on which each case ended an activity, by case; NaN where it did not, or where the scenario has none of it."""
    if name not in records.layout.number:
        return np.full(len(records.plan.cases.first), np.nan)
    step = milestone_steps(records, name)
    return np.where(step < 0, np.nan, records.end[step])


class TableFolder:
    """A folder of Parquet files, one a table, that grows replication by replication; each row tells whose it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def append(self, replication: int, kept: Mapping[str, Tables]) -> None:
        """Add one replication's tables, by policy. Columns that only some policies have are empty for the others."""
        for name in ("projects", "steps", "issues", "desks", "stocks"):
            parts = {policy: getattr(run, name) for policy, run in kept.items()}
            self._write(name, stacked(parts, replication), next(iter(kept.values())).start)

    def _write(self, name: str, table: Table, start: dt.date | None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        arrow = pa.table({key: pa.array(column) for key, column in table.items()})
        arrow = arrow.replace_schema_metadata({"start": start.isoformat() if start else "", "unit": "days since start"})
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", arrow.schema)
        self._writers[name].write_table(arrow)


def parquet(kept: Tables, folder: Path, policy: str = "", replication: int = 0) -> None:
    """Write the tables of one run as one Parquet file each; the start date is in the files' metadata."""
    with TableFolder(folder) as files:
        files.append(replication, {policy: kept})


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


def _issue_suffix(parent: Ints, category: Ints) -> NDArray[Any]:
    """``/2`` for the second issue of a project, nothing for cases that are no issues."""
    suffix = np.full(len(parent), "", dtype="<U12")
    mine = np.flatnonzero(category >= 0)
    suffix[mine] = np.char.add("/", (_turn(parent[mine]) + 1).astype(str))
    return suffix


def _turn(keys: Ints) -> Ints:
    """How many equal keys stand directly before each one."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    new = np.append(True, keys[1:] != keys[:-1])
    begin = np.flatnonzero(new)
    turn: Ints = np.arange(len(keys)) - begin[np.cumsum(new) - 1]
    return turn


def _unfinished(records: Records) -> NDArray[np.bool_]:
    """Cases that have not withdrawn and have a last step (one that nothing waits for) that is not over."""
    steps = records.plan.steps
    last = np.flatnonzero((steps.edges_begin == steps.edges_end) & np.isnan(records.end))
    unfinished = np.bincount(steps.case[last], minlength=len(records.plan.cases.first)) > 0
    return unfinished & ~records.withdrawn


def _hosts(records: Records) -> Ints:
    """The step in which each issue arises, by case; -1 for other cases, and where that step is not in the plan."""
    plan = records.plan
    number = plan.steps.edges_end - plan.steps.edges_begin
    source = np.repeat(np.arange(len(number)), number)
    place = np.arange(len(source)) - np.repeat(np.cumsum(number) - number, number)
    target = plan.successors[plan.steps.edges_begin[source] + place]
    released_by = np.full(len(number), -1)
    released_by[target] = source
    return released_by[plan.cases.first]
