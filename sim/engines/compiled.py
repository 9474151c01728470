"""The compiled engine."""

from __future__ import annotations

import sys
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numba.core.event import Event, Listener, install_listener

from parkflow.sim.engines.history import History
from parkflow.sim.engines.kernels.agenda import later, schedule, take_next, what_of, whom_of
from parkflow.sim.engines.kernels.attempts import enter, leave_desk, open_desk, press, send_back, sit
from parkflow.sim.engines.kernels.deciding import look_ahead
from parkflow.sim.engines.kernels.flow import await_arrival, call, call_over, follow
from parkflow.sim.engines.kernels.inlining import PLAIN, inlined
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
from parkflow.sim.engines.kernels.state import Given, State, fresh, given, nothing
from parkflow.sim.engines.kernels.stores import clear, deposit, log_level
from parkflow.sim.plan import Plan

SOURCES = ("calendars", "kinds", "plan", "resources")
"""Modules beside those of the kernel whose constants and tuples it takes."""


@inlined
def _set_up(plan: Given, run: State) -> None:
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


def _fingerprint() -> str:
    """Of all files whose text is compiled, or says how arrays stand in tuples."""
    here = Path(__file__).parent
    files = [*sorted((here / "kernels").glob("*.py")), *(here.parent / f"{name}.py" for name in SOURCES)]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _run_kernel(plan: Given, run: State) -> float:
    now = 0.0
    look_ahead(plan, run)
    _set_up(plan, run)
    while run.agenda.size[0] > 0:
        time = run.agenda.times[0]
        if time >= plan.horizon and plan.horizon < inf:
            break
        code = take_next(run.agenda)
        if time > -inf:
            now = time
        _happen(plan, run, what_of(code), whom_of(code), now)
    return plan.horizon if plan.horizon < inf else now


# Of changed sources numba's cache knows only those of the kernel's own file; so its name tells them all.
_run_kernel.__qualname__ = f"kernel_{_fingerprint()}"
kernel: Any = njit(cache=True, **PLAIN)(_run_kernel)


def prepare() -> None:
    """Load the kernel, or compile it where that has not been done: once per user, version and kind of processor.

    Raises `RuntimeError` where there is no folder to keep it in, and whatever numba raises.
    """
    telling = install_listener("numba:compile", _Telling())
    with telling:
        plan = given(nothing())
        kernel(plan, fresh(plan))


class _Telling(Listener):  # type: ignore[misc]
    """Says once that something is compiled."""

    told = False

    def on_start(self, event: Event) -> None:
        """Compiling begins."""
        if not self.told:
            print("parkflow: compiling the engine, once (10 to 30 seconds)", file=sys.stderr, flush=True)
            self.told = True

    def on_end(self, event: Event) -> None:
        """Compiling has ended."""


def run(plan: Plan) -> History:
    """Run to the horizon, or to the last event where there is none."""
    read = given(plan)
    state = fresh(read)
    over = kernel(read, state)
    levels = state.stores.log[: state.stores.logged[0]]
    return History(
        ready=state.ready,
        start=state.start,
        end=state.end,
        returned=state.returned[: state.returns[0]].copy(),
        served_by=state.served_by,
        released_by=state.released_by,
        held=state.held,
        skipped=state.skipped,
        levels=levels[np.argsort(levels[:, 1], kind="stable")],
        over=over,
    )
