"""Where numbers come from: what the notes of a park refer to, and whether it is there."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from parkflow.scenarios.evidence import evidence

FILE = Path(__file__).with_name("sources.toml")

_ID = re.compile(r"\b(?:f\d{3}-\d{2}|m\d{2}|[ct]-\d{2}|S\d{1,2})\b")
_ARTICLE = re.compile(r"([A-Z][A-Za-z0-9 ]*?),? Art\. ")


@cache
def sources() -> dict[str, dict[str, Any]]:
    """Everything that a note may refer to, by id: facts, mechanisms, contradictions, targets, sources and laws."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    tables = [*(listed[kind] for kind in ("source", "law")), *(each for each in evidence().values() if _is_list(each))]
    return {entry["id"]: entry for table in tables for entry in table if "id" in entry}


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def references(note: str) -> list[str]:
    """The ids in a note: f001-17, m09, c-03, t-09, S12, and laws named before an article's number."""
    laws = [found.strip().rpartition(": ")[2] for found in _ARTICLE.findall(note)]
    return [*_ID.findall(note), *laws]
