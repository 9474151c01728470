"""The schema tells editors every key, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from parkflow.scenarios.describe import schema
from parkflow.sim.levers import CATALOGUE


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


def test_levers_have_their_parameters_with_units_and_bounds() -> None:
    levers = schema()["$defs"]["Policy"]["properties"]["levers"]
    assert list(levers["properties"]) == list(CATALOGUE) and levers["additionalProperties"] is False
    agents = levers["properties"]["agency_service"]["properties"]["agents"]
    assert (agents["unit"], agents["minimum"], agents["maximum"]) == ("officers", 0, 1000)
    assert levers["properties"]["agency_service"]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("pert(3, 10, 20) wd", True),
        ("24 count", True),
        ("lognormal(5.1, 1.5) 100M CNY", True),
        ("1e-3", True),
        ("pert(3, 10, 20) days", False),
        ("pret(3, 10, 20) wd", False),
        ("pert 3, 10, 20", False),
    ],
)
def test_distributions_are_known_in_their_text_form(text: str, fits: bool) -> None:
    """An editor accepts as text what the loader accepts, and nothing else."""
    kinds = schema()["$defs"]["Work"]["properties"]["duration"]["anyOf"]
    (pattern,) = (kind["pattern"] for kind in kinds if "pattern" in kind)
    assert bool(re.search(pattern, text)) is fits
    assert any("discriminator" in kind for kind in kinds)
