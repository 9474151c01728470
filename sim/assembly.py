"""Laying out one replication: what chance decides about the steps of a frame becomes the arrays of a plan.

Projects, parcels and issues are all *cases*, each with a network of steps. An issue is spliced into the network of its
project at the end (`sim.splice`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.background import WEEK, weekly_shares
from parkflow.sim.calendars import WorkCurve, days_of
from parkflow.sim.columns import Columns
from parkflow.sim.coverage import covered
from parkflow.sim.draws import Draws, draw
from parkflow.sim.frame import Frame, framed
from parkflow.sim.influences import Influence
from parkflow.sim.issues import NO_ISSUES, Issues
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan, Steps
from parkflow.sim.portfolio import draw_projects
from parkflow.sim.progress import SerialPark, placed
from parkflow.sim.recipe import Recipe
from parkflow.sim.resources import Curves, Stocks
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Scenario, process_activities
from parkflow.sim.splice import Junctions, splice
from parkflow.sim.storing import lots_of, stocks_of
from parkflow.sim.streams import Chance, Streams
from parkflow.sim.tails import Tails

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def make_plan(layout: Layout, seed: int, replication: int, chance: Chance = Streams) -> Plan:
    """Draw and lay out one replication."""
    streams = chance(seed, replication)
    recipe = layout.kept(Recipe)
    roster = draw_portfolio(layout.scenario, streams, layout.kept(serial_park))
    issues = recipe.issues.draw(roster, recipe.cells, recipe.cells.ahead(roster), streams)
    lots = lots_of(layout.scenario, streams)

    def drawn(frame: Frame, influence: Influence) -> Draws:
        return draw(recipe, frame, influence, streams)

    return assemble(layout, roster, drawn, issues, _curves(layout, streams), lots)


def serial_park(layout: Layout) -> SerialPark:
    """The schedules of a layout's projects as they would be serially."""
    return SerialPark(layout.scenario)


def draw_portfolio(scenario: Scenario, streams: Streams, serial: SerialPark | None = None) -> Roster:
    """Draw the projects of all groups, where each stands and which practices are in force for it.

    `serial` knows the networks of the scenario's projects from earlier replications. Policies that change nothing about
    the projects but their practices share them.
    """
    known = serial or SerialPark(scenario)

    def standing() -> Roster:
        return placed(known, draw_projects(scenario, streams), streams)

    return covered(known, streams.once(("portfolio", known.key), standing), streams)


def assemble(
    layout: Layout,
    roster: Roster,
    drawn: Callable[[Frame, Influence], Draws],
    issues: Issues = NO_ISSUES,
    curves: tuple[WorkCurve, ...] = (),
    lots: Mapping[str, Floats] | None = None,
) -> Plan:
    """Lay out the projects of a roster and their issues.

    `drawn` decides about the steps of their frame. `curves` are in the order of the layout's; `lots` are the parcels in
    store on day 0 by stock, of the expected size if not given.
    """
    frame = framed(layout, roster, issues)
    influence = layout.kept(Recipe).influences.on(roster)
    decided = drawn(frame, influence)
    assembly = _Assembly(layout, frame, influence)
    steps, successors = assembly.steps(decided)
    stocks = assembly.stocks(steps, lots or lots_of(layout.scenario))
    steps, successors = splice(steps, len(frame.nodes.case), successors, assembly.junctions(steps))
    return Plan(
        layout=layout,
        cases=frame.cases,
        steps=steps,
        fix=decided.fix,
        again=decided.again,
        successors=successors,
        pools=layout.pool_columns,
        meetings=layout.meeting_columns,
        stocks=stocks,
        calendars=Curves.of(curves or layout.curves),
        horizon=layout.scenario.horizon or np.inf,
        projects=roster.groups,
    )


def _curves(layout: Layout, streams: Streams) -> tuple[WorkCurve, ...]:
    """The calendars with their weather, and what the background leaves of the hours of desks that have one."""
    curves = list(layout.curves[: len(layout.hours)])
    for number, (name, hours) in enumerate(zip(layout.scenario.calendars, layout.hours, strict=True)):
        if hours.lost:
            curves[number] = hours.curve(streams.uniforms(f"weather/{name}", days_of(layout.scenario)))
    weeks, names = days_of(layout.scenario) // WEEK + 1, layout.with_background
    desks = [layout.scenario.desks[name] for name in names]

    def shares() -> Floats:
        uniforms = streams.joined([f"background/{name}" for name in names], [weeks] * len(names))
        return weekly_shares(desks, uniforms.reshape(-1, weeks))

    key = (
        "background",
        weeks,
        *((name, it.outside, it.background_spread) for name, it in zip(names, desks, strict=True)),
    )
    return layout.with_backgrounds(tuple(curves), streams.once(key, shares))


@dataclass(frozen=True)
class _Assembly:
    """Writes the steps of one replication, in columns with room behind them for those that issues add."""

    layout: Layout
    frame: Frame
    influence: Influence

    def steps(self, draws: Draws) -> tuple[Steps, Ints]:
        """The steps of all cases, with room for two more per issue, and the steps to which their edges lead."""
        steps, successors = self._empty()
        count = len(draws.applies)
        steps.kind[:count][~draws.applies] = SKIPPED
        steps.solves[:count] = draws.solves
        self._write_attempts(steps, draws)
        special = np.flatnonzero(self.columns.special[self.frame.nodes.activity])
        self._write_conditions(steps, special)
        self._write_amounts(steps, special)
        self._write_ranks(steps, special)
        self._write_gates(steps)
        return steps, successors

    @property
    def columns(self) -> Columns:
        return self.layout.kept(Columns)

    def _padded(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column of one entry per step, with room."""
        return np.concatenate((column, np.zeros(2 * self.frame.issues.count, dtype=column.dtype)))

    def _empty(self) -> tuple[Steps, Ints]:
        """The steps as their activities have them, without draws."""
        layout, columns, nodes = self.layout, self.columns, self.frame.nodes
        activity, case = self._padded(nodes.activity), self._padded(nodes.case)
        kind, gates = self._class[case], columns.holds.shape[1]
        held = (len(case), 2**gates - 1)
        edges_begin, edges_end, successors = nodes.edges()

        def whole(value: int, *shape: int) -> Ints:
            return np.full((len(case), *shape), value, dtype=np.int64)

        def real(value: float, *shape: int) -> Floats:
            return np.full((len(case), *shape), value)

        def no() -> Bools:
            return np.zeros(len(case), dtype=bool)

        steps = Steps(
            case=case,
            activity=activity,
            copy=self._padded(nodes.copy),
            kind=layout.kinds[activity],
            resource=columns.resource[kind, activity],
            calendar=layout.calendars[activity],
            fix_calendar=layout.fix_calendars[activity],
            rank=real(0.0),
            work=real(0.0),
            next_attempt=whole(0),
            left=whole(0),
            gate=whole(-1, gates),
            gate_begin=real(np.inf, gates),
            gate_end=real(np.inf, gates),
            held_rank=np.zeros(held),
            held_work=np.zeros(held),
            held_next_attempt=np.zeros(held, dtype=np.int64),
            held_left=np.zeros(held, dtype=np.int64),
            condition=whole(-1),
            wanted=columns.wanted[activity],
            took_place=whole(-1),
            ahead=whole(-1),
            ahead_of=whole(-1),
            unsolved_only=columns.unsolved_only[activity],
            solved_only=columns.solved_only[activity],
            late_after=real(-np.inf),
            solves=no(),
            start_by=columns.start_by[kind, activity],
            clock=columns.clock[activity],
            amount=real(0.0),
            gives=columns.gives[activity],
            goes_on=columns.goes_on[activity],
            skip_to=np.arange(len(case)),
            waiting=self._padded(nodes.bank.waiting[nodes.row]),
            edges_begin=self._padded(edges_begin),
            edges_end=self._padded(edges_end),
        )
        return steps, successors

    @property
    def _class(self) -> Ints:
        """Number of the class of each case's project."""
        classes, roster = list(self.layout.scenario.classes), self.frame.roster
        numbers = np.array([classes.index(each.group.of) for each in roster.groups], dtype=np.int64)
        return numbers[roster.group][self.frame.project]

    def _write_attempts(self, steps: Steps, draws: Draws) -> None:
        attempts = draws.attempts
        for version in range(attempts.version.max(initial=0) + 1):
            mine = attempts.version == version
            step, (_, _, work, left, following) = attempts.step[mine], (each[mine] for each in attempts)
            if version == 0:
                steps.work[step], steps.left[step], steps.next_attempt[step] = work, left, following
            else:
                steps.held_work[step, version - 1], steps.held_left[step, version - 1] = work, left
                steps.held_next_attempt[step, version - 1] = following

    def _write_conditions(self, steps: Steps, special: Ints) -> None:
        """What must have happened before a step, as far as it is decided in the run; `special` are steps to look at."""
        columns = self.columns
        self._name(steps.condition, columns.stock, special)
        self._name(steps.ahead, columns.sooner, special)
        self._name(steps.ahead_of, columns.later, special)
        named = self._name(steps.took_place, columns.place, special)
        steps.took_place[named] += steps.copy[named] * columns.repeated[columns.place[steps.activity[named]]]
        both = special[columns.sooner[steps.activity[special]] >= 0]
        steps.kind[both[(steps.ahead[both] < 0) | (steps.ahead_of[both] < 0)]] = SKIPPED
        late = special[columns.late[steps.activity[special]]]
        steps.late_after[late] = self._latest(steps, late)

    def _name(self, column: Ints, numbers: Ints, special: Ints) -> Ints:
        """Write the step of an activity that others name, by the number that each one names; returns the others."""
        activity = self.frame.nodes.activity
        naming = special[numbers[activity[special]] >= 0]
        column[naming] = self.frame.step_of(self.frame.nodes.case[naming], numbers[activity[naming]])
        return naming

    def _write_amounts(self, steps: Steps, special: Ints) -> None:
        columns = self.columns
        stocks = special[columns.stocks[steps.activity[special]]]
        steps.amount[stocks] = columns.amount[steps.activity[stocks]]
        for name, counted in columns.counted.items():
            mine = stocks[counted[steps.activity[stocks]]]
            steps.amount[mine] = self.frame.roster.attributes[name][self.frame.owner[mine]]

    def _write_ranks(self, steps: Steps, special: Ints) -> None:
        """Ranks in lines: the class's priority, or the day by which service must begin, less what practices grant."""
        columns, influences = self.columns, self.layout.kept(Recipe).influences
        by_slack = special[columns.by_slack[steps.activity[special]]]
        by_class = special[columns.by_class[steps.activity[special]]]
        steps.rank[by_slack] = self._latest(steps, by_slack)
        steps.rank[by_class] = columns.priority[self._class[steps.case[by_class]]]
        ranked = np.concatenate((by_slack, by_class))
        rank, owner, lead = steps.rank[ranked], self.frame.owner[ranked], self.influence.lead
        rows = influences.row[steps.activity[ranked]]
        steps.rank[ranked] = rank - lead[rows[:, 0], owner]
        held = np.flatnonzero(rows[:, 1:].any(axis=1))
        steps.held_rank[ranked[held]] = steps.rank[ranked[held], None]
        for version in range(1, rows.shape[1]):
            held = np.flatnonzero(rows[:, version])
            steps.held_rank[ranked[held], version - 1] = rank[held] - lead[rows[held, version], owner[held]]

    def _latest(self, steps: Steps, which: Ints) -> Floats:
        """Day by which some steps must begin if their cases are to meet their deadlines without waiting (inf: none)."""
        case, activity = steps.case[which], steps.activity[which]
        kind = self._class[case]
        row = self.frame.nodes.row_of(case, activity)
        due = self.layout.kept(Tails).due(
            self.frame.nodes.bank, kind, row, self.frame.roster.signed[self.frame.owner[which]]
        )
        latest: Floats = due - self.columns.expected[kind, activity]
        return latest

    def _write_gates(self, steps: Steps) -> None:
        """When the gates of a step are open, and which step must have obtained its units."""
        columns, activity = self.columns, self.frame.nodes.activity
        gated = np.flatnonzero(self.layout.kept(Recipe).versions[activity] > 1)
        steps.gate_begin[gated] = columns.gate_begin[activity[gated]]
        steps.gate_end[gated] = columns.gate_end[activity[gated]]
        for gate, holds in zip(steps.gate.T, columns.holds.T, strict=True):
            self._name(gate, holds, gated)

    def stocks(self, steps: Steps, lots: Mapping[str, Floats]) -> Stocks:
        """The stocks, their tranches, and the cases that replenish them."""
        return stocks_of(
            self.layout.scenario, lots, [self._orders(steps, name) for name in self.layout.scenario.stocks]
        )

    def _orders(self, steps: Steps, stock: str) -> tuple[Ints, Floats]:
        """Cases that replenish a stock, and the units that each will bring; both have one entry per order."""
        scenario = self.layout.scenario
        group = scenario.stocks[stock].orders
        if group is None:
            return np.empty(0, dtype=np.int64), np.empty(0)
        process = process_activities(scenario, scenario.portfolio[group].process)
        gives = next(name for name, activity in process.items() if activity.gives and activity.stock == stock)
        cases = np.flatnonzero(self.frame.roster.group == self.layout.groups.index(group))
        return cases, steps.amount[self.frame.step_of(cases, np.full(len(cases), self.layout.number[gives]))]

    def junctions(self, steps: Steps) -> Junctions:
        """Where the issues meet the work of their projects."""
        issues, nodes, first = self.frame.issues, self.frame.nodes, self.frame.first_issue
        closed = np.full(issues.count, self.layout.number.get("issue_closed", 0))
        host = nodes.first_of(issues.project, issues.host)
        host += issues.copy * (host >= 0)
        mine = first + np.arange(issues.count)
        arrive = nodes.first[mine]
        found = Junctions(host, issues.fraction, issues.stops, arrive, nodes.first_of(mine, closed))
        real = (host >= 0) & (steps.kind[host] != SKIPPED)
        return Junctions(*(column[real] for column in found))
