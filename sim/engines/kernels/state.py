"""What the compiled engine reads, and what it writes: the arrays of a plan, and those of one run."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar, cast, get_type_hints

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.agenda import Agenda
from parkflow.sim.engines.kernels.clocks import Clocks
from parkflow.sim.engines.kernels.lines import Lines
from parkflow.sim.engines.kernels.stores import Stores
from parkflow.sim.plan import Cases, Plan, Steps
from parkflow.sim.resources import Curves, Meetings, Pools, Stocks, begins

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
WHOLE, REAL, FLAG = (np.dtype(kind) for kind in (np.int64, np.float64, np.bool_))
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

    `solved`, `ordered` and `ordered_by` (the units that a case brings to a stock that ordered them) have one entry per
    case, `free` per pool, `borrowed` and `called` per desk, `sits` (a sitting is on the agenda) and `past` per meeting.
    `returned` is that of `History`, and `asked` has one entry per file that asked at a desk where officers can be
    borrowed: its step, and when. `frames` and `queue` are the stacks of `kernels.flow`. The last five count entries.
    Arrays may be longer than that (`kernels.room`).
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
    member_begin, members = _members(pools.desk.tobytes())
    return Given(
        steps=_plain(plan.steps),
        successors=_in_one_piece(plan.successors, WHOLE),
        fix=_in_one_piece(plan.fix, REAL),
        again=_in_one_piece(plan.again, REAL),
        first=_in_one_piece(cases.first, WHOLE),
        arrival=_in_one_piece(cases.arrival, REAL),
        coming=order[cases.arrival[order] < np.inf],
        pools=_plain(pools),
        member_begin=member_begin,
        members=members,
        meetings=_plain(plan.meetings),
        stocks=_plain(stocks),
        tranche_of=np.repeat(np.arange(len(stocks.initial)), np.diff(stocks.tranche_begin)),
        clocks=Clocks.of(plan.calendars.rate),
        meeting_line=len(pools.servers),
        stock_line=len(pools.servers) + len(plan.meetings.places),
        horizon=float(plan.horizon),
    )


@lru_cache(maxsize=64)
def _members(desk: bytes) -> tuple[Ints, Ints]:
    """Where the pools of each desk begin among all of them, and these desk by desk; given is the desk of each pool."""
    of = np.frombuffer(desk, dtype=WHOLE)
    return begins(np.bincount(of)), np.argsort(of, kind="stable")


def _plain(columns: Columns) -> Columns:
    """Columns as the kernel was compiled for them: of the types that their class names, in one piece, and writeable."""
    kinds = types_of(type(columns)).values()
    return type(columns)(*[_in_one_piece(column, kind) for column, kind in zip(columns, kinds, strict=True)])


def _in_one_piece(column: NDArray[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    if column.dtype is kind and column.flags.carray:
        return column
    plain: NDArray[Any] = np.ascontiguousarray(column, kind)
    return plain if plain.flags.writeable else plain.copy()


@cache
def types_of(columns: type[tuple[Any, ...]]) -> dict[str, np.dtype[Any]]:
    """The type of the entries of each column of a named tuple; of what is no array, none."""
    kinds: dict[Any, np.dtype[Any]] = {Ints: WHOLE, Floats: REAL, Bools: FLAG}
    return {name: kinds[hint] for name, hint in get_type_hints(columns).items() if hint in kinds}


def nothing() -> Plan:
    """A plan without anything in it."""
    none, real = np.empty(0, dtype=np.int64), np.empty(0)
    bounds: dict[str, Any] = {name: np.zeros(1, np.int64) for name in Stocks._fields if name.endswith("_begin")}
    parts = (_empty(Pools), _empty(Meetings), _empty(Stocks)._replace(**bounds), Curves(*np.empty((3, 0, 0))))
    return Plan(cast(Any, None), _empty(Cases), _empty(Steps), real, real, none, *parts, horizon=np.inf)


def _empty(columns: type[Columns]) -> Columns:
    """Columns without a row, each of its type; those of gates and versions are matrices."""
    matrices = ("gate", "held_")
    return columns(
        *(np.empty((0, 1) if name.startswith(matrices) else 0, it) for name, it in types_of(columns).items())
    )
