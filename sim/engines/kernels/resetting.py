"""How a run of the compiled engine begins: what the SimPy engine's lists hold before anything has happened."""

from __future__ import annotations

from math import inf, nan

from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.numbers import NOTHING
from parkflow.sim.engines.kernels.state import Floats, Given, State
from parkflow.sim.kinds import DESK, MEETING, NOBODY, SKIPPED, STOCK


@inlined
def reset(plan: Given, run: State) -> None:
    """Empty all arrays, in which another run may have been."""
    run.returns[0] = run.asks[0] = run.frame[0] = run.queued[0] = run.arrived[0] = 0
    run.agenda.size[0] = run.agenda.number[0] = run.lines.tickets[0] = run.stores.logged[0] = 0
    _reset_steps(plan, run)
    for case in range(len(plan.first)):
        run.solved[case], run.ordered_by[case] = False, NOTHING
    for pool in range(len(plan.pools.servers)):
        run.free[pool] = plan.pools.servers[pool]
    for desk in range(len(plan.member_begin) - 1):
        run.borrowed[desk], run.called[desk] = 0, False
    for meeting in range(len(plan.meetings.places)):
        run.past[meeting], run.sits[meeting] = 0, False
    _reset_lines(plan, run)
    _reset_stores(plan, run)


@inlined
def _reset_steps(plan: Given, run: State) -> None:
    """Note too which steps have a gate, and which are decided on only once they are ready: `Choices.gated`, `.open`."""
    steps = plan.steps
    for step in range(len(steps.kind)):
        run.ready[step] = run.start[step] = run.end[step] = nan
        run.served_by[step], run.released_by[step] = NOBODY, NOTHING
        run.held[step] = run.skipped[step] = False
        run.work[step], run.left[step] = steps.work[step], steps.left[step]
        run.next_attempt[step], run.waiting[step] = steps.next_attempt[step], steps.waiting[step]
        run.lines.rank[step] = steps.rank[step]
        waits = steps.condition[step] >= 0 or steps.took_place[step] >= 0 or steps.ahead_of[step] >= 0
        waits = waits or steps.unsolved_only[step] or steps.solved_only[step] or steps.late_after[step] > -inf
        run.gated[step] = _is_gated(steps.gate_begin, step)
        run.open[step] = waits and steps.kind[step] != SKIPPED


@inlined
def _is_gated(begin: Floats, step: int) -> bool:
    first = inf
    for bit in range(begin.shape[1]):
        first = min(first, begin[step, bit])
    return first < inf


@inlined
def _reset_lines(plan: Given, run: State) -> None:
    """Empty lines; the heap of each has room for all steps that may ever wait there.

    How many these are is noted for the stocks where their parcels are to begin.
    """
    pools, meetings, stocks = plan.meeting_line, len(plan.meetings.places), len(plan.stocks.initial)
    for pool in range(pools):
        run.lines.rule[pool] = plan.pools.rule[pool]
    for meeting in range(meetings):
        run.lines.rule[pools + meeting] = plan.meetings.rule[meeting]
    for stock in range(stocks):
        run.lines.rule[plan.stock_line + stock] = plan.stocks.rule[stock]
    for line in range(plan.stock_line + stocks):
        run.lines.size[line] = run.lines.begin[line] = 0
    for step in range(len(plan.steps.kind)):
        line = _line_of(plan, step)
        if line != NOTHING:
            run.lines.begin[line] += 1
    begin = 0
    for line in range(plan.stock_line + stocks):
        room = run.lines.begin[line]
        run.lines.begin[line], begin = begin, begin + room
        if line >= plan.stock_line:
            run.stores.begin[line - plan.stock_line] = room


@inlined
def _line_of(plan: Given, step: int) -> int:
    """The line in which a step may have to wait."""
    kind, resource = plan.steps.kind[step], plan.steps.resource[step]
    if kind == DESK:
        return resource
    if kind == MEETING:
        return plan.meeting_line + resource
    return plan.stock_line + resource if kind == STOCK else NOTHING


@inlined
def _reset_stores(plan: Given, run: State) -> None:
    """What is in store on day 0; each stock has room for all parcels that may ever lie there, least first.

    So far `begin` has the number of steps that give units to each, or take them.
    """
    stores, stocks, begin = run.stores, plan.stocks, 0
    for stock in range(len(stocks.initial)):
        first, last = stocks.lot_begin[stock], stocks.lot_begin[stock + 1]
        stores.whole[stock], stores.level[stock] = stocks.whole[stock], stocks.initial[stock]
        stores.under_way[stock] = stores.owed[stock] = 0.0
        stores.next_order[stock] = stocks.order_begin[stock]
        stores.parcel_count[stock] = last - first if stocks.whole[stock] else 0
        asking, stores.begin[stock] = stores.begin[stock], begin
        for place in range(last - first):
            lot, here = stocks.lot[first + place], begin + place
            while here > begin and stores.parcels[here - 1] > lot:
                stores.parcels[here] = stores.parcels[here - 1]
                here -= 1
            stores.parcels[here] = lot
        begin += last - first + stocks.tranche_begin[stock + 1] - stocks.tranche_begin[stock] + asking
