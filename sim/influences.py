"""What practices do to the activities of each project: always, or only where a gate is open when a step starts.

All that practices do is kept in one table: a row for each activity that they reach, and a further one for each version
of it in which some of its gates are open; a column for each project. Row 0 is without influence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Activity, Effect, Practice, Scenario, rule_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RANKS = {"class": 1.0, "slack": 60.0}
"""What a rank that a practice grants is worth in a line: a class where classes rank, two months of slack (assumed)."""


@dataclass(frozen=True)
class Gate:
    """Open from `begin` to before `end`, where the stock activity `holds`, if it names one, obtained its units."""

    holds: str | None = None
    begin: float = -inf
    end: float = inf


ALWAYS = Gate()
"""The gate of practices that need none."""


class Influence(NamedTuple):
    """What practices do to the activities of projects; shape (rows, projects).

    `duration`, `spread`, `most`, `looks` and `correction` are those of `sim.scenario.Effect`; `lead` is what is taken
    off the project's rank at a desk, a meeting or a stock: ranks of classes, or days of slack.
    """

    duration: Floats
    spread: Floats
    most: Floats
    looks: Floats
    correction: Floats
    lead: Floats


Factors = tuple[float, ...]
"""What one practice does to one activity, in the order of the fields of `Influence`."""

_NEUTRAL: Factors = (1.0, 1.0, inf, 0.0, 1.0, 0.0)
_JOINS = (np.multiply, np.multiply, np.minimum, np.add, np.multiply, np.add)
"""How two influences work together, field by field."""


class Influences:
    """The rows that activities have, and how their influence follows from the practices that cover a project.

    `row[a, k]` is the row of activity number a where the gates of the set k are open; bit i of k stands for its gate
    `gates[a][i]`, of which no activity has more than `most_gates`.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Give every activity reached by a practice in force its rows."""
        self._parts: dict[tuple[int, Gate], int] = {}
        self._made: dict[str, list[tuple[int, Ints, Floats]]] = {}
        activities = list(scenario.activities.values())
        for key, practice in scenario.practices.items():
            if practice.share:
                gate, made = gate_of(scenario, practice), list[tuple[int, Factors]]()
                for number in _reached(scenario, practice):
                    made.append((self._part(number, gate), _on_one(scenario, practice, activities[number - 1])))
                self._made[key] = list(_tabulated(made))
        self.gates: dict[int, tuple[Gate, ...]] = {}
        for number, gate in self._parts:
            self.gates[number] = (*self.gates.get(number, ()), *(() if gate == ALWAYS else (gate,)))
        self.most_gates = max(map(len, self.gates.values()), default=0)
        self.row: Ints = np.zeros((len(scenario.activities) + 1, 2**self.most_gates), dtype=np.int64)
        sums: list[list[int]] = [[]]
        for number, gates in self.gates.items():
            for mask in range(2 ** len(gates)):
                opened = (gate for bit, gate in enumerate(gates) if mask >> bit & 1)
                self.row[number, mask] = len(sums)
                sums.append([self._parts.get((number, gate), 0) for gate in (ALWAYS, *opened)])
        longest = max(1, *map(len, sums))
        self._sums: Ints = np.array([places + [0] * (longest - len(places)) for places in sums], dtype=np.int64)

    def _part(self, number: int, gate: Gate) -> int:
        """The part of an activity's influence that one gate lets through; part 0 is without any."""
        return self._parts.setdefault((number, gate), len(self._parts) + 1)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self._sums)

    def on(self, roster: Roster) -> Influence:
        """The influence on the projects, by row; arrays of shape (rows, projects)."""
        return Influence(*(self._field(field, roster) for field in range(len(_NEUTRAL))))

    def _field(self, number: int, roster: Roster) -> Floats:
        """One field: all parts, and from them the rows, first what works always and then the gates in order."""
        join, neutral = _JOINS[number], _NEUTRAL[number]
        made = [
            (key, rows, values) for key, its in self._made.items() for field, rows, values in its if field == number
        ]
        if not made:
            return np.full((self.count, len(roster.group)), neutral)
        parts = np.full((len(self._parts) + 1, len(roster.group)), neutral)
        for key, rows, values in made:
            parts[rows] = join(parts[rows], np.where(roster.practices[key], values[:, None], neutral))
        found: Floats = parts[self._sums[:, 0]]
        for places in self._sums.T[1:]:
            found = join(found, parts[places])
        return found


def _tabulated(made: Sequence[tuple[int, Factors]]) -> Iterator[tuple[int, Ints, Floats]]:
    """By field of an influence, the parts that a practice changes and what it does to them; fields it leaves, not."""
    for field, neutral in enumerate(_NEUTRAL):
        found = [(part, factors[field]) for part, factors in made if factors[field] != neutral]
        if found:
            parts, values = zip(*found, strict=True)
            yield field, np.array(parts, dtype=np.int64), np.array(values, dtype=np.float64)


def gate_of(scenario: Scenario, practice: Practice) -> Gate:
    """What must be so when a step starts if the practice is to reach it."""
    begin, end = (scenario.day(when) for when in practice.during) if practice.during else (-inf, inf)
    return Gate(practice.holds, begin, end)


def _reached(scenario: Scenario, practice: Practice) -> list[int]:
    """Numbers of the activities that a practice changes."""
    tags = {tag for effect in practice.effects for tag in effect.tags}
    numbered = enumerate(scenario.activities.values(), start=1)
    near = ((number, it) for number, it in numbered if practice.lead or not tags.isdisjoint(it.tags))
    return [number for number, activity in near if reaches(scenario, practice, activity)]


def reaches(scenario: Scenario, practice: Practice, activity: Activity) -> bool:
    """Whether a practice changes an activity: its times by a tag, or its rank where ranks count."""
    return _leads(scenario, practice, activity) or any(effect.reaches(activity.tags) for effect in practice.effects)


def _leads(scenario: Scenario, practice: Practice, activity: Activity) -> bool:
    at = activity.desk or activity.meeting or activity.stock
    there = not practice.at or at in practice.at
    return practice.lead != 0 and there and rule_of(scenario, activity) in RANKS


def _on_one(scenario: Scenario, practice: Practice, activity: Activity) -> Factors:
    """What a practice does to an activity of a project that it covers."""
    leads = _leads(scenario, practice, activity)
    lead = practice.lead * RANKS[rule_of(scenario, activity)] if leads else 0.0
    found: Factors = (*_NEUTRAL[:-1], lead)
    for effect in practice.effects:
        if effect.reaches(activity.tags):
            pairs = zip(_JOINS, found, _of_effect(effect), strict=True)
            found = tuple(float(join(one, other)) for join, one, other in pairs)
    return found


def _of_effect(effect: Effect) -> Factors:
    most = inf if effect.most is None else effect.most
    return effect.duration, effect.spread, most, effect.looks, effect.correction, 0.0


class Chances:
    """The chance that an activity is part of a project, where practices that cover the project change it.

    `row[a]` is the row of activity number a in what `on` gives, -1 where no practice changes its chance.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Note which effects change the chance of which activities."""
        self.row: Ints = np.full(len(scenario.activities) + 1, -1)
        self._probability: list[float] = []
        self._effects: list[tuple[str, int, float]] = []
        changing = [(key, e) for key, it in scenario.practices.items() for e in it.effects if e.chance != 1]
        for number, activity in enumerate(scenario.activities.values(), start=1):
            mine = [(key, effect.chance) for key, effect in changing if effect.reaches(activity.tags)]
            if mine:
                self.row[number] = len(self._probability)
                self._effects += [(key, len(self._probability), factor) for key, factor in mine]
                self._probability.append(activity.applies.probability)

    def on(self, roster: Roster) -> Floats:
        """Chances by row and project."""
        found = np.tile(np.array(self._probability)[:, None], len(roster.group))
        for key, row, factor in self._effects:
            found[row, roster.practices[key]] *= factor
        return found
