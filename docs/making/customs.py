"""The page of customs and tags: what practices waive, which tags levers look for, and which levers these are."""

from __future__ import annotations

from collections.abc import Iterator

from docs.making.markdown import page, table
from parkflow.sim.reach import levers_by_practice, levers_by_tag
from parkflow.sim.scenario import Scenario

LEAD = (
    "What an activity of your own must say for levers to reach it ([how to write a scenario](scenarios.md) tells how). "
    "Both lists are those of `baseline`."
)

CUSTOMS = (
    'A practice in an activity\'s `after = { other = "practice" }` waives that the activity comes after the other. It '
    "is in force where one of these levers puts it in force; the others wait for it as custom has it."
)

TAGS = "A tag on an activity lets these levers change its duration, its returns or its issues."


def customs_page(park: Scenario) -> str:
    """The page for a park."""
    customs, tags = levers_by_practice(park), levers_by_tag(park)
    waived = dict.fromkeys(practice for each in park.activities.values() for practice in each.after.values())
    rows = [[_code(it), ", ".join(map(_code, customs.get(it, ()))), _example(park, it)] for it in sorted(waived)]
    tagged = [[_code(tag), ", ".join(map(_code, levers)), _few(_carrying(park, tag))] for tag, levers in tags.items()]
    return page(
        "Customs and tags", LEAD,
        "## Customs", CUSTOMS, table(["practice", "levers", "for instance"], rows),
        "## Tags", TAGS, table(["tag", "levers", "activities that carry it"], tagged),
    )  # fmt: skip


def _example(park: Scenario, practice: str) -> str:
    pairs = (
        (name, before) for name, it in park.activities.items() for before, by in it.after.items() if by == practice
    )
    name, before = next(pairs)
    return f"{_code(name)} after {_code(before)}"


def _carrying(park: Scenario, tag: str) -> Iterator[str]:
    return (name for name, it in park.activities.items() if tag in it.tags)


def _few(names: Iterator[str], most: int = 4) -> str:
    found = list(names)
    return ", ".join(map(_code, found[:most])) + (", …" if len(found) > most else "")


def _code(word: str) -> str:
    return f"`{word}`"
