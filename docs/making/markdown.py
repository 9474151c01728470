"""Markdown tables, and the mark that tells whether a made page is still true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

MADE = "<!-- made by `python -m docs.making`; do not edit -->"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def page(title: str, *parts: str, mark: str = "") -> str:
    """A whole page; `mark` says what it was made from."""
    made = f"{MADE}\n<!-- from {mark} -->" if mark else MADE
    return "\n\n".join([f"# {title}", made, *(part for part in parts if part)]) + "\n"


def mark_of(hashes: Iterable[str]) -> str:
    """A short mark for the scenarios that a page rests on."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:16]


def mark_in(text: str) -> str:
    """The mark that a page carries; empty if it has none."""
    begin = text.find("<!-- from ")
    return text[begin + 10 : text.index(" -->", begin)] if begin >= 0 else ""
