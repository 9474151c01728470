"""Where projects stand that have something behind them: the day of their expected schedule, and what is left after it.

A project of a group in progress has a share of one stage behind it. A project of a list stands where the list says:
it has been in its stage for so many days, or it comes when it reaches a milestone. It may have been at work for longer
than it was expected to take, and is then that much behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.roster import Roster
from parkflow.sim.scenario import NamedProject, Scenario
from parkflow.sim.schedule import Schedule

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_OF_A_STAGE = 0.95
"""The share of its stage that is behind a project which has been in it for longer than expected."""


@dataclass(frozen=True)
class Known:
    """What is known of the projects of a schedule; one entry per project of it.

    `stage` is a place among the scenario's (-1: none), `done` the share of it that is behind, where the days `within`
    it are NaN. On day `on` (NaN: not known) the project reached the activity number `milestone` (0: it arrived).
    """

    stage: Ints
    done: Floats
    within: Floats
    milestone: Ints
    on: Floats

    def met(self, schedule: Schedule) -> Floats:
        """The day of its schedule on which each project meets its milestone; 0 where it has none."""
        mine = schedule.nodes.activity == self.milestone[schedule.nodes.case]
        return schedule.most(np.where(mine, schedule.end, 0.0))

    def behind(self, schedule: Schedule, arrival: Floats, point: Floats) -> Floats:
        """Days by which each project is behind its schedule, which it comes to at the day `point` of."""
        late = arrival - self.on + self.met(schedule) - point
        return np.where(np.isnan(late), 0.0, late)


def known_of(scenario: Scenario, roster: Roster, schedule: Schedule) -> Known:
    """What is known of the projects of a schedule, which are some of a roster's."""
    numbers = {name: number for number, name in enumerate(scenario.activities, start=1)}
    columns = [np.array(column, dtype=np.float64) for column in zip(*_rows(scenario, roster, numbers), strict=True)]
    stage, done, within, milestone, on = (column[schedule.project] for column in columns)
    return Known(stage.astype(np.int64), done, within, milestone.astype(np.int64), on)


def _rows(scenario: Scenario, roster: Roster, numbers: dict[str, int]) -> Iterator[tuple[float, ...]]:
    """Stage, share done, days within, milestone and its day of every project of a roster."""
    for projects in roster.groups:
        done = np.zeros(projects.count) if projects.done is None else projects.done
        stages = [scenario.stage_index(stage) if stage else -1 for stage in projects.group.stages]
        dates = [_dates(scenario, it, numbers) for it in projects.group.named] or [_UNKNOWN] * projects.count
        yield from ((stage, share, *each) for stage, share, each in zip(stages, done.tolist(), dates, strict=True))


_UNKNOWN = (np.nan, 0.0, np.nan)


def _dates(scenario: Scenario, project: NamedProject, numbers: dict[str, int]) -> tuple[float, float, float]:
    """Days in its stage, milestone and its day of a project of a list."""
    within = np.nan if project.since is None else -scenario.day(project.since)
    on = np.nan if project.on is None else scenario.day(project.on)
    return within, numbers[project.milestone] if project.milestone else 0.0, on


def point_of(schedule: Schedule, of_node: Ints, known: Known) -> Floats:
    """The day of its schedule on which each project of the schedule stands; `of_node` has the stage of each node.

    A project is in a stage once the stages before it are over, though some work of the stage may be behind it by then.
    """
    its = known.stage[schedule.nodes.case]
    works = (of_node == its) & (schedule.end > schedule.begin)
    earlier = schedule.most(np.where((of_node >= 0) & (of_node < its), schedule.end, 0.0))
    over = schedule.most(np.where(of_node == its, schedule.end, 0.0))  # a stage without work of a project is over
    opens = np.minimum(np.maximum(schedule.least(np.where(works, schedule.begin, np.inf)), earlier), over)
    closes = np.maximum(schedule.most(np.where(works, schedule.end, 0.0)), opens)
    length = closes - opens
    share = np.minimum(known.within / np.where(length > 0, length, 1.0), MOST_OF_A_STAGE)
    staged = opens + np.where(np.isnan(share), known.done, share) * length
    return np.where(known.stage < 0, known.met(schedule), staged)


def left_of(scenario: Scenario, schedule: Schedule, known: Known, point: Floats) -> Floats:
    """Share of each node that is ahead of its project; one entry per node, `point` has one per project.

    Of a project that comes when it reaches a milestone, all that leads there is over and the milestone itself is not.
    """
    nodes, comes = schedule.nodes, np.where(known.stage < 0, known.milestone, 0)
    left = _after(schedule.begin, schedule.end, point[nodes.case])
    at = comes[nodes.case]
    instant = (at > 0) & (schedule.end == schedule.begin)
    left[instant] = schedule.end[instant] >= point[nodes.case[instant]]
    for number in np.unique(comes[comes > 0]).tolist():
        mine = np.flatnonzero(at == number)
        left[mine[_leads_to(scenario, number)[nodes.activity[mine]]]] = 0.0
        left[mine[nodes.activity[mine] == number]] = 1.0
    return left


def _leads_to(scenario: Scenario, number: int) -> Bools:
    """Which activities come before this one in the serial park, by activity number."""
    names = list(scenario.activities)
    waiting, found = [names[number - 1]], set[str]()
    for name in waiting:
        before = [it for it in scenario.activities[name].predecessors if it in scenario.activities and it not in found]
        found.update(before)
        waiting += before
    return np.array([False, *(name in found for name in names)], dtype=bool)


def _after(begin: Floats, end: Floats, point: Floats) -> Floats:
    """Share of each node that lies after the point; what takes no time is ahead if it comes after it."""
    length = end - begin
    partly = np.clip((end - point) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return np.where(length > 0, partly, (end > point).astype(np.float64))
