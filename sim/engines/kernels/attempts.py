"""Attempts in the compiled engine: how they begin, at desks and in meetings too, and how they end."""

from __future__ import annotations

from math import inf, isnan, nan

from parkflow.sim.engines.kernels.agenda import later, schedule
from parkflow.sim.engines.kernels.clocks import delay_by, is_open, opens_in
from parkflow.sim.engines.kernels.deciding import settle
from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.lines import leave, put, take
from parkflow.sim.engines.kernels.numbers import COMPLETE, LAST, NORMAL, NOTHING, OPEN_DESK, PRESS, RESUBMIT, SIT
from parkflow.sim.engines.kernels.state import Given, State
from parkflow.sim.kinds import BORROWED, DESK, NOBODY, WORK


@inlined
def enter(plan: Given, run: State, step: int, now: float) -> None:
    """The part of `Engine._request` for steps that take time or wait for a server or a sitting."""
    run.ready[step] = now
    if plan.steps.kind[step] == DESK:
        _ask(plan, run, step, plan.steps.resource[step], now)
    elif plan.steps.kind[step] == WORK:
        _begin(plan, run, step, now, plan.steps.calendar[step])
    else:
        _put_on_agenda(plan, run, step, plan.steps.resource[step], now)


@inlined
def _begin(plan: Given, run: State, step: int, now: float, calendar: int) -> None:
    """`Engine._begin`."""
    if run.gated[step]:
        settle(plan, run, step, now)
    run.start[step] = now
    delay = delay_by(plan.clocks, calendar, now, run.work[step])
    if calendar < 0 or delay < inf:
        schedule(run.agenda, now + delay, COMPLETE, step, NORMAL)


@inlined
def leave_desk(plan: Given, run: State, step: int, now: float) -> None:
    """`Engine._complete`, its first half: an attempt that ends frees its officer."""
    if plan.steps.kind[step] == DESK:
        _relieve(plan, run, run.served_by[step], plan.steps.resource[step], now)


@inlined
def send_back(plan: Given, run: State, step: int, now: float) -> bool:
    """`Engine._send_back`: whether the step asks again at once."""
    attempt, row = run.next_attempt[step], run.returns[0]
    run.returned[row, 0], run.returned[row, 1], run.returned[row, 2] = step, run.ready[step], run.start[step]
    run.returned[row, 3], run.returned[row, 4] = now, run.served_by[step]
    run.returns[0] += 1
    run.ready[step] = run.start[step] = nan
    run.next_attempt[step] += 1
    run.left[step] -= 1
    run.work[step] = plan.again[attempt]
    delay = delay_by(plan.clocks, plan.steps.fix_calendar[step], now, plan.fix[attempt])
    if delay == 0:
        return True
    later(run.agenda, now, delay, RESUBMIT, step, NORMAL)
    return False


@inlined
def _ask(plan: Given, run: State, step: int, pool: int, now: float) -> None:
    """`Engine._ask`."""
    server = _officer(plan, run, pool, now)
    run.served_by[step] = server
    if server != NOBODY:
        _begin(plan, run, step, now, plan.steps.calendar[step])
        return
    put(run.lines, pool, step)
    _call_desk(plan, run, pool, now)
    if plan.pools.surge[pool] > 0:
        file = run.asks[0]
        run.asked[file, 0], run.asked[file, 1] = step, now
        run.asks[0] += 1
        delay = delay_by(plan.clocks, plan.steps.clock[step], now, plan.steps.start_by[step])
        later(run.agenda, now, delay, PRESS, file, LAST)


@inlined
def press(plan: Given, run: State, file: int, now: float) -> None:
    """`Engine._press`."""
    step = int(run.asked[file, 0])
    if run.ready[step] != run.asked[file, 1] or not isnan(run.start[step]):
        return
    pool = plan.steps.resource[step]
    desk = plan.pools.desk[pool]
    if not is_open(plan.clocks, plan.pools.hours[pool], now):
        later(run.agenda, now, opens_in(plan.clocks, plan.pools.hours[pool], now), PRESS, file, LAST)
    elif run.borrowed[desk] < plan.pools.surge[pool]:
        run.borrowed[desk] += 1
        leave(run.lines, pool, step)
        run.served_by[step] = BORROWED
        _begin(plan, run, step, now, plan.pools.hours[pool])


@inlined
def _relieve(plan: Given, run: State, pool: int, asked: int, now: float) -> None:
    """`Engine._relieve`."""
    if pool == BORROWED:
        run.borrowed[plan.pools.desk[asked]] -= 1
        return
    step = _next_file(plan, run, pool) if is_open(plan.clocks, plan.pools.hours[pool], now) else NOTHING
    if step >= 0:
        run.served_by[step] = pool
        _begin(plan, run, step, now, plan.steps.calendar[step])
    else:
        run.free[pool] += 1
        _call_desk(plan, run, pool, now)


@inlined
def open_desk(plan: Given, run: State, desk: int, now: float) -> None:
    """`Engine._open_desk`."""
    run.called[desk] = False
    for place in range(plan.member_begin[desk], plan.member_begin[desk + 1]):
        pool = plan.members[place]
        free, run.free[pool] = run.free[pool], 0
        for _ in range(free):
            _relieve(plan, run, pool, pool, now)


@inlined
def _officer(plan: Given, run: State, pool: int, now: float) -> int:
    """`Desks.officer`."""
    desk = plan.pools.desk[pool]
    if run.called[desk] or not is_open(plan.clocks, plan.pools.hours[pool], now):
        return NOBODY
    found = NOBODY
    if run.free[pool] > 0:
        found = pool
    else:
        for place in range(plan.member_begin[desk], plan.member_begin[desk + 1]):
            if run.free[plan.members[place]] > 0:
                found = plan.members[place]
                break
    if found != NOBODY:
        run.free[found] -= 1
    return found


@inlined
def _next_file(plan: Given, run: State, pool: int) -> int:
    """`Desks.next_file`."""
    line = NOTHING
    if run.lines.size[pool] > 0:
        line = pool
    else:
        desk = plan.pools.desk[pool]
        for place in range(plan.member_begin[desk], plan.member_begin[desk + 1]):
            if run.lines.size[plan.members[place]] > 0:
                line = plan.members[place]
                break
    return take(run.lines, line) if line >= 0 else NOTHING


@inlined
def _call_desk(plan: Given, run: State, pool: int, now: float) -> None:
    """`Desks.opening`: a shut desk is called for those who wait there, once."""
    desk = plan.pools.desk[pool]
    if plan.pools.hours[pool] < 0 or run.called[desk] or is_open(plan.clocks, plan.pools.hours[pool], now):
        return
    for place in range(plan.member_begin[desk], plan.member_begin[desk + 1]):
        if run.lines.size[plan.members[place]] > 0:
            run.called[desk] = True
            later(run.agenda, now, opens_in(plan.clocks, plan.pools.hours[pool], now), OPEN_DESK, desk, NORMAL)
            return


@inlined
def _put_on_agenda(plan: Given, run: State, step: int, meeting: int, now: float) -> None:
    """`Engine._put_on_agenda`."""
    put(run.lines, plan.meeting_line + meeting, step)
    if not run.sits[meeting]:
        _call(plan, run, meeting, now)


@inlined
def _call(plan: Given, run: State, meeting: int, now: float) -> None:
    """`Engine._call`."""
    delay = plan.meetings.quorum[meeting]
    if isnan(delay):
        begin, end = plan.meetings.begin[meeting], plan.meetings.begin[meeting + 1]
        low, high = begin, end
        while low < high:
            middle = (low + high) >> 1
            if plan.meetings.sittings[middle] < now:
                low = middle + 1
            else:
                high = middle
        run.past[meeting] = max(run.past[meeting], low - begin)
        at = begin + run.past[meeting]
        delay = plan.meetings.sittings[at] - now if at < end else inf
    run.sits[meeting] = True
    later(run.agenda, now, 0.0 if delay < 0.0 else delay, SIT, meeting, NORMAL)


@inlined
def sit(plan: Given, run: State, meeting: int, now: float) -> None:
    """`Engine._sit`."""
    line = plan.meeting_line + meeting
    run.sits[meeting] = False
    run.past[meeting] += 1
    for _ in range(min(plan.meetings.places[meeting], run.lines.size[line])):
        step = take(run.lines, line)
        _begin(plan, run, step, now, plan.steps.calendar[step])
    if run.lines.size[line] > 0:
        _call(plan, run, meeting, now)
