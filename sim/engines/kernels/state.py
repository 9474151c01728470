"""What the compiled engine reads, and what it writes: the arrays of a plan, and those of one run.

A kernel allocates nothing, so every array has room for all that the run can need.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar, cast, get_type_hints

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.agenda import Agenda
from parkflow.sim.engines.kernels.clocks import Clocks
from parkflow.sim.engines.kernels.lines import Lines
from parkflow.sim.engines.kernels.numbers import NOTHING
from parkflow.sim.engines.kernels.stores import Stores
from parkflow.sim.kinds import DESK, MEETING, NOBODY, STOCK
from parkflow.sim.plan import Cases, Plan, Steps
from parkflow.sim.resources import Curves, Meetings, Pools, Stocks, begins

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Columns = TypeVar("Columns", bound=tuple[NDArray[Any], ...])


class Given(NamedTuple):
    """The plan, read only. `coming` are the cases that arrive, in turn, and `tranche_of` the stock of each tranche.

    The pools of desk k are `members[member_begin[k]:member_begin[k + 1]]`. Lines are numbered: that of a pool has its
    number, then come those of the meetings, from `meeting_line` on, and those of the stocks, from `stock_line` on.
    """

    steps: Steps
    successors: Ints
    fix: Floats
    again: Floats
    first: Ints
    arrival: Floats
    coming: Ints
    pools: Pools
    member_begin: Ints
    members: Ints
    meetings: Meetings
    stocks: Stocks
    tranche_of: Ints
    clocks: Clocks
    meeting_line: int
    stock_line: int
    horizon: float


class State(NamedTuple):
    """The run. The columns down to `open` have one entry per step, and most the name that SimPy's engine gives them.

    `solved`, `ordered` and `ordered_by` (the
    units that a case brings to a stock that ordered them) have one entry per case, `borrowed` and `called` per desk,
    `sits` (a sitting is on the agenda) and `past` per meeting. `returned` is that of `History`, and `asked` has one
    entry per file that asked at a desk where officers can be borrowed: its step, and when. `frames` and `queue` are the
    stacks of `kernels.flow`. The last five count entries.
    """

    ready: Floats
    start: Floats
    end: Floats
    served_by: Ints
    released_by: Ints
    held: Bools
    skipped: Bools
    work: Floats
    left: Ints
    next_attempt: Ints
    waiting: Ints
    gated: Bools
    open: Bools
    solved: Bools
    ordered: Floats
    ordered_by: Ints
    free: Ints
    borrowed: Ints
    called: Bools
    past: Ints
    sits: Bools
    returned: Floats
    asked: Floats
    frames: Ints
    queue: Ints
    agenda: Agenda
    lines: Lines
    stores: Stores
    returns: Ints
    asks: Ints
    frame: Ints
    queued: Ints
    arrived: Ints


def given(plan: Plan) -> Given:
    """A plan as the kernel takes it."""
    cases, pools, stocks = plan.cases, plan.pools, plan.stocks
    order = np.lexsort((cases.tie, cases.arrival))
    desks = int(pools.desk.max(initial=-1)) + 1
    return Given(
        steps=_plain(plan.steps),
        successors=_in_one_piece(plan.successors, np.int64),
        fix=_in_one_piece(plan.fix, np.float64),
        again=_in_one_piece(plan.again, np.float64),
        first=_in_one_piece(cases.first, np.int64),
        arrival=_in_one_piece(cases.arrival, np.float64),
        coming=order[cases.arrival[order] < np.inf],
        pools=_plain(pools),
        member_begin=begins(np.bincount(pools.desk, minlength=desks)),
        members=np.argsort(pools.desk, kind="stable"),
        meetings=_plain(plan.meetings),
        stocks=_plain(stocks),
        tranche_of=np.repeat(np.arange(len(stocks.initial)), np.diff(stocks.tranche_begin)),
        clocks=Clocks.of(plan.calendars.rate),
        meeting_line=len(pools.servers),
        stock_line=len(pools.servers) + len(plan.meetings.places),
        horizon=float(plan.horizon),
    )


def _plain(columns: Columns) -> Columns:
    """Columns as the kernel was compiled for them: of the types that their class names, in one piece, and writeable."""
    return type(columns)(*map(_in_one_piece, columns, _types(type(columns))))


def _in_one_piece(column: NDArray[Any], kind: type) -> NDArray[Any]:
    plain: NDArray[Any] = np.ascontiguousarray(column, kind)
    return plain if plain.flags.writeable else plain.copy()


@cache
def _types(columns: type[tuple[Any, ...]]) -> tuple[type, ...]:
    """The type of the entries of each column of a named tuple."""
    kinds: dict[Any, type] = {Ints: np.int64, Floats: np.float64, Bools: np.bool_}
    return tuple(kinds[hint] for hint in get_type_hints(columns).values())


def nothing() -> Plan:
    """A plan without anything in it."""
    none, real = np.empty(0, dtype=np.int64), np.empty(0)
    bounds: dict[str, Any] = {name: np.zeros(1, np.int64) for name in Stocks._fields if name.endswith("_begin")}
    parts = (_empty(Pools), _empty(Meetings), _empty(Stocks)._replace(**bounds), Curves(*np.empty((3, 0, 0))))
    return Plan(cast(Any, None), _empty(Cases), _empty(Steps), real, real, none, *parts, horizon=np.inf)


def _empty(columns: type[Columns]) -> Columns:
    """Columns without a row, each of its type; those of gates and versions are matrices."""
    shapes = ((0, 1) if name.startswith(("gate", "held_")) else 0 for name in get_type_hints(columns))
    return columns(*(np.empty(shape, kind) for shape, kind in zip(shapes, _types(columns), strict=True)))


def fresh(plan: Given) -> State:
    """The state before the run."""
    steps, stocks, steps_count, cases = plan.steps, plan.stocks, len(plan.steps.kind), len(plan.first)
    desks, meetings = int(plan.pools.desk.max(initial=-1)) + 1, len(plan.meetings.places)
    room = [_asking(steps, DESK, len(plan.pools.servers)), _asking(steps, MEETING, meetings)]
    room.append(_asking(steps, STOCK, len(stocks.initial)))
    again = len(plan.again)
    asks = steps_count + again if plan.pools.surge.any() else 0
    expected = 2 * len(stocks.initial) + len(stocks.tranche_day) + len(stocks.lapse_day) + 2
    ready, start, end = np.full((3, steps_count), np.nan)

    def count() -> Ints:
        return np.zeros(1, dtype=np.int64)

    return State(
        ready=ready,
        start=start,
        end=end,
        served_by=np.full(steps_count, NOBODY),
        released_by=np.full(steps_count, NOTHING),
        held=np.zeros(steps_count, dtype=bool),
        skipped=np.zeros(steps_count, dtype=bool),
        work=steps.work.copy(),
        left=steps.left.copy(),
        next_attempt=steps.next_attempt.copy(),
        waiting=steps.waiting.copy(),
        gated=np.empty(steps_count, dtype=bool),
        open=np.empty(steps_count, dtype=bool),
        solved=np.zeros(cases, dtype=bool),
        ordered=np.empty(cases),
        ordered_by=np.full(cases, NOTHING),
        free=plan.pools.servers.copy(),
        borrowed=np.zeros(desks, dtype=np.int64),
        called=np.zeros(desks, dtype=bool),
        past=np.zeros(meetings, dtype=np.int64),
        sits=np.zeros(meetings, dtype=bool),
        returned=np.empty((again, 5)),
        asked=np.empty((asks, 2)),
        frames=np.empty((3 * len(stocks.order) + 4, 4), dtype=np.int64),
        queue=np.empty(steps_count + 1, dtype=np.int64),
        agenda=Agenda.of(steps_count + asks + desks + meetings + expected),
        lines=Lines.of(np.concatenate((plan.pools.rule, plan.meetings.rule, stocks.rule)), room, steps.rank),
        stores=Stores.of(stocks, room[2]),
        returns=count(),
        asks=count(),
        frame=count(),
        queued=count(),
        arrived=count(),
    )


def _asking(steps: Steps, kind: int, resources: int) -> Ints:
    """How many steps of a kind ask at each of so many resources."""
    return np.bincount(steps.resource[steps.kind == kind], minlength=resources)
