"""What chance decides about every activity of every project, drawn before the run and laid out by project.

Streams are keyed by group and activity, so that a project, an activity or a lever more changes no other draw. Where a
practice depends on what happens in the run (a unit is held or not), both versions are drawn, from the same uniforms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.crews import daily_output
from parkflow.sim.durations import Distribution
from parkflow.sim.issues import MOST_ISSUES, Issues, draw_issues, expected_issues
from parkflow.sim.portfolio import Projects, draw_projects, largest_copies
from parkflow.sim.scenario import Activity, Correction, Effect, Scenario, process_activities
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
    for each later attempt, in the order of projects, copies and attempts.
    """

    work: Floats
    attempts: Ints
    fix: Floats
    again: Floats


@dataclass(frozen=True)
class ActivityDraws:
    """One activity of all projects of a group.

    `applies` and `solves` have shape (projects, copies). `held[k - 1]` replaces `base` for projects that hold units of
    the stock activities `gates`, where bit i of k stands for gate i; there are at most `sim.checks.MOST_GATES`.
    """

    applies: Bools
    solves: Bools
    base: Version
    gates: tuple[str, ...] = ()
    held: tuple[Version, ...] = ()


@dataclass(frozen=True)
class GroupDraws:
    """All that chance decides about one group: its projects, their activities, their issues and their handling."""

    projects: Projects
    activities: Mapping[str, ActivityDraws]
    issues: Issues | None = None
    handling: Mapping[str, ActivityDraws] = field(default_factory=dict)


def draw_group(scenario: Scenario, name: str, streams: Streams, without: Collection[str] = frozenset()) -> GroupDraws:
    """Draw one group of the portfolio; activities in `without` need no draws."""
    projects = draw_projects(scenario, name, streams)
    process = projects.group.process
    concerned = [key for key in process_activities(scenario, process) if key not in without]
    activities = _in_step(scenario, {key: _activity(scenario, key, projects, streams) for key in concerned})
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
    first, later = _uniforms(streams, f"{projects.name}/{key}", activity, shape)
    return _drawn(scenario, activity, projects, np.arange(projects.count), first, later)


def _handling(scenario: Scenario, key: str, projects: Projects, issues: Issues, streams: Streams) -> ActivityDraws:
    """Draws of one activity of the issue process: one row an issue, one copy."""
    activity = scenario.activities[key]
    shape = (projects.count, MOST_ISSUES)
    first, later = _uniforms(streams, f"{projects.name}/issues/{key}", activity, shape)
    mine = (issues.row, issues.place)
    names = list(scenario.issues.categories)
    categories = [names[category] for category in issues.category]
    return _drawn(scenario, activity, projects, issues.row, first[mine][:, None], later[mine][:, None], categories)


def _uniforms(streams: Streams, purpose: str, activity: Activity, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Uniforms for (applies, solves, first attempt), and for (fails, fix, next attempt) of each later attempt."""
    chance = activity.duration is not None or activity.applies.probability < 1 or activity.solves is not None
    first = streams.uniforms(purpose, *shape, 3) if chance else np.zeros((*shape, 3))
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
    categories: Sequence[str] = (),
) -> ActivityDraws:
    ahead = _ahead(scenario, activity, projects)[rows]
    applies = first[..., 0] < activity.applies.probability
    applies &= (_concerned(activity, projects, rows, categories) & (ahead > 0))[:, None]
    solves = first[..., 1] < _chance_to_solve(activity, categories)
    scale = _scale(scenario, activity, projects)[rows] * ahead
    always, by_gate = _influences(scenario, activity, projects)
    gates = tuple(by_gate)
    versions = []
    for mask in range(2 ** len(gates)):
        influence = always
        for bit, gate in enumerate(gates):
            influence = influence.and_also(by_gate[gate]) if mask >> bit & 1 else influence
        versions.append(_version(activity, first[..., 2], later, scale, influence.of(rows)))
    return ActivityDraws(applies, solves, versions[0], gates, tuple(versions[1:]))


def _concerned(activity: Activity, projects: Projects, rows: Ints, categories: Sequence[str]) -> Bools:
    """Projects (or issues, by category) that meet the conditions known before the run."""
    applies = activity.applies
    concerned = np.full(projects.count, not applies.classes or projects.group.of in applies.classes)
    for key, wanted in applies.where.items():
        concerned &= np.isin(projects.attributes[key], wanted)
    for key, least in applies.at_least.items():
        concerned &= projects.attributes[key] >= least
    for key, most in applies.at_most.items():
        concerned &= projects.attributes[key] <= most
    if applies.practice:
        concerned &= projects.practices[applies.practice]
    if applies.unless:
        concerned &= ~projects.practices[applies.unless]
    if applies.category and len(categories):
        return concerned[rows] & np.isin(categories, applies.category)
    return concerned[rows]


def _chance_to_solve(activity: Activity, categories: Sequence[str]) -> Floats | float:
    if not isinstance(activity.solves, dict):
        return activity.solves or 0.0
    return np.array([activity.solves.get(category, 0.0) for category in categories])[:, None]


def _scale(scenario: Scenario, activity: Activity, projects: Projects) -> Floats:
    """What multiplies the duration: attributes, and for crews one over their daily output."""
    scale = np.ones(projects.count)
    for key in activity.times:
        scale = scale * projects.attributes[key]
    if activity.crew:
        crew = scenario.crews[activity.crew]
        covered = projects.practices[crew.practice] if crew.practice else np.ones(projects.count, dtype=bool)
        scale = scale / daily_output(crew, projects.attributes, covered)
    return scale


def _ahead(scenario: Scenario, activity: Activity, projects: Projects) -> Floats:
    """Share of the activity that is still ahead of each project."""
    progress = projects.group.in_progress
    if progress is None or projects.done is None or "issue" in activity.processes:
        return np.ones(projects.count)
    stage, mine = scenario.stage_index(progress.stage), scenario.stage_index(activity.stage)
    if mine == stage:
        return 1 - projects.done
    return np.full(projects.count, float(mine > stage))


@dataclass(frozen=True)
class _Influence:
    """What practices do to an activity, per project; the fields are those of `sim.scenario.Effect`."""

    duration: Floats
    spread: Floats
    most: Floats
    correction: Floats

    def and_also(self, other: _Influence) -> _Influence:
        """Both influences at once."""
        return _Influence(
            self.duration * other.duration,
            self.spread * other.spread,
            np.minimum(self.most, other.most),
            self.correction * other.correction,
        )

    def of(self, rows: Ints) -> _Influence:
        """The influence on these projects, as columns."""
        return _Influence(*(column[rows][:, None] for column in _columns(self)))


def _of_effect(effect: Effect, covered: Bools) -> _Influence:
    most = np.inf if effect.most is None else effect.most
    pairs = ((effect.duration, 1.0), (effect.spread, 1.0), (most, np.inf), (effect.correction, 1.0))
    return _Influence(*(np.where(covered, factor, neutral) for factor, neutral in pairs))


def _influences(scenario: Scenario, activity: Activity, projects: Projects) -> tuple[_Influence, dict[str, _Influence]]:
    """The influence of practices in force, and by gate that of practices whose unit must be held besides."""
    always, by_gate = _neutral(projects.count), dict[str, _Influence]()
    if not activity.tags:
        return always, by_gate
    for key, practice in scenario.practices.items():
        if practice.share == 0:
            continue
        for effect in practice.effects:
            if set(effect.tags).isdisjoint(activity.tags):
                continue
            influence = _of_effect(effect, projects.practices[key])
            if practice.holds:
                by_gate[practice.holds] = by_gate.get(practice.holds, _neutral(projects.count)).and_also(influence)
            else:
                always = always.and_also(influence)
    return always, by_gate


@lru_cache(maxsize=64)
def _neutral(count: int) -> _Influence:
    """No influence on so many projects."""
    ones = np.ones(count)
    return _Influence(ones, ones, np.full(count, np.inf), ones)


def _version(activity: Activity, uniform: Floats, later: Floats, scale: Floats, by: _Influence) -> Version:
    """Work and corrections of an activity whose durations are multiplied by `scale`, under an influence."""
    if activity.duration is None:
        return Version(np.zeros(uniform.shape), np.ones(uniform.shape, dtype=np.int64), np.empty(0), np.empty(0))
    duration, shape = activity.duration, uniform.shape
    work = _influenced(duration, uniform, scale[:, None], by)
    if activity.correction is None:
        return Version(work, np.ones(shape, dtype=np.int64), np.empty(0), np.empty(0))
    more = _returned(activity.correction, later[..., 0], by.correction)
    realised = later[np.arange(later.shape[-2]) < more[..., None]]
    each = [
        np.repeat(np.broadcast_to(column, shape).ravel(), more.ravel()) for column in (scale[:, None], *_columns(by))
    ]
    again = _influenced(duration, realised[:, 2], each[0], _Influence(*each[1:])) * activity.correction.repeat
    return Version(work, more + 1, _values(activity.correction.fix, realised[:, 1]), again)


def _columns(by: _Influence) -> tuple[Floats, Floats, Floats, Floats]:
    return by.duration, by.spread, by.most, by.correction


def _influenced(duration: Distribution, uniform: Floats, scale: Floats, by: _Influence) -> Floats:
    values = duration.quantile(uniform)
    if (by.spread < 1).any():
        values = duration.expectation + by.spread * (values - duration.expectation)
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
