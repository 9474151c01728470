"""What a scenario comes to: as plain values, as differences from another, and the schema of its files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from parkflow.scenarios.defaults import EVERY
from parkflow.sim.levers import CATALOGUE, Lever
from parkflow.sim.scenario import Scenario
from parkflow.sim.steps import KINDS
from parkflow.sim.values import Titled

Table = dict[str, Any]


def schema() -> Table:
    """JSON Schema of the file format.

    A file may leave out what it inherits, so only what is always written as a whole has required keys.
    """
    found = Scenario.model_json_schema()
    for name, model in {"": found, **found["$defs"]}.items():
        if name not in _WHOLE:
            model.pop("required", None)
    _without_step(found)
    found["$defs"]["Policy"]["properties"]["levers"] |= {
        "additionalProperties": False,
        "properties": {name: _lever(lever) for name, lever in CATALOGUE.items()},
    }
    found["properties"] |= {
        "extends": {
            "type": "string",
            "description": "A shipped park, or the path of a file, that this one differs from.",
        },
        "without": {"type": "array", "items": {"type": "string"}, "description": "Dotted keys not to inherit."},
        "parts": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Files beside this one, without .toml, that state the rest of it, in this order.",
        },
        "projects": {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "description": "The list, beside this file."},
                        "encoding": {"type": "string", "description": "Of a CSV file, where it cannot be found out."},
                    },
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ],
            "description": "A list in CSV or XLSX beside this file, which takes the place of inherited projects.",
        },
        "defaults": {
            "type": "object",
            "description": "What the activities that this file declares have unless they state it themselves.",
            "properties": {step: _default(step, kind.__name__) for step, kind in KINDS.items()}
            | {EVERY: {"type": "object", "description": "Keys of activities of every step."}},
            "additionalProperties": False,
        },
    }
    heading = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "parkflow scenario"}
    return {**found, **heading}


def _default(step: str, kind: str) -> Table:
    """The schema of the defaults of activities with one step."""
    return {"$ref": f"#/$defs/{kind}", "description": f"Keys of {step} steps; a calendar only where there are wd."}


def _lever(lever: type[Lever]) -> Table:
    """The schema of a lever's parameters, with their units and bounds."""
    own = lever.model_json_schema()
    what = " ".join((lever.__doc__ or "").split())
    return own | {"title": lever.title, "description": f"{lever.title} ({lever.title_zh}). {what}"}


def _without_step(found: Table) -> None:
    """Let an activity that a file only changes fit each kind that has its keys, for its step may be inherited."""
    kinds = found["properties"]["activities"]["additionalProperties"]
    kinds["anyOf"] = kinds.pop("oneOf")
    kinds.pop("discriminator")


_WHOLE = (
    "Sampled",
    "Product",
    "Lookup",
    "ByCase",
    "Renewal",
    "Cohort",
    "Dated",
    "Ordered",
    "Named",
    "NamedProject",
    "Window",
    "Tranche",
    "Effect",
)


Language = Literal["en", "zh"]

ALWAYS = {
    ("policies", "serial"): ("serial park", "串联审批"),
    ("activities", "arrival"): ("arrival", "项目进入"),
}
"""Titles of what every scenario has, whether its file names it or not."""


def title_of(scenario: Scenario, kind: str, name: str, language: Language = "en") -> str:
    """What readers see instead of a key of the scenario, for instance ``title_of(park, "desks", "planning", "zh")``.

    `kind` is the table in which the key stands: activities, attributes, calendars, classes, crews, desks, meetings,
    policies, portfolio (groups), practices, stages, stocks, or categories (of issues). Where the scenario has no
    title in this language it is the English one, and without any the name with spaces.
    """
    things = scenario.issues.categories if kind == "categories" else getattr(scenario, kind)
    thing: Titled | None = things.get(name)
    title, title_zh = (thing.title, thing.title_zh) if thing else ("", "")
    usual, usual_zh = ALWAYS.get((kind, name), ("", ""))
    chinese = (title_zh or usual_zh) if language == "zh" else ""
    return chinese or title or usual or name.replace("_", " ")


def dumped(scenario: Scenario) -> Table:
    """The keys that are set in a scenario, as plain values that JSON and TOML know; loads back to an equal scenario."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def difference(before: Scenario, after: Scenario) -> list[tuple[str, Any, Any]]:
    """What differs between two scenarios: dotted path, value before, value after (None: not there)."""
    full = [scenario.model_dump(mode="json", by_alias=True, exclude_none=True) for scenario in (before, after)]
    return list(_differences("", *full))


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    if not _is_open(before) or not _is_open(after):
        yield path, before, after
        return
    for key in dict.fromkeys([*before, *after]):
        yield from _differences(f"{path}.{key}" if path else key, before.get(key), after.get(key))


def _is_open(value: Any) -> bool:
    """Whether a value is a table whose keys are compared one by one; a distribution is one value."""
    return isinstance(value, dict) and "dist" not in value
