"""How a result was asked for: the record of every run tells it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def as_asked(function: str) -> str:
    """The command as it was given, or the Python function that was called."""
    program = Path(sys.argv[0]) if sys.argv and sys.argv[0] else Path()
    is_ours = program.stem == "parkflow" or program == Path(__file__).with_name("__main__.py")
    return shlex.join(["parkflow", *sys.argv[1:]]) if is_ours else f"parkflow.{function}"
