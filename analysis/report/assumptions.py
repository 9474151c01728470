"""What a result rests on: every noted number of a scenario, with its source or the reason why it is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from parkflow.analysis.formatting import NOTES, plain
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Noted


class Assumption(NamedTuple):
    """A key of the scenario, what it is set to, and where that comes from."""

    key: str
    value: str
    note: str
    assumed: bool


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Everything in a scenario that has a note of its own, policies left out."""
    return [found for found in _noted(scenario, "") if not found.key.startswith("policies.")]


def _noted(value: Any, key: str) -> Iterator[Assumption]:
    if isinstance(value, Noted) and (value.source or value.assumed) and key:
        yield Assumption(key, _own(value), value.source or value.assumed or "", value.source is None)
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield from _noted(getattr(value, name), f"{key}.{name}" if key else name)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _noted(inner, f"{key}.{name}")
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _noted(inner, f"{key}[{number}]")


def _own(value: Noted) -> str:
    """The numbers that a note is about: what the value sets, without what has notes of its own."""
    table = value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    return plain({name: inner for name, inner in table.items() if name not in NOTES and not _has_note(inner)})


def _has_note(table: Any) -> bool:
    if isinstance(table, Mapping):
        return any(name in table for name in NOTES[:2]) or any(_has_note(inner) for inner in table.values())
    return isinstance(table, list) and any(_has_note(inner) for inner in table)
