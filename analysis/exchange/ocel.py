"""Event logs as OCEL 2.0 in JSON: events beside the projects, issues, parcels, desks, meetings and stocks they touch.

There is one event per completed attempt and per milestone, at the moment of its completion. Values are text, as the
published schema wants them; their types stand where kinds of event and object are declared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from parkflow.analysis.exchange.event_log import EventLog
from parkflow.analysis.exchange.waiting import CLASSES

ALWAYS = "1970-01-01T00:00:00Z"
"""The time of what an object has from the beginning, by the standard."""

OF_EVENTS: Mapping[str, str] = {
    "schedule": "time", "start": "time", "resource": "string", "copy": "integer", "attempt": "integer",
    "returned": "boolean", "suspended": "float", "wait": "float", **dict.fromkeys(CLASSES, "float"), "cause": "string",
}  # fmt: skip
"""What every event says besides its time and its objects, and the type of it."""


class Thing(NamedTuple):
    """An object: its identifier, its type, what is known of it, and related objects with how they are related."""

    id: str
    type: str
    known: Mapping[str, Any]
    related: tuple[tuple[str, str], ...] = ()


def ocel(log: EventLog) -> Iterator[str]:
    """The log as OCEL 2.0, piece by piece."""
    things = (*_cases(log), *_issues(log), *_places(log))
    rows = log.table()
    rows = rows[rows["complete"] != ""].sort_values("complete", kind="stable")
    kinds: dict[str, dict[str, str]] = {}
    for thing in things:
        kinds.setdefault(thing.type, {}).update({name: _type(value) for name, value in thing.known.items()})
    yield f'{{"objectTypes": {_json(_declared(kinds))},\n'
    yield f'"eventTypes": {_json(_declared(dict.fromkeys(rows["activity"], OF_EVENTS)))},\n"objects": [\n'
    yield ",\n".join(_json(_object(thing)) for thing in things)
    yield '],\n"events": [\n'
    yield ",\n".join(_json(_event(number, row)) for number, row in enumerate(rows.to_dict("records")))
    yield "]}\n"


def unfinished(log: EventLog) -> int:
    """How many attempts were not over at the end of the run, which OCEL does not hold."""
    return int(log.rows["complete"].isna().sum())


def _cases(log: EventLog) -> Iterator[Thing]:
    for case in log.cases.to_dict("records"):
        known = {str(key): value for key, value in case.items() if key not in ("case", "process")}
        yield Thing(case["case"], case["process"], {key: value for key, value in known.items() if _is_known(value)})


def _issues(log: EventLog) -> Iterator[Thing]:
    for issue in log.issues[log.issues["raised"].notna()].to_dict("records"):
        known = {"category": issue["category"], "host": issue["host"]}
        yield Thing(issue["issue"], "issue", known, ((issue["project"], "arises in"),))


def _places(log: EventLog) -> Iterator[Thing]:
    """The desks, meetings and stocks of the park, whether anybody came or not."""
    for kind in ("desk", "meeting", "stock"):
        for name, given in getattr(log.scenario, f"{kind}s").items():
            known = {"title": given.title or name} | ({"servers": given.servers} if kind == "desk" else {})
            yield Thing(f"{kind}:{name}", kind, known)


def _event(number: int, row: Mapping[Any, Any]) -> dict[str, Any]:
    related = [(row["case"], "of"), (row["issue"], "about")]
    if row["place"]:
        related.append((f"{row['step']}:{row['place']}", "at"))
    return {
        "id": f"e{number}",
        "type": row["activity"],
        "time": row["complete"],
        "attributes": [{"name": name, "value": _text(row[name])} for name in OF_EVENTS if _is_known(row[name])],
        "relationships": _relationships(related),
    }


def _object(thing: Thing) -> dict[str, Any]:
    return {
        "id": thing.id,
        "type": thing.type,
        "attributes": [{"name": name, "value": _text(value), "time": ALWAYS} for name, value in thing.known.items()],
        "relationships": _relationships(thing.related),
    }


def _relationships(related: Any) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": how} for name, how in related if name]


def _declared(kinds: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Kinds of object or event with the names and types of what is known of them."""
    return [
        {"name": kind, "attributes": [{"name": name, "type": type_} for name, type_ in known.items()]}
        for kind, known in kinds.items()
    ]


def _is_known(value: Any) -> bool:
    return value == value and value != "" and value is not None


def _type(value: Any) -> str:
    types = {bool: "boolean", int: "integer", str: "string"}
    return types.get(type(value), "float")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
