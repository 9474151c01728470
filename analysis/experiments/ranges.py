"""Assumed numbers of a park at other levels of their ranges.

A scenario says in its `ranges` how far its assumed numbers may be off. Here a level of a range becomes values of keys,
as `factors.varied` takes them, and the level becomes known at which the file itself stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from parkflow.sim.circulation import TAG, circulation_of
from parkflow.sim.levers import CATALOGUE
from parkflow.sim.ranges import Range
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Value

_LEVERS = "levers"
_SHAPES = ("cv", "shape", "weights")
"""Fields of a distribution that keep their numbers when it is multiplied."""


def ranges_of(scenario: Scenario) -> dict[str, Range]:
    """The ranges of a park that move something in it, by name: those of whose keys it has at least one."""
    return {name: it for name, it in scenario.ranges.items() if keys_of(scenario, it)}


def keys_of(scenario: Scenario, given: Range) -> tuple[str, ...]:
    """The keys that a range moves in a park, its patterns filled in; those of levers begin with ``levers.``."""
    return tuple(dict.fromkeys(key for pattern in given.keys for key in matching(scenario, pattern)))


def matching(scenario: Scenario, pattern: str) -> tuple[str, ...]:
    """The keys of a park that a dotted pattern stands for."""
    return tuple(_matching(scenario, pattern.split(".")))


def level_of(scenario: Scenario, given: Range) -> float:
    """The level at which the park itself stands: 1 for factors, 0 for days; NaN where its numbers are not one level."""
    if given.by in ("factor", "days"):
        return 1.0 if given.by == "factor" else 0.0
    numbers = np.array([number for key in keys_of(scenario, given) for number in _numbers(_at(scenario, key))])
    if given.by == "share":
        return float(numbers[0] / numbers.sum())
    return float(numbers[0]) if len(numbers) and np.all(numbers == numbers[0]) else float("nan")


def values_at(scenario: Scenario, levels: Mapping[str, float]) -> dict[str, Any]:
    """Values by key that put ranges at given levels; give them to `factors.varied`.

    Raises `KeyError` for a range that the park does not have.
    """
    values: dict[str, Any] = {}
    for name, level in levels.items():
        given = scenario.ranges[name]
        before = {key: values.get(key, _at(scenario, key)) for key in keys_of(scenario, given)}
        values |= _SETTERS[given.by](before, level)
    return values


def moved(scenario: Scenario, levels: Mapping[str, float]) -> Scenario:
    """The park with ranges at given levels; those of levers are left alone, for they belong to policies.

    Raises what `values_at` and `Scenario.with_changes` raise.
    """
    values = values_at(scenario, levels)
    return scenario.with_changes({key: it for key, it in values.items() if not key.startswith(f"{_LEVERS}.")})


# Setting a level


def _as_value(before: Mapping[str, Any], level: float) -> dict[str, Any]:
    return {key: _mapped(value, lambda number: _like(number, level)) for key, value in before.items()}


def _as_factor(before: Mapping[str, Any], level: float) -> dict[str, Any]:
    return {key: _mapped(value, lambda number: _like(number, number * level)) for key, value in before.items()}


def _as_days(before: Mapping[str, Any], level: float) -> dict[str, Any]:
    return {key: _later(value, level) for key, value in before.items()}


def _as_share(before: Mapping[str, Any], level: float) -> dict[str, Any]:
    """The first number gets its share of the sum; the others share the rest as before. Whole numbers stay whole."""
    numbers = np.array([number for value in before.values() for number in _numbers(value)], dtype=np.float64)
    total, rest = numbers.sum(), numbers[1:].sum()
    wanted = np.concatenate(([level * total], numbers[1:] / rest * (1 - level) * total))
    if all(isinstance(value, int) for value in before.values()):
        wanted = np.diff(np.round(np.cumsum(wanted)), prepend=0.0)
    turn = iter(wanted.tolist())
    return {key: _mapped(value, lambda number: _like(number, next(turn))) for key, value in before.items()}


_SETTERS: dict[str, Callable[[Mapping[str, Any], float], dict[str, Any]]] = {
    "value": _as_value,
    "factor": _as_factor,
    "days": _as_days,
    "share": _as_share,
}


def _like(number: float, wanted: float) -> float:
    """The number wanted, rounded where what it replaces counts things."""
    return round(wanted) if isinstance(number, int) else wanted


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A number, a list of numbers, a table of numbers or a distribution, with each of its numbers changed."""
    if isinstance(value, Value):
        kept = {name: it for name, it in _fields(value).items() if name in _SHAPES}
        return value.made_of({name: _mapped(it, change) for name, it in _fields(value).items()} | kept)
    if isinstance(value, Mapping):
        return {name: _mapped(it, change) for name, it in value.items()}
    if isinstance(value, tuple):
        return tuple(_mapped(it, change) for it in value)
    return change(value) if _is_number(value) else value


def _later(value: Any, days: float) -> Any:
    """A date, a number of days or a list of these, so many days later."""
    if isinstance(value, tuple):
        return tuple(_later(it, days) for it in value)
    return value + timedelta(days=round(days)) if isinstance(value, dt.date) else value + days


def _numbers(value: Any) -> Iterator[float]:
    """The numbers of a value, in the order in which `_mapped` changes them."""
    if isinstance(value, Value):
        scale = (it for name, it in _fields(value).items() if name not in _SHAPES)
        yield from (number for it in scale for number in _numbers(it))
    elif isinstance(value, Mapping):
        yield from (number for it in value.values() for number in _numbers(it))
    elif isinstance(value, tuple):
        yield from (number for it in value for number in _numbers(it))
    elif _is_number(value):
        yield value


def _fields(value: Value) -> dict[str, Any]:
    """The fields that are set in a value, in the order of its class."""
    return {name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Finding keys


def _matching(scenario: Scenario, pattern: list[str]) -> Iterator[str]:
    match pattern:
        case [first, *_] if first == _LEVERS:
            yield from _parameters(pattern)
        case ["activities", name, field] if field == TAG:  # a file's circulation is an activity of its own
            yield from (".".join(path) for path in _paths(scenario, ["activities", circulation_of(name), "duration"]))
        case _:
            yield from (".".join(path) for path in _paths(scenario, pattern))


def _parameters(pattern: list[str]) -> Iterator[str]:
    """The lever's parameter, if there is one."""
    _, name, parameter = (*pattern, "", "")[:3]
    if name in CATALOGUE and parameter in CATALOGUE[name].model_fields:
        yield ".".join(pattern)


def _paths(node: Any, pattern: list[str]) -> Iterator[list[str]]:
    """The paths below a node that match a pattern and lead to something."""
    if node is None:
        return
    if not pattern:
        yield []
        return
    for key in _keys(node):
        if fnmatchcase(key, pattern[0]):
            yield from ([key, *rest] for rest in _paths(_child(node, key), pattern[1:]))


def _keys(node: Any) -> list[str]:
    """The keys that a park sets below a node; what it leaves at its default is no assumption of its own."""
    if isinstance(node, Value):
        return list(_fields(node))
    return list(node) if isinstance(node, Mapping) else []


def _child(node: Any, key: str) -> Any:
    return getattr(node, key) if isinstance(node, Value) else node[key]


def _at(scenario: Scenario, key: str) -> Any:
    """The value at a key; of a lever's parameter, its default."""
    parts = key.split(".")
    if parts[0] == _LEVERS:
        return CATALOGUE[parts[1]].model_fields[parts[2]].default
    node: Any = scenario
    for part in parts:
        node = _child(node, part)
    return node
