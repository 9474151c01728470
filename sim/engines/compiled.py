"""The compiled engine."""

from __future__ import annotations

from math import inf

import numpy as np
from numba import njit

from parkflow.sim.engines.history import History
from parkflow.sim.engines.kernels.agenda import (
    ARRIVE, COMPLETE, DELIVER, EXPECT, LAPSE, OBTAINED, OPEN_DESK, PRESS, RESUBMIT, SET_UP, SIT, about, due, later, schedule, take_next,
)
from parkflow.sim.engines.kernels.attempts import enter, leave_desk, open_desk, press, send_back, sit
from parkflow.sim.engines.kernels.flow import GREET, ORDER, SERVE, await_arrival, call, call_over, follow
from parkflow.sim.engines.kernels.inlining import PLAIN, inlined
from parkflow.sim.engines.kernels.state import AGENDA, LEVELS, NOTHING, RETURNED, Given, State, fresh, given
from parkflow.sim.engines.kernels.stores import clear, deposit, log_level
from parkflow.sim.plan import Plan


@inlined
def _set_up(plan: Given, run: State) -> None:
    """What `Engine.run` does first, as events before all others: each stock is set up, then what comes is expected."""
    stocks = len(plan.stocks.initial)
    for stock in range(stocks):
        schedule(run, -inf, SET_UP, stock, 0)
        schedule(run, -inf, EXPECT, stock, 0)
    schedule(run, -inf, EXPECT, stocks, 0)


@inlined
def _expect(plan: Given, run: State, stock: int) -> None:
    """Put on the agenda the days on which units of a stock lapse or come; after the last stock, the first arrival."""
    if stock == len(plan.stocks.initial):
        await_arrival(plan, run, 0.0)
        return
    for place in range(plan.stocks.lapse_begin[stock], plan.stocks.lapse_begin[stock + 1]):
        later(run, 0.0, plan.stocks.lapse_day[place], LAPSE, stock, 0)
    for place in range(plan.stocks.tranche_begin[stock], plan.stocks.tranche_begin[stock + 1]):
        later(run, 0.0, plan.stocks.tranche_day[place], DELIVER, place, 0)


@inlined
def _happen(plan: Given, run: State, what: int, number: int, now: float) -> None:
    """One event: what the callback of this name does in the SimPy engine."""
    if what == COMPLETE:
        leave_desk(plan, run, number, now)
        if run.left[number] == 0:
            call_over(run, number)
        elif send_back(plan, run, number, now):
            what = RESUBMIT
    elif what == ARRIVE:
        call(run, GREET, NOTHING, NOTHING, NOTHING)
    elif what == OPEN_DESK:
        open_desk(plan, run, number, now)
    elif what == PRESS:
        press(plan, run, number, now)
    elif what == SIT:
        sit(plan, run, number, now)
    elif what == OBTAINED:
        call_over(run, number)
    elif what == DELIVER:
        stock = plan.tranche_of[number]
        deposit(plan, run, stock, plan.stocks.tranche_amount[number], now)
        call(run, SERVE, stock, NOTHING, NOTHING)
    elif what == LAPSE:
        clear(run, number, now)
        call(run, ORDER, number, NOTHING, NOTHING)
    elif what == SET_UP:
        log_level(run, number, now)
        call(run, ORDER, number, NOTHING, NOTHING)
    elif what == EXPECT:
        _expect(plan, run, number)
    if what == RESUBMIT:
        enter(plan, run, number, now)
    follow(plan, run, now)


def _kernel(plan: Given, run: State) -> float:
    now = 0.0
    _set_up(plan, run)
    while run.counts[AGENDA] > 0:
        time = run.when[0]
        if time >= plan.horizon and plan.horizon < inf:
            break
        code = take_next(run)
        if time > -inf:
            now = time
        _happen(plan, run, due(code), about(code), now)
    return plan.horizon if plan.horizon < inf else now


_execute = njit(cache=True, **PLAIN)(_kernel)


def run(plan: Plan) -> History:
    """Run to the horizon, or to the last event where there is none."""
    read = given(plan)
    state = fresh(plan, read)
    over = _execute(read, state)
    levels = state.levels[: state.counts[LEVELS]]
    return History(
        ready=state.ready,
        start=state.start,
        end=state.end,
        returned=state.returned[: state.counts[RETURNED]].copy(),
        served_by=state.served_by,
        released_by=state.released_by,
        held=state.held,
        skipped=state.skipped,
        levels=levels[np.argsort(levels[:, 1], kind="stable")],
        over=over,
    )
