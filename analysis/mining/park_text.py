"""A table of a park as the text of a scenario file."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_files import date_of
from parkflow.sim.durations import Distribution, Empirical

Table = dict[str, Any]
Floats = NDArray[np.float64]
_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
_PARAMETERS = {
    "constant": ("value",),
    "exponential": ("mean",),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "weibull": ("shape", "scale"),
}
WIDTH = 120


def written(distribution: Distribution, unit: str) -> str | Table:
    """A distribution as a scenario file has it, such as ``lognormal(12, 0.6) cd``."""
    if isinstance(distribution, Empirical):
        return {"dist": "empirical", "values": list(distribution.values), "unit": unit}
    numbers = ", ".join(f"{getattr(distribution, name):g}" for name in _PARAMETERS[distribution.dist])
    return f"{numbers} {unit}" if distribution.dist == "constant" else f"{distribution.dist}({numbers}) {unit}"


def dated(days: Floats, origin: float) -> list[dt.date] | list[float]:
    """Days as dates where all are whole, and as days since day 0 with three digits where they are not."""
    if (days == np.floor(days)).all():
        return [date_of(origin + day) for day in days.tolist()]
    return [round(day, 3) for day in days.tolist()]


def toml_text(table: Table) -> str:
    """The table as TOML: values first, then tables, each under its own heading."""
    return "\n".join(_lines(table, ())).lstrip("\n") + "\n"


def _lines(table: Table, path: tuple[str, ...]) -> Iterator[str]:
    plain = {key: value for key, value in table.items() if not _is_section(value, path)}
    if path and (plain or not table):
        yield ""
        yield f"[{'.'.join(map(_key, path))}]"
    for key, value in plain.items():
        yield f"{_key(key)} = {_wrapped(value)}"
    for key, value in table.items():
        if key not in plain:
            yield from _lines(value, (*path, key))


def _is_section(value: Any, path: tuple[str, ...]) -> bool:
    """Whether a value gets a heading of its own: tables down to the third level, but no distributions."""
    return isinstance(value, dict) and "dist" not in value and (len(path) < 2 or "source" in value)


def _key(key: str) -> str:
    return key if _BARE.match(key) else json.dumps(key, ensure_ascii=False)


def _wrapped(value: Any) -> str:
    """A value on one line, or a list over several where it is long."""
    text = _value(value)
    if len(text) < WIDTH or not isinstance(value, list):
        return text
    lines, line = ["["], " "
    for item in map(_value, value):
        if len(line) + len(item) + 2 > WIDTH:
            lines.append(line)
            line = " "
        line += f" {item},"
    return "\n".join([*lines, line, "]"])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
