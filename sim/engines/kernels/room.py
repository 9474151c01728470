"""Room for runs of the compiled engine: arrays that one run after another works in.

A kernel allocates nothing, so every array has room for all that the run can need. New arrays cost a small park almost
what its run costs, above all the pages that they lie on; so those that no history keeps are used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import gt
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np

from parkflow.sim.engines.kernels.agenda import Agenda
from parkflow.sim.engines.kernels.lines import Lines
from parkflow.sim.engines.kernels.state import Given, State, types_of
from parkflow.sim.engines.kernels.stores import Stores

Columns = TypeVar("Columns", bound=tuple[Any, ...])
Shapes = Mapping[str, tuple[str | int, ...]]
"""Lengths of arrays along each axis, numbers or names of `Sizes`."""


class Sizes(NamedTuple):
    """How many entries of each kind there can be in a run."""

    steps: int
    cases: int
    again: int
    asks: int
    frames: int
    events: int
    pools: int
    desks: int
    meetings: int
    stocks: int
    lines: int
    parcels: int
    changes: int

    @classmethod
    def of(cls, plan: Given) -> Self:
        """What a plan needs at most."""
        steps, again, stocks = len(plan.steps.kind), len(plan.again), plan.stocks
        desks, meetings, count = len(plan.member_begin) - 1, len(plan.meetings.places), len(stocks.initial)
        asks = steps + again if plan.pools.surge.any() else 0
        expected = len(stocks.tranche_day) + len(stocks.lapse_day)
        return cls(
            steps=steps,
            cases=len(plan.first),
            again=again,
            asks=asks,
            frames=3 * len(stocks.order) + 4,
            events=steps + asks + desks + meetings + 2 * count + expected + 2,
            pools=plan.meeting_line,
            desks=desks,
            meetings=meetings,
            stocks=count,
            lines=plan.stock_line + count,
            parcels=steps + len(stocks.lot) + len(stocks.tranche_day),
            changes=steps + count + expected,
        )


_STATE: Shapes = {
    **dict.fromkeys(("work", "left", "next_attempt", "waiting", "gated", "open"), ("steps",)),
    **dict.fromkeys(("solved", "ordered", "ordered_by"), ("cases",)),
    **dict.fromkeys(("past", "sits"), ("meetings",)),
    **dict.fromkeys(("borrowed", "called"), ("desks",)),
    **dict.fromkeys(("returns", "asks", "frame", "queued", "arrived"), (1,)),
    "free": ("pools",),
    "returned": ("again", 5),
    "asked": ("asks", 2),
    "frames": ("frames", 4),
    "queue": ("events",),
}
_AGENDA: Shapes = {"times": ("events",), "codes": ("events",), "size": (1,), "number": (1,)}
_LINES: Shapes = {
    **dict.fromkeys(("rule", "size", "head", "tail", "begin"), ("lines",)),
    **dict.fromkeys(("behind", "rank", "keys", "codes"), ("steps",)),
    "tickets": (1,),
}
_STORES: Shapes = {
    **dict.fromkeys(Stores._fields, ("stocks",)),
    "parcels": ("parcels",),
    "log": ("changes", 3),
    "logged": (1,),
}

RETURNED = 7
"""The first columns of `State`, which the history of a run keeps: three of times, two of numbers, two of flags."""


class Room:
    """The arrays of the largest runs so far."""

    def __init__(self) -> None:
        self._sizes = Sizes(*[-1] * len(Sizes._fields))
        self._kept: list[Any] = []

    def fresh(self, plan: Given) -> State:
        """The arrays of a run, with new ones for what it returns; the kernel fills them before it begins."""
        needed = Sizes.of(plan)
        if any(map(gt, needed, self._sizes)):
            self._sizes = Sizes(*map(max, needed, self._sizes))
            self._kept = _kept(self._sizes)
        times, numbers = np.empty((3, needed.steps)), np.empty((2, needed.steps), dtype=np.int64)
        return State(*times, *numbers, *np.empty((2, needed.steps), dtype=bool), *self._kept)


def _kept(sizes: Sizes) -> list[Any]:
    """Arrays of these sizes, in the order of the columns of `State` that are not returned."""
    parts: dict[str, Any] = {
        "agenda": Agenda(**_arrays(Agenda, _AGENDA, sizes)),
        "lines": Lines(**_arrays(Lines, _LINES, sizes)),
        "stores": Stores(**_arrays(Stores, _STORES, sizes)),
    }
    parts |= _arrays(State, _STATE, sizes)
    return [parts[name] for name in State._fields[RETURNED:]]


def _arrays(columns: type[Columns], shapes: Shapes, sizes: Sizes) -> dict[str, Any]:
    """Arrays by name, of the types that a named tuple says and of these shapes."""
    kinds = types_of(columns)
    return {
        name: np.empty([getattr(sizes, each) if isinstance(each, str) else each for each in shape], kinds[name])
        for name, shape in shapes.items()
    }
