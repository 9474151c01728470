"""The engine: SimPy runs the clock, and this decides who waits for whom. It knows steps, not policies.

A step becomes ready when the last step it waits for is over. It then takes time (`work`), waits for a server (`desk`),
for a sitting (`meeting`) or for units (`stock`), or is over at once (a milestone, or a step that does not apply).

At one instant: an ending attempt frees its server, and the head of the line starts; then a failed attempt asks again,
at the tail; else the steps that waited for it become ready, in ascending order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from math import inf, isnan, nan
from typing import Any

import numpy as np
from simpy import Environment, Event
from simpy.events import NORMAL, EventPriority

from parkflow.sim.engines.desks import Desks
from parkflow.sim.engines.history import History
from parkflow.sim.engines.meetings import bodies
from parkflow.sim.engines.stores import stores
from parkflow.sim.kinds import BORROWED, DESK, END, MEETING, NOBODY, SKIPPED, STOCK, WORK
from parkflow.sim.plan import Plan

UNDECIDED = 16
"""Taken off the kind of a step that is decided on once it is ready: whether it takes place, and which version of it."""

NOTHING = -1

LAST = EventPriority(NORMAL + 1)
"""Priority of what SimPy lets happen after all else of the same instant."""


class _Due(Event):
    """Something that falls due: the number of a step, case or meeting, for the callback to deal with."""

    __slots__ = ("at", "callbacks", "number")
    _ok = True
    _value = None

    callbacks: Any
    number: int
    at: float

    def __init__(self) -> None:
        """Leave the callbacks and the number to whoever schedules the event."""


class Engine:
    """Executes one plan, once."""

    def __init__(self, plan: Plan) -> None:
        """Take the plan's arrays as lists, which Python reads faster; those that change are the engine's own copy."""
        steps, env = plan.steps, Environment()
        gated = np.asarray(steps.gate_begin < inf).any(axis=1)
        undecided = gated | (steps.condition >= 0) | (steps.took_place >= 0) | (steps.ahead_of >= 0)
        undecided |= steps.unsolved_only | steps.solved_only | (steps.late_after > -inf)
        undecided &= steps.kind != SKIPPED
        self.plan, self.env = plan, env
        self.kind: list[int] = (steps.kind - UNDECIDED * undecided).tolist()
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
        count = len(self.kind)
        self.ready, self.start, self.end = [nan] * count, [nan] * count, [nan] * count
        self.released_by, self.held, self.skipped = [-1] * count, [False] * count, [False] * count
        self.served_by = [NOBODY] * count
        self.returned: list[tuple[int, float, float, float, int]] = []
        self.solved = [False] * len(plan.cases.first)
        order = np.lexsort((plan.cases.tie, plan.cases.arrival))
        self.coming: list[int] = order[plan.cases.arrival[order] < inf][::-1].tolist()
        self.on_completion = [self._complete]
        self.fired: list[_Due] = []
        self.gated: list[bool] = np.asarray(gated).tolist()
        self.rank: list[float] = steps.rank.tolist()
        self.desks = Desks(plan.pools, plan.curves, self.rank)
        self.bodies = bodies(plan.meetings, self.rank)
        self.stores = stores(plan.stocks, self.rank)

    def run(self) -> History:
        """Run to the horizon, or to the last event where there is none."""
        for number, store in enumerate(self.stores):
            self._log_level(number)
            self._order(number)
            for day in store.lapses:
                self._later(self._lapse, number, day)
            for day, amount in store.tranches:
                self._later(partial(self._deliver, number, amount), number, day)
        self._await_arrival()
        self.env.run(until=self.plan.horizon if self.plan.horizon < inf else None)
        levels = [(day, number, level) for number, store in enumerate(self.stores) for day, level in store.levels]
        return History(
            ready=np.array(self.ready),
            start=np.array(self.start),
            end=np.array(self.end),
            returned=np.array(self.returned, dtype=np.float64).reshape(-1, 5),
            served_by=np.array(self.served_by, dtype=np.int64),
            released_by=np.array(self.released_by, dtype=np.int64),
            held=np.array(self.held, dtype=bool),
            skipped=np.array(self.skipped, dtype=bool),
            levels=np.array(levels, dtype=np.float64).reshape(-1, 3),
            over=self.env.now,
        )

    def _later(
        self, callback: Callable[[_Due], None], number: int, delay: float, priority: EventPriority = NORMAL
    ) -> None:
        if delay < inf:
            event = _Due()
            event.callbacks, event.number = [callback], number
            self.env.schedule(event, priority, delay)

    def _await_arrival(self) -> None:
        """Only the next arrival stands on SimPy's agenda, which stays short and fast that way."""
        if self.coming:
            self._later(self._arrive, self.coming[-1], float(self.plan.cases.arrival[self.coming[-1]]) - self.env.now)

    def _arrive(self, event: _Due) -> None:
        """Cases that arrive at one instant do so in the order of their ties."""
        cases, now = self.plan.cases, self.env.now
        while self.coming and cases.arrival[self.coming[-1]] <= now:
            self._over(int(cases.first[self.coming.pop()]), now)
        self._await_arrival()

    def _over(self, step: int, now: float) -> None:
        """A step is over: what waited for it becomes ready, and what takes no time is over as well."""
        waiting, successors, done = self.waiting, self.successors, [step]
        for step in done:
            self.end[step] = now
            if self.solves[step]:
                self.solved[self.plan.steps.case[step]] = True
            for other in successors[self.edges_begin[step] : self.edges_end[step]]:
                waiting[other] = count = waiting[other] - 1
                if not count:
                    self.released_by[other] = step
                    over = self._request(other, now)
                    if over != NOTHING:
                        done.append(over)

    def _decide(self, step: int, now: float) -> int:
        """Decide, now that what happened before is known, whether a step takes place and with which rank."""
        steps = self.plan.steps
        condition = int(steps.condition[step])
        if (steps.unsolved_only if self.solved[steps.case[step]] else steps.solved_only)[step]:
            return self._skip(step, now)
        if condition >= 0 and self.held[condition] != steps.wanted[step]:
            return self._skip(step, now)
        if steps.took_place[step] >= 0 and self.skipped[steps.took_place[step]]:
            return self._skip(step, now)
        if steps.ahead_of[step] >= 0 and not self._ran_ahead(int(steps.ahead[step]), int(steps.ahead_of[step])):
            return self._skip(step, now)
        if now <= steps.late_after[step]:
            return self._skip(step, now)
        if version := self._version(step, now):
            self.rank[step] = float(steps.held_rank[step, version - 1])
        self.kind[step] += UNDECIDED
        return self._request(step, now)

    def _ran_ahead(self, sooner: int, later: int) -> bool:
        """Whether both steps took place and the first ended before the other; a step cut by issues ends in its join."""
        ends = (self.end[self.skip_to[step]] for step in (sooner, later))
        return not (self.skipped[sooner] or self.skipped[later]) and next(ends) < next(ends)

    def _version(self, step: int, now: float) -> int:
        """Which version of a step counts now: bit i stands for its gate i, open at this time if its units are held."""
        steps = self.plan.steps
        gates = zip(
            steps.gate[step].tolist(), steps.gate_begin[step].tolist(), steps.gate_end[step].tolist(), strict=True
        )
        return sum(
            1 << bit
            for bit, (gate, begin, end) in enumerate(gates)
            if begin <= now < end and (gate == NOTHING or self.held[gate])
        )

    def _settle(self, step: int, now: float) -> None:
        """Settle, as a step starts for the first time, how long it takes and how often it comes back."""
        steps, self.gated[step] = self.plan.steps, False
        if version := self._version(step, now):
            self.work[step] = float(steps.held_work[step, version - 1])
            self.left[step] = int(steps.held_left[step, version - 1])
            self.next_attempt[step] = int(steps.held_next_attempt[step, version - 1])

    def _skip(self, step: int, now: float) -> int:
        """Pass a step by, and return the step that is over instead: itself, or the join behind its segments."""
        self.skipped[step], self.solves[step] = True, False
        self.end[step] = now
        instead = self.skip_to[step]
        if instead != step:
            self.released_by[instead], self.ready[instead] = step, now
        return instead

    def _request(self, step: int, now: float) -> int:
        """Let a ready step start or wait; returns the step that is over at once, -1 if none is."""
        self.ready[step] = now
        kind = self.kind[step]
        if kind == DESK:
            self._ask(step, self.resource[step], now)
        elif kind == WORK:
            self._begin(step, now)
        elif kind < 0:
            return self._decide(step, now)
        elif kind == SKIPPED:
            return self._skip(step, now)
        elif kind == MEETING:
            self._put_on_agenda(step, now)
        elif kind != END and (kind != STOCK or self._obtain(step, now)):
            return step
        return NOTHING

    def _begin(self, step: int, now: float, calendar: int | None = None) -> None:
        """Start the work of a step, by another calendar if one is given; beyond its last day it never ends."""
        if self.gated[step]:
            self._settle(step, now)
        self.start[step] = now
        calendar = self.calendar[step] if calendar is None else calendar
        delay = self.work[step]
        if calendar >= 0:
            delay = self.plan.curves[calendar].delay(now, delay)
            if delay == inf:
                return
        event = self.fired.pop() if self.fired else _Due()
        event.callbacks, event.number, event.at = self.on_completion, step, now + delay
        self.env.schedule(event, NORMAL, delay)

    def _complete(self, event: _Due) -> None:
        """An attempt ends: its server is free for the next in line, and the step comes back or is over."""
        step, now = event.number, event.at
        self.fired.append(event)
        if self.kind[step] == DESK:
            self._relieve(self.served_by[step], self.resource[step], now)
        if self.left[step]:
            self._send_back(step, now)
        else:
            self._over(step, now)

    def _ask(self, step: int, pool: int, now: float) -> None:
        """Ask at a desk: an officer takes the file, or it joins the line of its pool."""
        self.served_by[step] = server = self.desks.officer(pool, now)
        if server != NOBODY:
            self._begin(step, now)
        else:
            self.desks.lines[pool].put(step)
            self._later(self._open_desk, self.desks.desk[pool], self.desks.opening(pool, now))
            if self.desks.surge[pool]:
                days, clock = float(self.plan.steps.start_by[step]), int(self.plan.steps.clock[step])
                days = days if clock < 0 else self.plan.curves[clock].delay(now, days)
                self._later(partial(self._press, now), step, days, LAST)

    def _press(self, asked: float, event: _Due) -> None:
        """A file that still waits since it asked would miss its limit: an officer is borrowed for it, if one can be."""
        step, now, desks = event.number, self.env.now, self.desks
        if self.ready[step] != asked or not isnan(self.start[step]):
            return
        pool = self.resource[step]
        if not desks.is_open(pool, now):
            self._later(partial(self._press, asked), step, desks.opens_in(pool, now), LAST)
        elif desks.borrow(pool, step):
            self.served_by[step] = BORROWED
            self._begin(step, now, desks.plain[pool])

    def _relieve(self, pool: int, asked: int, now: float) -> None:
        """An officer is free after a file of the pool `asked`: the next one has its turn, unless the desk has shut."""
        desks = self.desks
        if pool == BORROWED:
            desks.borrowed[desks.desk[asked]] -= 1
            return
        step = desks.next_file(pool) if desks.is_open(pool, now) else -1
        if step >= 0:
            self.served_by[step] = pool
            self._begin(step, now)
        else:
            desks.free[pool] += 1
            self._later(self._open_desk, desks.desk[pool], desks.opening(pool, now))

    def _open_desk(self, event: _Due) -> None:
        """A desk opens that has a line: its free officers pick."""
        desks, now = self.desks, self.env.now
        desks.called[event.number] = False
        for pool in desks.pools[event.number]:
            free, desks.free[pool] = desks.free[pool], 0
            for _ in range(free):
                self._relieve(pool, pool, now)

    def _send_back(self, step: int, now: float) -> None:
        """The attempt failed: the applicant corrects it (补正) and asks again."""
        attempt, calendar = self.next_attempt[step], self.plan.steps.fix_calendar[step]
        self.returned.append((step, self.ready[step], self.start[step], now, self.served_by[step]))
        self.ready[step] = self.start[step] = nan
        self.next_attempt[step] += 1
        self.left[step] -= 1
        self.work[step], fix = float(self.plan.again[attempt]), float(self.plan.fix[attempt])
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
        delay = body.quorum
        if isnan(delay):
            body.past = max(body.past, bisect_left(body.sittings, now))
            delay = body.sittings[body.past] - now if body.past < len(body.sittings) else inf
        body.called = True
        self._later(self._sit, meeting, max(delay, 0.0))

    def _sit(self, event: _Due) -> None:
        body, now = self.bodies[event.number], self.env.now
        body.called = False
        body.past += 1
        for _ in range(min(body.places, len(body.agenda))):
            self._begin(body.agenda.take(), now)
        if body.agenda:
            self._call(event.number, now)

    def _obtain(self, step: int, now: float) -> bool:
        """Give units to a stock or take them; true unless the step has to wait for them."""
        number, steps = self.resource[step], self.plan.steps
        store, amount = self.stores[number], float(steps.amount[step])
        if steps.gives[step]:
            self.start[step] = now
            store.under_way -= store.ordered.pop(int(steps.case[step]), 0.0)
            self._supply(number, amount, now)
            return True
        if store.can_serve(amount):
            self._draw(number, step, amount, now)
            return True
        if steps.goes_on[step]:
            self.start[step] = now
            return True
        store.put_in_line(step, amount)
        self._order(number)
        return False

    def _draw(self, number: int, step: int, amount: float, now: float) -> None:
        self.held[step], self.start[step] = True, now
        self.stores[number].take(amount)
        self._log_level(number)
        self._order(number)

    def _deliver(self, number: int, amount: float, event: _Due) -> None:
        self._supply(number, amount, self.env.now)

    def _supply(self, number: int, amount: float, now: float) -> None:
        """Put units in store and serve those who wait, in turn, as far as they last."""
        store = self.stores[number]
        store.put(amount)
        self._log_level(number)
        while (step := store.next_served()) >= 0:
            self._draw(number, step, float(self.plan.steps.amount[step]), now)
            self._later(self._obtained, step, 0.0)  # not at once, or a long chain of takers and givers would nest

    def _lapse(self, event: _Due) -> None:
        """What is in store is gone."""
        self.stores[event.number].clear()
        self._log_level(event.number)
        self._order(event.number)

    def _obtained(self, event: _Due) -> None:
        self._over(event.number, self.env.now)

    def _order(self, number: int) -> None:
        """Base stock: order parcels until level plus orders under way, less what is owed, reach the target."""
        store = self.stores[number]
        while store.level + store.under_way - store.owed < store.target:
            case, units = next(store.orders, (-1, 0.0))
            if case < 0:
                return
            store.ordered[case] = units
            store.under_way += units
            self._over(int(self.plan.cases.first[case]), self.env.now)

    def _log_level(self, number: int) -> None:
        store = self.stores[number]
        store.levels.append((self.env.now, store.level))
