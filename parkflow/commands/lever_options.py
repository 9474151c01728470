"""Levers as they are written on the command line: ``parallel_approvals:rate=0.5,…``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any

from parkflow.scenarios.load import InputError


def levers_written(options: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Levers and their parameters from options such as ``land_bank:initial=800,target=500`` or a bare name.

    Raises `InputError` for an option that cannot be read.
    """
    levers: dict[str, dict[str, Any]] = {}
    for option in options:
        name, _, parameters = option.partition(":")
        pairs = [pair for pair in parameters.split(",") if pair]
        levers[name.strip()] = dict(_pair(option, pair) for pair in pairs)
    return levers


def _pair(option: str, pair: str) -> tuple[str, Any]:
    key, equals, text = pair.partition("=")
    if not equals or not key.strip():
        raise InputError(f"--lever {option}: cannot read {pair!r}; write --lever NAME:PARAMETER=VALUE,…")
    try:
        return key.strip(), tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), text.strip()
