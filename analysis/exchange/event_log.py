"""The event log of one replication under one policy: what an office would have written down of it, as plain rows.

A case is a project, or a parcel that is prepared for a stock; the handling of an issue belongs to its project and names
the issue. There is one row per attempt at an activity and one per milestone. An activity that issues interrupt stays
one row: it is suspended from when the work stops until it goes on, or until the last of its issues is closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parkflow.analysis.exchange import waiting
from parkflow.analysis.exchange.officers import officers
from parkflow.sim.calendars import WorkCurve, work_curve
from parkflow.sim.network import ARRIVAL, network
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]
Frames = Mapping[str, pd.DataFrame]

EPOCH = dt.date(2001, 1, 1)
"""Day 0 of a park without a start date: a Monday, as its calendars have it."""

ATTEMPT = ["project", "issue", "activity", "copy", "attempt"]
"""What tells one attempt from another."""

ISSUE_MILESTONES = {
    "raised": "issue_raised",
    "found": "issue_found",
    "solved": "issue_solved",
    "closed": "issue_closed",
}
"""Milestones of issues, by the column that holds their day."""

COLUMNS: Mapping[str, str] = {
    "case": "project, or parcel that is prepared for a stock",
    "process": "process that the row belongs to: project, parcel or issue",
    "group": "group of the portfolio that the case belongs to",
    "class": "class of the case",
    "issue": "issue that is handled; empty for the work on the case itself",
    "activity": "activity or milestone of the scenario; the milestones of an issue begin with issue_",
    "copy": "copy of the activity, such as a building, counted from 1",
    "attempt": "attempt at it, counted from 1; a file that comes back for correction has several",
    "step": "kind of step: desk, work, notice, meeting, stock or milestone",
    "place": "desk, meeting or stock; empty where there is none",
    "resource": "officer or meeting, as planning/2; empty where nobody of the office is at work",
    "schedule": "moment at which it could begin",
    "start": "moment at which it began; empty: not yet",
    "complete": "moment at which it ended; empty: not yet",
    "returned": "whether it came back for correction: another attempt follows",
    "suspended": "days between start and completion on which issues held it up",
    "wait": "days from schedule to start; empty where it has not begun",
    "contention": "days of the wait in which officers served files that came no later, or sittings heard such cases",
    "prioritisation": "days of the wait in which they served files that came later",
    "unavailability": "days of the wait on which the desk was closed",
    "batching": "days of the wait until the meeting's first sitting",
    "extraneous": "days of the wait for land, quota or another stock, and what nothing in the log explains",
    "cause": "cause under which the time from start to completion counts",
}
"""Every column of the log, and its meaning. A moment is a date and time of the park's calendar, written as UTC."""

MOMENTS = ("schedule", "start", "complete")
MICROSECONDS = 86_400e6
"""In a day."""


@dataclass(frozen=True)
class EventLog:
    """The log of one replication: `rows` have the columns of `COLUMNS`, with moments as days since day 0 in floats.

    `pauses` has one row per suspension: `row`, a label of `rows`, and `begin` and `end` in days, NaN while it lasts.
    `cases` has one row per case: `case`, `process`, `group`, `class`, and what it was drawn to have.
    """

    title: str
    day0: dt.date
    scenario: Scenario
    rows: pd.DataFrame
    pauses: pd.DataFrame
    cases: pd.DataFrame
    issues: pd.DataFrame

    def stamps(self, days: pd.Series) -> NDArray[np.datetime64]:
        """Days as dates and times of the park's calendar, to the microsecond; NaT for what did not happen."""
        micros = np.round(days.to_numpy(float) * MICROSECONDS)
        known = ~np.isnan(micros)
        stamps = np.full(len(days), np.datetime64("NaT", "us"))
        stamps[known] = np.datetime64(self.day0, "us") + micros[known].astype("int64").astype("timedelta64[us]")
        return stamps

    def moments(self, days: pd.Series) -> list[str]:
        """Days as text, ``2018-08-22T01:47:37.881600+00:00``; empty for what did not happen."""
        written = np.datetime_as_string(self.stamps(days), unit="us").tolist()
        return ["" if moment == "NaT" else f"{moment}+00:00" for moment in written]

    def table(self) -> pd.DataFrame:
        """The rows as they are written: moments as text."""
        return self.rows.assign(**{name: self.moments(self.rows[name]) for name in MOMENTS})


def event_log(tables: Frames, scenario: Scenario, title: str) -> EventLog:
    """The log of one replication from its tables `projects`, `steps` and `issues`, and the park under the policy."""
    steps = tables["steps"].reset_index(drop=True)
    attempts, pauses = _attempts(steps, tables["issues"])
    rows = pd.concat(
        (attempts, _milestones(tables["projects"]), _issue_milestones(tables["issues"])), ignore_index=True
    )
    cases = _cases(tables["projects"], steps, scenario)
    rows = rows.rename(columns={"project": "case"}).merge(cases[["case", "group", "class"]], on="case", how="left")
    rows = rows.assign(resource=_resources(rows, scenario), **_waits(rows, scenario))
    turns = _turns(scenario)
    turn = [turns.get(key, -1) for key in zip(rows["process"], rows["activity"], strict=True)]
    order = rows.assign(turn=turn).sort_values(["case", *MOMENTS, "turn"], kind="stable").index
    rows = rows.loc[order, list(COLUMNS)]
    return EventLog(title, scenario.start or EPOCH, scenario, rows, pauses, cases, tables["issues"])


def _turns(scenario: Scenario) -> dict[tuple[str, str], int]:
    """Where each activity of each process stands in an order in which everything comes after what it waits for."""
    processes = {"issue", *(group.process for group in scenario.portfolio.values())}
    found: dict[tuple[str, str], int] = {}
    for process in processes:
        ways = network(scenario, process)
        found |= {(process, ways.nodes[node][0]): turn for turn, node in enumerate(ways.order())}
    return found


def _attempts(steps: pd.DataFrame, issues: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per attempt, and its pauses: the steps table has one row per stretch between issues."""
    parts = _with_closing(steps, issues).sort_values([*ATTEMPT, "ready"], kind="stable")
    parts["row"] = parts.groupby(ATTEMPT, sort=False).ngroup()
    grouped = parts.groupby("row", sort=False)
    last = parts.drop_duplicates("row", keep="last").set_index("row")
    found = parts.drop_duplicates("row").set_index("row")[
        [*ATTEMPT, "process", "step", "place", "ready", "start", "cause"]
    ]
    found["returned"] = found.duplicated(ATTEMPT[:-1], keep="last")
    closed = grouped["closed"].agg(lambda days: days.max(skipna=False)).where(~found["returned"], -np.inf)
    found["complete"] = np.maximum(last["end"], closed)
    worked = (parts["end"] - parts["start"]).groupby(parts["row"]).sum()
    paused = found["complete"] - found["start"] - worked
    found["suspended"] = paused.where((grouped.size() > 1) | (closed > last["end"]), 0.0)
    return found.rename(columns={"ready": "schedule"}), _pauses(parts, last["end"], found["complete"])


def _with_closing(steps: pd.DataFrame, issues: pd.DataFrame) -> pd.DataFrame:
    """The stretches with the day on which the issues that end each were closed: NaN if one is open, -inf for none."""
    met = issues.loc[issues["raised"].notna(), ["project", "host", "raised", "closed"]]
    met = met.rename(columns={"host": "activity", "raised": "end"}).assign(issue="")
    closing = met.groupby(["project", "issue", "activity", "end"])["closed"].agg(lambda days: days.max(skipna=False))
    found = steps.merge(closing.reset_index(), how="left", indicator="met")
    found["closed"] = found["closed"].where(found["met"] == "both", -np.inf)
    return found.drop(columns="met")


def _pauses(parts: pd.DataFrame, last: pd.Series, complete: pd.Series) -> pd.DataFrame:
    """One row per suspension of an attempt: between its stretches, and from the last of them to its completion."""
    goes_on = parts["row"] == parts["row"].shift(-1)
    between = pd.DataFrame({"row": parts["row"], "begin": parts["end"], "end": parts["ready"].shift(-1)})[goes_on]
    behind = pd.DataFrame({"row": last.index, "begin": last.to_numpy(), "end": complete.to_numpy()})
    found = pd.concat((between, behind), ignore_index=True)
    return found[found["begin"].notna() & ~(found["end"] <= found["begin"])].reset_index(drop=True)


def _milestones(projects: pd.DataFrame) -> pd.DataFrame:
    """One row per milestone that a project reached, its arrival the first of them."""
    names = [ARRIVAL, *(name for name in projects if f"{name}_ahead" in projects)]
    days = projects.melt(["project"], names, "activity", "schedule").dropna(subset="schedule")
    return _instants(days.assign(issue="", process="project"))


def _issue_milestones(issues: pd.DataFrame) -> pd.DataFrame:
    """One row per day of an issue's history."""
    days = issues.rename(columns=ISSUE_MILESTONES).melt(
        ["project", "issue"], list(ISSUE_MILESTONES.values()), "activity", "schedule"
    )
    return _instants(days.dropna(subset="schedule").assign(process="issue"))


def _instants(days: pd.DataFrame) -> pd.DataFrame:
    """Rows of what takes no time."""
    return days.assign(
        start=days["schedule"], complete=days["schedule"], copy=1, attempt=1, step="milestone", place="", cause="",
        returned=False, suspended=0.0,
    )  # fmt: skip


def _cases(projects: pd.DataFrame, steps: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """One row per project, and per parcel that anything happened to."""
    names = [str(name) for name in projects]
    kept = [name for name in names if name.startswith("attribute_")]
    kept += [name for name in names if name.startswith("practice_") and projects[name].any()]
    known = projects[["project", "group", "class", "arrival", "stage", *kept]].assign(process="project")
    others = steps.loc[~steps["project"].isin(known["project"]) & (steps["issue"] == ""), ["project", "process"]]
    others = others.drop_duplicates("project")
    others["group"] = [str(name).rpartition("-")[0] for name in others["project"]]
    others["class"] = [scenario.portfolio[group].of for group in others["group"]]
    return pd.concat((known, others), ignore_index=True).rename(columns={"project": "case"})


def _resources(rows: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Who was at work on each row: an officer of the desk, or the meeting."""
    found = rows["place"].where(rows["step"] == "meeting", "").astype(object)
    for desk, mine in rows[rows["step"] == "desk"].groupby("place", sort=False):
        servers = scenario.desks[str(desk)].servers
        found[mine.index] = officers(str(desk), servers, mine["start"].to_numpy(), mine["complete"].to_numpy())
    return found


def _waits(rows: pd.DataFrame, scenario: Scenario) -> dict[str, pd.Series]:
    """The wait of every row, and its days by class."""
    found = {name: pd.Series(0.0, rows.index) for name in waiting.CLASSES}
    waits = rows[rows["step"].isin(("desk", "meeting", "stock"))]
    for (step, place), mine in waits.groupby(["step", "place"], sort=False):
        for name, days in _split(str(step), mine, _hours(scenario, str(step), str(place))).items():
            found[name][mine.index] = days
    return {"wait": rows["start"] - rows["schedule"], **found}


def _split(step: str, rows: pd.DataFrame, hours: WorkCurve | None) -> dict[str, Floats]:
    """The waits at one place by class."""
    ready, start, end = (rows[name].to_numpy(float) for name in MOMENTS)
    if step == "desk":
        return waiting.at_desk(ready, start, end, hours)
    return waiting.at_meeting(ready, start) if step == "meeting" else waiting.elsewhere(ready, start)


def _hours(scenario: Scenario, step: str, place: str) -> WorkCurve | None:
    """The calendar of a desk; None where there is none."""
    calendar = scenario.desks[place].calendar if step == "desk" else None
    return None if calendar is None else work_curve(scenario, calendar)
