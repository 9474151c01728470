"""What practices do to one activity of each project: always, or only where a gate is open when the step starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.portfolio import Projects
from parkflow.sim.scenario import Activity, Effect, Practice, Scenario, rule_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


RANKS = {"class": 1.0, "slack": 60.0}
"""What a rank that a practice grants is worth in a line: a class where classes rank, two months of slack (assumed)."""


@dataclass(frozen=True)
class Gate:
    """Open from `begin` to before `end`, where the stock activity `holds`, if it names one, obtained its units."""

    holds: str | None = None
    begin: float = -inf
    end: float = inf


@dataclass(frozen=True)
class Influence:
    """What practices do to an activity; one entry per project.

    `duration`, `spread`, `most`, `looks` and `correction` are those of `sim.scenario.Effect`; `lead` is what is taken
    off the project's rank at a desk, a meeting or a stock: ranks of classes, or days of slack.
    """

    duration: Floats
    spread: Floats
    most: Floats
    looks: Floats
    correction: Floats
    lead: Floats

    @property
    def columns(self) -> tuple[Floats, ...]:
        """The fields in order."""
        return self.duration, self.spread, self.most, self.looks, self.correction, self.lead

    def and_also(self, other: Influence) -> Influence:
        """Both influences at once."""
        return Influence(
            self.duration * other.duration,
            self.spread * other.spread,
            np.minimum(self.most, other.most),
            self.looks + other.looks,
            self.correction * other.correction,
            self.lead + other.lead,
        )

    def of(self, rows: Ints) -> Influence:
        """The influence on these projects, as columns."""
        return Influence(*(column[rows][:, None] for column in self.columns))


def influences(scenario: Scenario, activity: Activity, projects: Projects) -> tuple[Influence, dict[Gate, Influence]]:
    """The influence of practices in force, and by gate that of practices which need it open besides."""
    always, by_gate = _neutral(projects.count), dict[Gate, Influence]()
    for key, practice in scenario.practices.items():
        if practice.share == 0 or not reaches(scenario, practice, activity):
            continue
        gate, influence = gate_of(scenario, practice), _of_practice(scenario, practice, activity, projects, key)
        if gate == Gate():
            always = always.and_also(influence)
        else:
            by_gate[gate] = by_gate.get(gate, _neutral(projects.count)).and_also(influence)
    return always, by_gate


def chance(scenario: Scenario, activity: Activity, projects: Projects) -> Floats:
    """Probability that an activity is part of each project, under the practices that cover it; shape (projects,)."""
    found = np.full(projects.count, activity.applies.probability)
    for key, practice in scenario.practices.items():
        for effect in practice.effects:
            if effect.chance != 1 and effect.reaches(activity.tags):
                found = np.where(projects.practices[key], found * effect.chance, found)
    return found


def gate_of(scenario: Scenario, practice: Practice) -> Gate:
    """What must be so when a step starts if the practice is to reach it."""
    begin, end = (scenario.day(when) for when in practice.during) if practice.during else (-inf, inf)
    return Gate(practice.holds, begin, end)


def reaches(scenario: Scenario, practice: Practice, activity: Activity) -> bool:
    """Whether a practice changes an activity: its times by a tag, or its rank where ranks count."""
    return _leads(scenario, practice, activity) or any(effect.reaches(activity.tags) for effect in practice.effects)


def _leads(scenario: Scenario, practice: Practice, activity: Activity) -> bool:
    at = activity.desk or activity.meeting or activity.stock
    there = not practice.at or at in practice.at
    return practice.lead != 0 and there and rule_of(scenario, activity) in RANKS


def _of_practice(scenario: Scenario, practice: Practice, activity: Activity, projects: Projects, key: str) -> Influence:
    covered, found = projects.practices[key], _neutral(projects.count)
    for effect in practice.effects:
        if effect.reaches(activity.tags):
            found = found.and_also(_of_effect(effect, covered))
    if _leads(scenario, practice, activity):
        worth = practice.lead * RANKS[rule_of(scenario, activity)]
        found = replace(found, lead=found.lead + np.where(covered, worth, 0.0))
    return found


def _of_effect(effect: Effect, covered: Bools) -> Influence:
    most = inf if effect.most is None else effect.most
    pairs = (
        (effect.duration, 1.0),
        (effect.spread, 1.0),
        (most, inf),
        (effect.looks, 0.0),
        (effect.correction, 1.0),
        (0.0, 0.0),
    )
    return Influence(*(np.where(covered, factor, neutral) for factor, neutral in pairs))


@lru_cache(maxsize=64)
def _neutral(count: int) -> Influence:
    """No influence on so many projects."""
    ones = np.ones(count)
    nothing = np.zeros(count)
    return Influence(ones, ones, np.full(count, inf), nothing, ones, nothing)
