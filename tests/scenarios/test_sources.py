"""Every source that a shipped file names is there to be looked up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parkflow.scenarios.load import SHIPPED
from parkflow.scenarios.sources import references, sources
from parkflow.sim.levers import CATALOGUE

FILES = sorted(path for path in SHIPPED.rglob("*.toml") if path.stem not in ("evidence", "sources"))
PRIORS = (Path(__file__).parents[2] / "docs" / "priors.md").read_text(encoding="utf-8")


def notes(node: Any) -> Iterator[tuple[str, str]]:
    """Every `source` and `assumed` of a table."""
    if isinstance(node, dict):
        yield from ((key, node[key]) for key in ("source", "assumed") if isinstance(node.get(key), str))
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from notes(inner)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SHIPPED)))
def test_every_note_resolves(path: Path) -> None:
    for key, note in notes(tomllib.loads(path.read_text(encoding="utf-8"))):
        found = references(note)
        assert set(found) <= set(sources()), note
        assert found or key == "assumed" or "priors" in note, f"{note!r} names no source"
        for section, row in re.findall(r"priors (\d+(?:\.\d+)?)(?:, ([A-Z]\d+))?", note):
            assert re.search(rf"^##+ {re.escape(section)}\.? ", PRIORS, re.MULTILINE), note
            assert not row or f"| {row} |" in PRIORS, note


def test_levers_name_mechanisms_and_facts_that_exist() -> None:
    named = {name for lever in CATALOGUE.values() for name in (*lever.mechanisms, *lever.facts)}
    said = {
        name
        for lever in CATALOGUE.values()
        for it in lever.model_fields.values()
        for name in references(str(it.description))
    }
    assert named | said <= set(sources())


def test_a_source_tells_where_it_was_found() -> None:
    listed = tomllib.loads((SHIPPED / "sources.toml").read_text(encoding="utf-8"))
    assert all({"id", "title", "publisher", "date", "found"} <= set(entry) for entry in listed["source"])
    assert all(entry["found"] in sources() for entry in listed["law"])


def test_what_does_not_resolve_is_found() -> None:
    assert references("S99 and f999-01; Beer Law, Art. 7") == ["S99", "f999-01", "Beer Law"]
    assert not set(references("S99 and f999-01; Beer Law, Art. 7")) & set(sources())
