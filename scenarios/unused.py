"""Practices that a file declares and nothing refers to: a slip of the pen that no other check would notice."""

from __future__ import annotations

from collections.abc import Iterator

from parkflow.sim.checks import Problem
from parkflow.sim.checks.practices import practices_in_use
from parkflow.sim.reach import levers_by_practice
from parkflow.sim.scenario import Scenario


def unused_practices(scenario: Scenario) -> Iterator[Problem]:
    """One problem for each practice without effects that neither an activity, a crew nor a lever refers to."""
    idle = {name for name, practice in scenario.practices.items() if not practice.effects}
    idle -= practices_in_use(scenario)
    for name in sorted(idle - levers_by_practice(scenario).keys() if idle else ()):
        remedy = 'name it in an activity\'s after, "predecessor" = "practice", give it effects, or remove it'
        yield Problem(f"practices.{name}", "nothing refers to it: no activity, no crew and no lever", remedy)
