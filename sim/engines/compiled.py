"""The compiled engine: the plan's arrays run as they are, by code that numba compiles; SimPy's engine is the reference.

Both give the same history to the last bit, because every choice between two events is made by (time, priority, number
of the event), numbers are given out in the same order, and every time is found by the same operations on the same
numbers. In particular SimPy puts an event on its agenda at `now + delay`, so this does too, also where `delay` was a
day less `now`. It is some twenty times as fast.

Read `simpy.py` first; then the parts in `kernels`, whose functions name what they follow, in this order:

==============================  ==========================================================================
`simpy.py` and its neighbours   here
==============================  ==========================================================================
SimPy's `Environment`           `agenda`: one heap of (time, code); the code holds priority, number, callback
`Engine._later`                 `agenda.later`
`heapq`                         `heaps`
`queues.FirstCome`, `Ranked`    `lines`: linked steps, or a stretch of one array of heaps
`WorkCurve`                     `clocks`: rows of matrices
`Choices`, `_settle`, `_skip`   `deciding`
`stores.Store`                  `stores`: one entry per stock
`desks.Desks`                   `attempts._officer`, `_next_file`, `_call_desk`; `clocks.is_open`, `opens_in`
`_begin`, `_ask`, `_press`,     `attempts`, by the same names; `Engine._complete` is `leave_desk` and then
`_relieve`, `_open_desk`,       `send_back`, or the end of the step
`_send_back`, `_call`, `_sit`
`_over`, `_request`, `_decide`  `flow`: what calls itself there is a stack of frames here
`_obtain`, `_supply`, `_order`
`_arrive`, `_await_arrival`
callbacks, `Engine.run`         `events.happen`, `events.set_up`
lists of the engine             `state.State`, in a `room`, filled by `resetting`; the plan is `state.Given`
==============================  ==========================================================================

What numba is told is in `kernels.inlining`: every part is compiled into the one kernel, nothing is allocated in it and
no reference counted. A plan that is not whole would be read beyond its end; a test runs with all bounds checked.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numba.core.event import Event, Listener, install_listener

from parkflow.sim.engines.history import History
from parkflow.sim.engines.kernels import streams
from parkflow.sim.engines.kernels.agenda import take_next, what_of, whom_of
from parkflow.sim.engines.kernels.events import happen, set_up
from parkflow.sim.engines.kernels.inlining import kept
from parkflow.sim.engines.kernels.resetting import reset
from parkflow.sim.engines.kernels.room import Room
from parkflow.sim.engines.kernels.state import Given, State, given, nothing
from parkflow.sim.plan import Plan

SOURCES = ("calendars", "kinds", "plan", "resources")
"""Modules beside those of the kernel whose constants and tuples it takes."""


def _fingerprint() -> str:
    """Of all files whose text is compiled, or says how arrays stand in tuples."""
    here = Path(__file__).parent
    files = [*sorted((here / "kernels").glob("*.py")), *(here.parent / f"{name}.py" for name in SOURCES)]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _run_kernel(plan: Given, run: State) -> float:
    """The loop of SimPy's `Environment.run`; returns the day on which the run is over."""
    now = 0.0
    reset(plan, run)
    set_up(plan, run)
    while run.agenda.size[0] > 0:
        time = run.agenda.times[0]
        if time >= plan.horizon and plan.horizon < inf:
            break
        code = take_next(run.agenda)
        if time > -inf:
            now = time
        happen(plan, run, what_of(code), whom_of(code), now)
    return plan.horizon if plan.horizon < inf else now


# Of changed sources numba's cache knows only those of the kernel's own file; so its name tells them all.
_run_kernel.__qualname__ = f"kernel_{_fingerprint()}"
kernel: Any = kept(_run_kernel)


def prepare() -> None:
    """Load the kernels, or compile them where that has not been done: once per user, version and kind of processor.

    Raises `RuntimeError` where there is no folder to keep it in, and whatever numba raises.
    """
    telling = install_listener("numba:compile", _Telling())
    with telling:
        plan = given(nothing())
        kernel(plan, Room().fresh(plan))
        streams.prepare()


class _Telling(Listener):  # type: ignore[misc]
    """Says once that something is compiled."""

    told = False

    def on_start(self, event: Event) -> None:
        """Compiling begins."""
        if not self.told:
            where = kernel.stats.cache_path
            print(f"parkflow: compiling the engine, once, into {where} (10 to 30 seconds)", file=sys.stderr, flush=True)
            self.told = True

    def on_end(self, event: Event) -> None:
        """Compiling has ended."""


def run(plan: Plan) -> History:
    """Run to the horizon, or to the last event where there is none."""
    read, room = given(plan), _ROOMS.pop() if _ROOMS else Room()
    state = room.fresh(read)
    over = kernel(read, state)
    levels = state.stores.log[: state.stores.logged[0]]
    history = History(
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
    _ROOMS.append(room)
    return history


_ROOMS: list[Room] = []
"""Where no run is; there are as many as threads that ran at a time."""
