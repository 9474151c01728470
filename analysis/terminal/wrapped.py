"""Sentences as lines of a terminal: words and numbers stay whole, and Chinese breaks between its characters."""

from __future__ import annotations

import re

from rich.cells import cell_len

OPENING, CLOSING = "（“", "，。；：、）”！？"
HAN = "⺀-⿟㐀-鿿豈-﫿"
TOKEN = re.compile(rf"\s+|[{OPENING}]*(?:[{HAN}]|[^\s{HAN}{OPENING}{CLOSING}]+)[{CLOSING}]*|\S")
"""What is never broken: a word or a number, or one Chinese character, with the punctuation that clings to it."""


def wrapped(text: str, width: int) -> list[str]:
    """A text as lines of at most so many cells; a word that is longer than a line has a line of its own."""
    lines, line = [], ""
    for token in TOKEN.findall(text):
        if line and cell_len(line + token.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += token if line else token.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
