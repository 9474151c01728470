"""The page of the Python interface says what the code says now, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import parkflow
from docs.making.api import api_page
from parkflow.sim.levers import CATALOGUE, SHIPPED

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_page_is_up_to_date() -> None:
    """It is the one that the docstrings give."""
    remedy = "give `python -m docs.making api` and look at what has changed"
    assert PAGE.read_text(encoding="utf-8") == api_page(), remedy


def test_every_public_name_has_its_section() -> None:
    """All of `__all__`, and no argument whose default reads as an address in memory."""
    text = PAGE.read_text(encoding="utf-8")
    sections = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert sorted(sections) == sorted(set(parkflow.__all__) - {"__version__"})
    assert " at 0x" not in text


@pytest.mark.slow
def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of Python, in the order of the page."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {"__name__": "page"}
    try:
        for block in blocks:
            exec(compile(block, "api.md", "exec"), names)
    finally:
        for name in set(CATALOGUE) - set(SHIPPED):
            del CATALOGUE[name]
    assert blocks
