"""Waiting lines of the compiled engine, by number: `sim.engines.queues`.

Who waits in a first-come line is linked to who came next. A ranked line is a heap of ranks and tickets, and a ticket
holds its step in its lower half.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.heaps import pop, push, remove
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.numbers import NOTHING
from parkflow.sim.kinds import FIFO

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Lines(NamedTuple):
    """One entry per line: its rule, how many wait, who is first and last (of a first-come line), where its heap begins.

    `behind` is who came after a step, and `rank` its rank, with one entry per step. `keys` and `codes` are the heaps of
    all ranked lines, with room for every step that may ever wait there, and `tickets` counts those given out.
    """

    rule: Ints
    size: Ints
    head: Ints
    tail: Ints
    begin: Ints
    behind: Ints
    rank: Floats
    keys: Floats
    codes: Ints
    tickets: Ints


@inlined
def put(lines: Lines, line: int, step: int) -> None:
    """`Line.put`."""
    if lines.rule[line] == FIFO:
        lines.behind[step] = NOTHING
        if lines.size[line] == 0:
            lines.head[line] = step
        else:
            lines.behind[lines.tail[line]] = step
        lines.tail[line] = step
    else:
        ticket = lines.tickets[0] << 32 | step
        push(lines.keys, lines.codes, lines.begin[line], lines.size[line], lines.rank[step], ticket)
        lines.tickets[0] += 1
    lines.size[line] += 1


@inlined
def head(lines: Lines, line: int) -> int:
    """`Line.head`, of a line in which somebody waits."""
    if lines.rule[line] == FIFO:
        return lines.head[line]
    return step_of(lines.codes[lines.begin[line]])


@inlined
def take(lines: Lines, line: int) -> int:
    """`Line.take`, from a line in which somebody waits."""
    step = head(lines, line)
    if lines.rule[line] == FIFO:
        lines.head[line] = lines.behind[step]
    else:
        pop(lines.keys, lines.codes, lines.begin[line], lines.size[line])
    lines.size[line] -= 1
    return step


@inlined
def leave(lines: Lines, line: int, step: int) -> None:
    """`Line.leave`."""
    if lines.rule[line] == FIFO:
        _unlink(lines, line, step)
    else:
        place = lines.begin[line]
        while step_of(lines.codes[place]) != step:
            place += 1
        remove(lines.keys, lines.codes, lines.begin[line], lines.size[line], place)
    lines.size[line] -= 1


@inlined
def _unlink(lines: Lines, line: int, step: int) -> None:
    before, here = NOTHING, lines.head[line]
    while here != step:
        before, here = here, lines.behind[here]
    if before == NOTHING:
        lines.head[line] = lines.behind[step]
    else:
        lines.behind[before] = lines.behind[step]
    if lines.tail[line] == step:
        lines.tail[line] = before


@inlined
def step_of(ticket: int) -> int:
    """The step that waits with a ticket."""
    return ticket & 0xFFFFFFFF
