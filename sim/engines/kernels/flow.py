"""What follows at once when a step is over, units come or a stock runs low: `_over`, `_request`, `_supply`, `_order`.

These call each other in the SimPy engine: a step that is over makes a stock order a parcel, whose first step is over,
which gives units to another stock, and so on. Here each such call is a frame on a stack, and `follow` works on the top
one until none is left. A frame is a row: what it does, and how far it is::

    OVER      where its steps begin, step looked at, next edge    `Engine._over`; its `done` is a stretch of `queue`
    ORDER     stock                                               `Engine._order`
    SERVE     stock, step that has just drawn (or NOTHING)        `Engine._supply`, its loop
    GREET                                                         `Engine._arrive`
"""

from __future__ import annotations

from parkflow.sim.engines.kernels.agenda import later, schedule
from parkflow.sim.engines.kernels.attempts import enter
from parkflow.sim.engines.kernels.deciding import skip, takes_place, version
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.lines import put
from parkflow.sim.engines.kernels.numbers import ARRIVE, NORMAL, NOTHING, OBTAINED, ORDER, OVER, SERVE
from parkflow.sim.engines.kernels.state import Given, State
from parkflow.sim.engines.kernels.stores import can_serve, deposit, next_served, withdraw
from parkflow.sim.kinds import END, MEETING, SKIPPED, STOCK


@inlined
def call(run: State, what: int, first: int, second: int, third: int) -> None:
    """Put a frame on the stack."""
    frame = run.frames[run.frame[0]]
    frame[0], frame[1], frame[2], frame[3] = what, first, second, third
    run.frame[0] += 1


@inlined
def call_over(run: State, step: int) -> None:
    """Put the frame of a step that is over on the stack; its steps begin where those of the last one end."""
    begin = run.queued[0]
    run.queue[begin] = step
    run.queued[0] = begin + 1
    call(run, OVER, begin, begin, NOTHING)


@inlined
def follow(plan: Given, run: State, now: float) -> None:
    """Work on the frame on top until the stack is empty."""
    while run.frame[0] > 0:
        top = run.frame[0] - 1
        what = run.frames[top, 0]
        if what == OVER:
            _over(plan, run, top, now)
        elif what == ORDER:
            _order(plan, run, top, run.frames[top, 1])
        elif what == SERVE:
            _serve(plan, run, top, run.frames[top, 1], now)
        else:
            _greet(plan, run, top, now)


@inlined
def _over(plan: Given, run: State, top: int, now: float) -> None:
    """`Engine._over`, until all is dealt with that is over at once, or a frame above comes first."""
    at, edge = run.frames[top, 2], run.frames[top, 3]
    while at < run.queued[0]:
        step = run.queue[at]
        if edge == NOTHING:
            edge = _note_end(plan, run, step, now)
        while edge < plan.steps.edges_end[step]:
            other = plan.successors[edge]
            edge += 1
            run.waiting[other] -= 1
            if run.waiting[other] == 0:
                run.released_by[other] = step
                over = _request(plan, run, other, now)
                if over != NOTHING:
                    run.queue[run.queued[0]] = over
                    run.queued[0] += 1
                if run.frame[0] > top + 1:
                    run.frames[top, 2], run.frames[top, 3] = at, edge
                    return
        at, edge = at + 1, NOTHING
    run.queued[0], run.frame[0] = run.frames[top, 1], top


@inlined
def _note_end(plan: Given, run: State, step: int, now: float) -> int:
    """A step is over, and solves an issue unless it was skipped; returns its first edge."""
    run.end[step] = now
    if plan.steps.solves[step] and not run.skipped[step]:
        run.solved[plan.steps.case[step]] = True
    return plan.steps.edges_begin[step]


@inlined
def _request(plan: Given, run: State, step: int, now: float) -> int:
    """`Engine._request` and `Engine._decide`: returns the step that is over at once, `NOTHING` if none is.

    It comes once for each step; one that was sent back only enters again.
    """
    run.ready[step] = now
    kind = plan.steps.kind[step]
    if kind == SKIPPED or (run.open[step] and not takes_place(plan, run, step, now)):
        return skip(plan, run, step, now)
    number = version(plan, run, step, now) if run.gated[step] else 0
    if number > 0:
        run.lines.rank[step] = plan.steps.held_rank[step, number - 1]
    if kind <= MEETING:
        enter(plan, run, step, now)
    elif kind == STOCK:
        return _obtain(plan, run, step, plan.steps.resource[step], now)
    elif kind != END:
        return step
    return NOTHING


@inlined
def _obtain(plan: Given, run: State, step: int, stock: int, now: float) -> int:
    """`Engine._obtain`: returns the step unless it has to wait for units."""
    amount, case = plan.steps.amount[step], plan.steps.case[step]
    if plan.steps.gives[step]:
        run.start[step] = now
        if run.ordered_by[case] == stock:
            run.stores.under_way[stock] -= run.ordered[case]
            run.ordered_by[case] = NOTHING
        deposit(run.stores, stock, amount, now)
        call(run, SERVE, stock, NOTHING, NOTHING)
    elif can_serve(run.stores, run.lines, plan.stock_line + stock, stock, amount):
        _draw(plan, run, stock, step, now)
        call(run, ORDER, stock, NOTHING, NOTHING)
    elif plan.steps.goes_on[step]:
        run.start[step] = now
    else:
        put(run.lines, plan.stock_line + stock, step)
        run.stores.owed[stock] += amount
        call(run, ORDER, stock, NOTHING, NOTHING)
        return NOTHING
    return step


@inlined
def _draw(plan: Given, run: State, stock: int, step: int, now: float) -> None:
    """`Engine._draw`, before what is ordered for it."""
    run.held[step], run.start[step] = True, now
    withdraw(run.stores, stock, plan.steps.amount[step], now)


@inlined
def _order(plan: Given, run: State, top: int, stock: int) -> None:
    """One turn of the loop of `Engine._order`: another parcel is wanted and on its way, or there is an end."""
    at = run.stores.next_order[stock]
    wanted = run.stores.level[stock] + run.stores.under_way[stock] - run.stores.owed[stock] < plan.stocks.target[stock]
    if not wanted or at == plan.stocks.order_begin[stock + 1]:
        run.frame[0] = top
        return
    case, units = plan.stocks.order[at], plan.stocks.parcel[at]
    run.stores.next_order[stock] = at + 1
    run.ordered[case], run.ordered_by[case] = units, stock
    run.stores.under_way[stock] += units
    call_over(run, plan.first[case])


@inlined
def _serve(plan: Given, run: State, top: int, stock: int, now: float) -> None:
    """One turn of the loop of `Engine._supply`: who drew goes on after this, and the next one draws."""
    drew = run.frames[top, 2]
    if drew != NOTHING:
        schedule(run.agenda, now, OBTAINED, drew, NORMAL)
    step = next_served(run.stores, run.lines, plan.stock_line + stock, stock, plan.steps.amount)
    run.frames[top, 2] = step
    if step == NOTHING:
        run.frame[0] = top
    else:
        _draw(plan, run, stock, step, now)
        call(run, ORDER, stock, NOTHING, NOTHING)


@inlined
def _greet(plan: Given, run: State, top: int, now: float) -> None:
    """One turn of the loop of `Engine._arrive`: another case arrives, or the next one is awaited."""
    at = run.arrived[0]
    if at < len(plan.coming) and plan.arrival[plan.coming[at]] <= now:
        run.arrived[0] += 1
        call_over(run, plan.first[plan.coming[at]])
    else:
        run.frame[0] = top
        await_arrival(plan, run, now)


@inlined
def await_arrival(plan: Given, run: State, now: float) -> None:
    """`Engine._await_arrival`."""
    at = run.arrived[0]
    if at < len(plan.coming):
        later(run.agenda, now, plan.arrival[plan.coming[at]] - now, ARRIVE, plan.coming[at], NORMAL)
