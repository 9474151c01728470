"""Rules applied to all steps at once give what a plain reading of the scenario gives, one attempt after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import inf
from typing import Any

import numpy as np
import pytest

from parkflow.sim.assembly import draw_portfolio
from parkflow.sim.crews import scale_of
from parkflow.sim.draws import Draws, draw
from parkflow.sim.frame import Frame, framed
from parkflow.sim.influences import Gate, gate_of
from parkflow.sim.issues import MOST_ISSUES
from parkflow.sim.layout import Layout
from parkflow.sim.looks import time_left
from parkflow.sim.network import ARRIVAL
from parkflow.sim.portfolio import largest_copies
from parkflow.sim.recipe import Recipe
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Activity, Scenario
from parkflow.sim.streams import Chance, LatinHypercube, Streams

EVERYTHING: dict[str, Any] = {
    "issues.rate": 1.5,
    "practices.swift": {
        "share": 0.5,
        "effects": (
            {"tags": ("submission",), "duration": 0.7, "correction": 1.5, "chance": 0.6},
            {"tags": ("submission", "window"), "duration": 0.9, "most": 3.0, "looks": 0.05},
        ),
    },
    "practices.steady": {"share": 0.5, "effects": ({"tags": ("submission", "hand_over"), "spread": 0.4},)},
    "practices.campaign": {
        "share": 0.6,
        "during": ("2023-03-01", "2023-09-01"),
        "effects": ({"tags": ("submission", "hand_over"), "duration": 0.8},),
    },
    "practices.second_campaign": {
        "share": 0.5,
        "during": ("2023-03-01", "2023-09-01"),
        "effects": ({"tags": ("submission",), "duration": 0.7, "correction": 0.5},),
    },
    "activities.planning_permit.circulation": "lognormal(3, 0.5) wd",
    "activities.department.correction": {"probability": 0.5, "attempts": 6, "fix": "pert(1, 2, 5)", "repeat": 0.5},
    "activities.hand_over.tags": ("hand_over", "submission"),
    "crews.earthworks.zones": 2,
    "practices.parallel_zones.share": 0.5,
}
"""Effects of every kind, two gates at one step, gates shared by practices, corrections of issues, what follows."""


@dataclass(frozen=True)
class Plain:
    """The scenario read as it is written; of one case, which is project `row` of a group or an issue of it."""

    scenario: Scenario
    roster: Roster
    streams: Streams
    group: int
    row: int
    issue: tuple[int, int, int, bool] | None

    def uniform(self, name: str, copy: int, again: bool) -> Any:
        """The uniforms of one copy of an activity: of its first attempt, or of the later ones."""
        projects, activity = self.roster.groups[self.group], self.scenario.activities[name]
        shape = (5, 3) if again else (3,)
        suffix = "/again" if again else ""
        if self.issue is None:
            copies = largest_copies(self.scenario, projects.group, activity.per)
            purpose = f"{projects.name}/activity/{name}{suffix}"
            return self.streams.uniforms(purpose, projects.count, copies, *shape)[self.row, copy]
        purpose = f"{projects.name}/issues/activity/{name}{suffix}"
        return self.streams.uniforms(purpose, projects.count, MOST_ISSUES, *shape)[self.row, self.issue[0]]

    def covered(self, practice: str) -> bool:
        return bool(self.roster.groups[self.group].practices[practice][self.row])

    def ahead(self, name: str, copy: int) -> float:
        """The share of an activity that is still to be done."""
        known = self.roster.groups[self.group].ahead
        return float(known[name][self.row, copy]) if name in known and self.issue is None else 1.0

    def attribute(self, name: str) -> float:
        return float(self.roster.groups[self.group].attributes[name][self.row])

    def applies(self, name: str, copy: int) -> bool:
        it = self.scenario.activities[name].applies
        chance = it.probability
        for key, practice in self.scenario.practices.items():
            for effect in practice.effects:
                if self.covered(key) and effect.reaches(self.scenario.activities[name].tags):
                    chance *= effect.chance
        found = self.uniform(name, copy, again=False)[0] < chance and self.ahead(name, copy) > 0
        found &= not it.classes or self.roster.groups[self.group].group.of in it.classes
        found &= all(self.attribute(key) == value for key, value in it.where.items())
        found &= (it.practice is None or self.covered(it.practice)) and not (it.unless and self.covered(it.unless))
        if self.issue is not None and it.category:
            found &= list(self.scenario.issues.categories)[self.issue[1]] in it.category
        return found and (it.took_place is None or self.applies(it.took_place, copy))

    def solves(self, name: str, copy: int) -> bool:
        chance = self.scenario.activities[name].solves or 0.0
        if isinstance(chance, dict):
            assert self.issue is not None
            chance = chance.get(list(self.scenario.issues.categories)[self.issue[1]], 0.0)
        return bool(self.uniform(name, copy, again=False)[1] < chance)

    def gates(self, activity: Activity) -> list[Gate]:
        """The gates of an activity, in the order of the practices that need them."""
        reached = [
            p for p in self.scenario.practices.values() if p.share and any(e.reaches(activity.tags) for e in p.effects)
        ]
        found = dict.fromkeys(gate_of(self.scenario, practice) for practice in reached)
        return [gate for gate in found if gate != Gate()]

    def factors(self, activity: Activity, gate: Gate) -> tuple[float, float, float, float, float]:
        """Duration, spread, most, looks and correction under the practices that need one gate."""
        found = (1.0, 1.0, inf, 0.0, 1.0)
        for key, practice in self.scenario.practices.items():
            its = (1.0, 1.0, inf, 0.0, 1.0)
            for effect in practice.effects:
                if practice.share and gate_of(self.scenario, practice) == gate and effect.reaches(activity.tags):
                    its = both(
                        its, (effect.duration, effect.spread, effect.most or inf, effect.looks, effect.correction)
                    )
            found = both(found, its) if self.covered(key) else found
        return found

    def versions(self, name: str, copy: int) -> Iterator[tuple[float, list[tuple[float, float]]]]:
        """Work of the first attempt, and (fix, work) of the later ones, in each version of an activity."""
        activity = self.scenario.activities[name]
        gates = self.gates(activity)
        for mask in range(2 ** len(gates)):
            factors = self.factors(activity, Gate())
            for bit, gate in enumerate(gates):
                factors = both(factors, self.factors(activity, gate)) if mask >> bit & 1 else factors
            first = self.days(activity, self.uniform(name, copy, again=False)[2], factors) * self.ahead(name, copy)
            yield first, list(self.later(activity, name, copy, factors))

    def later(self, activity: Activity, name: str, copy: int, factors: Any) -> Iterator[tuple[float, float]]:
        correction = activity.correction
        if correction is not None:
            for number, (back, fix, days) in enumerate(self.uniform(name, copy, again=True)[: correction.attempts - 1]):
                if back >= factors[4] * (correction.probability * np.float64(correction.decay) ** number):
                    return
                takes = 0.0 if correction.fix is None else float(correction.fix.quantile(np.array([fix]))[0])
                yield takes, self.days(activity, days, factors) * correction.repeat

    def days(self, activity: Activity, uniform: float, factors: Any) -> float:
        duration, spread, most, looks, _ = factors
        assert activity.duration is not None
        mean, value = activity.duration.expectation, float(activity.duration.quantile(np.array([uniform]))[0])
        value = mean + spread * (value - mean) if spread < 1 else value
        value = value * float(time_left(looks * 2 * mean))
        crew = self.scenario.crews[activity.crew] if activity.crew else None
        attributes = {key: it[self.row : self.row + 1] for key, it in self.roster.groups[self.group].attributes.items()}
        at_work = np.array([not (crew and crew.practice) or self.covered(crew.practice)])
        longest = value * (float(scale_of(self.scenario, activity, attributes, at_work)[0]) * duration)
        return float(min(longest, most))


def both(one: Any, other: Any) -> Any:
    """Two influences at once."""
    return one[0] * other[0], one[1] * other[1], min(one[2], other[2]), one[3] + other[3], one[4] * other[4]


def drawn(scenario: Scenario, streams: Streams) -> tuple[Frame, Draws]:
    """The draws of all steps at once."""
    layout = Layout(scenario)
    recipe, roster = layout.kept(Recipe), draw_portfolio(scenario, streams)
    issues = recipe.issues.draw(roster, recipe.cells, recipe.cells.ahead(roster), streams)
    frame = framed(layout, roster, issues)
    return frame, draw(recipe, frame, recipe.influences.on(roster), streams)


def cases_of(frame: Frame, scenario: Scenario, streams: Streams) -> list[Plain]:
    """The cases of a frame, to be read plainly."""
    issues, cases = frame.issues, frame.cases
    kinds = zip(
        issues.place.tolist(), issues.category.tolist(), issues.severity.tolist(), issues.stops.tolist(), strict=True
    )
    each = [*[None] * frame.first_issue, *kinds]
    where = zip(cases.group.tolist(), cases.row.tolist(), each, strict=True)
    return [Plain(scenario, frame.roster, streams, *it) for it in where]


@pytest.mark.parametrize("chance", [Streams, LatinHypercube])
@pytest.mark.parametrize("replication", [0, 1])
@pytest.mark.parametrize("changes", [{}, EVERYTHING], ids=["as it is", "every effect"])
def test_all_at_once_is_one_by_one(
    changes: dict[str, Any], replication: int, chance: Chance, small_park: Scenario
) -> None:
    """Every step applies, solves, takes and comes back, in every version, as the scenario says, to the last bit."""
    scenario = small_park.with_changes(changes)
    frame, draws = drawn(scenario, chance(11, replication))
    plain = cases_of(frame, scenario, chance(11, replication))
    attempts = {
        (step, version): (work, slice(begin, begin + left))
        for step, version, work, left, begin in zip(*(column.tolist() for column in draws.attempts), strict=True)
    }
    names = (ARRIVAL, *scenario.activities)
    nodes = zip(count(), *(c.tolist() for c in (frame.nodes.case, frame.nodes.activity, frame.nodes.copy)))
    seen = {"versions": 0, "later": 0, "over": 0}
    for step, case, number, copy in nodes:
        if number == 0:
            continue
        it, name = plain[case], names[number]
        assert draws.applies[step] == it.applies(name, copy), (name, it)
        assert draws.solves[step] == it.solves(name, copy)
        if draws.applies[step] and scenario.activities[name].duration is not None:
            for version, (work, later) in enumerate(it.versions(name, copy)):
                found, its = attempts.pop((step, version))
                assert found == work, (name, version)
                assert list(zip(draws.fix[its].tolist(), draws.again[its].tolist(), strict=True)) == later
                seen["versions"], seen["later"] = max(seen["versions"], version), seen["later"] + len(later)
        seen["over"] += not draws.applies[step]
    assert not attempts, "nothing else is drawn"
    assert seen["later"] > 20 and seen["over"] > 50
    assert seen["versions"] == (7 if changes else 1)


def test_policies_that_share_streams_draw_what_each_draws_alone(small_park: Scenario) -> None:
    """Uniforms and projects that one policy has drawn are the same for the next one, which changes other things."""
    shared = Streams(3, 4)
    drawn(small_park, shared)
    for scenario in (small_park.with_changes(EVERYTHING), small_park.with_changes({"portfolio.key.count": 7})):
        frame, together = drawn(scenario, shared)
        _, alone = drawn(scenario, Streams(3, 4))
        assert len(frame.nodes.case) == len(together.applies)
        for one, other in zip(together.attempts, alone.attempts, strict=True):
            np.testing.assert_array_equal(one, other)
        for name in ("applies", "solves", "fix", "again"):
            np.testing.assert_array_equal(getattr(together, name), getattr(alone, name))
