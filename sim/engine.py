"""The engine: SimPy runs the clock, and this decides who waits for whom. It knows steps, not policies.

A step becomes ready when the last step it waits for is over. It then takes time (`work`), waits for a server (`desk`),
for a sitting (`meeting`) or for units (`stock`), or is over at once (a milestone, or a step that does not apply).

At one instant: an ending attempt frees its server, and the head of that line starts; then a failed attempt asks again,
at the tail; else the steps that waited for it become ready, in ascending order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import inf, nan
from typing import Any

from simpy import Environment, Event
from simpy.events import NORMAL

from sim.layout import DESK, MEETING, SKIPPED, STOCK, WORK
from sim.plan import Plan
from sim.queues import Line, line
from sim.scenario import Meeting, Stock


@dataclass(frozen=True)
class History:
    """What the engine saw, by step; times in days, NaN for what did not happen before the horizon.

    `ready`, `start` and `end` are those of the last attempt; `returned` lists earlier ones as (step, ready, start, end).
    `released_by` is the step whose end made a step ready (-1: none); `held` tells whether a stock step obtained its
    units; `levels` lists (day, stock, level) after each change; `over` is the time of the last event.
    """

    ready: list[float]
    start: list[float]
    end: list[float]
    returned: list[tuple[int, float, float, float]]
    released_by: list[int]
    held: list[bool]
    skipped: list[bool]
    levels: list[tuple[float, int, float]]
    over: float


class _Due(Event):
    """Something that falls due: the number of a step, case or meeting, for the callback to deal with."""

    __slots__ = ("callbacks", "number")
    _ok = True
    _value = None

    def __init__(self, callbacks: list[Callable[[_Due], None]], number: int) -> None:
        self.callbacks: Any = callbacks
        self.number = number


@dataclass(slots=True)
class _Body:
    """A meeting: its agenda, the days on which it sits, how many of these are past, and whether one is called."""

    meeting: Meeting
    agenda: Line
    sittings: list[float]
    past: int = 0
    called: bool = False


@dataclass(slots=True)
class _Store:
    """A stock: what it holds, who waits for units, and the orders to come (cases and their units)."""

    stock: Stock
    level: float
    counter: Line
    orders: Iterator[tuple[int, float]]
    under_way: float = 0.0
    ordered: dict[int, float] = field(default_factory=dict)


class Engine:
    """Executes one plan, once."""

    def __init__(self, plan: Plan) -> None:
        """Take the plan's arrays as lists, which Python reads faster; those that change are the engine's own copy."""
        steps = plan.steps
        special = (steps.condition >= 0) | (steps.gate >= 0) | steps.unsolved_only | (steps.kind == SKIPPED)
        self.plan, self.env = plan, Environment()
        self.special: list[bool] = special.tolist()
        self.case: list[int] = steps.case.tolist()
        self.kind: list[int] = steps.kind.tolist()
        self.resource: list[int] = steps.resource.tolist()
        self.calendar: list[int] = steps.calendar.tolist()
        self.work: list[float] = steps.work.tolist()
        self.left: list[int] = steps.left.tolist()
        self.next_attempt: list[int] = steps.next_attempt.tolist()
        self.solves: list[bool] = steps.solves.tolist()
        self.waiting: list[int] = steps.waiting.tolist()
        self.edges_begin: list[int] = steps.edges_begin.tolist()
        self.edges_end: list[int] = steps.edges_end.tolist()
        self.successors: list[int] = plan.successors.tolist()
        self.skip_to: list[int] = steps.skip_to.tolist()
        self.fix: list[float] = plan.fix.tolist()
        self.again: list[float] = plan.again.tolist()
        count = len(self.kind)
        self.ready, self.start, self.end = [nan] * count, [nan] * count, [nan] * count
        self.released_by, self.held, self.skipped = [-1] * count, [False] * count, [False] * count
        self.returned: list[tuple[int, float, float, float]] = []
        self.levels: list[tuple[float, int, float]] = []
        self.solved = [False] * len(plan.cases.first)
        self.on_completion, self.schedule = [self._complete], self.env.schedule
        self._open(steps.rank.tolist())

    def _open(self, rank: list[float]) -> None:
        """Desks, meetings and stocks as they stand on day 0."""
        plan, layout = self.plan, self.plan.layout
        meetings, stocks = layout.scenario.meetings.values(), layout.scenario.stocks.values()
        self.free = [pool.servers for pool in layout.pools]
        self.lines = [line(pool.rule, rank) for pool in layout.pools]
        self.bodies = [_Body(m, line(m.rule, rank), days) for m, days in zip(meetings, layout.sittings, strict=True)]
        orders = [zip(o.tolist(), p.tolist(), strict=True) for o, p in zip(plan.orders, plan.parcels, strict=True)]
        self.stores = [_Store(s, s.initial, line(s.rule, rank), o) for s, o in zip(stocks, orders, strict=True)]

    def run(self) -> History:
        """Run to the horizon, or to the last event where there is none."""
        scenario, env = self.plan.layout.scenario, self.env
        for number, store in enumerate(self.stores):
            self._log_level(number)
            self._order(number)
            for tranche in store.stock.tranches:
                self._later(partial(self._deliver, number, tranche.amount), number, scenario.day(tranche.on))
        for case, day in enumerate(self.plan.cases.arrival.tolist()):
            if day < inf:
                self._later(self._arrive, case, day)
        env.run(until=scenario.horizon)
        return History(
            self.ready,
            self.start,
            self.end,
            self.returned,
            self.released_by,
            self.held,
            self.skipped,
            self.levels,
            env.now,
        )

    def _later(self, callback: Callable[[_Due], None], number: int, delay: float) -> None:
        if delay < inf:
            self.env.schedule(_Due([callback], number), delay=delay)

    def _arrive(self, event: _Due) -> None:
        self._over(int(self.plan.cases.first[event.number]), self.env.now)

    def _over(self, step: int, now: float) -> None:
        """A step is over: what waited for it becomes ready, and what takes no time is over as well."""
        waiting, successors, done = self.waiting, self.successors, [step]
        for step in done:
            self.end[step] = now
            if self.solves[step]:
                self.solved[self.case[step]] = True
            for other in successors[self.edges_begin[step] : self.edges_end[step]]:
                waiting[other] -= 1
                if not waiting[other]:
                    self.released_by[other] = step
                    if self.special[other] and not self._applies(other):
                        done.append(self._skip(other, now))
                    elif self._request(other, now):
                        done.append(other)

    def _applies(self, step: int) -> bool:
        """Whether a step takes place, now that what happened before is known; and which version of its work counts."""
        if self.kind[step] == SKIPPED:
            return False
        steps = self.plan.steps
        condition, gate = steps.condition[step], steps.gate[step]
        if self.solved[self.case[step]] and steps.unsolved_only[step]:
            return False
        if condition >= 0 and self.held[condition] != steps.wanted[step]:
            return False
        if gate >= 0 and self.held[gate]:
            self.work[step] = float(steps.held_work[step])
            self.left[step] = int(steps.held_left[step])
            self.next_attempt[step] = int(steps.held_next_attempt[step])
        return True

    def _skip(self, step: int, now: float) -> int:
        """Pass a step by, and return the step that is over instead: itself, or the join behind its segments."""
        self.skipped[step], self.solves[step] = True, False
        self.ready[step] = self.end[step] = now
        instead = self.skip_to[step]
        if instead != step:
            self.released_by[instead], self.ready[instead] = step, now
        return instead

    def _request(self, step: int, now: float) -> bool:
        """Let a ready step start or wait; true if it is over at once."""
        self.ready[step] = now
        kind = self.kind[step]
        if kind == DESK:
            pool = self.resource[step]
            if self.free[pool]:
                self.free[pool] -= 1
                self._begin(step, now)
            else:
                self.lines[pool].put(step)
        elif kind == WORK:
            self._begin(step, now)
        elif kind == MEETING:
            self._put_on_agenda(step, now)
        else:
            return kind != STOCK or self._obtain(step, now)
        return False

    def _begin(self, step: int, now: float) -> None:
        """Start the work of a step; beyond the last day of its calendar it never ends."""
        self.start[step] = now
        calendar = self.calendar[step]
        delay = self.work[step] if calendar < 0 else self.plan.curves[calendar].delay(now, self.work[step])
        if delay < inf:
            self.schedule(_Due(self.on_completion, step), NORMAL, delay)

    def _complete(self, event: _Due) -> None:
        """An attempt ends: its server is free for the next in line, and the step comes back or is over."""
        step, now = event.number, self.env.now
        if self.kind[step] == DESK:
            pool = self.resource[step]
            if self.lines[pool]:
                self._begin(self.lines[pool].take(), now)
            else:
                self.free[pool] += 1
        if self.left[step]:
            self._send_back(step, now)
        else:
            self._over(step, now)

    def _send_back(self, step: int, now: float) -> None:
        """The attempt failed: the applicant corrects it (补正) and asks again."""
        attempt, calendar = self.next_attempt[step], self.plan.steps.fix_calendar[step]
        self.returned.append((step, self.ready[step], self.start[step], now))
        self.next_attempt[step] += 1
        self.left[step] -= 1
        self.work[step] = self.again[attempt]
        fix = self.fix[attempt]
        delay = fix if calendar < 0 else self.plan.curves[calendar].delay(now, fix)
        if delay == 0:
            self._request(step, now)
        else:
            self._later(self._resubmit, step, delay)

    def _resubmit(self, event: _Due) -> None:
        self._request(event.number, self.env.now)

    def _put_on_agenda(self, step: int, now: float) -> None:
        meeting = self.resource[step]
        body = self.bodies[meeting]
        body.agenda.put(step)
        if not body.called:
            self._call(meeting, now)

    def _call(self, meeting: int, now: float) -> None:
        """Fix the next sitting: a quorum's delay from now, or the next one of the calendar not yet held."""
        body = self.bodies[meeting]
        delay = body.meeting.on_demand
        if delay is None:
            body.past = max(body.past, bisect_left(body.sittings, now))
            delay = body.sittings[body.past] - now if body.past < len(body.sittings) else inf
        body.called = True
        self._later(self._sit, meeting, max(delay, 0.0))

    def _sit(self, event: _Due) -> None:
        body, now = self.bodies[event.number], self.env.now
        body.called = False
        body.past += 1
        for _ in range(min(body.meeting.places, len(body.agenda))):
            self._begin(body.agenda.take(), now)
        if body.agenda:
            self._call(event.number, now)

    def _obtain(self, step: int, now: float) -> bool:
        """Give units to a stock or take them; true unless the step has to wait for them."""
        number, steps = self.resource[step], self.plan.steps
        store, amount = self.stores[number], float(steps.amount[step])
        self.start[step] = now
        if steps.gives[step]:
            store.under_way -= store.ordered.pop(self.case[step], 0.0)
            self._supply(number, amount, now)
            return True
        if not store.counter and store.level >= amount:
            self._draw(number, step, amount, now)
            return True
        if steps.goes_on[step]:
            return True
        store.counter.put(step)
        return False

    def _draw(self, number: int, step: int, amount: float, now: float) -> None:
        self.held[step], self.start[step] = True, now
        self.stores[number].level -= amount
        self._log_level(number)
        self._order(number)

    def _deliver(self, number: int, amount: float, event: _Due) -> None:
        self._supply(number, amount, self.env.now)

    def _supply(self, number: int, amount: float, now: float) -> None:
        """Put units in store and serve those who wait, in turn, as far as they last."""
        store = self.stores[number]
        store.level += amount
        self._log_level(number)
        while store.counter and store.level >= (wanted := float(self.plan.steps.amount[store.counter.head()])):
            step = store.counter.take()
            self._draw(number, step, wanted, now)
            self._over(step, now)

    def _order(self, number: int) -> None:
        """Base stock: order parcels until level plus orders under way reach the target."""
        store = self.stores[number]
        while store.level + store.under_way < store.stock.target:
            case, units = next(store.orders, (-1, 0.0))
            if case < 0:
                return
            store.ordered[case] = units
            store.under_way += units
            self._over(int(self.plan.cases.first[case]), self.env.now)

    def _log_level(self, number: int) -> None:
        self.levels.append((self.env.now, number, self.stores[number].level))
