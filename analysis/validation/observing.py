"""What a definition finds in one replication: the days of single projects, a count, or a share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.calibration.observables import values
from parkflow.analysis.replication.replication import Replication
from parkflow.analysis.validation.definition import Among, Definition, Issues, Projects, Saved, Span

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Runs = Mapping[str, Replication]
"""One replication of a park, by the name of what is simulated (`Definition.run`)."""

SOLVED = "issue_solved"


def observed(definition: Definition, runs: Runs) -> list[float]:
    """What one replication shows of a definition: one value per project for days, else one value; empty for nothing.

    A project that has not come to the second moment when the run is over counts up to then, unless it withdrew.
    """
    if definition.target is not None:
        found: list[float] = values(runs[definition.run], definition.policy, definition.target).tolist()
        return found
    return [] if definition.observe is None else _SEE[type(definition.observe)](definition, runs)


def _span(definition: Definition, runs: Runs) -> list[float]:
    asked, run = definition.observe, runs[definition.run]
    assert isinstance(asked, Span)
    mine = _among(run, asked) & _in_window(run, (asked.start,), asked.since, asked.before)
    days = _days(run, asked.start, asked.end)[mine]
    days = days[~np.isnan(days)]
    if asked.spread:
        positive = days[days > 0]
        return [float(np.log(positive).std(ddof=1))] if len(positive) > 1 else []
    return _plain(days)


def _saved(definition: Definition, runs: Runs) -> list[float]:
    asked, run = definition.observe, runs[definition.run]
    assert isinstance(asked, Saved)
    before = runs[str(definition.against)]
    mine = _among(run, asked)
    usual, now = (_days(it, asked.start, asked.end)[mine] for it in (before, run))
    both = ~np.isnan(usual + now)
    if not both.any():
        return []
    saved = usual[both] - now[both]
    return [float(saved.mean() / usual[both].mean())] if asked.share else _plain(saved)


def _projects(definition: Definition, runs: Runs) -> list[float]:
    asked, run = definition.observe, runs[definition.run]
    assert isinstance(asked, Projects)
    mine = _among(run, asked)
    there = mine & _in_window(run, asked.moments, asked.begin, asked.end) if asked.moments else mine
    count = float(np.count_nonzero(there))
    return [count / max(1.0, float(np.count_nonzero(mine)))] if asked.share else [count]


def _issues(definition: Definition, runs: Runs) -> list[float]:
    asked, run = definition.observe, runs[definition.run]
    assert isinstance(asked, Issues)
    if not run.has(SOLVED):
        return []
    mine = _in_window(run, asked.moments, asked.begin, asked.end, issues=True) & _solved_by(run, asked)
    count = float(np.count_nonzero(mine))
    if asked.solved:
        in_time = run.moments(SOLVED, "issues") <= _day(run, asked.end, run.over)
        return [np.count_nonzero(mine & in_time) / count] if count else []
    if asked.per is not None:
        people = np.count_nonzero(~np.isnan(run.moments(asked.per)))
        return [count / people] if people else []
    return [count / asked.over if asked.over else count]


_SEE: dict[type[Any], Callable[[Definition, Runs], list[float]]] = {
    Span: _span,
    Saved: _saved,
    Projects: _projects,
    Issues: _issues,
}


def _days(run: Replication, start: str, end: str) -> Floats:
    """Days of every project between two moments; NaN where it has none between them, up to the end of the run."""
    begun, over = run.moments(start), run.moments(end)
    ahead = run.reached(end).ahead if run.has(end) else np.zeros(len(begun), dtype=bool)
    waits = ~np.isnan(begun) & np.isnan(over) & ahead & ~run.withdrawn
    days: Floats = np.where(waits, run.over, over) - begun
    return np.where(days < 0, np.nan, days)


def _among(run: Replication, asked: Among) -> Bools:
    """Which projects are looked at."""
    mine = np.ones(len(run.groups), dtype=bool)
    if asked.groups:
        mine &= np.isin(run.groups, asked.groups)
    for name, (least, most) in asked.where.items():
        there = run.attribute(name)
        mine &= (there >= least) & (there <= most)
    if asked.covered is not None:
        mine &= run.covered(asked.covered)
    if asked.met:
        mine &= np.any([~np.isnan(run.moments(name)) for name in asked.met], axis=0)
    return mine


def _in_window(
    run: Replication, moments: tuple[str, ...], begin: str | None, end: str | None, issues: bool = False
) -> Bools:
    """Which projects or issues come to any of some moments from a date to before another."""
    first, last = _day(run, begin, -np.inf), _day(run, end, np.inf)
    days = np.array([run.moments(name, "issues" if issues else "projects") for name in moments])
    inside: Bools = (days >= first) & (days < last)
    found: Bools = np.any(inside, axis=0)
    return found


def _solved_by(run: Replication, asked: Issues) -> Bools:
    mine = np.ones(len(run.solvers), dtype=bool)
    if asked.by:
        mine &= np.isin(run.solvers, asked.by)
    if asked.not_by:
        mine &= ~np.isin(run.solvers, asked.not_by)
    return mine


def _day(run: Replication, date: str | None, otherwise: float) -> float:
    """The day of a date."""
    return otherwise if date is None else run.scenario.day(dt.date.fromisoformat(date))


def _plain(found: Floats) -> list[float]:
    return [round(float(value), 3) for value in found]
