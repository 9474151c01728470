"""Stocks in the compiled engine: `sim.engines.stores`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.inlining import inlined
from parkflow.sim.engines.kernels.lines import Lines, head, leave, step_of
from parkflow.sim.engines.kernels.numbers import NOTHING
from parkflow.sim.kinds import FIFO

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Stores(NamedTuple):
    """One entry per stock: the fields of `Store`, which order comes next, and where its parcels are, by size.

    `parcels` has room for all that can ever be in store. `log` has one row (day, stock, level) per change, in the order
    in which they happened, and `logged` counts them.
    """

    whole: Bools
    level: Floats
    under_way: Floats
    owed: Floats
    next_order: Ints
    begin: Ints
    parcel_count: Ints
    parcels: Floats
    log: Floats
    logged: Ints


@inlined
def _fits(stores: Stores, stock: int, amount: float) -> bool:
    """`Store.fits`."""
    if not stores.whole[stock]:
        return stores.level[stock] >= amount
    count = stores.parcel_count[stock]
    return count > 0 and stores.parcels[stores.begin[stock] + count - 1] >= amount


@inlined
def can_serve(stores: Stores, lines: Lines, line: int, stock: int, amount: float) -> bool:
    """`Store.can_serve`; `line` is that of the stock."""
    return _fits(stores, stock, amount) and (stores.whole[stock] or lines.size[line] == 0)


@inlined
def next_served(stores: Stores, lines: Lines, line: int, stock: int, amounts: Floats) -> int:
    """`Store.next_served`; `amounts` has one entry per step."""
    if lines.size[line] == 0:
        return NOTHING
    if not stores.whole[stock]:
        step = head(lines, line)
        if not _fits(stores, stock, amounts[step]):
            return NOTHING
    elif lines.rule[line] == FIFO:
        step = _first_to_fit(stores, lines, line, stock, amounts)
    else:
        step = _least_to_fit(stores, lines, line, stock, amounts)
    if step != NOTHING:
        leave(lines, line, step)
        stores.owed[stock] -= amounts[step]
    return step


@inlined
def _first_to_fit(stores: Stores, lines: Lines, line: int, stock: int, amounts: Floats) -> int:
    """The first of a first-come line for whom there is a parcel."""
    step = lines.head[line]
    while step != NOTHING and not _fits(stores, stock, amounts[step]):
        step = lines.behind[step]
    return step


@inlined
def _least_to_fit(stores: Stores, lines: Lines, line: int, stock: int, amounts: Floats) -> int:
    """The same of a ranked line, whose pairs do not lie in the order in which they would leave."""
    keys, codes, found = lines.keys, lines.codes, NOTHING
    for place in range(lines.begin[line], lines.begin[line] + lines.size[line]):
        if _fits(stores, stock, amounts[step_of(codes[place])]) and (
            found == NOTHING
            or keys[place] < keys[found]
            or (keys[place] == keys[found] and codes[place] < codes[found])
        ):
            found = place
    return NOTHING if found == NOTHING else step_of(codes[found])


@inlined
def withdraw(stores: Stores, stock: int, amount: float, now: float) -> None:
    """`Store.take`, and the log."""
    if stores.whole[stock]:
        place, last = stores.begin[stock], stores.begin[stock] + stores.parcel_count[stock] - 1
        while stores.parcels[place] < amount:
            place += 1
        for here in range(place, last):
            stores.parcels[here] = stores.parcels[here + 1]
        stores.parcel_count[stock] -= 1
        _add_up(stores, stock)
    else:
        stores.level[stock] -= amount
    log_level(stores, stock, now)


@inlined
def deposit(stores: Stores, stock: int, amount: float, now: float) -> None:
    """`Store.put`, and the log."""
    if stores.whole[stock]:
        begin, place = stores.begin[stock], stores.begin[stock] + stores.parcel_count[stock]
        while place > begin and stores.parcels[place - 1] > amount:
            stores.parcels[place] = stores.parcels[place - 1]
            place -= 1
        stores.parcels[place] = amount
        stores.parcel_count[stock] += 1
        _add_up(stores, stock)
    else:
        stores.level[stock] += amount
    log_level(stores, stock, now)


@inlined
def clear(stores: Stores, stock: int, now: float) -> None:
    """`Store.clear`, and the log."""
    stores.level[stock], stores.parcel_count[stock] = 0.0, 0
    log_level(stores, stock, now)


@inlined
def log_level(stores: Stores, stock: int, now: float) -> None:
    """`Engine._log_level`."""
    row = stores.logged[0]
    stores.log[row, 0], stores.log[row, 1], stores.log[row, 2] = now, stock, stores.level[stock]
    stores.logged[0] += 1


@inlined
def _add_up(stores: Stores, stock: int) -> None:
    """`Store._add_up`: the level of a stock of whole parcels is their sum, in order of size."""
    total, begin = 0.0, stores.begin[stock]
    for place in range(begin, begin + stores.parcel_count[stock]):
        total += stores.parcels[place]
    stores.level[stock] = total
