"""Stocks in the compiled engine: `sim.engines.stores`, and what the SimPy engine does with them."""

from __future__ import annotations

from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.lines import head, leave, step_of
from parkflow.sim.engines.kernels.state import LEVELS, NOTHING, Given, State
from parkflow.sim.kinds import FIFO


@inlined
def fits(plan: Given, run: State, stock: int, amount: float) -> bool:
    """`Store.fits`."""
    if not plan.stocks.whole[stock]:
        return run.level[stock] >= amount
    count = run.parcel_count[stock]
    return count > 0 and run.parcels[run.parcel_begin[stock] + count - 1] >= amount


@inlined
def can_serve(plan: Given, run: State, stock: int, amount: float) -> bool:
    """`Store.can_serve`."""
    if not fits(plan, run, stock, amount):
        return False
    return plan.stocks.whole[stock] or run.line_size[plan.stock_line + stock] == 0


@inlined
def next_served(plan: Given, run: State, stock: int) -> int:
    """`Store.next_served`."""
    line = plan.stock_line + stock
    if run.line_size[line] == 0:
        return NOTHING
    if plan.line_rule[line] == FIFO:
        step = _first_who_fits(plan, run, stock, line)
    else:
        step = _least_who_fits(plan, run, stock, line)
    if step >= 0:
        leave(plan, run, line, step)
        run.owed[stock] -= plan.steps.amount[step]
    return step


@inlined
def _first_who_fits(plan: Given, run: State, stock: int, line: int) -> int:
    """Of a first-come line the head, if there is enough for it; of whole parcels the first whom one fits."""
    step = run.line_head[line]
    while step != NOTHING:
        if fits(plan, run, stock, plan.steps.amount[step]):
            return step
        step = run.behind[step] if plan.stocks.whole[stock] else NOTHING
    return NOTHING


@inlined
def _least_who_fits(plan: Given, run: State, stock: int, line: int) -> int:
    """The same of a ranked line, whose heap is not in the order in which its pairs would leave."""
    if not plan.stocks.whole[stock]:
        step = head(plan, run, line)
        return step if fits(plan, run, stock, plan.steps.amount[step]) else NOTHING
    begin, least = plan.line_begin[line], NOTHING
    for place in range(begin, begin + run.line_size[line]):
        if fits(plan, run, stock, plan.steps.amount[step_of(run.line_code[place])]) and (
            least == NOTHING
            or run.line_rank[place] < run.line_rank[least]
            or (run.line_rank[place] == run.line_rank[least] and run.line_code[place] < run.line_code[least])
        ):
            least = place
    return step_of(run.line_code[least]) if least >= 0 else NOTHING


@inlined
def withdraw(plan: Given, run: State, stock: int, step: int, now: float) -> None:
    """The part of `Engine._draw` before what is ordered for it, with `Store.take`."""
    run.held[step], run.start[step] = True, now
    amount = plan.steps.amount[step]
    if plan.stocks.whole[stock]:
        begin, count = run.parcel_begin[stock], run.parcel_count[stock] - 1
        place = begin + _place_of(run, begin, count + 1, amount)
        for here in range(place, begin + count):
            run.parcels[here] = run.parcels[here + 1]
        run.parcel_count[stock] = count
        _add_up(run, stock)
    else:
        run.level[stock] -= amount
    log_level(run, stock, now)


@inlined
def deposit(plan: Given, run: State, stock: int, amount: float, now: float) -> None:
    """The part of `Engine._supply` before those who wait are served, with `Store.put`."""
    if plan.stocks.whole[stock]:
        begin, here = run.parcel_begin[stock], run.parcel_begin[stock] + run.parcel_count[stock]
        while here > begin and run.parcels[here - 1] > amount:
            run.parcels[here] = run.parcels[here - 1]
            here -= 1
        run.parcels[here] = amount
        run.parcel_count[stock] += 1
        _add_up(run, stock)
    else:
        run.level[stock] += amount
    log_level(run, stock, now)


@inlined
def clear(run: State, stock: int, now: float) -> None:
    """`Store.clear`, and its entry in the log."""
    run.level[stock], run.parcel_count[stock] = 0.0, 0
    log_level(run, stock, now)


@inlined
def log_level(run: State, stock: int, now: float) -> None:
    """`Engine._log_level`; the rows of all stocks stand as they happened."""
    row = run.counts[LEVELS]
    run.levels[row, 0], run.levels[row, 1], run.levels[row, 2] = now, stock, run.level[stock]
    run.counts[LEVELS] += 1


@inlined
def _place_of(run: State, begin: int, count: int, amount: float) -> int:
    """Place of the smallest parcel of at least this size."""
    place = 0
    while place < count and run.parcels[begin + place] < amount:
        place += 1
    return place


@inlined
def _add_up(run: State, stock: int) -> None:
    """The level of a stock of whole parcels: their sum, in order of size."""
    total, begin = 0.0, run.parcel_begin[stock]
    for place in range(begin, begin + run.parcel_count[stock]):
        total += run.parcels[place]
    run.level[stock] = total
