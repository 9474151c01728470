"""Scenario files with fitted values: each extends its park, and every value says that it is fitted, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parkflow.analysis.calibration.result import said_level
from parkflow.analysis.experiments.ranges import keys_of, moved
from parkflow.scenarios.describe import dumped
from parkflow.scenarios.toml_text import toml_text
from parkflow.sim.circulation import TAG, circulation_of
from parkflow.sim.ranges import Range
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Noted

Table = dict[str, Any]

_WHOLE = ("attributes", "arrivals")
"""Tables that a file states as a whole: what is in one of the first, and the second."""


def scenario_file(park: Scenario, extends: str, fit: Mapping[str, Any]) -> str:
    """The text of a scenario file that extends a park by fitted values; `fit` is the document of the result."""
    parameters = {row["name"]: row for row in fit["parameters"] if row["name"] in park.ranges}
    after = dumped(moved(park, {name: row["fitted"] for name, row in parameters.items()}))
    own: Table = {}
    for name, row in parameters.items():
        note = _note(name, row)
        for key in (key for key in keys_of(park, park.ranges[name]) if not key.startswith("levers.")):
            _put(own, park, after, key.split("."), note)
    head = [
        f"# Fitted values: {fit['title']}" if fit["title"] else "# Fitted values.",
        f"# Made by: {fit['record']['command']}",
        f"# {fit['targets_met']} of {fit['targets_in_all']} targets are met.",
        "",
        "",
    ]
    ranges = {name: _left(park.ranges[name], row) for name, row in parameters.items()}
    return "\n".join(head) + toml_text(_rounded({"extends": extends, **own, "ranges": ranges}))


def _left(given: Range, row: Mapping[str, Any]) -> Table:
    """What a range is after the fit: its interval, which holds the fitted value; factors and days count from that."""
    low, high, fitted = (float(row[key]) for key in ("from", "to", "fitted"))
    if given.by == "factor":
        low, high = low / fitted, high / fitted
    elif given.by == "days":
        low, high = low - fitted, high - fitted
    told = given.model_dump(mode="json", exclude_defaults=True, exclude={"source", "assumed"})
    sure = "" if row["identified"] else ", which no target tells: it is nearly what was searched"
    return {**told, "low": low, "high": high, "assumed": f"interval of 90% of the fit{sure}"}


def _rounded(value: Any) -> Any:
    """Plain values with four figures."""
    if isinstance(value, Mapping):
        return {key: _rounded(it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(it) for it in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _note(name: str, row: Mapping[str, Any]) -> str:
    low, high = (said_level(row, row[key]) for key in ("from", "to"))
    sure = "" if row["identified"] else ", which no target tells"
    return f"fitted as {name} = {said_level(row, row['fitted'])} ({low} to {high}{sure})"


def _put(own: Table, park: Scenario, after: Table, keys: list[str], note: str) -> None:
    """Put the value at a key into the file's own table, with a note in the nearest table that takes one."""
    keys = keys[: _whole(park, keys)]
    value = after
    for key in keys:
        value = value[key]
    keys = _in_file(park, keys)
    noted = _noted(park, keys)
    here = own
    for depth, key in enumerate(keys[:-1], start=1):
        here = here.setdefault(key, {})
        if depth == noted:
            here["assumed"] = _joined(here.get("assumed"), note)
    if isinstance(value, dict) and noted == len(keys):
        before = here.get(keys[-1], {}).get("assumed")
        value = {name: it for name, it in value.items() if name not in _TEXTS} | {"assumed": _joined(before, note)}
    here[keys[-1]] = value


_TEXTS = ("source", "assumed", "title", "title_zh")


def _joined(before: str | None, note: str) -> str:
    return note if not before or before == note else f"{before}; {note}" if note not in before else before


def _in_file(park: Scenario, keys: list[str]) -> list[str]:
    """The keys as a file writes them: the duration of a circulation belongs to its desk step."""
    step = park.activities[keys[1]].applies.took_place if keys[0] == "activities" else None
    return ["activities", step, TAG] if step and keys[1] == circulation_of(step) else keys


def _whole(park: Scenario, keys: list[str]) -> int:
    """How many of the keys lead to what a file states as a whole: an attribute, arrivals, or a distribution."""
    node: Any = park
    for depth, key in enumerate(keys, start=1):
        node = node[key] if isinstance(node, Mapping) else getattr(node, key)
        if key == _WHOLE[1] or (depth > 1 and keys[depth - 2] == _WHOLE[0]) or hasattr(node, "dist"):
            return depth
    return len(keys)


def _noted(park: Scenario, keys: list[str]) -> int:
    """How many of the keys lead to the last table that can carry a note."""
    node: Any = park
    last = 0
    for depth, key in enumerate(keys, start=1):
        node = node[key] if isinstance(node, Mapping) else getattr(node, key)
        if isinstance(node, Noted):
            last = depth
    return last
