"""The agenda of the compiled engine: SimPy's order of events, by time, priority and number of the event.

An event is a time and a code, which holds its priority, its number, what falls due, and for whom::

    bit   62     61 … 32            31 … 28           27 … 0
          last   number of event    what falls due    step, desk, meeting, stock, tranche or file
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.heaps import pop, push
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.numbers import TOP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST = 1 << 28
"""Steps, cases and files that there can be."""


class Agenda(NamedTuple):
    """A heap of events: the times and codes of those on it, how many there are, and how many there have been."""

    times: Floats
    codes: Ints
    size: Ints
    number: Ints


@inlined
def schedule(agenda: Agenda, time: float, what: int, whom: int, priority: int) -> None:
    """Put an event on the agenda."""
    code = priority | agenda.number[0] << 32 | what << 28 | whom
    push(agenda.times, agenda.codes, TOP, agenda.size[0], time, code)
    agenda.number[0] += 1
    agenda.size[0] += 1


@inlined
def later(agenda: Agenda, now: float, delay: float, what: int, whom: int, priority: int) -> None:
    """`Engine._later`: what is infinitely far does not fall due."""
    if delay < inf:
        schedule(agenda, now + delay, what, whom, priority)


@inlined
def take_next(agenda: Agenda) -> int:
    """Take the event on top of the agenda, and return its code."""
    code = agenda.codes[0]
    pop(agenda.times, agenda.codes, TOP, agenda.size[0])
    agenda.size[0] -= 1
    return code


@inlined
def what_of(code: int) -> int:
    """What falls due by an event."""
    return (code >> 28) & 15


@inlined
def whom_of(code: int) -> int:
    """For whom it falls due: a step, desk, meeting, stock, tranche or file."""
    return code & (MOST - 1)
