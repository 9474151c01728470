"""The example of a project list: forty projects of a made-up district, as its office keeps them on 1 January 2026."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "lists"
START = dt.date(2026, 1, 1)
"""The day on which the list stands."""

EXAMPLE = "projects.csv"
"""What the list is called beside a scenario file."""

FILES = {"en": "forty-projects.csv", "zh": "forty-projects-zh.csv"}


def example_list(start: dt.date, language: Literal["en", "zh"] = "en") -> bytes:
    """The list with its dates moved to a park that starts on another day."""
    text = (FOLDER / FILES[language]).read_text(encoding="utf-8")
    moved = re.sub(r"\d{4}-\d\d-\d\d", lambda found: str(dt.date.fromisoformat(found[0]) + (start - START)), text)
    return moved.encode("utf-8-sig")
