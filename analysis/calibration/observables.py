"""What a target is in a simulated park: days, a share or a count of projects or issues, read off one replication."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from parkflow.analysis.replication.replication import Replication
from parkflow.sim.levers import bundle, make_lever
from parkflow.sim.scenario import Day
from parkflow.sim.values import Noted

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Statistic = Literal["mean", "median", "p5", "p10", "p25", "p75", "p90", "p95", "log_sd"]


def _listed(written: Any) -> Any:
    """One name or number is as good as a list of one."""
    return [written] if isinstance(written, str | int | float) else written


Names = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
"""Names, or a single one."""

Numbers = Annotated[tuple[float, ...], BeforeValidator(_listed, json_schema_input_type=float | list[float])]
"""Numbers, or a single one."""

Moments = Names
"""Names of moments, of which the first that comes counts: an activity (its end), NAME.ready or NAME.start."""


class Observable(Noted):
    """How a number is read off one replication.

    `days` is a statistic of the days from one moment to another; `share` the share of those that came to the first who
    came to the second `within` so many days or `by` a date; `count` how many came to the second `during` a stretch of
    dates; `setting` a parameter of one of the policy's levers, which is reported and put in.
    """

    title: str = Field("", description="What it is, in English.")
    title_zh: str = Field("", description="What it is, in Chinese.")
    what: Literal["days", "share", "count", "setting"] = Field(description="Kind of number.")
    of: Literal["projects", "issues"] = Field("projects", description="Whose moments.")
    start: Moments = Field((), alias="from", description="Moment from which days count; the first of several.")
    end: Moments = Field((), alias="to", description="Moment up to which they count; the first of several.")
    statistic: Statistic = Field("mean", description="What is made of days; log_sd is the spread of their logarithms.")
    groups: tuple[str, ...] = Field((), description="Only projects of these groups; empty means all.")
    where: dict[str, Numbers] = Field(
        default_factory=dict, description="Only projects with one of these values of an attribute."
    )
    met: Moments = Field((), description="Only who came to one of these moments.")
    solved_by: Names = Field((), description="Only issues that one of these activities solved.")
    not_solved_by: Names = Field((), description="No issues that one of these activities solved.")
    during: tuple[Day, Day] | None = Field(None, description="First day, and the day after the last.")
    within: Annotated[float, Field(gt=0)] | None = Field(None, description="Days from the first moment to the second.")
    by: Day | None = Field(None, description="Day by which the second moment has come.")
    over: Annotated[float, Field(gt=0)] = Field(1.0, description="A count is divided by this.")
    setting: str = Field("", description="LEVER.PARAMETER whose value is meant.")

    @model_validator(mode="after")
    def _complete(self) -> Observable:
        lacking = [key for key in _NEEDED[self.what] if not getattr(self, {"from": "start", "to": "end"}.get(key, key))]
        if lacking:
            raise ValueError(f"{self.what} needs {lacking[0]}; add it")
        if self.what == "share" and (self.within is None) == (self.by is None):
            raise ValueError("a share needs within or by, and not both; give one of them")
        if self.within is not None and not self.start:
            raise ValueError("within counts from a moment; add from")
        if self.of == "issues" and (self.groups or self.where):
            raise ValueError("groups and where are of projects; leave them out")
        return self

    @property
    def last_counted(self) -> Day | None:
        """The last day that a count or a share by a date looks at."""
        return self.by if self.by is not None else self.during[1] if self.during and self.what == "count" else None


_NEEDED = {"days": ("from", "to"), "share": ("to",), "count": ("to", "during"), "setting": ("setting",)}


def observed(run: Replication, policy: str, one: Observable) -> float:
    """The number in one replication; NaN where there is nothing to measure."""
    return told(values(run, policy, one), one.statistic)


def values(run: Replication, policy: str, one: Observable) -> Floats:
    """What one replication shows: the days of each project or issue, or else a single number; empty for nothing.

    A project that has not come to the second moment when the run is over counts up to then, unless it withdrew, so a
    median and lower quantiles do not depend on when a run ends.
    """
    if one.what == "setting":
        lever, _, parameter = one.setting.partition(".")
        return np.array([getattr(make_lever(lever, bundle(run.scenario, policy)[lever]), parameter)], dtype=np.float64)
    begin = first(run, one, one.start) if one.start else None
    end, mine = first(run, one, one.end), _asked(run, one)
    if one.what == "count":
        return np.array([np.count_nonzero(mine & _within(run, one.during, end)) / one.over])
    if begin is None:
        return _ratio(mine & (end <= run.scenario.day(_by(one))), mine & _ahead(run, one))
    mine &= _within(run, one.during, begin) & ~np.isnan(begin)
    if one.what == "days":
        days = (_so_far(run, one, end) - begin)[mine]
        return np.asarray(days[days >= 0])
    latest = begin + one.within if one.within else run.scenario.day(_by(one))
    return _ratio(mine & (end <= latest), mine)


def _so_far(run: Replication, one: Observable, end: Floats) -> Floats:
    """Days of the second moment, and the end of the run for the projects that still have it ahead of them."""
    if one.of == "issues" or not _milestones(run, one):
        return end
    waits = np.isnan(end) & _ahead(run, one) & ~run.withdrawn
    found: Floats = np.where(waits, run.over, end)
    return found


def first(run: Replication, one: Observable, names: tuple[str, ...]) -> Floats:
    """Day of the first of some moments, one entry per project or planned issue; NaN where none came."""
    found: Floats = np.fmin.reduce([run.moments(name, one.of) for name in names])
    return found


def _asked(run: Replication, one: Observable) -> Bools:
    """Which projects or planned issues are meant."""
    size = len(run.groups) if one.of == "projects" else len(run.issue_severity)
    mine = np.ones(size, dtype=bool)
    if one.groups:
        mine &= np.isin(run.groups, one.groups)
    for attribute, values in one.where.items():
        mine &= np.isin(run.attribute(attribute), values)
    if one.met:
        mine &= ~np.isnan(first(run, one, one.met))
    if one.solved_by:
        mine &= np.isin(run.solvers, one.solved_by)
    if one.not_solved_by:
        mine &= ~np.isin(run.solvers, one.not_solved_by)
    return mine


def _ahead(run: Replication, one: Observable) -> Bools:
    """Which projects have the milestone asked for ahead of them at the start; all issues and other moments count."""
    if one.of == "issues":
        return np.ones(len(run.issue_severity), dtype=bool)
    named = _milestones(run, one)
    return (
        np.any([run.reached(name).ahead for name in named], axis=0) if named else np.ones(len(run.groups), dtype=bool)
    )


def _milestones(run: Replication, one: Observable) -> list[str]:
    """Those of the moments asked for that are the ends of activities of the park."""
    return [name for name in one.end if "." not in name and run.has(name)]


def _within(run: Replication, dates: tuple[Day, Day] | None, days: Floats) -> Bools:
    """Whether days lie in a stretch of dates, its last day left out; all do where there is none."""
    if dates is None:
        return np.ones(len(days), dtype=bool)
    begin, end = (run.scenario.day(when) for when in dates)
    found: Bools = (days >= begin) & (days < end)
    return found


def _by(one: Observable) -> dt.date | float:
    if one.by is None:
        raise ValueError("a share without a first moment needs a date")
    return one.by


def _ratio(part: Bools, whole: Bools) -> Floats:
    return np.array([np.count_nonzero(part) / np.count_nonzero(whole)] if whole.any() else [], dtype=np.float64)


def told(found: Floats, statistic: Statistic) -> float:
    """A statistic of what one replication shows; NaN of nothing."""
    if not len(found):
        return np.nan
    if statistic == "mean":
        return float(found.mean())
    if statistic == "log_sd":
        return float(np.log(found[found > 0]).std())
    return float(np.quantile(found, 0.5 if statistic == "median" else float(statistic[1:]) / 100))
