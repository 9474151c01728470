"""What is decided in the run: `sim.engines.choices`, `Engine._settle` and `Engine._skip`."""

from __future__ import annotations

from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.state import Given, State


@inlined
def takes_place(plan: Given, run: State, step: int, now: float) -> bool:
    """`Choices.takes_place`."""
    steps = plan.steps
    stock, other, later = steps.condition[step], steps.took_place[step], steps.ahead_of[step]
    if run.solved[steps.case[step]]:
        if steps.unsolved_only[step]:
            return False
    elif steps.solved_only[step]:
        return False
    if stock >= 0 and run.held[stock] != steps.wanted[step]:
        return False
    if other >= 0 and run.skipped[other]:
        return False
    if later >= 0 and not _ran_ahead(plan, run, steps.ahead[step], later):
        return False
    return not now <= steps.late_after[step]


@inlined
def _ran_ahead(plan: Given, run: State, sooner: int, later: int) -> bool:
    """`Choices._ran_ahead`."""
    if run.skipped[sooner] or run.skipped[later]:
        return False
    return run.end[plan.steps.skip_to[sooner]] < run.end[plan.steps.skip_to[later]]


@inlined
def version(plan: Given, run: State, step: int, now: float) -> int:
    """`Choices.version`."""
    steps, found = plan.steps, 0
    for bit in range(steps.gate.shape[1]):
        gate = steps.gate[step, bit]
        if steps.gate_begin[step, bit] <= now < steps.gate_end[step, bit] and (gate < 0 or run.held[gate]):
            found |= 1 << bit
    return found


@inlined
def settle(plan: Given, run: State, step: int, now: float) -> None:
    """`Engine._settle`, of a step that has gates and starts for the first time."""
    steps, number = plan.steps, version(plan, run, step, now)
    run.gated[step] = False
    if number > 0:
        run.work[step] = steps.held_work[step, number - 1]
        run.left[step] = steps.held_left[step, number - 1]
        run.next_attempt[step] = steps.held_next_attempt[step, number - 1]


@inlined
def skip(plan: Given, run: State, step: int, now: float) -> int:
    """`Engine._skip`; that a skipped step solves nothing is seen to where a step is over."""
    run.skipped[step], run.end[step] = True, now
    instead = plan.steps.skip_to[step]
    if instead != step:
        run.released_by[instead], run.ready[instead] = step, now
    return instead
