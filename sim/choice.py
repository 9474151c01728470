"""Which engine was asked for: in a context, else by the environment variable `PARKFLOW_ENGINE`, else `auto`."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Literal, cast, get_args

from parkflow.sim.errors import ParkflowError

Choice = Literal["auto", "simpy", "compiled"]

VARIABLE = "PARKFLOW_ENGINE"

chosen: ContextVar[Choice | None] = ContextVar("chosen", default=None)


class EngineError(ParkflowError):
    """The engine that was asked for does not exist, or cannot run here."""


def choice() -> Choice:
    """What was asked for; raises `EngineError` where there is no such engine."""
    return chosen.get() or checked(os.environ.get(VARIABLE) or "auto", VARIABLE)


def checked(name: str, where: str) -> Choice:
    """A name that is one of the choices; raises `EngineError` where it is none."""
    if name in get_args(Choice):
        return cast(Choice, name)
    raise EngineError(f"{where} = {name!r}: there is no such engine; take auto, simpy or compiled")
