"""Shapley's value: the joint effect of players shared out among them, from the value of every coalition or of some.

The value of a player is what it adds to those before it, averaged over all orders in which the players can join
(Shapley, Contributions to the Theory of Games II, 1953). It sums to the joint effect, gives nothing to who adds
nothing, and the same to who adds the same. Values are arrays with one entry per replication, and so are the shares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Order = tuple[str, ...]

Value = Callable[[frozenset[str]], Floats]
"""v(S) by replication, of a set of players."""

MOST_EXACT = 10
"""Players up to which every coalition is valued, a thousand of them; beyond, orders are drawn."""

ORDERS = 0x0DE5
"""Tells the draws of orders from all others of the same seed."""


def exact(value: Value, players: Sequence[str]) -> Floats:
    """The Shapley value of each player from all coalitions; shape (players, replications)."""
    table, count = _table(value, players), len(players)
    shares = np.zeros((count, table.shape[1]))
    for player in range(count):
        without = _without(1 << player, count)
        added = table[without | 1 << player] - table[without]
        shares[player] = _weights(without, count) @ added
    return shares


def interactions(value: Value, players: Sequence[str]) -> Floats:
    """Shapley's interaction index of every two players from all coalitions; shape (pairs, replications).

    It is what two players add together beyond what each adds by itself, averaged over those who are there before
    (Grabisch and Roubens, International Journal of Game Theory 28, 1999). Pairs come as `itertools.combinations` has
    them.
    """
    table, count = _table(value, players), len(players)
    found = []
    for one, other in combinations(range(count), 2):
        mine, theirs = 1 << one, 1 << other
        without = _without(mine | theirs, count)
        added = table[without | mine | theirs] - table[without | mine] - table[without | theirs] + table[without]
        found.append(_weights(without, count - 1) @ added)
    return np.array(found).reshape(len(found), table.shape[1])


def _table(value: Value, players: Sequence[str]) -> Floats:
    """The value of every coalition; shape (2 ** players, replications)."""
    return np.array([value(coalition) for coalition in every(players)])


def every(players: Sequence[str]) -> list[frozenset[str]]:
    """All coalitions; the bits of the place of each say which players are in it."""
    return [
        frozenset(player for bit, player in enumerate(players) if number >> bit & 1)
        for number in range(2 ** len(players))
    ]


def prefixes(order: Sequence[str]) -> list[frozenset[str]]:
    """The coalitions that form as one player after another joins, from nobody to everybody."""
    return [frozenset(order[:place]) for place in range(len(order) + 1)]


def _without(bits: int, count: int) -> NDArray[np.int64]:
    """The numbers of all coalitions that have none of these players."""
    numbers = np.arange(2**count, dtype=np.int64)
    found: NDArray[np.int64] = numbers[numbers & bits == 0]
    return found


def _weights(coalitions: NDArray[np.int64], count: int) -> Floats:
    """The chance that just these players come before one of so many: one in count × (count - 1 over size)."""
    return np.array([1 / (count * comb(count - 1, number.bit_count())) for number in coalitions.tolist()])


def orders(players: Sequence[str], seed: int, replication: int) -> tuple[Order, Order]:
    """A random order of joining and its reverse, drawn anew for each replication.

    Who joins early in the one joins late in the other, which makes their mean surer than two independent orders do.
    """
    drawn = np.random.default_rng((ORDERS, seed, replication)).permutation(len(players))
    order = tuple(players[place] for place in drawn)
    return order, order[::-1]


def in_order(value: Value, order: Sequence[str]) -> dict[str, Floats]:
    """What each player adds as one after another joins, by replication."""
    joined = [value(coalition) for coalition in prefixes(order)]
    return {player: after - before for player, (before, after) in zip(order, pairwise(joined), strict=True)}


def sampled(value: Value, players: Sequence[str], drawn: Mapping[int, Sequence[Order]]) -> Floats:
    """Shapley values estimated from orders drawn by replication; shape (players, replications).

    Replications have orders of their own, so that these estimates are independent, their mean has no bias, and an
    interval over replications covers the chance of the orders too.
    """
    shares = np.full((len(players), max(drawn) + 1), np.nan)
    for replication, some in drawn.items():
        added = [in_order(_in_one(value, replication), order) for order in some]
        for place, player in enumerate(players):
            shares[place, replication] = np.mean([one[player][0] for one in added])
    return shares


def _in_one(value: Value, replication: int) -> Value:
    """v(S) in one replication; its arrays have one entry."""
    return lambda coalition: value(coalition)[[replication]]
