"""What the levers of the catalogue work on in a park: the practices that they put in force, and the tags they look for.

Levers with their defaults: parameters decide how much a lever does, hardly ever on what. A lever that does not fit the
park reaches the practice that bears its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from parkflow.sim.levers import CATALOGUE, LeverError, make_lever
from parkflow.sim.scenario import Effect, Scenario

Levers = dict[str, tuple[str, ...]]
"""Names of levers by what they work on."""


def levers_by_practice(scenario: Scenario) -> Levers:
    """The levers that put each practice in force."""
    return _grouped((practice, lever) for lever, practice, _ in _reached(scenario))


def levers_by_tag(scenario: Scenario) -> Levers:
    """The levers that change activities with each tag: by effects of their own, or those of a practice in the park."""
    return _grouped((tag, lever) for lever, _, effects in _reached(scenario) for each in effects for tag in each.tags)


def _grouped(pairs: Iterator[tuple[str, str]]) -> Levers:
    found: dict[str, dict[str, None]] = {}
    for key, lever in pairs:
        found.setdefault(key, {})[lever] = None
    return {key: tuple(levers) for key, levers in sorted(found.items())}


def _reached(scenario: Scenario) -> Iterator[tuple[str, str, tuple[Effect, ...]]]:
    """Lever, practice and the effects that this has once the lever is there."""
    for lever in CATALOGUE:
        changes = _changes(scenario, lever)
        for practice in dict.fromkeys(key.split(".")[1] for key in changes if key.startswith("practices.")):
            own = changes.get(f"practices.{practice}.effects")
            inherited = scenario.practices[practice].effects if practice in scenario.practices else ()
            yield lever, practice, inherited if own is None else tuple(map(Effect.model_validate, own))


def _changes(scenario: Scenario, lever: str) -> Mapping[str, Any]:
    try:
        return make_lever(lever, {}).changes(scenario)
    except (LeverError, KeyError):
        return {f"practices.{lever}.share": 1.0}
