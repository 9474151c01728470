"""The value function v(S): what the levers of a set S of a policy change together, replication by replication.

All sets meet the same projects (common random numbers), each set is run once per replication, and only the measures
asked for are observed. Attribution, the worth of levers and the choice among bundles read from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.experiments.batches import Experiment, Point
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.remembered import Remembered, remembering
from parkflow.analysis.experiments.sweeper import Progress
from parkflow.analysis.measures.measure import ALL, Measure
from parkflow.analysis.provenance import scenario_hash
from parkflow.sim.levers import SERIAL, Lever, LeverError, own_levers, register_lever, with_levers
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]

Coalition = frozenset[str]
"""A set of levers, by name."""

TOGETHER = "together"
"""The policy that has the levers of a coalition."""

Bundle = Mapping[str, Mapping[str, Any]]
"""The levers of a policy, and the parameters of each."""


@dataclass(frozen=True)
class Levers:
    """Makes the scenarios of a point, which says of each lever of a policy whether it is in the coalition."""

    scenario: Scenario
    bundle: Bundle
    own: tuple[type[Lever], ...] = ()
    """Levers that do not come with parkflow, which a worker process learns of here."""

    def __call__(self, point: Point) -> dict[str, Scenario]:
        """The serial park, and the park with the levers of the coalition; raises `LeverError` where it cannot be."""
        for lever in self.own:
            register_lever(lever)
        chosen = {name: parameters for name, parameters in self.bundle.items() if point[name]}
        return {SERIAL: with_levers(self.scenario, {}), TOGETHER: with_levers(self.scenario, chosen)}


@dataclass(frozen=True)
class Game:
    """The levers of a policy of a park as players, and what is asked about them."""

    scenario: Scenario
    policy: str
    bundle: Bundle
    question: Question
    seed: int
    measures: tuple[Measure, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The levers, in the order of the policy."""
        return tuple(self.bundle)

    @property
    def experiment(self) -> Experiment:
        """What is run at each point; its key tells this game from every other."""
        own = tuple(lever for lever in own_levers() if lever.name in self.bundle)
        parts = (
            scenario_hash(self.scenario), self.bundle, self.question, self.seed, [one.name for one in self.measures],
            [lever.__qualname__ for lever in own],
        )  # fmt: skip
        key = hashlib.sha256(json.dumps(["coalitions", *parts], sort_keys=True, default=str).encode()).hexdigest()
        variation = Levers(self.scenario, self.bundle, own)
        return Experiment(key, variation, SERIAL, self.question, self.seed, False, False, "summary", self.measures)

    def possible(self, coalition: Coalition) -> Coalition:
        """The levers of a coalition that the park can have: one that needs another does nothing without it.

        (Gilles, Owen and van den Brink, International Journal of Game Theory 20, 1992: games with permission.)
        """
        return self._settled(coalition) if self._needy & coalition else coalition

    @cached_property
    def _needy(self) -> Coalition:
        """Levers that the park cannot have by themselves."""
        return frozenset(name for name in self.bundle if not self._can_have([name]))

    def _settled(self, coalition: Coalition) -> Coalition:
        """The coalition without the needy levers that cannot join the others, tried again while others join."""
        found, waiting = coalition - self._needy, [name for name in self.bundle if name in self._needy & coalition]
        while joined := next((name for name in waiting if self._can_have([*found, name])), None):
            found |= {joined}
            waiting.remove(joined)
        return found

    def _can_have(self, names: Iterable[str]) -> bool:
        try:
            with_levers(self.scenario, {name: self.bundle[name] for name in names})
        except LeverError:
            return False
        return True


@dataclass(frozen=True)
class Values:
    """v(S) of one measure, read from what was run; shape of each value (replications,)."""

    game: Game
    numbers: Mapping[Coalition, int]
    table: Floats = field(repr=False)
    """What each coalition changes; shape (points, replications)."""

    def __call__(self, coalition: Coalition) -> Floats:
        """What a coalition changes; the empty one nothing. Raises `KeyError` for one that was not asked for."""
        possible = self.game.possible(coalition)
        if not possible:
            return np.zeros(self.table.shape[1])
        values: Floats = self.table[self.numbers[possible]]
        return values


class Coalitions:
    """Runs coalitions of a game as they are asked for, and gives what they change."""

    def __init__(self, game: Game, memory: Remembered) -> None:
        self.game, self.memory = game, memory
        self._numbers: dict[Coalition, int] = {}

    def run(self, wanted: Mapping[Coalition, Iterable[int]]) -> None:
        """Run replications of coalitions, those that are known already aside.

        Raises `AnalysisError` where a coalition fails.
        """
        due: dict[Coalition, set[int]] = {}
        for coalition, replications in wanted.items():
            if possible := self.game.possible(coalition):
                due.setdefault(possible, set()).update(replications)
        numbers = self.memory.numbers([{name: name in one for name in self.game.names} for one in due])
        self._numbers |= dict(zip(due, numbers, strict=True))
        self.memory.run(dict(zip(numbers, due.values(), strict=True)))

    def values(self, measure: Measure, group: str = ALL) -> Values:
        """v(S) of a measure and a group of projects: what is paired as it is, a level less that of the serial park."""
        table = self.memory.values(measure.name, TOGETHER, group)
        if not measure.paired:
            table = table - self.memory.values(measure.name, SERIAL, group)
        return Values(self.game, dict(self._numbers), table)


@contextmanager
def coalitions(
    game: Game, out: Path | None, executor: Executor, progress: Progress = lambda state: None, command: str = ""
) -> Iterator[Coalitions]:
    """The coalitions of a game, kept in a folder if one is given.

    Raises `StoreError` where the folder holds something else.
    """
    said = {"name": f"{game.scenario.name}-{game.policy}", "policies": [TOGETHER], "levers": dict(game.bundle)}
    with remembering(game.experiment, said, game.scenario, out, executor, progress, command) as memory:
        yield Coalitions(game, memory)
