"""The schema tells editors every key, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parkflow.scenarios.describe import schema


def properties(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every property of the schema, with its place."""
    if isinstance(node, dict):
        for key, field in node.get("properties", {}).items():
            yield f"{place}.{key}", field
        for key, inner in node.items():
            yield from properties(inner, f"{place}.{key}")
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from properties(inner, f"{place}.{index}")


def test_no_key_is_without_a_description() -> None:
    assert not [place for place, field in properties(schema()) if not field.get("description")]


def test_each_step_has_its_own_fields() -> None:
    kinds = schema()["$defs"]
    assert "desk" in kinds["DeskStep"]["properties"] and "desk" not in kinds["Notice"]["properties"]
    assert kinds["Notice"]["properties"]["step"]["const"] == "notice"
