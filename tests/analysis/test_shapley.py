"""Shapley's value against its definition and against games whose value is known in closed form."""

from __future__ import annotations

from itertools import combinations, permutations
from math import factorial, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.analysis.experiments.shapley import Value, every, exact, in_order, interactions, orders, sampled
from parkflow.analysis.measures.simultaneous import of_means

Floats = NDArray[np.float64]

GLOVES = ("left", "right", "other_right")
RUNWAYS = {"small": 1.0, "middle": 3.0, "large": 7.0, "largest": 12.0}
VOTES = {"forty": 40, "thirty": 30, "twenty": 20, "ten": 10}


def glove(coalition: frozenset[str]) -> Floats:
    """A pair of gloves is worth one."""
    return np.array([float("left" in coalition and len(coalition) > 1)])


def airport(coalition: frozenset[str]) -> Floats:
    """The runway that the largest aircraft needs serves all."""
    return np.array([max((RUNWAYS[name] for name in coalition), default=0.0)])


def majority(coalition: frozenset[str]) -> Floats:
    """More than half of the votes win."""
    return np.array([float(sum(VOTES[name] for name in coalition) > 50)])


def shared_runway() -> list[float]:
    """Each stretch is paid by those who need it, in equal parts (Littlechild and Owen, 1973)."""
    lengths = list(RUNWAYS.values())
    stretches = [
        (length - before) / (len(lengths) - place)
        for place, (before, length) in enumerate(zip([0, *lengths], lengths, strict=False))
    ]
    return [float(paid) for paid in np.cumsum(stretches)]


CLOSED = [
    (glove, GLOVES, [2 / 3, 1 / 6, 1 / 6]),
    (airport, tuple(RUNWAYS), shared_runway()),
    (majority, tuple(VOTES), [5 / 12, 3 / 12, 3 / 12, 1 / 12]),
]


@pytest.mark.parametrize(("game", "players", "known"), CLOSED)
def test_closed_forms(game: Value, players: tuple[str, ...], known: list[float]) -> None:
    """Gloves, an airport and a vote: every player has its known value."""
    assert exact(game, players)[:, 0] == pytest.approx(known, abs=1e-12)


def by_definition(game: Value, players: tuple[str, ...]) -> Floats:
    """The mean over all orders of what each player adds."""
    sums = [
        sum(in_order(game, order)[player] for order in permutations(players)) / factorial(len(players))
        for player in players
    ]
    return np.array(sums)


def random_game(players: tuple[str, ...], replications: int, seed: int) -> Value:
    """A game that gives every coalition any value, one per replication; the last player adds nothing."""
    random = np.random.default_rng(seed)
    live = players[:-1]
    table = {coalition: random.normal(len(coalition), 1.0, replications) for coalition in every(live)}
    table[frozenset()] = np.zeros(replications)

    def value(coalition: frozenset[str]) -> Floats:
        return table[coalition - {players[-1]}]

    return value


FIVE = ("a", "b", "c", "d", "idle")


def test_a_game_without_any_structure_by_definition() -> None:
    """Values are those of the definition in each replication; they sum to the whole, and who is idle has exactly 0."""
    game = random_game(FIVE, 6, seed=3)
    found = exact(game, FIVE)
    assert found == pytest.approx(by_definition(game, FIVE), abs=1e-12)
    assert found.sum(axis=0) == pytest.approx(game(frozenset(FIVE)), abs=1e-12)
    assert (found[-1] == 0).all()


def test_who_adds_the_same_has_the_same() -> None:
    """Two players that are interchangeable have equal values."""
    found = exact(glove, GLOVES)
    assert found[1] == pytest.approx(found[2], abs=1e-15)


def interaction_by_definition(game: Value, players: tuple[str, ...], one: str, other: str) -> Floats:
    """The mean, over orders in which two players are one, of what both add beyond what each adds."""
    rest = [player for player in players if player not in (one, other)]
    found = []
    for order in permutations([*rest, "both"]):
        there = frozenset(order[: order.index("both")])
        found.append(game(there | {one, other}) - game(there | {one}) - game(there | {other}) + game(there))
    averaged: Floats = np.mean(found, axis=0)
    return averaged


def test_interactions_by_definition() -> None:
    """The index of every pair, in the order of combinations; that with an idle player is nothing."""
    game = random_game(FIVE, 4, seed=5)
    found = interactions(game, FIVE)
    for row, (one, other) in zip(found, combinations(FIVE, 2), strict=True):
        assert row == pytest.approx(interaction_by_definition(game, FIVE, one, other), abs=1e-12)
        assert other != "idle" or row == pytest.approx(0.0, abs=1e-12)


TWELVE = tuple("abcdefghijkl")


def needs_company(coalition: frozenset[str]) -> Floats:
    """Twelve players of different weight, of whom each more adds less; 60 replications, all alike."""
    weight = float(sum(TWELVE.index(player) + 1 for player in coalition))
    return np.full(60, 10.0 * sqrt(weight))


def test_drawn_orders_sum_to_the_whole_and_hold_the_value() -> None:
    """Each replication's shares sum to the joint effect, and the intervals hold the exact values, all at once."""
    drawn = {number: orders(TWELVE, 4, number) for number in range(60)}
    shares = sampled(needs_company, TWELVE, drawn)
    assert shares.sum(axis=0) == pytest.approx(needs_company(frozenset(TWELVE)), abs=1e-9)
    for estimate, known in zip(of_means(shares), exact(needs_company, TWELVE)[:, 0], strict=True):
        assert estimate.low <= known <= estimate.high


def test_intervals_over_drawn_orders_hold_as_often_as_they_say() -> None:
    """Over 200 seeds all intervals hold the values at once in 95% of cases, within what 200 tell."""
    game = random_game(FIVE, 1, 8)

    def same(coalition: frozenset[str]) -> Floats:
        return np.full(20, game(coalition)[0])

    known = exact(same, FIVE)[:, 0]
    held = 0
    for seed in range(200):
        shares = sampled(same, FIVE, {number: orders(FIVE, seed, number) for number in range(20)})
        held += all(it.low - 1e-9 <= value <= it.high + 1e-9 for it, value in zip(of_means(shares), known, strict=True))
    assert held / 200 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 200)


def test_the_reverse_order_makes_a_pair_surer() -> None:
    """A replication's estimate from an order and its reverse varies less than one from two independent orders."""
    both = {number: orders(TWELVE, 4, number) for number in range(60)}
    apart = {number: (orders(TWELVE, 4, number)[0], orders(TWELVE, 4, number + 60)[0]) for number in range(60)}
    pair, independent = (sampled(needs_company, TWELVE, drawn).var(axis=1).sum() for drawn in (both, apart))
    assert pair < 0.8 * independent


def test_orders_are_new_in_each_replication_and_keep_their_seed() -> None:
    """Replications do not share orders; a seed gives the same ones again, whatever the number of replications."""
    assert len({orders(TWELVE, 1, number)[0] for number in range(50)}) == 50
    assert orders(TWELVE, 1, 7) == orders(TWELVE, 1, 7) != orders(TWELVE, 2, 7)
