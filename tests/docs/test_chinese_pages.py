"""The Chinese pages hold the commands of the English ones, the same in the same order; those are run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PAGES = {"README.zh.md": "README.md"}
PAGES |= {f"docs/zh/{page.name}": f"docs/{page.name}" for page in (ROOT / "docs" / "zh").glob("*.md")}

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

RUN = ("sh", "console", "python")
"""Languages of the blocks that are run."""


def commands(page: str) -> list[str]:
    """What a page tells to run, line by line, without comments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [line for language, block in BLOCK.findall(text) if language in RUN for line in block.splitlines()]
    return [line.partition("  #")[0].rstrip() for line in lines if line.strip() and not line.startswith("#")]


def files(page: str) -> list[dict[str, object]]:
    """The scenario files of a page, without what is written for readers."""
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    return [numbers(tomllib.loads(block)) for language, block in blocks if language == "toml"]


def numbers(table: dict[str, object]) -> dict[str, object]:
    """A table without its titles and notes."""
    kept = {key: value for key, value in table.items() if key not in ("title", "title_zh", "assumed", "source")}
    return {key: numbers(value) if isinstance(value, dict) else value for key, value in kept.items()}


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_has_the_commands_of_the_english_one(page: str) -> None:
    """Nothing is run that the English page does not run, and nothing is left out."""
    assert commands(page) == commands(PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_has_the_scenario_files_of_the_english_one(page: str) -> None:
    """With titles and notes in Chinese."""
    assert files(page) == files(PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_links_of_chinese_pages_lead_somewhere(page: str) -> None:
    """Files that pages refer to exist."""
    for address in re.findall(r"\]\(([^)#\s]+)", (ROOT / page).read_text(encoding="utf-8")):
        assert address.startswith("https://") or (ROOT / page).parent.joinpath(address).exists(), address
