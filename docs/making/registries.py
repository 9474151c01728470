"""Pages of registries: measures, levers, and every key of a scenario file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docs.making.markdown import page, table
from parkflow.analysis.measures.measure import Interval
from parkflow.analysis.measures.registry import MEASURES
from parkflow.sim.levers import CATALOGUE, Lever

INTERVALS: dict[Interval, str] = {
    "mean": "skewness-corrected t",
    "quantile": "skewness-corrected t, rough below 20 replications",
    "share": "skewness-corrected t of a ratio of sums, mid-P for fewer than ten events",
}


def measures_page() -> str:
    """What every measure means, its unit, and how its interval is made."""
    rows = [
        [
            f"`{it.name}`",
            f"{it.title}<br>{it.title_zh}",
            it.formula,
            it.unit,
            INTERVALS[it.interval] + ("; paired with the baseline" if it.paired else ""),
        ]
        for it in MEASURES
    ]
    lead = (
        "Every table, chart, sweep and report uses these definitions. One replication is one observation: an "
        "interval tells how "
        "far the mean over replications may be from the mean over infinitely many, not how far one project may be from "
        "another. *from* and *to* are the milestones asked about."
    )
    return page(
        "Measures", lead, table(["measure", "name", "formula in one replication", "unit", "95% interval"], rows)
    )


def levers_page() -> str:
    """The catalogue of levers, by area."""
    areas = dict.fromkeys(lever.area for lever in CATALOGUE.values())
    lead = (
        "A lever is one practice that can be switched on. A policy is a bundle of levers with parameters, "
        "written in a scenario file "
        "under `[policies.NAME.levers]`. Mechanisms (m01 …) and facts (f000-00 …) are entries of "
        "`scenarios/evidence.toml`. "
        "With its neutral parameters a lever changes nothing."
    )
    overview = table(
        ["lever", "practice", "area"],
        [[f"[`{it.name}`](#{it.name})", f"{it.title}, {it.title_zh}", it.area] for it in CATALOGUE.values()],
    )
    parts = [part for area in areas for part in _area(area)]
    return page("Levers", lead, overview, *parts)


def _area(area: str) -> Iterator[str]:
    yield f"## {area.capitalize()}"
    for lever in CATALOGUE.values():
        if lever.area == area:
            yield from _lever(lever)


def _lever(lever: type[Lever]) -> Iterator[str]:
    yield f"### {lever.name}"
    what = " ".join((lever.__doc__ or "").split())
    yield f"**{lever.title}** ({lever.title_zh}). {what}"
    sources = ", ".join([*lever.mechanisms, *lever.facts]) or "not in the reports"
    neutral = ", ".join(f"`{key} = {_written(value)}`" for key, value in lever.neutral.items())
    if lever.slogans:
        yield f"*In the reports:* {'、'.join(lever.slogans)}"
    yield f"*Seen in:* {lever.observable} *From:* {sources}. *Neutral:* {neutral or 'always'}."
    if lever.limits:
        yield f"*Leaves out:* {' '.join(lever.limits)}"
    rows = [_parameter(name, field) for name, field in lever.model_json_schema().get("properties", {}).items()]
    if rows:
        yield table(["parameter", "default", "range", "unit", "meaning"], rows)


def _parameter(name: str, field: Mapping[str, Any]) -> list[str]:
    return [
        f"`{name}`",
        f"`{_written(field.get('default'))}`",
        _range(field),
        field.get("unit", ""),
        field.get("description", ""),
    ]


def _range(field: Mapping[str, Any]) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    above, below = field.get("exclusiveMinimum"), field.get("exclusiveMaximum")
    begin = f"≥ {low:g}" if low is not None else f"> {above:g}" if above is not None else ""
    end = f"≤ {high:g}" if high is not None else f"< {below:g}" if below is not None else ""
    return ", ".join(part for part in (begin, end) if part)


def _written(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(it) for it in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(it)}" for key, it in value.items()) + " }"
    return f"{value:g}" if isinstance(value, float) else str(value)


def keys_page(schema: Mapping[str, Any]) -> str:
    """Every key of a scenario file, from its JSON Schema."""
    lead = (
        "Every key that a scenario file may have. [Scenarios](scenarios.md) tells how to write one; `parkflow "
        "schema` prints the same as "
        "JSON Schema, for editors. Every table may carry `source` or `assumed`, which say where its numbers come from."
    )
    order = _mentioned(schema)
    parts = [
        _table_of("The file", {**schema, "title": "Scenario"}),
        *(_table_of(name, schema["$defs"][name]) for name in order),
    ]
    return page("Keys of a scenario file", lead, *parts)


def _mentioned(schema: Mapping[str, Any]) -> list[str]:
    """Names of the tables below the file, in the order in which they are first mentioned."""
    found: list[str] = []
    queue: list[Any] = [schema.get("properties", {})]
    for node in queue:
        for name in _references(node):
            if name not in found and "properties" in schema["$defs"][name]:
                found.append(name)
                queue.append(schema["$defs"][name]["properties"])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "$ref" in node:
            yield str(node["$ref"]).rsplit("/", 1)[-1]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def _table_of(name: str, model: Mapping[str, Any]) -> str:
    rows = [
        [f"`{key}`", _kind(field), _default(field), field.get("description", "")]
        for key, field in model.get("properties", {}).items()
        if key not in ("source", "assumed")
    ]
    what = " ".join(str(model.get("description", "")).split()) if name != "The file" else ""
    return "\n\n".join(
        part for part in (f"## {name}", what, table(["key", "takes", "default", "meaning"], rows)) if part
    )


def _kind(field: Mapping[str, Any]) -> str:
    """What a key takes, in words."""
    if "$ref" in field:
        name = str(field["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if "anyOf" in field or "oneOf" in field:
        kinds = [_kind(it) for it in field.get("anyOf", field.get("oneOf", ())) if it.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    return _plain_kind(field)


def _plain_kind(field: Mapping[str, Any]) -> str:
    kind = field.get("type")
    if kind == "object":
        inner = field.get("additionalProperties")
        return "table of " + _kind(inner) if isinstance(inner, Mapping) and inner else "table"
    if kind == "array":
        inner = field.get("items") or (field.get("prefixItems") or [{}])[0]
        return "list of " + _kind(inner)
    if field.get("format") == "date":
        return "date"
    limits = _range(field)
    return str(
        {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(str(kind), kind or "value")
    ) + (f" {limits}" if limits else "")


def _default(field: Mapping[str, Any]) -> str:
    value = field.get("default")
    return "" if value is None or isinstance(value, dict) or value in ([], "") else f"`{_written(value)}`"
