"""What standard output and error can hold: any encoding spells what it lacks, and names steer no terminal."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from typing import Any

SPELLED = {
    "→": "->", "←": "<-", "−": "-", "–": "-", "—": "-", "×": "x", "·": "-", "…": "...", "±": "+-", "≥": ">=", "≤": "<=",
    "≈": "~", "∞": "inf", "’": "'", "‘": "'", "“": '"', "”": '"', "²": "2", "°": " deg", "✓": "yes", "•": "*",
}  # fmt: skip
"""Signs that have a plain spelling."""

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys instead of showing it: control characters but tab and line feed, and turned text."""

ENDLESS = re.compile(r"(\S{80})\S{200,}(\S{20})")
"""A word of more than three hundred letters: where it begins, and its end."""


def spell_what_is_lacking() -> None:
    """Let both streams spell what their encoding lacks, as cp1252 lacks Chinese; nothing stops them any more."""
    codecs.register_error("spelled", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="spelled")


def told_shortly(message: str) -> str:
    """A message for a terminal: harmless, and words that nobody reads to their end cut short."""
    return ENDLESS.sub(lambda found: f"{found[1]} … {found[2]}", harmless(message))


def harmless(text: str) -> str:
    """A text whose steering characters stand there as JSON writes them."""
    return STEERING.sub(lambda found: _escaped(found[0]), text)


class Harmless:
    """What rich prints, with steering characters made harmless; colours and lines are rich's own."""

    def __init__(self, renderable: Any) -> None:
        self.renderable = renderable

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        """The pieces of what is printed, each harmless."""
        for segment in console.render(self.renderable, options):
            yield segment if segment.control else segment._replace(text=harmless(segment.text))


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(SPELLED.get(each) or _escaped(each) for each in lacking), error.end


def _escaped(text: str) -> str:
    """Characters as JSON writes them, those beyond 16 bits as two."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
