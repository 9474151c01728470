"""Files that grow line by line: each line is a sealed object, so that a changed one is found and a torn one is known.

The last line is torn when its writer was killed in the middle of it: it was never there. Any other line that is not as
it was written is damage.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from parkflow.analysis.store.files import whole_file
from parkflow.analysis.store.sealing import sealed_line, unsealed_line


class Lines(NamedTuple):
    """What a file of lines holds: the objects of sound lines, the numbers of damaged ones, and if the last is torn."""

    sound: list[dict[str, Any]]
    damaged: list[int]
    torn: bool


def read_lines(path: Path) -> Lines:
    """The lines of a file; none where there is no file."""
    content = path.read_bytes() if path.is_file() else b""
    *whole, rest = content.split(b"\n")
    found = [unsealed_line(line + b"\n") for line in whole]
    damaged = [number for number, line in enumerate(found, start=1) if line is None]
    return Lines([line for line in found if line is not None], damaged, bool(rest))


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Add sealed lines, and bring them to the disk; raises `OSError` with the file's name."""
    try:
        with path.open("ab") as file:
            file.writelines(line.encode() for line in lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def rewrite_lines(path: Path, sound: Iterable[dict[str, Any]]) -> None:
    """Replace a file by its sound lines; raises `OSError`."""
    with whole_file(path) as file:
        for line in sound:
            file.write(sealed_line(line).encode())
