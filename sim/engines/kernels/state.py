"""What the compiled engine reads, and what it writes: the arrays of a plan, and those of one run.

A kernel allocates nothing, so every array is as long as the run can need: what bounds it is said beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.choices import gated_steps, open_steps
from parkflow.sim.kinds import DESK, MEETING, NOBODY, SKIPPED, STOCK
from parkflow.sim.plan import Plan, Steps
from parkflow.sim.resources import Meetings, Pools, Stocks, begins

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

UNDECIDED = 16
"""Taken off the kind of a step that is decided on once it is ready, as in the SimPy engine."""

NOTHING = -1

EVENTS, AGENDA, TICKETS, PRESSED, RETURNED, LEVELS, ARRIVED, FRAMES, DONE = range(9)
"""Places in `State.counts`: events scheduled so far and on the agenda, tickets drawn, files pressed, attempts returned,
changes of level, cases arrived, and frames and steps on the two stacks of `kernels.flow`."""

class Given(NamedTuple):
    """The plan, read only. `coming` are the cases that arrive, in turn; `members` the pools of each desk, ragged.

    `done` and `rate` have one row per calendar: work done before each day (and in all), and on each day. Lines have
    numbers: pools come first, then the meetings, from `meeting_line`, then the stocks, from `stock_line`.
    """

    steps: Steps
    successors: Ints
    fix: Floats
    again: Floats
    first: Ints
    arrival: Floats
    coming: Ints
    pools: Pools
    member_begin: Ints
    members: Ints
    meetings: Meetings
    stocks: Stocks
    tranche_of: Ints
    done: Floats
    rate: Floats
    horizon: float
    line_rule: Ints
    line_begin: Ints
    meeting_line: int
    stock_line: int


class State(NamedTuple):
    """The run. The first columns are those of `History` and of the SimPy engine, one entry per step.

    `when` and `what` are the agenda, a heap of as many events as can be due at once. `behind` links those who wait in
    first-come lines, one entry per step; ranked lines are heaps in `line_rank` and `line_code`, one entry per step that
    may ever wait. `borrowed` and `called` are by desk, `sitting_called` and `past` by meeting, the next columns by
    stock, `ordered` and `ordered_by` by case; `parcels` has room for all that a stock can ever hold. `asked` and
    `pressed` are files that asked at a desk where officers can be borrowed. `frames` and `queue` are stacks.
    """

    ready: Floats
    start: Floats
    end: Floats
    served_by: Ints
    released_by: Ints
    held: Bools
    skipped: Bools
    kind: Ints
    rank: Floats
    work: Floats
    left: Ints
    next_attempt: Ints
    waiting: Ints
    gated: Bools
    solved: Bools
    returned: Floats
    levels: Floats
    counts: Ints
    when: Floats
    what: Ints
    free: Ints
    borrowed: Ints
    called: Bools
    line_size: Ints
    line_head: Ints
    line_tail: Ints
    line_rank: Floats
    line_code: Ints
    behind: Ints
    past: Ints
    sitting_called: Bools
    level: Floats
    under_way: Floats
    owed: Floats
    next_order: Ints
    parcel_begin: Ints
    parcel_count: Ints
    parcels: Floats
    ordered: Floats
    ordered_by: Ints
    asked: Floats
    pressed: Ints
    frames: Ints
    queue: Ints


def given(plan: Plan) -> Given:
    """A plan as the kernel takes it."""
    cases, pools, steps = plan.cases, plan.pools, plan.steps
    order = np.lexsort((cases.tie, cases.arrival))
    coming = order[cases.arrival[order] < np.inf]
    desks = int(pools.desk.max(initial=-1)) + 1
    waiting = [(DESK, len(pools.servers)), (MEETING, len(plan.meetings.places)), (STOCK, len(plan.stocks.initial))]
    sizes = [np.bincount(steps.resource[steps.kind == kind], minlength=count) for kind, count in waiting]
    return Given(
        steps=Steps(*map(np.ascontiguousarray, steps)),
        successors=np.ascontiguousarray(plan.successors),
        fix=np.ascontiguousarray(plan.fix),
        again=np.ascontiguousarray(plan.again),
        first=np.ascontiguousarray(cases.first),
        arrival=np.ascontiguousarray(cases.arrival),
        coming=coming,
        pools=Pools(*map(np.ascontiguousarray, pools)),
        member_begin=begins(np.bincount(pools.desk, minlength=desks)),
        members=np.argsort(pools.desk, kind="stable"),
        meetings=Meetings(*map(np.ascontiguousarray, plan.meetings)),
        stocks=Stocks(*map(np.ascontiguousarray, plan.stocks)),
        tranche_of=np.repeat(np.arange(len(plan.stocks.initial)), np.diff(plan.stocks.tranche_begin)),
        done=_done(plan.calendars.rate),
        rate=np.ascontiguousarray(plan.calendars.rate),
        horizon=float(plan.horizon),
        line_rule=np.concatenate((pools.rule, plan.meetings.rule, plan.stocks.rule)),
        line_begin=begins(np.concatenate(sizes)),
        meeting_line=len(pools.servers),
        stock_line=len(pools.servers) + len(plan.meetings.places),
    )


def _done(rate: Floats) -> Floats:
    """Work done before each day and in all, one row per calendar, added up day by day as `WorkCurve` does."""
    done = np.zeros((rate.shape[0], rate.shape[1] + 1))
    np.cumsum(rate, axis=1, out=done[:, 1:])
    return done


def fresh(plan: Plan, given: Given) -> State:
    """The state on day 0."""
    steps, stocks, count, cases = plan.steps, plan.stocks, len(plan.steps.kind), len(plan.cases.first)
    lines, held = len(given.line_rule), len(stocks.initial)
    again, gated = len(plan.again), gated_steps(plan.steps)
    asks = count + again if plan.pools.surge.any() else 0
    events = count + asks + 3 * held + lines + len(stocks.tranche_day) + len(stocks.lapse_day) + 3
    room = np.diff(stocks.lot_begin) + np.diff(stocks.tranche_begin) + np.diff(given.line_begin[given.stock_line :])
    levels = held + len(stocks.tranche_day) + len(stocks.lapse_day) + int(given.line_begin[-1] - given.line_begin[given.stock_line])
    parcel_begin = begins(room)
    return State(
        ready=np.full(count, np.nan),
        start=np.full(count, np.nan),
        end=np.full(count, np.nan),
        served_by=np.full(count, NOBODY),
        released_by=np.full(count, NOTHING),
        held=np.zeros(count, dtype=bool),
        skipped=np.zeros(count, dtype=bool),
        kind=steps.kind - UNDECIDED * (open_steps(steps, gated) & (steps.kind != SKIPPED)),
        rank=steps.rank.copy(),
        work=steps.work.copy(),
        left=steps.left.copy(),
        next_attempt=steps.next_attempt.copy(),
        waiting=steps.waiting.copy(),
        gated=gated,
        solved=np.zeros(cases, dtype=bool),
        returned=np.empty((again, 5)),
        levels=np.empty((levels, 3)),
        counts=np.zeros(9, dtype=np.int64),
        when=np.empty(events),
        what=np.empty(events, dtype=np.int64),
        free=plan.pools.servers.copy(),
        borrowed=np.zeros(len(given.member_begin) - 1, dtype=np.int64),
        called=np.zeros(len(given.member_begin) - 1, dtype=bool),
        line_size=np.zeros(lines, dtype=np.int64),
        line_head=np.full(lines, NOTHING),
        line_tail=np.full(lines, NOTHING),
        line_rank=np.empty(given.line_begin[-1]),
        line_code=np.empty(given.line_begin[-1], dtype=np.int64),
        behind=np.empty(count, dtype=np.int64),
        past=np.zeros(len(plan.meetings.places), dtype=np.int64),
        sitting_called=np.zeros(len(plan.meetings.places), dtype=bool),
        level=stocks.initial.copy(),
        under_way=np.zeros(held),
        owed=np.zeros(held),
        next_order=stocks.order_begin[:-1].copy(),
        parcel_begin=parcel_begin,
        parcel_count=np.diff(stocks.lot_begin) * stocks.whole,
        parcels=_lots(stocks, parcel_begin),
        ordered=np.empty(cases),
        ordered_by=np.full(cases, NOTHING),
        asked=np.empty(asks),
        pressed=np.empty(asks, dtype=np.int64),
        frames=np.empty((3 * len(stocks.order) + 8, 4), dtype=np.int64),
        queue=np.empty(count + 1, dtype=np.int64),
    )


def _lots(stocks: Stocks, begin: Ints) -> Floats:
    """The parcels in store on day 0, by size, each stock's at its place in `begin`."""
    parcels = np.empty(begin[-1])
    for stock in range(len(stocks.initial)):
        lots = np.sort(stocks.lot[stocks.lot_begin[stock] : stocks.lot_begin[stock + 1]])
        parcels[begin[stock] : begin[stock] + len(lots)] = lots
    return parcels
