"""The catalogue of levers as tables: what there is, what one lever does, and which mechanism it carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from parkflow.analysis.language import Words
from parkflow.analysis.terminal.listing import listing
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


def levers_table(say: Words, width: int | None = None) -> Table:
    """All levers: their titles, what shows that one works, area, mechanisms, and parameters with their defaults."""
    columns = say.pick(
        ("lever", "title", "中文", "area", "mechanisms", "parameters"),
        ("措施", "名称", "英文", "领域", "机制", "参数"),
    )
    rows = []
    for name, lever in CATALOGUE.items():
        given = ", ".join(f"{p.name} = {p.default}" for p in parameters(lever))
        titles = say.pick((lever.title, lever.title_zh), (lever.title_zh, lever.title))
        rows.append([name, *titles, lever.area, ", ".join(lever.mechanisms), given])
    return listing(say.pick("Levers", "措施"), columns, rows, width, least=20)


def lever_page(lever: type[Lever], say: Words) -> Group:
    """One lever, explained."""
    columns = say.pick(("parameter", "unit", "default", "range", "meaning"), ("参数", "单位", "默认值", "范围", "含义"))
    rows = [[one.name, one.unit, str(one.default), one.bounds, one.meaning] for one in parameters(lever)]
    neutral = ", ".join(f"{key} = {value}" for key, value in lever.neutral.items())
    facts = ", ".join(lever.facts) or say.pick("none", "无")
    lines = say.pick(
        [
            f"[bold]{lever.name}[/bold]: {lever.title} ({lever.title_zh})",
            " ".join((lever.__doc__ or "").split()),
            f"Area: {lever.area}. Mechanisms: {', '.join(lever.mechanisms)}. Facts: {facts}.",
            f"What shows that it works: {lever.observable}",
            f"It does nothing with {neutral}.",
        ],
        [
            f"[bold]{lever.name}[/bold]:{lever.title_zh}({lever.title})",
            " ".join((lever.__doc__ or "").split()),
            f"领域:{lever.area}。机制:{'、'.join(lever.mechanisms)}。依据:{facts}。",
            f"生效的表现:{lever.observable}",
            f"取 {neutral} 时不起作用。",
        ],
    )
    table = listing(say.pick("Parameters", "参数"), columns, rows)
    return Group(*(Text.from_markup(line) for line in lines), table)


def mechanisms_table(mechanisms: Iterable[Mapping[str, Any]], say: Words) -> Table:
    """Every mechanism of the reports with the lever that carries it, or why none does."""
    columns = say.pick(
        ("id", "mechanism", "中文", "lever", "or why none"), ("编号", "机制(英文)", "机制", "措施", "未采用的原因")
    )
    carried = carriers()
    rows = [
        [it["id"], it["name_en"], it["name_zh"], ", ".join(carried.get(it["id"], [])), UNMODELLED.get(it["id"], "")]
        for it in mechanisms
    ]
    return listing(say.pick("Mechanisms of the reports", "报道中的机制"), columns, rows)


def _bounds(field: Mapping[str, Any]) -> str:
    field = next(iter(field.get("anyOf", ())), field)
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    opening = "(" if "exclusiveMinimum" in field else "["
    closing = ")" if "exclusiveMaximum" in field else "]"
    return f"{opening}{'' if low is None else low}, {'' if high is None else high}{closing}"
