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

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.conditions import concerned_in_the_serial_park
from parkflow.sim.crews import scale_of
from parkflow.sim.durations import CALENDAR_DAYS_PER_WORKING_DAY
from parkflow.sim.network import ARRIVAL, Network, counts, network
from parkflow.sim.portfolio import Projects, largest_copies
from parkflow.sim.scenario import Scenario, process_activities
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SerialPark:
    """The networks that projects have under no practice, by process and copies; each is made once."""

    scenario: Scenario
    _known: dict[tuple[object, ...], tuple[Network, tuple[int, ...]]] = field(default_factory=dict, repr=False)

    def network(self, process: str, copies: Mapping[str, int]) -> tuple[Network, tuple[int, ...]]:
        """The network, and its nodes in an order in which each comes after its predecessors."""
        key = (process, *copies.items())
        if key not in self._known:
            net = network(self.scenario, process, (), copies)
            self._known[key] = net, net.order()
        return self._known[key]


def placed(serial: SerialPark, projects: Projects, streams: Streams) -> Projects:
    """The projects with what is ahead of each, and how long ago it arrived; unchanged where none is at work yet."""
    if projects.group.in_progress is None:
        return projects
    days = expected_days(serial.scenario, projects, streams)
    ahead = {name: np.ones_like(each) for name, each in days.items()}
    elapsed = np.zeros(projects.count)
    for copies, rows in _alike(serial.scenario, projects):
        net, order = serial.network(projects.group.process, copies)
        begin, end = schedule(net, order, days, rows)
        elapsed[rows] = _point(serial.scenario, net, projects, rows, begin, end)
        left = _left(begin, end, elapsed[rows])
        for node, (name, copy) in enumerate(net.nodes):
            if name != ARRIVAL and serial.scenario.activities[name].stage is not None:
                ahead[name][rows, copy] = left[node]
    return replace(projects, ahead=ahead, elapsed=elapsed)


def expected_slack(serial: SerialPark, projects: Projects, streams: Streams) -> Floats:
    """Days by which each project's schedule keeps within its tightest deadline; infinite where it has none ahead."""
    slack = np.full(projects.count, np.inf)
    deadlines = serial.scenario.classes[projects.group.of].deadlines
    days = expected_days(serial.scenario, projects, streams) if deadlines else {}
    for copies, rows in _alike(serial.scenario, projects) if deadlines else ():
        net, order = serial.network(projects.group.process, copies)
        end = schedule(net, order, days, rows)[1]
        for due in deadlines:
            nodes = [node for node, (name, _) in enumerate(net.nodes) if name == due.milestone]
            ahead = projects.ahead.get(due.milestone, np.ones((projects.count, 1)))[rows].max(axis=1) > 0
            left = due.days - end[nodes].max(axis=0, initial=-np.inf)
            slack[rows] = np.minimum(slack[rows], np.where(ahead, left, np.inf))
    return slack


def expected_days(scenario: Scenario, projects: Projects, streams: Streams) -> dict[str, Floats]:
    """Expected calendar days of each activity for each project; shape (projects, copies), 0 where it has none of it."""
    activities = process_activities(scenario, projects.group.process)
    there = {name: _takes_place(scenario, name, projects, streams) for name in activities}
    days = {}
    for name, activity in activities.items():
        one = activity.duration.expectation if activity.duration else 0.0
        one *= CALENDAR_DAYS_PER_WORKING_DAY if activity.duration and activity.duration.unit == "wd" else 1.0
        scale = scale_of(scenario, activity, projects.attributes, np.zeros(projects.count, dtype=bool))
        days[name] = there[name] * (one * scale)[:, None]
    return days


def _takes_place(scenario: Scenario, name: str, projects: Projects, streams: Streams) -> Bools:
    """Whether an activity is part of each project in the serial park, by the project's own draw; (projects, copies)."""
    activity = scenario.activities[name]
    shape = (projects.count, largest_copies(scenario, projects.group, activity.per))
    found = np.repeat(concerned_in_the_serial_park(activity.applies, projects)[:, None], shape[1], axis=1)
    if activity.applies.probability < 1:
        found &= streams.uniforms(projects.purpose("activity", name), *shape, 3)[..., 0] < activity.applies.probability
    before = activity.applies.took_place
    return found if before is None else found & _takes_place(scenario, before, projects, streams)


def _alike(scenario: Scenario, projects: Projects) -> list[tuple[dict[str, int], Ints]]:
    """The projects that have the same numbers of copies and fronts, and so the same network."""
    counted = counts(scenario, projects.group.process)
    if not counted:
        return [({}, np.arange(projects.count))]
    table = np.column_stack([projects.attributes[name] for name in counted]).astype(np.int64)
    keys, which = np.unique(table, axis=0, return_inverse=True)
    return [
        (dict(zip(counted, key, strict=True)), np.flatnonzero(which.ravel() == number))
        for number, key in enumerate(keys.tolist())
    ]


def schedule(net: Network, order: tuple[int, ...], days: Mapping[str, Floats], rows: Ints) -> tuple[Floats, Floats]:
    """Begin and end of every node without waiting, in days since arrival; both of shape (nodes, rows)."""
    begin = np.zeros((len(net.nodes), len(rows)))
    end = np.zeros_like(begin)
    for node in order:
        name, copy = net.nodes[node]
        if name != ARRIVAL:
            begin[node] = end[list(net.predecessors[node])].max(axis=0)
            end[node] = begin[node] + days[name][rows, copy]
    return begin, end


def _point(scenario: Scenario, net: Network, projects: Projects, rows: Ints, begin: Floats, end: Floats) -> Floats:
    """The day of its schedule on which each project stands; `begin` and `end` have shape (nodes, rows).

    A project is in a stage once the stages before it are over, though some work of the stage may be behind it by then.
    """
    assert projects.group.in_progress is not None and projects.done is not None
    its = scenario.stage_index(projects.group.in_progress.stage)
    stage = np.array([_stage(scenario, name) for name, _ in net.nodes])
    works = (stage == its)[:, None] & (end > begin)
    earlier = np.where((stage < its)[:, None], end, 0.0).max(axis=0)
    over = np.where((stage == its)[:, None], end, 0.0).max(
        axis=0
    )  # where a stage holds no work of a project, it is over
    opens = np.minimum(np.maximum(np.where(works, begin, np.inf).min(axis=0), earlier), over)
    closes = np.maximum(np.where(works, end, 0.0).max(axis=0), opens)
    point: Floats = opens + projects.done[rows] * (closes - opens)
    return point


def _stage(scenario: Scenario, name: str) -> int:
    return scenario.stage_index(None if name == ARRIVAL else scenario.activities[name].stage)


def _left(begin: Floats, end: Floats, point: Floats) -> Floats:
    """Share of each node that lies after the point; what takes no time is ahead if it comes after it; (nodes, rows)."""
    length = end - begin
    partly = np.clip((end - point) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return np.where(length > 0, partly, (end > point).astype(np.float64))
