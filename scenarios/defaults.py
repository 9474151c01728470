"""Defaults of a file: what its activities have unless they state it themselves.

A file says ``[defaults.activity]`` for all activities that it declares, and ``[defaults.work]``, ``[defaults.desk]``
and so on for those with such a step. An activity is declared where its step is stated; what a file only changes of an
inherited activity is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from parkflow.sim.checks import Problem
from parkflow.sim.names import nearest
from parkflow.sim.steps import KINDS

Table = dict[str, Any]

EVERY = "activity"
"""The table of defaults for activities of every step."""

DEFAULTS = (EVERY, *KINDS)


def problems(table: Table) -> Iterator[Problem]:
    """What is wrong with the defaults of a file."""
    given = table.get("defaults", {})
    if not isinstance(given, dict):
        yield Problem("defaults", "must be a table", 'write [defaults.work] and below it calendar = "office"')
        return
    for step, fields in given.items():
        if step not in DEFAULTS:
            yield Problem(f"defaults.{step}", "is no step", nearest(step, DEFAULTS))
        elif not isinstance(fields, dict):
            yield Problem(f"defaults.{step}", "must be a table", f"write [defaults.{step}] and its keys below")
        else:
            known = _fields(step)
            for field in (field for field in fields if field not in known):
                yield Problem(f"defaults.{step}.{field}", "unknown key", nearest(field, known))


def filled(table: Table) -> Table:
    """The file's own keys with its defaults filled in, and without them."""
    own = {key: value for key, value in table.items() if key != "defaults"}
    if "defaults" not in table or not isinstance(own.get("activities"), dict):
        return own
    defaults = table["defaults"]
    return own | {"activities": {name: _filled(given, defaults) for name, given in own["activities"].items()}}


def _filled(given: Any, defaults: Mapping[str, Table]) -> Any:
    step = given.get("step") if isinstance(given, dict) else None
    if not isinstance(step, str) or step not in KINDS:
        return given
    usual = defaults.get(EVERY, {}) | defaults.get(step, {})
    known = KINDS[step].model_fields
    return {key: value for key, value in usual.items() if key in known and _fits(key, given)} | given


def _fits(key: str, given: Table) -> bool:
    """Whether an activity has a use for a default: a calendar is for working days."""
    return key != "calendar" or _unit(given.get("duration")) == "wd"


def _unit(duration: Any) -> str | None:
    if isinstance(duration, dict):
        return str(duration.get("unit"))
    written = re.search(r"(\w+)\s*$", duration) if isinstance(duration, str) else None
    return written.group(1) if written else None


def _fields(step: str) -> list[str]:
    kinds = KINDS.values() if step == EVERY else (KINDS[step],)
    return [field for field in dict.fromkeys(f for kind in kinds for f in kind.model_fields) if field != "step"]
