"""A park's first file: what it says, worked out from a few answers; `parkflow.starter_text` writes it down."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.pilot import pilot
from parkflow.analysis.language import Language
from parkflow.park import load
from parkflow.policies import BASELINE, Site, question
from parkflow.scenarios.describe import schema
from parkflow.scenarios.example import EXAMPLE, START, example_list
from parkflow.scenarios.load import available, raw
from parkflow.sim.names import nearest
from parkflow.sim.scenario import Scenario
from parkflow.starter_text import SCHEMA, Starter, starter_text

Table = dict[str, Any]

BUSY = 0.85
"""The share of its time for which a sized desk is busy at most, in the serial park."""

ROUNDS = 4
"""How often sizes are tried anew: fewer waits at one desk bring files sooner to the next."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants of a starter file; what is None is the parent's."""

    name: str
    parent: str = "baseline"
    title: str | None = None
    start: dt.date | None = None
    projects: str | os.PathLike[str] | None = None
    count: int | None = None
    officers: Mapping[str, int] | None = None
    sized: bool = False


def started(asked: Asked, folder: Path, language: Language = "en") -> tuple[Starter, dict[str, bytes]]:
    """The starter and the files that make it up, by name; nothing is written. `folder` is where they will lie.

    Raises `ParkflowError` for whatever does not fit.
    """
    starter = _begun(asked, _parent(asked))
    files = _list_of(asked, starter, language)
    with TemporaryDirectory() as made:
        draft = Path(made) / f"{starter.name}.toml"
        for name, content in files.items():
            (Path(made) / name).write_bytes(content)
        whole = replace(starter, parent=os.fspath(_absolute(starter.parent, folder)))
        draft.write_text(starter_text(whole, load(asked.parent), language), encoding="utf-8")
        scenario = load(draft)
        if asked.sized or asked.officers:
            starter = replace(starter, officers=_officers(scenario, asked))
    text = starter_text(starter, scenario, language)
    schema_text = json.dumps(schema(), indent=1, ensure_ascii=False)
    return starter, {f"{starter.name}.toml": text.encode(), SCHEMA: schema_text.encode(), **files}


def _parent(asked: Asked) -> Table:
    """The keys of the parent; raises `ArgumentError` where two answers contradict each other."""
    if not asked.name.replace("-", "").replace("_", "").isalnum():
        raise ArgumentError("name", asked.name, "write letters, digits, - and _: it is the name of the file")
    if asked.projects is not None and asked.count is not None:
        raise ArgumentError("count", asked.count, "a project list says how many there are; give one of the two")
    if not asked.parent.endswith(".toml") and asked.parent not in available():
        raise ArgumentError("parent", asked.parent, nearest(asked.parent, available()))
    return raw(asked.parent)


def _begun(asked: Asked, park: Table) -> Starter:
    """The starter without officers."""
    before = park.get("start") or dt.date(2023, 1, 1)
    start = asked.start or (START if asked.projects == "example" else before)
    groups = [name for name, it in park["portfolio"].items() if it.get("process", "project") == "project"]
    own = asked.projects is not None or asked.count is not None
    left = {key: it for key, it in park.items() if key not in ("start", "question") and not (own and key == "cohort")}
    if own:
        left["portfolio"] = {name: it for name, it in park["portfolio"].items() if name not in groups}
    moved = dict(_moved(left, "", before, start)) if start != before else {}
    name = None if asked.projects is None else (EXAMPLE if asked.projects == "example" else Path(asked.projects).name)
    without = tuple(_dropped(park, groups)) if asked.count is not None else ()
    title = asked.title or asked.name.replace("-", " ").replace("_", " ").capitalize()
    told = tuple(asked.officers or ())
    return Starter(asked.name, asked.parent, title, start, before, name, asked.count, moved, without, None, told)


def _moved(value: Any, path: str, before: dt.date, start: dt.date) -> Iterator[tuple[str, Any]]:
    """Dated keys with their dates moved as the start is; arrivals are restated as a whole."""
    if isinstance(value, dict) and path.split(".")[-1] == "arrivals" and _is_dated(value):
        yield path, {key: _shifted(it, before, start) for key, it in value.items()}
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _moved(inner, f"{path}.{key}" if path else key, before, start)
    elif _is_dated(value):
        yield path, _shifted(value, before, start)


def _is_dated(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, dt.date) or any(map(_is_dated, inner))


def _shifted(value: Any, before: dt.date, start: dt.date) -> Any:
    """A value whose dates are moved as the start is, by whole years where both starts are the same day of a year."""
    if isinstance(value, list):
        return [_shifted(each, before, start) for each in value]
    if isinstance(value, dict):
        return {key: _shifted(each, before, start) for key, each in value.items()}
    if not isinstance(value, dt.date):
        return value
    if (before.month, before.day) != (start.month, start.day):
        return value + (start - before)
    day = 28 if (value.month, value.day) == (2, 29) else value.day
    return value.replace(year=value.year + start.year - before.year, day=day)


def _dropped(park: Table, groups: Sequence[str]) -> Iterator[str]:
    """The keys that go with groups of projects that are not inherited."""
    yield from (f"portfolio.{name}" for name in groups)
    if park.get("cohort"):
        yield "cohort"
    if "groups" in park.get("question", {}):
        yield "question.groups"
    prefixes = tuple(f"portfolio.{name}." for name in groups)
    for name, it in park.get("ranges", {}).items():
        if any(key.startswith(prefixes) for key in it.get("keys", ())):
            yield f"ranges.{name}"


def _list_of(asked: Asked, starter: Starter, language: Language) -> dict[str, bytes]:
    """The project list that lies beside the file."""
    if asked.projects is None or starter.projects is None:
        return {}
    if asked.projects == "example":
        return {starter.projects: example_list(starter.start, language)}
    path = Path(asked.projects)
    if not path.is_file():
        raise ArgumentError("projects", asked.projects, "there is no such file; give a CSV or XLSX file, or example")
    return {starter.projects: path.read_bytes()}


def _absolute(parent: str, folder: Path) -> str | Path:
    return (folder / parent).resolve() if parent.endswith(".toml") else parent


def _officers(scenario: Scenario, asked: Asked) -> dict[str, int]:
    """The officers of every desk: those that are told, and of the others the fewest that a pilot run needs."""
    told = dict(asked.officers or {})
    if unknown := next((name for name in told if name not in scenario.desks), None):
        raise ArgumentError("officers", f"{unknown}={told[unknown]}", nearest(unknown, scenario.desks))
    if not asked.sized:
        return told
    sizes = {name: desk.servers for name, desk in scenario.desks.items()} | told
    for _ in range(ROUNDS):
        changed = scenario.with_changes({f"desks.{name}.servers": count for name, count in sizes.items()})
        layout = Site(changed.name, changed).layout(BASELINE)
        found = pilot({BASELINE: layout}, question(layout, None, None)).utilisation
        needed = {name: _fewest(changed, name, share) for (_, name), share in found.items()} | told
        if sizes == sizes | needed:
            break
        sizes |= needed
    return sizes


def _fewest(scenario: Scenario, name: str, utilisation: float) -> int:
    """The fewest officers of a desk that would be busy for less than `BUSY` of their time, its background included."""
    desk = scenario.desks[name]
    work = max(utilisation - desk.background, 0.0) * desk.servers
    return max(ceil(work / max(BUSY - desk.background, 0.05) - 1e-9), sum(desk.dedicated.values()) + 1)
