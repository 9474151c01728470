"""Chinese has full-width punctuation, whoever wrote the sentence."""

from __future__ import annotations

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
