"""What happens when something falls due: the callbacks of the SimPy engine."""

from __future__ import annotations

from math import inf

from parkflow.sim.engines.kernels.agenda import later, schedule
from parkflow.sim.engines.kernels.attempts import enter, leave_desk, open_desk, press, send_back, sit
from parkflow.sim.engines.kernels.flow import await_arrival, call, call_over, follow
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.numbers import (
    ARRIVE,
    COMPLETE,
    DELIVER,
    EXPECT,
    GREET,
    LAPSE,
    NORMAL,
    NOTHING,
    OBTAINED,
    OPEN_DESK,
    ORDER,
    PRESS,
    RESUBMIT,
    SERVE,
    SET_UP,
    SIT,
)
from parkflow.sim.engines.kernels.state import Given, State
from parkflow.sim.engines.kernels.stores import clear, deposit, log_level


@inlined
def set_up(plan: Given, run: State) -> None:
    """What `Engine.run` does first, as events before all others: each stock is set up, then what comes is expected."""
    stocks = len(plan.stocks.initial)
    for stock in range(stocks):
        schedule(run.agenda, -inf, SET_UP, stock, NORMAL)
        schedule(run.agenda, -inf, EXPECT, stock, NORMAL)
    schedule(run.agenda, -inf, EXPECT, stocks, NORMAL)


@inlined
def _expect(plan: Given, run: State, stock: int) -> None:
    """Put on the agenda the days on which units of a stock lapse or come; after the last stock, the first arrival."""
    if stock == len(plan.stocks.initial):
        await_arrival(plan, run, 0.0)
        return
    for place in range(plan.stocks.lapse_begin[stock], plan.stocks.lapse_begin[stock + 1]):
        later(run.agenda, 0.0, plan.stocks.lapse_day[place], LAPSE, stock, NORMAL)
    for place in range(plan.stocks.tranche_begin[stock], plan.stocks.tranche_begin[stock + 1]):
        later(run.agenda, 0.0, plan.stocks.tranche_day[place], DELIVER, place, NORMAL)


@inlined
def happen(plan: Given, run: State, what: int, number: int, now: float) -> None:
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
        deposit(run.stores, stock, plan.stocks.tranche_amount[number], now)
        call(run, SERVE, stock, NOTHING, NOTHING)
    elif what == LAPSE:
        clear(run.stores, number, now)
        call(run, ORDER, number, NOTHING, NOTHING)
    elif what == SET_UP:
        log_level(run.stores, number, now)
        call(run, ORDER, number, NOTHING, NOTHING)
    elif what == EXPECT:
        _expect(plan, run, number)
    if what == RESUBMIT:
        enter(plan, run, number, now)
    follow(plan, run, now)
