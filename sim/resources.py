"""Whom a step can wait for, as arrays: pools of servers, meetings, stocks, and the calendars that all of them keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import WorkCurve

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def begins(lengths: Sequence[int] | Ints) -> Ints:
    """Where each of several stretches of these lengths begins in one array, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(np.asarray(lengths, dtype=np.int64))))


class Pools(NamedTuple):
    """One entry per pool of servers: how many there are, how its line is served, and the calendar it keeps.

    Pools of one desk, which have the same number in `desk`, lend each other a hand; the shared one is its first. It is
    open while the curve `hours` goes forward (-1: always); its servers work by the curve `calendar`. As many as `surge`
    officers at a time can be borrowed at the desk, each for one file that would miss its limit; they work by `hours`.
    """

    servers: Ints
    rule: Ints
    desk: Ints
    hours: Ints
    calendar: Ints
    surge: Ints


class Meetings(NamedTuple):
    """One entry per meeting; those that sit on days of their own have them at `sittings[begin[m]:begin[m + 1]]`.

    `quorum` is the delay in days of a meeting on demand, NaN for the others.
    """

    places: Ints
    rule: Ints
    quorum: Floats
    begin: Ints
    sittings: Floats

    def days(self, meeting: int) -> Floats:
        """The days on which one meeting sits."""
        return self.sittings[self.begin[meeting] : self.begin[meeting + 1]]


class Stocks(NamedTuple):
    """One entry per stock, and ragged columns of what arrives in it.

    Tranches of stock k are `tranche_day` and `tranche_amount` at `tranche_begin[k]:tranche_begin[k + 1]`. The cases
    that replenish it, in turn, are `order` at `order_begin[k]:order_begin[k + 1]`, each bringing `parcel` units. Where
    it is `whole`, units come in parcels that nobody divides; those in store on day 0 are `lot` at `lot_begin[k]:...`.
    What is in store on the days `lapse_day` at `lapse_begin[k]:...` is gone.
    """

    initial: Floats
    target: Floats
    rule: Ints
    tranche_begin: Ints
    tranche_day: Floats
    tranche_amount: Floats
    order_begin: Ints
    order: Ints
    parcel: Floats
    whole: Bools
    lot_begin: Ints
    lot: Floats
    lapse_begin: Ints
    lapse_day: Floats


class Curves(NamedTuple):
    """One row per calendar and one column per day: its work, and the shares of the day lost to closing and weather."""

    rate: Floats
    closed: Floats
    weather: Floats

    @classmethod
    def of(cls, curves: Sequence[WorkCurve]) -> Self:
        """The matrix of some curves of equal length."""
        if not curves:
            return cls(*np.empty((3, 0, 0)))
        return cls(*(np.stack([getattr(curve, name) for curve in curves]) for name in cls._fields))
