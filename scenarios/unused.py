"""Practices that a file declares and nothing refers to: a slip of the pen that no other check would notice."""

from __future__ import annotations

from collections.abc import Iterator

from parkflow.sim.checks import Problem
from parkflow.sim.checks.practices import practices_in_use
from parkflow.sim.levers import CATALOGUE, LeverError, make_lever
from parkflow.sim.scenario import Scenario


def unused_practices(scenario: Scenario) -> Iterator[Problem]:
    """One problem for each practice without effects that neither an activity, a crew nor a lever refers to."""
    idle = {name for name, practice in scenario.practices.items() if not practice.effects}
    idle -= practices_in_use(scenario)
    for name in sorted(idle - _set_by_levers(scenario) if idle else ()):
        remedy = 'name it in an activity\'s after, "predecessor" = "practice", give it effects, or remove it'
        yield Problem(f"practices.{name}", "nothing refers to it: no activity, no crew and no lever", remedy)


def _set_by_levers(scenario: Scenario) -> set[str]:
    """The practices that some lever puts in force; of a lever that does not fit the park, the one that bears its name.

    Levers with their defaults: parameters decide how much a lever does, hardly ever to which practices.
    """
    found = set(CATALOGUE)
    for lever in CATALOGUE:
        try:
            changes = make_lever(lever, {}).changes(scenario)
        except (LeverError, KeyError):
            continue
        found |= {key.split(".")[1] for key in changes if key.startswith("practices.")}
    return found
