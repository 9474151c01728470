"""Which lever did it: the effect of a policy shared out among its levers by Shapley's value, and what stands beside it.

Beside a lever's share stand what it changes as the first (alone, against the serial park), as the last (what the policy
would lack without it), and in its turn where the levers join in a chosen order, as tables of tax reforms have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.experiments.coalitions import Coalition, Coalitions, Game, Values
from parkflow.analysis.experiments.dependence import Dependence, dependences
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.shapley import (
    MOST_EXACT,
    Order,
    every,
    exact,
    in_order,
    interactions,
    orders,
    prefixes,
    sampled,
)
from parkflow.analysis.measures.intervals import Estimate, of_mean
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.measures.simultaneous import of_means

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Method = Literal["exact", "sampled"]
Row = dict[str, Any]

SHARE, FIRST, LAST, TURN = "shapley", "first_in", "last_out", "in_order"
WAYS = (SHARE, FIRST, LAST, TURN)
"""A lever's share, what it changes alone, what its removal takes away, and what it adds in its turn."""


@dataclass(frozen=True)
class Attribution:
    """The effect of a policy on some measures, shared out among its levers.

    `joint` has a row per measure: what all levers change together. `rows` have a measure, a lever, a `way` (one of
    `WAYS`), mean, low, high; `pairs` a measure, two levers, a `way` and the same. `method` tells whether every
    coalition was simulated or orders were drawn. `replicated` has for each measure what each lever's share is in each
    replication, shape (levers, replications), and the joint effect, shape (replications,).
    """

    park: str
    policy: str
    question: Question
    group: str
    seed: int
    replications: int
    method: Method
    levers: tuple[str, ...]
    order: tuple[str, ...]
    joint: tuple[Row, ...]
    rows: tuple[Row, ...]
    pairs: tuple[Row, ...]
    dependences: tuple[Dependence, ...]
    replicated: Mapping[str, tuple[Floats, Floats]] = field(repr=False)
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame, one per measure, lever and way."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def by_replication(self) -> pd.DataFrame:
        """The shares of each replication: measure, replication, lever, share, joint; the shares sum to the joint."""
        import pandas as pd

        return pd.DataFrame([
            {"measure": measure, "replication": number, "lever": lever, "share": share, "joint": whole[number]}
            for measure, (shares, whole) in self.replicated.items()
            for lever, mine in zip(self.levers, shares, strict=True)
            for number, share in enumerate(mine.tolist())
        ])  # fmt: skip

    def of(self, measure: str, way: str = SHARE) -> dict[str, Row]:
        """The rows of a measure and a way, by lever."""
        return {row["lever"]: row for row in self.rows if (row["measure"], row["way"]) == (measure, way)}

    def document(self) -> dict[str, Any]:
        """The attribution as one object of plain values, as JSON holds it."""
        return {
            "park": self.park, "policy": self.policy, "question": list(self.question), "group": self.group,
            "seed": self.seed, "replications": self.replications, "method": self.method,
            "order": list(self.order), "joint": list(self.joint), "levers": list(self.rows),
            "pairs": list(self.pairs), "dependences": [one.row() for one in self.dependences],
            "record": dict(self.record),
        }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is asked of the coalitions of a game: how many replications, by which method, in which order, of whom."""

    replications: int
    method: Method
    order: tuple[str, ...]
    pairs: bool
    group: str = ALL

    def drawn(self, game: Game) -> dict[int, tuple[Order, Order]]:
        """The orders in which levers join, by replication."""
        return {number: orders(game.names, game.seed, number) for number in range(self.replications)}

    def wanted(self, game: Game) -> dict[Coalition, set[int]]:
        """The coalitions that are needed, each with its replications."""
        names, everybody = game.names, frozenset(game.names)
        everywhere = set(range(self.replications))
        always = [*(frozenset({name}) for name in names), *(everybody - {name} for name in names)]
        always += [*prefixes(self.order), *(every(names) if self.method == "exact" else ())]
        if self.pairs and self.method == "sampled":
            two = [frozenset(pair) for pair in combinations(names, 2)]
            always += [*two, *(everybody - pair for pair in two)]
        found = dict.fromkeys(always, everywhere)
        if self.method == "sampled":
            for number, both in self.drawn(game).items():
                for coalition in (coalition for order in both for coalition in prefixes(order)):
                    found[coalition] = found.get(coalition, set()) | {number}
        return found


def method_of(levers: int, asked: Method | None = None) -> Method:
    """The method asked for, else every coalition of a few levers, and drawn orders of many."""
    return asked or ("exact" if levers <= MOST_EXACT else "sampled")


def attribute(known: Coalitions, asked: Asked, record: Mapping[str, Any]) -> Attribution:
    """Share out the effect of a policy on each measure of its game among its levers.

    Raises `AnalysisError` where a coalition fails, or a measure has nothing for the group.
    """
    game = known.game
    known.run(asked.wanted(game))
    found = [_Shared(known.values(measure, asked.group), asked, measure) for measure in game.measures]
    return Attribution(
        game.scenario.name, game.policy, game.question, asked.group, game.seed, asked.replications, asked.method,
        game.names, asked.order,
        tuple(one.joint for one in found),
        tuple(row for one in found for row in one.rows()),
        tuple(row for one in found for row in one.pairs()),
        tuple(dependences(game.scenario, game.bundle)),
        {one.measure.name: (one.shares, one.whole) for one in found},
        record,
    )  # fmt: skip


class _Shared:
    """One measure, shared out; arrays have shape (levers, replications)."""

    def __init__(self, value: Values, asked: Asked, measure: Measure) -> None:
        self.value, self.asked, self.measure = value, asked, measure
        self.names = value.game.names
        self.whole = value(frozenset(self.names))
        if np.isnan(self.whole).all():
            remedy = "name another measure or group; parkflow compare prints those that there are"
            raise AnalysisError(f"{value.game.scenario.name} has no {measure.name} of {asked.group}; {remedy}")
        if asked.method == "exact":
            self.shares = exact(value, self.names)
        else:
            self.shares = sampled(value, self.names, asked.drawn(value.game))

    @property
    def joint(self) -> Row:
        """What all levers change together."""
        return self._row(of_mean(self.whole))

    def rows(self) -> Iterator[Row]:
        """Each lever in each way; the intervals of all rows hold together."""
        everybody = frozenset(self.names)
        turns = in_order(self.value, self.asked.order)
        of_way = {
            SHARE: self.shares,
            FIRST: np.array([self.value(frozenset({name})) for name in self.names]),
            LAST: np.array([self.whole - self.value(everybody - {name}) for name in self.names]),
            TURN: np.array([turns[name] for name in self.names]),
        }
        estimates = iter(of_means(np.concatenate(list(of_way.values()))))
        for way in of_way:
            for name in self.names:
                yield self._row(next(estimates), lever=name, way=way)

    def pairs(self) -> Iterator[Row]:
        """What every two levers change together beyond what each changes; the intervals hold together."""
        two = list(combinations(self.names, 2))
        if not two or not self.asked.pairs:
            return
        everybody, first = frozenset(self.names), partial(_beyond, self.value)
        of_way = {
            FIRST: np.array([first(frozenset(), *pair) for pair in two]),
            LAST: np.array([first(everybody - set(pair), *pair) for pair in two]),
        }
        if self.asked.method == "exact":
            of_way = {SHARE: interactions(self.value, self.names)} | of_way
        estimates = iter(of_means(np.concatenate(list(of_way.values()))))
        for way in of_way:
            for one, other in two:
                yield self._row(next(estimates), lever=one, other=other, way=way)

    def _row(self, found: Estimate, **keys: str) -> Row:
        low, high = (None if np.isnan(bound) else float(bound) for bound in (found.low, found.high))
        about = {"measure": self.measure.name, "unit": self.measure.unit, **keys}
        return {**about, "mean": found.mean, "low": low, "high": high, "replications": found.count}


def _beyond(value: Values, there: Coalition, one: str, other: str) -> Floats:
    """What two levers add to those there together, beyond what each adds by itself."""
    both: Floats = value(there | {one, other}) - value(there | {one}) - value(there | {other}) + value(there)
    return both


def order_of(names: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    """The levers in a chosen order: those named first, then the others as the policy has them."""
    return (*first, *(name for name in names if name not in first))
