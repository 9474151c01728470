"""The stocks of a scenario as arrays of a plan: what is in store, what comes, and what lapses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.kinds import RULES
from parkflow.sim.resources import Stocks, begins
from parkflow.sim.scenario import Scenario, Stock
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def lots_of(scenario: Scenario, streams: Streams | None = None) -> dict[str, Floats]:
    """Parcels in store on day 0, by stock; where their sizes are drawn, of the expected size without streams."""
    return {name: _lots(name, stock, streams) for name, stock in scenario.stocks.items()}


def _lots(name: str, stock: Stock, streams: Streams | None) -> Floats:
    if isinstance(stock.initial, float):
        return np.full(stock.parcels if stock.initial else 0, stock.initial / stock.parcels)
    if isinstance(stock.initial, tuple):
        return np.array(stock.initial, dtype=np.float64)
    if streams is None:
        return np.full(stock.parcels, stock.initial.expectation)
    return stock.initial.quantile(streams.uniforms(f"stock/{name}", stock.parcels))


def stocks_of(scenario: Scenario, lots: Mapping[str, Floats], orders: Sequence[tuple[Ints, Floats]]) -> Stocks:
    """The stocks with these parcels in store; `orders` are the cases that replenish each, and the units they bring."""
    stocks = scenario.stocks
    tranches = [tranche for stock in stocks.values() for tranche in stock.tranches]
    lapses = [[day for day in map(scenario.day, stock.lapses) if day >= 0] for stock in stocks.values()]
    store = [lots[name] for name in stocks]
    initial = [it.initial if isinstance(it.initial, float) else lots[name].sum() for name, it in stocks.items()]
    return Stocks(
        initial=np.array(initial, dtype=np.float64),
        target=np.array([stock.target for stock in stocks.values()], dtype=np.float64),
        rule=np.array([RULES[stock.rule] for stock in stocks.values()], dtype=np.int64),
        tranche_begin=begins([len(stock.tranches) for stock in stocks.values()]),
        tranche_day=np.array([scenario.day(tranche.on) for tranche in tranches], dtype=np.float64),
        tranche_amount=np.array([tranche.amount for tranche in tranches], dtype=np.float64),
        order_begin=begins([len(order) for order, _ in orders]),
        order=np.concatenate([np.empty(0, dtype=np.int64), *(order for order, _ in orders)]),
        parcel=np.concatenate([np.empty(0), *(parcel for _, parcel in orders)]),
        whole=np.array([stock.whole for stock in stocks.values()], dtype=bool),
        lot_begin=begins([len(each) for each in store]),
        lot=np.concatenate([np.empty(0), *store]),
        lapse_begin=begins([len(each) for each in lapses]),
        lapse_day=np.array([day for each in lapses for day in each], dtype=np.float64),
    )
