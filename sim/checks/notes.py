"""Every number says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from parkflow.sim.checks.problem import Problem, Problems, Rule
from parkflow.sim.scenario import (
    Scenario,
)
from parkflow.sim.values import Noted


def _notes(scenario: Scenario) -> Problems:
    if scenario.note:
        return
    for key, notes in _numbered(scenario):
        if not any(noted.note for noted in notes):
            yield Problem(key, "does not say where its numbers come from", 'add source = "…" or assumed = "…"')


def _numbered(scenario: Scenario) -> Iterator[tuple[str, tuple[Noted, ...]]]:
    """Every block that bears numbers, with the values whose note covers it."""
    for kind in ("calendars", "desks", "meetings", "stocks", "crews", "portfolio", "attributes"):
        yield from ((f"{kind}.{name}", (block,)) for name, block in getattr(scenario, kind).items())
    for name, kind_of in scenario.classes.items():
        for key, attribute in kind_of.attributes.items():
            yield f"classes.{name}.attributes.{key}", (attribute, kind_of)
    for name, practice in scenario.practices.items():
        if practice.effects or practice.lead:
            yield f"practices.{name}", (practice, *practice.effects)
    for name, activity in scenario.activities.items():
        if activity.duration is not None or activity.correction is not None:
            yield f"activities.{name}", (activity,)
    for name, category in scenario.issues.categories.items():
        yield f"issues.categories.{name}", (category, scenario.issues)


RULES: tuple[Rule, ...] = (_notes,)
