"""The project's own file of the facts: what five reports say, and the mechanisms they describe."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("evidence.toml")


@cache
def evidence() -> dict[str, Any]:
    """The whole file: articles, facts, mechanisms, contradictions, targets."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def mechanisms() -> list[dict[str, Any]]:
    """The mechanisms m01 to m55, each with its names, what it changes, and its facts."""
    return list(evidence()["mechanism"])


def facts() -> dict[str, dict[str, Any]]:
    """The facts by their id."""
    return {fact["id"]: fact for fact in evidence()["fact"]}


def programmes() -> list[dict[str, Any]]:
    """Real programmes: the share of signed projects that had started, and the least and most months since signing."""
    return list(evidence()["programme"])


def contradictions() -> list[dict[str, Any]]:
    """What the reports say against themselves or each other, and how it is used."""
    return list(evidence()["contradiction"])
