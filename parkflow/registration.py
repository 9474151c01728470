"""Levers and measures of a user's own, made known by their names or handed over as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.measures import registry
from parkflow.analysis.measures.measure import Measure
from parkflow.catalogue import register_class
from parkflow.sim.levers import Lever
from parkflow.sim.names import nearest

L = TypeVar("L", bound=type[Lever] | Measure)

Measures = str | Measure | Iterable[str | Measure]
"""A measure or several, by name or as they are."""


def register(one: L) -> L:
    """Make a lever or a measure of your own known by its name; may be used as a decorator of a lever's class.

    What is handed to a function needs not be registered. A lever or a measure of your own may be registered again after
    a change, as a notebook does. Raises `ParkflowError` for what is neither, for a lever without a name, and for a name
    that is taken by what comes with parkflow.
    """
    if isinstance(one, type) and issubclass(one, Lever):
        register_class(one)
    elif isinstance(one, Measure):
        try:
            registry.register(one)
        except ValueError as error:
            raise ArgumentError("measure", one.name, "the name is taken; give it another") from error
    else:
        raise ArgumentError("one", repr(one), "give a class that extends parkflow.Lever, or a parkflow.Measure")
    return one


def measures_of(given: Measures) -> tuple[Measure, ...]:
    """Measures by name or as they are; raises `ParkflowError` for a name that none has."""
    known = {one.name: one for one in registry.measures()}
    for name in (one := [given] if isinstance(given, str | Measure) else list(given)):
        if isinstance(name, str) and name not in known:
            raise ArgumentError("measure", name, f"there is no such measure; {nearest(name, list(known))}")
    return registry.chosen(one)
