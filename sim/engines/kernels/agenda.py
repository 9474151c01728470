"""The agenda of the compiled engine: SimPy's order of events, by time, priority and number of the event.

An event is a time and a code, which holds its priority, its number, what falls due, and for whom::

    bit   62     61 … 32            31 … 28           27 … 0
          last   number of event    what falls due    step, desk, meeting, stock, tranche or pressed file
"""

from __future__ import annotations

from math import inf

from parkflow.sim.engines.kernels.heaps import pop, push
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.state import AGENDA, EVENTS, State

COMPLETE, RESUBMIT, ARRIVE, OPEN_DESK, PRESS, SIT, OBTAINED, DELIVER, LAPSE, SET_UP, EXPECT = range(11)
"""What falls due."""

MOST = 1 << 28
"""Steps, cases and files that there can be."""

LAST = 1 << 62
"""The bit of what happens after all else of the same instant."""


@inlined
def schedule(run: State, time: float, what: int, number: int, priority: int) -> None:
    """Put an event on the agenda; `priority` is 0 or `LAST`."""
    code = priority | run.counts[EVENTS] << 32 | what << 28 | number
    push(run.when, run.what, 0, run.counts[AGENDA], time, code)
    run.counts[EVENTS] += 1
    run.counts[AGENDA] += 1


@inlined
def later(run: State, now: float, delay: float, what: int, number: int, priority: int) -> None:
    """`Engine._later`: what is infinitely far does not fall due."""
    if delay < inf:
        schedule(run, now + delay, what, number, priority)


@inlined
def take_next(run: State) -> int:
    """Take the event on top of the agenda, and return its code."""
    code = run.what[0]
    pop(run.when, run.what, 0, run.counts[AGENDA])
    run.counts[AGENDA] -= 1
    return code


@inlined
def due(code: int) -> int:
    """What falls due by an event."""
    return (code >> 28) & 15


@inlined
def about(code: int) -> int:
    """For whom it falls due: a step, desk, meeting, stock, tranche or pressed file."""
    return code & (MOST - 1)
