"""Levers as they are written on the command line: ``parallel_approvals:rate=0.5,…``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any

from parkflow.scenarios.load import InputError

HOW = "write NAME, NAME=VALUE where the lever has one parameter, or NAME:PARAMETER=VALUE,…"


def levers_written(options: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Levers and their parameters from options such as ``land_bank:initial=800,target=500`` or a bare name.

    The only parameter of a lever needs no name: ``parallel_approvals=0.5``. Raises `InputError` for an option that
    cannot be read.
    """
    levers: dict[str, dict[str, Any]] = {}
    for option in options:
        name, colon, parameters = option.partition(":")
        if not colon and "=" in name:
            name, parameters = _only_parameter(option)
        pairs = [pair for pair in parameters.split(",") if pair]
        levers[name.strip()] = dict(_pair(option, pair) for pair in pairs)
    return levers


def _only_parameter(option: str) -> tuple[str, str]:
    """The name and ``PARAMETER=VALUE`` of an option that names no parameter."""
    from parkflow.catalogue import load_offers
    from parkflow.sim.levers import kind_of

    load_offers()
    name, _, value = (part.strip() for part in option.partition("="))
    parameters = tuple(kind_of(name).model_fields)
    if len(parameters) != 1:
        some = ", ".join(parameters)
        remedy = f"write --lever {name}:{parameters[0]}={value}" if parameters else f"write --lever {name}"
        raise InputError(f"--lever {option}: {name} has {len(parameters)} parameters ({some}), not one; {remedy}")
    return name, f"{parameters[0]}={value}"


def _pair(option: str, pair: str) -> tuple[str, Any]:
    key, equals, text = pair.partition("=")
    if not equals or not key.strip():
        raise InputError(f"--lever {option}: cannot read {pair!r}; {HOW}")
    try:
        return key.strip(), tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), text.strip()
