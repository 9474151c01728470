"""Waiting lines of the compiled engine, by number: `sim.engines.queues`.

Who waits in a first-come line is linked to who came next; a ranked line is a heap of ranks and tickets, and a ticket
holds its step in its lower half.
"""

from __future__ import annotations

from parkflow.sim.engines.kernels.heaps import pop, push, remove
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.state import NOTHING, TICKETS, Given, State
from parkflow.sim.kinds import FIFO


@inlined
def step_of(ticket: int) -> int:
    """The step that waits with a ticket."""
    return ticket & 0xFFFFFFFF


@inlined
def put(plan: Given, run: State, line: int, step: int) -> None:
    """`Line.put`."""
    if plan.line_rule[line] == FIFO:
        run.behind[step] = NOTHING
        if run.line_size[line] == 0:
            run.line_head[line] = step
        else:
            run.behind[run.line_tail[line]] = step
        run.line_tail[line] = step
    else:
        ticket = run.counts[TICKETS] << 32 | step
        push(run.line_rank, run.line_code, plan.line_begin[line], run.line_size[line], run.rank[step], ticket)
        run.counts[TICKETS] += 1
    run.line_size[line] += 1


@inlined
def head(plan: Given, run: State, line: int) -> int:
    """`Line.head`, of a line in which somebody waits."""
    if plan.line_rule[line] == FIFO:
        return run.line_head[line]
    return step_of(run.line_code[plan.line_begin[line]])


@inlined
def take(plan: Given, run: State, line: int) -> int:
    """`Line.take`, from a line in which somebody waits."""
    step = head(plan, run, line)
    if plan.line_rule[line] == FIFO:
        run.line_head[line] = run.behind[step]
    else:
        pop(run.line_rank, run.line_code, plan.line_begin[line], run.line_size[line])
    run.line_size[line] -= 1
    return step


@inlined
def leave(plan: Given, run: State, line: int, step: int) -> None:
    """`Line.leave`."""
    if plan.line_rule[line] == FIFO:
        _unlink(run, line, step)
    else:
        begin, place = plan.line_begin[line], 0
        while step_of(run.line_code[begin + place]) != step:
            place += 1
        remove(run.line_rank, run.line_code, begin, run.line_size[line], place)
    run.line_size[line] -= 1


@inlined
def _unlink(run: State, line: int, step: int) -> None:
    before, here = NOTHING, run.line_head[line]
    while here != step:
        before, here = here, run.behind[here]
    if before == NOTHING:
        run.line_head[line] = run.behind[step]
    else:
        run.behind[before] = run.behind[step]
    if run.line_tail[line] == step:
        run.line_tail[line] = before
