"""Chinese has full-width punctuation, whoever wrote the sentence."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

HALF = re.compile(r"[一-鿿”）][,:;?!(]|[,:;?!][一-鿿“（]|[一-鿿]\)")
"""A half-width mark beside a Chinese character."""

FILES = sorted(ROOT.glob("analysis/words/zh/*.toml"))


def chinese(value: object) -> Iterator[str]:
    """All texts of a table that are Chinese."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from chinese(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from chinese(inner)
    elif isinstance(value, str) and re.search("[一-鿿]", value):
        yield value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_catalogue_has_full_width_punctuation(path: Path) -> None:
    """As the standard on punctuation marks wants it."""
    assert not [text for text in chinese(tomllib.loads(path.read_text(encoding="utf-8"))) if HALF.search(text)]


def sentences_of(path: Path) -> Iterator[str]:
    """The pieces of Chinese sentences that a module composes: what `pick` is given second."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "pick":
            for each in ast.walk(node.args[1]) if len(node.args) > 1 else ():
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


@pytest.mark.parametrize("room", ["analysis", "parkflow"])
def test_composed_sentences_have_full_width_punctuation(room: str) -> None:
    """In charts, reports, tables and sentences."""
    links = {ROOT / "parkflow" / inner for inner in ("sim", "scenarios", "analysis")}
    files = [path for path in (ROOT / room).rglob("*.py") if links.isdisjoint(path.parents)]
    found = [(path.name, text) for path in files for text in sentences_of(path) if HALF.search(text)]
    assert not found
