"""The catalogue of levers as tables: what there is, what one lever does, and which mechanism it carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    """All levers: name and title, area, mechanisms of the reports, parameters with their defaults."""
    columns = say.pick(
        ("lever", "title", "area", "mechanisms", "parameters"), ("键", "措施", "领域", "报道中的机制", "参数")
    )
    rows = []
    for name, lever in CATALOGUE.items():
        given = ", ".join(f"{p.name} = {p.default}" for p in parameters(lever))
        rows.append([name, say.title(lever), say.area(lever.area), ", ".join(lever.mechanisms), given])
    return listing(say.pick("Levers", "措施"), columns, rows, width, least=20)


def lever_page(lever: type[Lever], say: Words) -> Group:
    """One lever, explained."""
    columns = say.pick(("parameter", "unit", "default", "range", "meaning"), ("键", "单位", "默认值", "范围", "含义"))
    rows = [
        [one.name, say.sentence(one.unit), str(one.default), one.bounds, say.sentence(one.meaning)]
        for one in parameters(lever)
    ]
    table = listing(say.pick("Parameters", "参数"), columns, rows)
    return Group(*map(Text.from_markup, _told(lever, say)), table)


def _told(lever: type[Lever], say: Words) -> Iterator[str]:
    """What a lever is, in the reports and in the model."""
    none, comma = say.pick(("none", ", "), ("无", "、"))
    mechanisms, facts = (comma.join(ids) or none for ids in (lever.mechanisms, lever.facts))
    neutral = comma.join(f"{key} = {value}" for key, value in lever.neutral.items())
    yield f"[bold]{lever.name}[/bold]{say.pick(': ', ':')}{say.title(lever)}"
    yield say.sentence(" ".join((lever.__doc__ or "").split()))
    if lever.slogans:
        yield say.pick("The reports call it: ", "报道中的说法：") + comma.join(lever.slogans) + say.pick(".", "。")
    area = say.area(lever.area)
    yield say.pick(
        f"Area: {area}. Mechanisms: {mechanisms}. Facts: {facts}.",
        f"领域：{area}。机制：{mechanisms}。事实：{facts}。",
    )
    seen = say.sentence(lever.observable)
    yield say.pick(f"What shows that it works: {seen}", f"如何看出其作用：{seen}")
    if lever.limits:
        yield say.pick("What it leaves out: ", "未计入：") + say.pick(" ", "").join(map(say.sentence, lever.limits))
    yield say.pick(f"It does nothing with {neutral}.", f"取 {neutral} 时不起作用。")


def mechanisms_table(mechanisms: Iterable[Mapping[str, Any]], say: Words) -> Table:
    """Every mechanism of the reports with the lever that carries it, or why none does."""
    columns = say.pick(("id", "mechanism", "lever", "or why none"), ("编号", "机制", "措施", "没有措施的原因"))
    carried, comma, rows = carriers(), say.pick(", ", "、"), []
    for each in mechanisms:
        names = comma.join(map(say.lever, carried.get(each["id"], [])))
        what = say.pick(each["name_en"], each["name_zh"])
        rows.append([each["id"], what, names, say.sentence(UNMODELLED.get(each["id"], ""))])
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
