"""Levers from everywhere: the shipped ones, those of installed packages, and those of the caller's own script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from parkflow.analysis.errors import ArgumentError
from parkflow.sim.errors import ParkflowError
from parkflow.sim.levers import CATALOGUE, Lever, register_lever

OFFERS = "parkflow.levers"
"""The group of entry points by which an installed package offers levers."""

Parameters = Mapping[str, Any]
OneLever = str | Lever | type[Lever]
Levers = OneLever | Iterable[OneLever] | Mapping[str, Parameters]
"""A lever or several: names, levers with their parameters, classes of levers, or a mapping of names to parameters."""


def levers() -> dict[str, type[Lever]]:
    """Every lever by name, in the order in which a policy applies them: shipped, offered by packages, registered.

    Raises `ParkflowError` where a package offers what is no lever.
    """
    load_offers()
    return dict(CATALOGUE)


def register_class(kind: type[Lever]) -> None:
    """Make a class of levers known by its name; raises `ParkflowError` where it is none, or the name is taken."""
    if not (isinstance(kind, type) and issubclass(kind, Lever)):
        raise ArgumentError("lever", repr(kind), "give a class that extends parkflow.Lever")
    register_lever(kind)


@cache
def load_offers() -> None:
    """Register the levers that installed packages offer, once; raises `ParkflowError` where one cannot be used."""
    for offer in entry_points(group=OFFERS):
        _take(offer)


def _take(offer: EntryPoint) -> None:
    try:
        register_class(offer.load())
    except Exception as error:
        whose = offer.dist.name if offer.dist else offer.value
        what = f"the package {whose} offers a lever {offer.name!r} that cannot be used ({error})"
        raise ParkflowError(f"{what}; update or remove the package") from error


def bundle_of(given: Levers) -> dict[str, dict[str, Any]]:
    """The parameters of levers by name, however they are given; classes are registered.

    Raises `ParkflowError` for what is no lever.
    """
    load_offers()
    if isinstance(given, Mapping):
        return {name: dict(parameters) for name, parameters in given.items()}
    one = isinstance(given, str | Lever | type)
    return dict(map(_one, [given] if one else given))  # type: ignore[arg-type]


def _one(lever: OneLever) -> tuple[str, dict[str, Any]]:
    if isinstance(lever, str):
        return lever, {}
    if isinstance(lever, Lever):
        register_class(type(lever))
        return lever.name, lever.model_dump(exclude_unset=True)
    register_class(lever)
    return lever.name, {}
