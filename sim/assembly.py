"""Laying out one replication: what chance decides about the steps of a frame becomes the arrays of a plan.

Projects, parcels and issues are all *cases*, each with a network of steps. An issue is spliced into the network of its
project at the end (`sim.splice`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.alike import drawn_alike
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
from parkflow.sim.outline import Outline, outlined
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
        alike = None if issues.count else layout.kept(drawn_alike)
        if alike is None:
            return draw(recipe, frame, influence, streams)
        return streams.once(("draws", alike, frame.key), lambda: draw(recipe, frame, influence, streams))

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
    steps, successors = assembly.steps(decided), assembly.outline.successors
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
    """Writes what is drawn for the steps of one replication, in columns with room for those that issues add."""

    layout: Layout
    frame: Frame
    influence: Influence

    def steps(self, draws: Draws) -> Steps:
        """The steps of all cases, with room for two more per issue."""
        steps = self.outline.fresh()
        count = len(draws.applies)
        steps.kind[:count][~draws.applies] = SKIPPED
        steps.solves[:count] = draws.solves
        self._write_attempts(steps, draws)
        if len(self.outline.special):
            self._write_latest(steps)
            self._write_amounts(steps)
            self._write_ranks(steps)
        return steps

    @cached_property
    def outline(self) -> Outline:
        """The steps without draws."""
        return outlined(self.layout, self.frame)

    @property
    def columns(self) -> Columns:
        return self.layout.kept(Columns)

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

    def _special(self, table: Bools) -> Ints:
        """The steps of activities that a table says to be special in some way."""
        special = self.outline.special
        return special[table[self.frame.nodes.activity[special]]]

    def _write_latest(self, steps: Steps) -> None:
        """From when on a project lags, for steps that take place only then."""
        late = self._special(self.columns.late)
        steps.late_after[late] = self._latest(steps, late)

    def _write_amounts(self, steps: Steps) -> None:
        """Amounts that are attributes of projects."""
        for name, counted in self.columns.counted.items():
            mine = self._special(counted & self.columns.stocks)
            steps.amount[mine] = self.frame.roster.attributes[name][self.frame.owner[mine]]

    def _write_ranks(self, steps: Steps) -> None:
        """Ranks in lines: the class's priority, or the day by which service must begin, less what practices grant."""
        columns, influences = self.columns, self.layout.kept(Recipe).influences
        by_slack, by_class = self._special(columns.by_slack), self._special(columns.by_class)
        steps.rank[by_slack] = self._latest(steps, by_slack)
        steps.rank[by_class] = columns.priority[self.outline.kind[steps.case[by_class]]]
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
        kind = self.outline.kind[case]
        row = self.frame.nodes.row_of(case, activity)
        due = self.layout.kept(Tails).due(
            self.frame.nodes.bank, kind, row, self.frame.roster.signed[self.frame.owner[which]]
        )
        latest: Floats = due - self.columns.expected[kind, activity]
        return latest

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
