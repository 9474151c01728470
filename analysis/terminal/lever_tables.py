"""The catalogue of levers as tables: what there is, what one lever does, and which mechanism it carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from parkflow.sim.levers import CATALOGUE, Lever
from parkflow.sim.levers.unmodelled import UNMODELLED


@dataclass(frozen=True)
class Parameter:
    """One parameter of a lever, as it is documented."""

    name: str
    unit: str
    default: Any
    bounds: str
    meaning: str


def parameters(lever: type[Lever]) -> tuple[Parameter, ...]:
    """The parameters of a lever with units, defaults, ranges and meaning."""
    schema = lever.model_json_schema()["properties"]
    return tuple(
        Parameter(name, field.get("unit", ""), field.get("default", ""), _bounds(field), field.get("description", ""))
        for name, field in schema.items()
    )


def carriers() -> dict[str, list[str]]:
    """Names of the levers that carry each mechanism, by its id."""
    found: dict[str, list[str]] = {}
    for name, lever in CATALOGUE.items():
        for mechanism in lever.mechanisms:
            found.setdefault(mechanism, []).append(name)
    return found


def levers_table() -> Table:
    """All levers: English and Chinese name, area, sources, parameters with defaults, observable."""
    table = _table("Levers", "lever", "title", "中文", "area", "mechanisms", "parameters")
    for name, lever in CATALOGUE.items():
        given = ", ".join(f"{p.name} = {p.default}" for p in parameters(lever))
        table.add_row(name, lever.title, lever.title_zh, lever.area, ", ".join(lever.mechanisms), given)
    return table


def lever_page(lever: type[Lever]) -> Group:
    """One lever, explained."""
    table = _table("Parameters", "parameter", "unit", "default", "range", "meaning")
    for each in parameters(lever):
        table.add_row(each.name, each.unit, str(each.default), each.bounds, each.meaning)
    lines = [
        f"[bold]{lever.name}[/bold]: {lever.title} ({lever.title_zh})",
        " ".join((lever.__doc__ or "").split()),
        f"Area: {lever.area}. Mechanisms: {', '.join(lever.mechanisms)}. Facts: {', '.join(lever.facts) or 'none'}.",
        f"What shows that it works: {lever.observable}",
        f"It does nothing with {', '.join(f'{key} = {value}' for key, value in lever.neutral.items())}.",
    ]
    return Group(*(Text.from_markup(line) for line in lines), table)


def mechanisms_table(mechanisms: Iterable[Mapping[str, Any]]) -> Table:
    """Every mechanism of the reports with the lever that carries it, or why none does."""
    table = _table("Mechanisms of the reports", "id", "mechanism", "中文", "lever", "or why none")
    carried = carriers()
    for each in mechanisms:
        names = ", ".join(carried.get(each["id"], []))
        table.add_row(each["id"], each["name_en"], each["name_zh"], names, UNMODELLED.get(each["id"], ""))
    return table


def _bounds(field: Mapping[str, Any]) -> str:
    field = next(iter(field.get("anyOf", ())), field)
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    opening = "(" if "exclusiveMinimum" in field else "["
    closing = ")" if "exclusiveMaximum" in field else "]"
    return f"{opening}{'' if low is None else low}, {'' if high is None else high}{closing}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        table.add_column(column)
    return table
