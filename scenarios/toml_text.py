"""A table as the text of a TOML file, laid out as the shipped scenario files are."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Table = Mapping[str, Any]

WIDTH = 120
_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
_NOTES = ("source", "assumed")


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
    """Whether a value gets a heading of its own: tables down to the third level and noted ones, no distributions."""
    return isinstance(value, Mapping) and "dist" not in value and (len(path) < 2 or any(it in value for it in _NOTES))


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
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
