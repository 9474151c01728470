"""Checks of a scenario as a whole: what no field can know of itself, such as whether the desk it names exists."""

from __future__ import annotations

from parkflow.sim.checks import attributes, named, notes, practices, references, steps, supply, times
from parkflow.sim.checks.problem import MOST_GATES, Problem, Rule, ScenarioError
from parkflow.sim.names import nearest
from parkflow.sim.scenario import Scenario

__all__ = ["MOST_GATES", "RULES", "Problem", "ScenarioError", "check", "nearest"]

RULES: tuple[Rule, ...] = (
    *references.RULES,
    *steps.RULES,
    *attributes.RULES,
    *practices.RULES,
    *times.RULES,
    *named.RULES,
    *supply.RULES,
    *notes.RULES,
)


def check(scenario: Scenario) -> None:
    """Raise `ScenarioError` with everything that is wrong with the scenario."""
    # Numbers out of all proportion come first, for the other rules compute with them.
    found = dict.fromkeys(times.sizes(scenario)) or dict.fromkeys(
        problem for rule in RULES for problem in rule(scenario)
    )
    if found:
        raise ScenarioError(found)
