"""The Chinese of what the program says in English: fixed sentences, and messages with holes for names and numbers.

A message is written in plain English where it arises, as ``f"there is no desk {name!r}; add it"``, and the code there
knows of no other language. The files in ``zh`` say the same sentence with the same holes in both languages:

    "there is no desk {name}" = "没有窗口{name}"

Longer messages are made of such parts: lines, what stands before ``: `` and after it, the fault and the remedy on both
sides of ``; ``. What the catalogue does not know stays as it is: a user's own words, names and paths.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "zh"

HOLE = re.compile(r"\{(\w+)\}")

JOINTS = (("\n", "\n"), ("; ", "；"))
"""Where a message is cut into parts, and what joins these in Chinese."""

BORDER = re.compile(": |$")
"""What stands between the place that a message is about and what it says of it."""


def in_chinese(text: str) -> str:
    """A text of the program in Chinese, part by part; what is not in the catalogue stays as it is."""
    if (exact := sentences().get(text)) is not None:
        return exact
    for english, chinese in JOINTS:
        if english in text:
            return _joined(text, english, chinese)
    return _part(text)


def _joined(text: str, english: str, chinese: str) -> str:
    """The Chinese of parts with a joint between them; a sentence may hold such a joint itself."""
    for _, whole in _whole(text):
        return whole
    head, _, tail = text.rpartition(english)
    return in_chinese(head) + chinese + in_chinese(tail)


@cache
def sentences() -> dict[str, str]:
    """The catalogue: the Chinese of every English sentence, holes in braces."""
    found: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def _part(text: str) -> str:
    """The Chinese of a part of a message: of what it says as a whole, and of the place before it."""
    ends = [found.end() for found in BORDER.finditer(text)]
    known = [(fixed, -start, chinese) for start in (0, *ends) for fixed, chinese in _whole(text[start:])]
    if not known:
        place, border, what = text.rpartition(": ")
        return f"{_filling(place)}：{what}" if border else text
    _, start, chinese = max(known)
    return f"{_filling(text[: -start - 2])}：{chinese}" if start else chinese


def _whole(text: str) -> Iterator[tuple[int, str]]:
    """The Chinese of a sentence that is in the catalogue, with the number of letters that are not filled in."""
    if text in sentences():
        yield len(text), sentences()[text]
    for pattern, fixed, chinese in _patterns():
        if found := pattern.fullmatch(text):
            yield fixed, _filled(chinese, found.groupdict())
            return


def _filled(chinese: str, values: Mapping[str, str]) -> str:
    """A sentence with its holes filled."""
    return HOLE.sub(lambda hole: _filling(values[hole[1]]), chinese)


def _filling(value: str) -> str:
    """What stands in a hole or before a colon: names are left alone, with the comma of lists; words are looked up."""
    names = value.split(", ")
    return in_chinese(value) if any(" " in name for name in names) else "、".join(names)


@cache
def _patterns() -> list[tuple[re.Pattern[str], int, str]]:
    """The sentences with holes, those that say most themselves first: pattern, letters that are fixed, Chinese."""
    holed = [(len(HOLE.sub("", english)), english) for english in sentences() if HOLE.search(english)]
    return [(_pattern(english), fixed, sentences()[english]) for fixed, english in sorted(holed, reverse=True)]


def _pattern(english: str) -> re.Pattern[str]:
    """A hole takes whatever stands there, as little as will do, and never from one part into the next."""
    parts = HOLE.split(english)
    names, fixed = parts[1::2], [re.escape(part) for part in parts[0::2]]
    holes = [rf"(?P<{name}>(?:(?!; ).)+?)" for name in names]
    return re.compile("".join(a + b for a, b in zip(fixed, [*holes, ""], strict=True)))
