"""What chance decides about every activity of every project, drawn before the run and laid out by project.

Streams are keyed by group, kind and name, so that a project, an activity or a lever more changes no other draw. Where a
practice depends on what happens in the run (a unit is held or not), both versions are drawn, from the same uniforms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.conditions import concerned, concerned_issues
from parkflow.sim.coverage import covered
from parkflow.sim.crews import scale_of
from parkflow.sim.durations import Distribution
from parkflow.sim.influences import Gate, Influence, chance, influences
from parkflow.sim.issues import MOST_ISSUES, Issues, draw_issues, expected_issues
from parkflow.sim.looks import time_left
from parkflow.sim.portfolio import Projects, draw_projects, largest_copies
from parkflow.sim.progress import SerialPark, placed
from parkflow.sim.scenario import Activity, Correction, Scenario, process_activities
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_ATTEMPTS = 6
"""Places for attempts in an activity's row of draws, whatever the scenario's own limit."""


@dataclass(frozen=True)
class Version:
    """Work to be done, in the activity's unit.

    `work` (first attempts) and `attempts` (at least 1) have shape (projects, copies). `fix` and `again` hold one entry
    for each later attempt, in the order of projects, copies and attempts. `lead` has shape (projects, 1): the ranks by
    which the project goes ahead where the rule is `class`.
    """

    work: Floats
    attempts: Ints
    fix: Floats
    again: Floats
    lead: Floats | float = 0.0


@dataclass(frozen=True)
class ActivityDraws:
    """One activity of all projects of a group.

    `applies` and `solves` have shape (projects, copies). `held[k - 1]` replaces `base` where `gates` are open when the
    step starts, where bit i of k stands for gate i; there are at most `sim.checks.MOST_GATES`.
    """

    applies: Bools
    solves: Bools
    base: Version
    gates: tuple[Gate, ...] = ()
    held: tuple[Version, ...] = ()


@dataclass(frozen=True)
class GroupDraws:
    """All that chance decides about one group: its projects, their activities, their issues and their handling."""

    projects: Projects
    activities: Mapping[str, ActivityDraws]
    issues: Issues | None = None
    handling: Mapping[str, ActivityDraws] = field(default_factory=dict)


def draw_portfolio(scenario: Scenario, streams: Streams, serial: SerialPark | None = None) -> list[Projects]:
    """Draw the projects of all groups, where each stands and which practices are in force for it.

    `serial` knows the networks of the scenario's projects from earlier replications.
    """
    known = serial or SerialPark(scenario)
    groups = [placed(known, draw_projects(scenario, name, streams), streams) for name in scenario.portfolio]
    return covered(known, groups, streams)


def draw_group(
    scenario: Scenario, projects: Projects, streams: Streams, without: Collection[str] = frozenset()
) -> GroupDraws:
    """Draw what happens to the projects of one group; activities in `without` need no draws."""
    process = projects.group.process
    needed = [key for key in process_activities(scenario, process) if key not in without]
    activities = _in_step(scenario, {key: _activity(scenario, key, projects, streams) for key in needed})
    if process != "project" or not any(expected_issues(scenario).values()):
        return GroupDraws(projects, activities)
    issues = draw_issues(scenario, projects, streams)
    treating = [key for key in process_activities(scenario, "issue") if key not in without]
    handling = {key: _handling(scenario, key, projects, issues, streams) for key in treating}
    return GroupDraws(projects, activities, issues, _in_step(scenario, handling))


def _in_step(scenario: Scenario, drawn: dict[str, ActivityDraws]) -> dict[str, ActivityDraws]:
    """The draws, with what takes place only where another activity does following that one."""

    def followed(key: str) -> ActivityDraws:
        other = scenario.activities[key].applies.took_place
        if other not in drawn:
            return drawn[key]
        return replace(drawn[key], applies=drawn[key].applies & followed(other).applies)

    return {key: followed(key) for key in drawn}


def _activity(scenario: Scenario, key: str, projects: Projects, streams: Streams) -> ActivityDraws:
    activity = scenario.activities[key]
    shape = (projects.count, largest_copies(scenario, projects.group, activity.per))
    first, later = _uniforms(streams, projects.purpose("activity", key), activity, shape)
    ahead = projects.ahead.get(key, np.ones(shape))
    return _drawn(scenario, activity, projects, np.arange(projects.count), first, later, ahead)


def _handling(scenario: Scenario, key: str, projects: Projects, issues: Issues, streams: Streams) -> ActivityDraws:
    """Draws of one activity of the issue process: one row an issue, one copy."""
    activity = scenario.activities[key]
    shape = (projects.count, MOST_ISSUES)
    first, later = _uniforms(streams, f"{projects.name}/issues/activity/{key}", activity, shape)
    mine = (issues.row, issues.place)
    return _drawn(
        scenario,
        activity,
        projects,
        issues.row,
        first[mine][:, None],
        later[mine][:, None],
        np.ones((len(issues.row), 1)),
        issues,
    )


def _uniforms(streams: Streams, purpose: str, activity: Activity, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Uniforms for (applies, solves, first attempt), and for (fails, fix, next attempt) of each later attempt."""
    drawn = activity.duration is not None or activity.applies.probability < 1 or activity.solves is not None
    first = streams.uniforms(purpose, *shape, 3) if drawn else np.zeros((*shape, 3))
    if activity.correction is None:
        return first, np.zeros((*shape, 0, 3))
    return first, streams.uniforms(f"{purpose}/again", *shape, MOST_ATTEMPTS - 1, 3)


def _drawn(
    scenario: Scenario,
    activity: Activity,
    projects: Projects,
    rows: Ints,
    first: Floats,
    later: Floats,
    ahead: Floats,
    issues: Issues | None = None,
) -> ActivityDraws:
    """What the uniforms make of an activity; `rows` has the project of each row, `ahead` one share per row and copy."""
    applies = (first[..., 0] < chance(scenario, activity, projects)[rows][:, None]) & (ahead > 0)
    applies &= concerned(activity.applies, projects)[rows][:, None]
    if issues is not None:
        applies &= concerned_issues(scenario, activity.applies, issues)[:, None]
    solves = first[..., 1] < _chance_to_solve(scenario, activity, issues)
    scale = _scale(scenario, activity, projects)[rows]
    always, by_gate = influences(scenario, activity, projects)
    gates = tuple(by_gate)
    versions = []
    for mask in range(2 ** len(gates)):
        influence = always
        for bit, gate in enumerate(gates):
            influence = influence.and_also(by_gate[gate]) if mask >> bit & 1 else influence
        versions.append(_version(activity, first[..., 2], later, scale, ahead, influence.of(rows)))
    return ActivityDraws(applies, solves, versions[0], gates, tuple(versions[1:]))


def _chance_to_solve(scenario: Scenario, activity: Activity, issues: Issues | None) -> Floats | float:
    if not isinstance(activity.solves, dict):
        return activity.solves or 0.0
    assert issues is not None  # only the handling of an issue can solve it
    chances = np.array([activity.solves.get(category, 0.0) for category in scenario.issues.categories])
    return chances[issues.category][:, None]


def _scale(scenario: Scenario, activity: Activity, projects: Projects) -> Floats:
    """What multiplies the duration of an activity, under the practices in force; shape (projects,)."""
    crew = scenario.crews[activity.crew] if activity.crew else None
    everyone = np.ones(projects.count, dtype=bool)
    at_work = projects.practices[crew.practice] if crew and crew.practice else everyone
    return scale_of(scenario, activity, projects.attributes, at_work)


def _version(
    activity: Activity, uniform: Floats, later: Floats, scale: Floats, ahead: Floats, by: Influence
) -> Version:
    """Work and corrections of an activity under an influence.

    Durations are multiplied by `scale`, one entry per row; of the first attempt only the share `ahead` is left.
    """
    if activity.duration is None:
        return Version(
            np.zeros(uniform.shape), np.ones(uniform.shape, dtype=np.int64), np.empty(0), np.empty(0), by.lead
        )
    duration, shape = activity.duration, uniform.shape
    work = _influenced(duration, uniform, scale[:, None], by) * ahead
    if activity.correction is None:
        return Version(work, np.ones(shape, dtype=np.int64), np.empty(0), np.empty(0), by.lead)
    more = _returned(activity.correction, later[..., 0], by.correction)
    realised = later[np.arange(later.shape[-2]) < more[..., None]]
    each = [np.repeat(np.broadcast_to(column, shape).ravel(), more.ravel()) for column in (scale[:, None], *by.columns)]
    again = _influenced(duration, realised[:, 2], each[0], Influence(*each[1:])) * activity.correction.repeat
    return Version(work, more + 1, _values(activity.correction.fix, realised[:, 1]), again, by.lead)


def _influenced(duration: Distribution, uniform: Floats, scale: Floats, by: Influence) -> Floats:
    values = duration.quantile(uniform)
    if (by.spread < 1).any():
        values = duration.expectation + by.spread * (values - duration.expectation)
    if by.looks.any():
        values = values * time_left(by.looks * 2 * duration.expectation)
    return np.minimum(values * (scale * by.duration), by.most)


def _returned(correction: Correction, uniform: Floats, factor: Floats) -> Ints:
    """Number of attempts that come back before one passes."""
    rounds = correction.attempts - 1
    chance = correction.probability * correction.decay ** np.arange(rounds)
    back = uniform[..., :rounds] < factor[..., None] * chance
    rounds_back: Ints = np.cumprod(back, axis=-1, dtype=np.int64).sum(axis=-1)
    return rounds_back


def _values(distribution: Distribution | None, uniform: Floats) -> Floats:
    return np.zeros(uniform.shape) if distribution is None else distribution.quantile(uniform)
