"""The page of project lists: what columns may be headed by, in which units, and the words that cells may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from docs.making.markdown import page, table
from parkflow.scenarios.headings import ARRIVAL, CLASS, HEADINGS, NAME, SINCE, STAGE, UNITS, unit_of

HOLDS = {
    NAME: "What tables, diaries and charts call the project. Every row has one, and no two are alike.",
    CLASS: "Its class, by key or title. Left out: ordinary.",
    ARRIVAL: "Day of the first contact.",
    "agreement": "Day of the agreement.",
    STAGE: "The stage in which it is at the start of the park. Left out: it is still to come.",
    SINCE: "Day on which it came into that stage. Left out: how far it is in it is drawn.",
}
"""What the columns of every list hold."""

LEAD = (
    "What a column of a project list may be headed by ([a park of your own](own-park.md) tells how to use one). "
    "Capitals, blanks, underlines, asterisks and what stands in brackets do not matter, but for units: a heading such "
    "as `总投资(万元)` says in which unit its numbers are. Columns with other headings are left alone, and "
    "`parkflow check` names them."
)

DATES = (
    "Dates are `2024-03-29`, `2024/3/29`, `2024.3.29`, `2024年3月29日`, or cells that the spreadsheet holds as dates; "
    "a month without a day, `2024年3月`, is taken as its 15th. A project that is at work when the park starts says its "
    "stage; its dates, if any, lie before. The date of one that is still to come lies on or after the start. With an "
    "agreement and no stage it comes on the day of its agreement, with all behind it that leads there."
)

ATTRIBUTES = (
    "Every attribute of the park is a column too, by its key or one of its titles. What a row leaves empty is drawn, "
    "by the project's name. Flags take yes and no, 是 and 否, 1 and 0. These are the attributes of `baseline`:"
)


def list_columns_page(park: Mapping[str, Any]) -> str:
    """The page for a park of these keys."""
    fixed = [[", ".join(map(_code, words)), HOLDS[holds]] for holds, words in HEADINGS.items()]
    named = [_stage_row(park, kind) for kind in ("stages", "classes")]
    given = [_attribute(name, it) for name, it in park["attributes"].items()]
    return page(
        "Columns of a project list",
        LEAD,
        "## Name, class, dates and stage",
        table(["headed by", "holds"], fixed),
        DATES,
        "## Stages and classes",
        table(["column", "takes one of"], named),
        "## Attributes",
        ATTRIBUTES,
        table(["headed by", "unit", "cells may also hold"], given),
    )


def _stage_row(park: Mapping[str, Any], kind: str) -> list[str]:
    parcels = {group["of"] for group in park["portfolio"].values() if group.get("process", "project") != "project"}
    words = [[name, it.get("title"), it.get("title_zh")] for name, it in park[kind].items() if name not in parcels]
    return [{"stages": STAGE, "classes": CLASS}[kind], "; ".join(_alike(each) for each in words)]


def _attribute(name: str, given: Mapping[str, Any]) -> list[str]:
    unit = unit_of(given)
    units = [word for word, (of, _) in UNITS.items() if of == unit]
    labels = "; ".join(f"{_alike(words)} ({value})" for value, words in given.get("labels", {}).items())
    return [_alike([name, given.get("title"), given.get("title_zh")]), ", ".join(units or [unit or ""]), labels]


def _alike(words: Iterable[str | None]) -> str:
    return ", ".join(_code(word) for word in dict.fromkeys(words) if word)


def _code(word: str) -> str:
    return f"`{word}`"
