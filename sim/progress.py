"""What lies ahead of projects that are already at work on day 0: their place on their own expected schedule.

A project in progress stands at a share of one stage. Its schedule is that of the serial park without waiting: every
practice off, stocks short, every activity as long as it is expected to be for this project. What ends before the point
where the project stands is over, the work at it keeps the share that is left, and the rest is whole::

    stage        land               approvals, 0.4 done: its time begins where that of the stages before it ends
    schedule     expropriation ───→ design ──────┬───→ permit ──────→ earthworks …
    ahead        0                  0.25 of it   │     whole          whole
                                                 └ the point: `elapsed` days after the project arrived there

All policies start from the same point, because no practice enters the schedule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.cells import Cells
from parkflow.sim.conditions import Conditions, Followers
from parkflow.sim.crews import Scales
from parkflow.sim.durations import CALENDAR_DAYS_PER_WORKING_DAY
from parkflow.sim.portfolio import Projects, purpose_of
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Activity, Scenario
from parkflow.sim.schedule import Orders, Schedule
from parkflow.sim.standing import known_of, left_of, point_of
from parkflow.sim.streams import Purpose, Streams
from parkflow.sim.templates import Nodes, Templates
from parkflow.sim.uniforms import uniforms_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class SerialPark:
    """What the expected schedules of a scenario's projects have in common, worked out once."""

    def __init__(self, scenario: Scenario) -> None:
        """Tabulate the scenario as it is with every practice off."""
        self.scenario, self.cells = scenario, Cells(scenario)
        self._templates, self._scales = Templates(scenario), Scales(scenario)
        self._conditions, self._followers = Conditions(scenario, serial=True), Followers(scenario)
        self._orders = Orders()
        activities = list(scenario.activities.values())
        self._days: Floats = np.array([0.0, *map(_days, activities)])
        self._chance: Floats = np.array([1.0, *(each.applies.probability for each in activities)])
        self._uniforms = uniforms_of(3, self.cells.begin.shape, self._rare())
        self._stage: Ints = np.array([-1, *(_stage(scenario, each) for each in activities)])

    def _rare(self) -> Iterator[tuple[int, int, Purpose, int]]:
        """Group, activity, purpose and number of copies of what takes place with a chance only."""
        names = list(self.scenario.activities)
        for group, (key, it) in enumerate(self.scenario.portfolio.items()):
            for activity in np.flatnonzero((self._chance < 1) & (self.cells.begin[group] >= 0)).tolist():
                copies = int(self.cells.copies[group, activity])
                purpose = purpose_of(key, it, f"activity/{names[activity - 1]}", 3 * copies)
                yield group, activity, purpose, it.count * copies

    @cached_property
    def key(self) -> str:
        """What serial schedules depend on, as a name: parks of one name have the same, whatever their policies."""
        scenario = self.scenario
        processes = {group.process for group in scenario.portfolio.values()}
        parts = (
            scenario.start,
            tuple(scenario.stages),
            scenario.portfolio,
            scenario.attributes,
            [(name, kind.attributes) for name, kind in scenario.classes.items()],
            [(name, crew.machines, crew.zone_machines, crew.output) for name, crew in scenario.crews.items()],
            [(n, _part(it)) for n, it in scenario.activities.items() if not processes.isdisjoint(it.processes)],
        )
        return hashlib.blake2b(repr(parts).encode()).hexdigest()

    @cached_property
    def deadlines(self) -> tuple[str, str]:
        """What the slack of serial schedules depends on, as names."""
        return self.key, repr([kind.deadlines for kind in self.scenario.classes.values()])

    def stage_of(self, schedule: Schedule) -> Ints:
        """The stage of each node (-1: none), as a place among the scenario's."""
        return self._stage[schedule.nodes.activity]

    def schedule(self, roster: Roster, project: Ints, streams: Streams) -> Schedule:
        """The schedules of some projects, given by their places in the roster of the whole portfolio."""
        template = self._templates.of_projects(roster, project, serial=True)
        nodes = Nodes(self._templates.bank, template)
        owner = project[nodes.case]
        scale = self._scales.on(roster, serial=True)[self._scales.row[nodes.activity], owner]
        days = self._take_place(roster, nodes, owner, streams) * (self._days[nodes.activity] * scale)
        return Schedule(project, nodes, *self._orders.schedule(nodes, days))

    def _take_place(self, roster: Roster, nodes: Nodes, owner: Ints, streams: Streams) -> Bools:
        """Whether each node is part of its project in the serial park, by the project's own draw."""
        activity = nodes.activity
        found: Bools = self._conditions.met(roster)[self._conditions.row[activity], owner]
        rare = np.flatnonzero(self._chance[activity] < 1)
        place = self._uniforms.begin[roster.group[owner[rare]], activity[rare]]
        place += self.cells.within(roster, owner[rare], activity[rare], nodes.copy[rare])
        found[rare] &= self._uniforms.drawn(streams)[place, 0] < self._chance[activity[rare]]
        self._followers.follow(found, nodes)
        return found


def _part(activity: Activity) -> tuple[object, ...]:
    """What a serial schedule depends on of one activity."""
    order = activity.processes, activity.stage, activity.needs, tuple(activity.after), tuple(activity.previous)
    return *order, activity.per, activity.fronts, activity.applies, activity.times, activity.crew, _days(activity)


def _days(activity: Activity) -> float:
    """Expected calendar days of an activity of the usual size."""
    if activity.duration is None:
        return 0.0
    days = activity.duration.expectation
    return days * CALENDAR_DAYS_PER_WORKING_DAY if activity.duration.unit == "wd" else days


def _stage(scenario: Scenario, activity: Activity) -> int:
    return -1 if activity.stage is None else scenario.stage_index(activity.stage)


def placed(serial: SerialPark, groups: Sequence[Projects], streams: Streams) -> Roster:
    """The groups with what is ahead of each project, and how long ago it arrived; unchanged where none is at work."""
    roster, cells = Roster(tuple(groups)), serial.cells
    begun = np.concatenate([np.zeros(0, dtype=bool), *map(_is_begun, groups)])
    if not begun.any():
        return roster
    schedule = serial.schedule(roster, np.flatnonzero(begun), streams)
    elapsed, ahead, nodes = np.zeros(len(roster.group)), np.ones(cells.total), schedule.nodes
    known = known_of(serial.scenario, roster, schedule)
    point = point_of(schedule, serial.stage_of(schedule), known)
    elapsed[schedule.project] = point
    staged = np.flatnonzero(serial.stage_of(schedule) >= 0)
    place = cells.of(roster, schedule.project[nodes.case[staged]], nodes.activity[staged], nodes.copy[staged])
    ahead[place] = left_of(serial.scenario, schedule, known, point)[staged]
    behind = np.zeros(len(roster.group))
    behind[schedule.project] = known.behind(schedule, roster.arrival[schedule.project], point)
    standing = [
        replace(it, ahead=cells.by_name(number, ahead), elapsed=elapsed[mine], behind=behind[mine])
        if begun[mine := roster.group == number].any()
        else it
        for number, it in enumerate(groups)
    ]
    return Roster(tuple(standing), ahead)


def _is_begun(projects: Projects) -> Bools:
    """Which projects of a group have something behind them when they arrive."""
    at = [it.milestone is not None for it in projects.group.named] or [False] * projects.count
    begun: Bools = np.array([bool(stage) for stage in projects.group.stages], dtype=bool)
    begun |= np.array(at, dtype=bool)
    return begun


def expected_slack(serial: SerialPark, roster: Roster, streams: Streams) -> Floats:
    """Days by which each project's schedule keeps within its tightest deadline; infinite where it has none ahead."""
    slack = np.full(len(roster.group), np.inf)
    due = [name for name, kind in serial.scenario.classes.items() if kind.deadlines]
    project = np.flatnonzero(roster.in_classes(due))
    if not len(project):
        return slack
    schedule, ahead = serial.schedule(roster, project, streams), serial.cells.ahead(roster)
    nodes, numbers = schedule.nodes, list(serial.scenario.activities)
    for name in due:
        mine = roster.in_classes([name])[project]
        for deadline in serial.scenario.classes[name].deadlines:
            number = numbers.index(deadline.milestone) + 1
            end = schedule.most(np.where(nodes.activity == number, schedule.end, -np.inf))
            still = serial.cells.most(roster, ahead, number)[project] > 0
            left = np.where(mine & still, deadline.days - end - roster.behind[project], np.inf)
            slack[project] = np.minimum(slack[project], left)
    return slack
