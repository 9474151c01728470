"""Laying out one replication: the draws of every group become the arrays of a plan.

Projects, parcels and issues are all *cases*, each with a network of steps. The cases of a group that share a network
are written at once: a template says where each of their steps lies behind the first one, and an issue is spliced into
the network of its project afterwards (`sim.splice`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.background import WEEK
from parkflow.sim.calendars import WorkCurve, days_of, work_curve
from parkflow.sim.checks import MOST_GATES
from parkflow.sim.draws import ActivityDraws, GroupDraws, Version, draw_group, draw_portfolio
from parkflow.sim.issues import Issues
from parkflow.sim.kinds import CALENDAR_DAYS, SKIPPED
from parkflow.sim.layout import Layout, Template, customs
from parkflow.sim.network import counts
from parkflow.sim.plan import Cases, Plan, Steps
from parkflow.sim.resources import Curves, Stocks
from parkflow.sim.scenario import process_activities, rule_of
from parkflow.sim.splice import NO_JUNCTIONS, Junctions, splice
from parkflow.sim.storing import lots_of, stocks_of
from parkflow.sim.streams import Chance, Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def make_plan(layout: Layout, seed: int, replication: int, chance: Chance = Streams) -> Plan:
    """Draw and lay out one replication."""
    streams = chance(seed, replication)
    portfolio = draw_portfolio(layout.scenario, streams, layout.serial)
    groups = [draw_group(layout.scenario, projects, streams, layout.idle) for projects in portfolio]
    return assemble(layout, groups, _curves(layout, streams), lots_of(layout.scenario, streams))


def assemble(
    layout: Layout,
    groups: Sequence[GroupDraws],
    curves: tuple[WorkCurve, ...] = (),
    lots: Mapping[str, Floats] | None = None,
) -> Plan:
    """Lay out given draws; groups in the order of the portfolio, curves in that of the layout's.

    `lots` are the parcels in store on day 0 by stock, of the expected size if not given.
    """
    return _Assembly(layout, groups, lots or lots_of(layout.scenario)).plan(curves or layout.curves)


def _curves(layout: Layout, streams: Streams) -> tuple[WorkCurve, ...]:
    """The calendars with their weather, and what the background leaves of the hours of desks that have one."""
    curves = list(layout.curves[: len(layout.scenario.calendars)])
    for number, (name, calendar) in enumerate(layout.scenario.calendars.items()):
        if calendar.lost:
            days = streams.uniforms(f"weather/{name}", days_of(layout.scenario))
            curves[number] = work_curve(layout.scenario, name, days)
    weeks = days_of(layout.scenario) // WEEK + 1
    outside = {desk: streams.uniforms(f"background/{desk}", weeks) for desk in layout.with_background}
    return layout.with_backgrounds(tuple(curves), outside)


@dataclass(frozen=True)
class _Block:
    """Cases laid out together: the projects of a group, or the issues of its projects.

    `template` numbers the network of each case; `parent` is the case whose units and conditions count.
    """

    draws: Mapping[str, ActivityDraws]
    group: int
    row: Ints
    begin: int
    template: Ints
    parent: Ints
    arrival: Floats
    tie: Floats
    category: Ints
    severity: Ints
    place: Ints

    @property
    def cases(self) -> Ints:
        """Numbers of its cases."""
        return np.arange(self.begin, self.begin + len(self.row))


class _Assembly:
    """Lays the cases of one replication out in one row of steps."""

    def __init__(self, layout: Layout, groups: Sequence[GroupDraws], lots: Mapping[str, Floats]) -> None:
        self.layout, self.groups, self.lots = layout, groups, lots
        self.templates: list[Template] = []
        self.blocks: list[_Block] = []
        self.fix: list[Floats] = []
        self.again: list[Floats] = []
        self.later = 0
        for number, group in enumerate(groups):
            self._add_projects(number, group)
        for number, group in enumerate(groups):
            if group.issues is not None:
                self._add_issues(number, group, group.issues)
        self.template = np.concatenate([block.template for block in self.blocks])
        self.slots = np.array([template.slot for template in self.templates])
        self.copies = np.array([template.copies for template in self.templates])

    def plan(self, curves: tuple[WorkCurve, ...]) -> Plan:
        cases, steps, successors = self._frame()
        for block in self.blocks:
            for name, draws in block.draws.items():
                self._fill(steps, cases, block, name, draws)
        stocks = self._stocks(steps, cases)
        steps, successors = splice(steps, successors, self._junctions(steps, cases))
        return Plan(
            layout=self.layout,
            cases=cases,
            steps=steps,
            fix=np.concatenate([np.empty(0), *self.fix]),
            again=np.concatenate([np.empty(0), *self.again]),
            successors=successors,
            pools=self.layout.pool_columns,
            meetings=self.layout.meeting_columns,
            stocks=stocks,
            calendars=Curves.of(curves),
            horizon=self.layout.scenario.horizon or np.inf,
            projects=tuple(group.projects for group in self.groups),
        )

    def _add_projects(self, number: int, group: GroupDraws) -> None:
        projects, begin = group.projects, self._cases_so_far()
        count = projects.count
        which = self._which(projects.group.process, projects.practices, projects.attributes, np.arange(count))
        own = np.arange(begin, begin + count)
        tie, none = np.zeros(count) if projects.tie is None else projects.tie, np.full(count, -1)
        kinds = (none, none, none)
        self.blocks.append(
            _Block(group.activities, number, np.arange(count), begin, which, own, projects.arrival, tie, *kinds)
        )

    def _add_issues(self, number: int, group: GroupDraws, issues: Issues) -> None:
        which = self._which("issue", group.projects.practices, group.projects.attributes, issues.row)
        parent = self.blocks[number].begin + issues.row
        dormant = np.full(len(issues.row), np.inf)
        begin = self._cases_so_far()
        tie, kinds = np.zeros(len(issues.row)), (issues.category, issues.severity, issues.place)
        self.blocks.append(_Block(group.handling, number, issues.row, begin, which, parent, dormant, tie, *kinds))

    def _cases_so_far(self) -> int:
        return self.blocks[-1].begin + len(self.blocks[-1].row) if self.blocks else 0

    def _which(
        self, process: str, practices: Mapping[str, Bools], attributes: Mapping[str, Floats], rows: Ints
    ) -> Ints:
        """Number of the template of each case, compiling those not met before."""
        named, counted = customs(self.layout.scenario, process), counts(self.layout.scenario, process)
        columns = [practices[key][rows] for key in named] + [attributes[key][rows] for key in counted]
        if not columns:
            return np.full(len(rows), self._number(self.layout.template(process, (), ())))
        keys, which = np.unique(np.column_stack(columns).astype(np.int64), axis=0, return_inverse=True)
        numbers = []
        for key in keys.tolist():
            in_force = tuple(name for name, on in zip(named, key, strict=False) if on)
            copies = tuple(zip(counted, key[len(named) :], strict=True))
            numbers.append(self._number(self.layout.template(process, in_force, copies)))
        return np.array(numbers, dtype=np.int64)[which.ravel()]

    def _number(self, template: Template) -> int:
        for number, known in enumerate(self.templates):
            if known is template:
                return number
        self.templates.append(template)
        return len(self.templates) - 1

    def _frame(self) -> tuple[Cases, Steps, Ints]:
        """Cases, steps without their draws, and the edges within each case.

        The templates stand one after another in a bank; step i of a case is row `bank[i]` of it, and its edges are
        those of its template, moved to where the case begins::

            bank     template 0: 0 1 2 3 | template 1: 4 5 6      case 0 has template 1, case 1 template 0:
            steps    case 0: 4 5 6 | case 1: 0 1 2 3              rows of the bank, in the order of cases
        """
        template = self.template
        sizes = np.array([len(t.activity) for t in self.templates])
        edges = np.array([len(t.targets) for t in self.templates])
        first = _starts(sizes[template])
        cases = self._cases(first)
        case = np.repeat(np.arange(len(template)), sizes[template])
        bank = np.arange(len(case)) - np.repeat(first - _starts(sizes)[template], sizes[template])
        edge_first = _starts(edges[template])
        bank_edge = np.arange(edges[template].sum()) - np.repeat(edge_first - _starts(edges)[template], edges[template])
        successors = self._bank("targets")[bank_edge] + np.repeat(first, edges[template])
        shift = np.repeat(edge_first, sizes[template])
        steps = self._empty(case, bank, self._class_of(cases)[case])._replace(
            edges_begin=np.concatenate([t.edges_begin[:-1] for t in self.templates])[bank] + shift,
            edges_end=np.concatenate([t.edges_begin[1:] for t in self.templates])[bank] + shift,
        )
        return cases, steps, successors

    def _bank(self, column: str) -> Ints:
        return np.concatenate([getattr(template, column) for template in self.templates])

    def _cases(self, first: Ints) -> Cases:
        blocks = self.blocks
        return Cases(
            group=np.concatenate([np.full(len(block.row), block.group) for block in blocks]),
            row=np.concatenate([block.row for block in blocks]),
            parent=np.concatenate([block.parent for block in blocks]),
            first=first,
            arrival=np.concatenate([block.arrival for block in blocks]),
            tie=np.concatenate([block.tie for block in blocks]),
            category=np.concatenate([block.category for block in blocks]),
            severity=np.concatenate([block.severity for block in blocks]),
            place=np.concatenate([block.place for block in blocks]),
        )

    def _class_of(self, cases: Cases) -> Ints:
        classes = list(self.layout.scenario.classes)
        return np.array([classes.index(group.projects.group.of) for group in self.groups])[cases.group]

    def _empty(self, case: Ints, bank: Ints, class_number: Ints) -> Steps:
        """Steps of the templates' rows `bank`, without draws; all arguments have one entry per step."""
        layout, count, versions = self.layout, len(case), 2**MOST_GATES - 1
        resources = np.array([layout.resources(name) for name in layout.scenario.classes])
        activity = self._bank("activity")[bank]

        def whole(value: int, *shape: int) -> Ints:
            return np.full((count, *shape), value, dtype=np.int64)

        def real(value: float, *shape: int) -> Floats:
            return np.full((count, *shape), value)

        def no() -> Bools:
            return np.zeros(count, dtype=bool)

        return Steps(
            case=case,
            activity=activity,
            copy=self._bank("copy")[bank],
            kind=layout.kinds[activity],
            resource=resources[class_number, activity],
            calendar=layout.calendars[activity],
            fix_calendar=layout.fix_calendars[activity],
            rank=real(0.0),
            work=real(0.0),
            next_attempt=whole(-1),
            left=whole(0),
            gate=whole(-1, MOST_GATES),
            gate_begin=real(np.inf, MOST_GATES),
            gate_end=real(np.inf, MOST_GATES),
            held_rank=real(0.0, versions),
            held_work=real(0.0, versions),
            held_next_attempt=whole(0, versions),
            held_left=whole(0, versions),
            condition=whole(-1),
            wanted=no(),
            took_place=whole(-1),
            ahead=whole(-1),
            ahead_of=whole(-1),
            unsolved_only=no(),
            solved_only=no(),
            late_after=real(-np.inf),
            solves=no(),
            start_by=real(np.inf),
            clock=whole(CALENDAR_DAYS),
            amount=real(0.0),
            gives=no(),
            goes_on=no(),
            skip_to=np.arange(count),
            waiting=self._bank("waiting")[bank],
            edges_begin=whole(0),
            edges_end=whole(0),
        )

    def _fill(
        self,
        steps: Steps,
        cases: Cases,
        block: _Block,
        name: str,
        draws: ActivityDraws,
    ) -> None:
        """Write the draws of one activity into the steps of a block."""
        number = self.layout.number[name]
        slot = self.slots[:, number][block.template]
        copies = self.copies[:, number][block.template]
        there = np.arange(draws.applies.shape[1]) < copies[:, None]
        at = ((cases.first[block.cases] + slot)[:, None] + np.arange(there.shape[1]))[there]
        owner = np.repeat(np.arange(len(block.row)), np.minimum(copies, there.shape[1]))
        steps.kind[at[~draws.applies[there]]] = SKIPPED
        steps.solves[at] = draws.solves[there]
        steps.work[at], steps.left[at], steps.next_attempt[at] = self._version(draws.base, there)
        for bit, gate in enumerate(draws.gates):
            steps.gate_begin[at, bit], steps.gate_end[at, bit] = gate.begin, gate.end
            if gate.holds:
                steps.gate[at, bit] = self._step_named(cases, block, gate.holds)[owner]
        for number, version in enumerate(draws.held):
            work, left, following = self._version(version, there)
            steps.held_work[at, number], steps.held_left[at, number] = work, left
            steps.held_next_attempt[at, number] = following
        self._conditions(steps, cases, block, name, at, owner)
        self._amounts(steps, block, name, at, owner)
        self._ranks(steps, block, name, at, owner)
        if self.layout.scenario.activities[name].desk:
            steps.start_by[at] = self.layout.start_by(name, self.groups[block.group].projects.group.of)
            steps.clock[at] = self.layout.limit(name)[1]
        if rule_of(self.layout.scenario, self.layout.scenario.activities[name]) != "fifo":
            self._lead(steps, draws, at, there)

    def _lead(self, steps: Steps, draws: ActivityDraws, at: Ints, there: Bools) -> None:
        """Let practices put projects ahead of the rank they have, each version in its own way."""
        rank = steps.rank[at]
        steps.rank[at] = rank - np.broadcast_to(draws.base.lead, there.shape)[there]
        if draws.held:
            steps.held_rank[at] = steps.rank[at][:, None]
        for number, version in enumerate(draws.held):
            steps.held_rank[at, number] = rank - np.broadcast_to(version.lead, there.shape)[there]

    def _version(self, version: Version, there: Bools) -> tuple[Floats, Ints, Ints]:
        more = version.attempts - 1
        begin = self.later + _starts(more.ravel()).reshape(more.shape)
        self.fix.append(version.fix)
        self.again.append(version.again)
        self.later += len(version.again)
        return version.work[there], more[there], begin[there]

    def _step_named(self, cases: Cases, block: _Block, name: str) -> Ints:
        """The step of an activity in each case's own network, or in its project's (-1: neither has it)."""
        number = self.layout.number[name]
        own = self.slots[block.template, number]
        theirs = self.slots[self.template[block.parent], number]
        there = np.where(theirs < 0, -1, cases.first[block.parent] + theirs)
        return np.where(own < 0, there, cases.first[block.cases] + own)

    def _conditions(
        self,
        steps: Steps,
        cases: Cases,
        block: _Block,
        name: str,
        at: Ints,
        owner: Ints,
    ) -> None:
        applies = self.layout.scenario.activities[name].applies
        steps.unsolved_only[at], steps.solved_only[at] = applies.unsolved, applies.solved
        stock = applies.taken or applies.short
        if stock:
            steps.condition[at] = self._step_named(cases, block, stock)[owner]
            steps.wanted[at] = applies.taken is not None
        if applies.took_place and self._open(applies.took_place):
            repeated = self.layout.scenario.activities[applies.took_place].per is not None
            first = self._step_named(cases, block, applies.took_place)[owner]
            steps.took_place[at] = first + steps.copy[at] * repeated
        for sooner, later in applies.ahead_of.items():
            steps.ahead[at] = self._step_named(cases, block, sooner)[owner]
            steps.ahead_of[at] = self._step_named(cases, block, later)[owner]
            never = (steps.ahead[at] < 0) | (steps.ahead_of[at] < 0)
            steps.kind[at[never]] = SKIPPED
        if applies.late:
            kind = self.groups[block.group].projects.group.of
            steps.late_after[at] = self._due(block, name)[owner] - self.layout.expected(name, kind)

    def _open(self, name: str) -> bool:
        """Whether it is decided only in the run if an activity takes place."""
        applies = self.layout.scenario.activities[name].applies
        return applies.open or (applies.took_place is not None and self._open(applies.took_place))

    def _amounts(self, steps: Steps, block: _Block, name: str, at: Ints, owner: Ints) -> None:
        activity = self.layout.scenario.activities[name]
        if activity.step == "stock":
            attributes = self.groups[block.group].projects.attributes
            amount = activity.amount
            steps.amount[at] = attributes[amount][block.row][owner] if isinstance(amount, str) else amount
            steps.gives[at] = activity.gives
            steps.goes_on[at] = activity.when_short == "go on"

    def _ranks(self, steps: Steps, block: _Block, name: str, at: Ints, owner: Ints) -> None:
        """Ranks in queues: the class's priority, or the day by which service must begin; 0 where it is fifo."""
        scenario = self.layout.scenario
        activity = scenario.activities[name]
        rule = rule_of(scenario, activity)
        if rule == "fifo":
            return
        kind = self.groups[block.group].projects.group.of
        if rule == "class":
            steps.rank[at] = scenario.classes[kind].priority
        else:
            steps.rank[at] = self._due(block, name)[owner] - self.layout.expected(name, kind)

    def _due(self, block: _Block, name: str) -> Floats:
        """Day by which an activity must be over if its case is to meet its deadline without waiting (inf: none)."""
        projects = self.groups[block.group].projects
        kind, number = projects.group.of, self.layout.number[name]
        due = np.full(len(block.row), np.inf)
        for deadline in self.layout.scenario.classes[kind].deadlines:
            key = (kind, deadline.milestone)
            tails = [t.tails[key][t.slot[number]] if t.slot[number] >= 0 else -np.inf for t in self.templates]
            due = np.minimum(due, projects.signed[block.row] + deadline.days - np.array(tails)[block.template])
        return due

    def _stocks(self, steps: Steps, cases: Cases) -> Stocks:
        """The stocks, their tranches, and the cases that replenish them."""
        orders = [self._orders(steps, cases, name) for name in self.layout.scenario.stocks]
        return stocks_of(self.layout.scenario, self.lots, orders)

    def _orders(self, steps: Steps, cases: Cases, stock: str) -> tuple[Ints, Floats]:
        """Cases that replenish a stock, and the units that each will bring; both have one entry per order."""
        group = self.layout.scenario.stocks[stock].orders
        if group is None:
            return np.empty(0, dtype=np.int64), np.empty(0)
        block = self.blocks[self.layout.groups.index(group)]
        process = process_activities(self.layout.scenario, self.layout.scenario.portfolio[group].process)
        gives = next(name for name, activity in process.items() if activity.gives and activity.stock == stock)
        return block.cases, steps.amount[self._step_named(cases, block, gives)]

    def _junctions(self, steps: Steps, cases: Cases) -> Junctions:
        """Where the issues meet the work of their projects."""
        found = [self._junctions_of(cases, block) for block in self.blocks if (block.category >= 0).any()]
        joined = Junctions(*(np.concatenate(parts) for parts in zip(*found, strict=True))) if found else NO_JUNCTIONS
        real = (joined.host >= 0) & (steps.kind[joined.host] != SKIPPED)
        return Junctions(*(column[real] for column in joined))

    def _junctions_of(self, cases: Cases, block: _Block) -> Junctions:
        issues = self.groups[block.group].issues
        assert issues is not None
        hosts = np.array([self.layout.number[name] for name in issues.hosts])[issues.host]
        slot = self.slots[self.blocks[block.group].template[issues.row], hosts]
        closed = self.slots[block.template, self.layout.number["issue_closed"]]
        first = cases.first[block.cases]
        host = np.where(slot < 0, -1, cases.first[block.parent] + slot + issues.copy)
        return Junctions(host, issues.fraction, issues.stops, first, first + closed)


def _starts(sizes: Ints) -> Ints:
    """Where each of several stretches begins when they stand one after another."""
    return np.cumsum(sizes) - sizes
