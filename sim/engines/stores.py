"""Stocks: what is in store, who waits for units, and what comes, is ordered and lapses."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from parkflow.sim.engines.queues import Line, line
from parkflow.sim.resources import Ints, Stocks


@dataclass(slots=True)
class Store:
    """A stock: what it holds, who waits for units and how many are owed them, and the orders to come (cases, units).

    Where units come in whole parcels, `parcels` are those in store, by size, and a taker has the smallest that is big
    enough, all of it. `wanted` are the units that each of those in line asked for. Days on which units come are
    `tranches` (day, units), and those on which the store is emptied are `lapses`.
    """

    level: float
    target: float
    counter: Line
    orders: Iterator[tuple[int, float]]
    tranches: list[tuple[float, float]]
    lapses: list[float]
    parcels: list[float] | None = None
    under_way: float = 0.0
    levels: list[tuple[float, float]] = field(default_factory=list)
    wanted: dict[int, float] = field(default_factory=dict)
    owed: float = 0.0
    ordered: dict[int, float] = field(default_factory=dict)

    def fits(self, amount: float) -> bool:
        """Whether there is as much in store, or a parcel of at least this size."""
        if self.parcels is None:
            return self.level >= amount
        return bool(self.parcels) and self.parcels[-1] >= amount

    def can_serve(self, amount: float) -> bool:
        """Whether who comes now need not wait: those in line go first, but none of them wants a parcel left over."""
        return self.fits(amount) and (self.parcels is not None or not self.counter)

    def put_in_line(self, step: int, amount: float) -> None:
        """Let somebody wait for so many units."""
        self.counter.put(step)
        self.wanted[step] = amount
        self.owed += amount

    def next_served(self) -> int:
        """The next in line who can have what he wants, who leaves it, or -1.

        The first waits for enough, and all others behind him; of whole parcels each has the first that fits.
        """
        for step in self.counter:
            if self.fits(self.wanted[step]):
                self.counter.leave(step)
                self.owed -= self.wanted.pop(step)
                return step
            if self.parcels is None:
                break
        return -1

    def take(self, amount: float) -> None:
        """Take so many units, or the smallest parcel that holds them."""
        if self.parcels is None:
            self.level -= amount
        else:
            del self.parcels[bisect_left(self.parcels, amount)]
            self._add_up()

    def put(self, amount: float) -> None:
        """Put so many units in store, or a parcel of this size."""
        if self.parcels is None:
            self.level += amount
        else:
            insort(self.parcels, amount)
            self._add_up()

    def _add_up(self) -> None:
        """Add one by one, by size: from Python 3.12 on the built-in sum compensates, and differs in the last bit."""
        self.level = reduce(add, self.parcels or (), 0.0)

    def clear(self) -> None:
        """Empty the store."""
        self.level = 0.0
        if self.parcels is not None:
            self.parcels.clear()


def stores(stocks: Stocks, rank: list[float]) -> list[Store]:
    """The stocks of a plan as they stand on day 0; `rank` has one entry per step."""
    return [_store(stocks, number, rank) for number in range(len(stocks.initial))]


def _store(stocks: Stocks, number: int, rank: list[float]) -> Store:
    orders, comes = _stretch(stocks.order_begin, number), _stretch(stocks.tranche_begin, number)
    return Store(
        level=float(stocks.initial[number]),
        target=float(stocks.target[number]),
        counter=line(int(stocks.rule[number]), rank),
        orders=iter(list(zip(stocks.order[orders].tolist(), stocks.parcel[orders].tolist(), strict=True))),
        tranches=list(zip(stocks.tranche_day[comes].tolist(), stocks.tranche_amount[comes].tolist(), strict=True)),
        lapses=stocks.lapse_day[_stretch(stocks.lapse_begin, number)].tolist(),
        parcels=sorted(stocks.lot[_stretch(stocks.lot_begin, number)].tolist()) if stocks.whole[number] else None,
    )


def _stretch(begin: Ints, number: int) -> slice:
    return slice(int(begin[number]), int(begin[number + 1]))
