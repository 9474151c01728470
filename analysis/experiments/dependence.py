"""Where the setting of one lever depends on whether another is present: keys of the park that two of them touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from parkflow.sim.levers import CATALOGUE, Lever, LeverError, make_lever
from parkflow.sim.scenario import Scenario


@dataclass(frozen=True)
class Dependence:
    """A key that is set otherwise where two levers meet: by the first alone, by the other alone, and by both together.

    None stands for a lever that does not set the key by itself; a value that both share is what they make of it in
    the order of the catalogue.
    """

    lever: str
    other: str
    key: str
    alone: Any
    other_alone: Any
    together: Any

    def row(self) -> dict[str, Any]:
        """The dependence as plain values."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def dependences(scenario: Scenario, bundle: Mapping[str, Mapping[str, Any]]) -> list[Dependence]:
    """Every key of a park that two levers of a bundle set, or that one sets otherwise where the other is present."""
    made = sorted((make_lever(*one) for one in bundle.items()), key=lambda one: list(CATALOGUE).index(one.name))
    found: list[Dependence] = []
    for place, lever in enumerate(made):
        with suppress(LeverError, KeyError):
            after = lever.apply(scenario)
            for other in made[place + 1 :]:
                found += _between(lever, other, scenario, after)
    return found


def _between(lever: Lever, other: Lever, scenario: Scenario, after: Scenario) -> Iterator[Dependence]:
    """What two levers do not set independently; `after` is the scenario with the first of them."""
    mine, theirs, together = lever.changes(scenario), _changes(other, scenario), _changes(other, after)
    for key, value in together.items():
        if key in mine and mine[key] == value == theirs.get(key):
            continue
        if key in mine or theirs.get(key) != value:
            yield Dependence(lever.name, other.name, key, mine.get(key), theirs.get(key), value)


def _changes(lever: Lever, scenario: Scenario) -> dict[str, Any]:
    """The keys that a lever sets; none in a park that cannot have it."""
    try:
        return lever.changes(scenario)
    except (LeverError, KeyError):
        return {}


def _plain(value: Any) -> Any:
    """A setting as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value
