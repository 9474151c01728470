"""Files that grow line by line: each line is a sealed object, so that a changed one is found and a torn one is known.

The last line is torn when its writer was killed in the middle of it: it was never there. Any other line that is not as
it was written is damage.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from parkflow.analysis.store.files import FormerFormatError, StoreWarning, whole_file
from parkflow.analysis.store.sealing import DIGEST, sealed_line, unsealed_line


class Lines(NamedTuple):
    """What a file of lines holds: the objects of sound lines, the numbers of damaged ones, and if the last is torn.

    `former` tells that a damaged one is JSON without a seal.
    """

    sound: list[dict[str, Any]]
    damaged: list[int]
    torn: bool
    former: bool


def read_lines(path: Path) -> Lines:
    """The lines of a file; none where there is no file."""
    content = path.read_bytes() if path.is_file() else b""
    *whole, rest = content.split(b"\n")
    found = [unsealed_line(line + b"\n") for line in whole]
    damaged = [number for number, line in enumerate(found, start=1) if line is None]
    former = any(_without_seal(whole[number - 1]) for number in damaged)
    return Lines([line for line in found if line is not None], damaged, bool(rest), former)


def _without_seal(line: bytes) -> bool:
    """Whether a line is JSON as it was written before lines were sealed."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, list) or (isinstance(found, dict) and DIGEST not in found)


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Add sealed lines, and bring them to the disk; raises `OSError` with the file's name."""
    try:
        with path.open("ab") as file:
            file.writelines(line.encode() for line in lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def mended_lines(path: Path) -> list[dict[str, Any]]:
    """The sound lines of a file that is about to grow; damaged ones are told and dropped, so that they are made again.

    Raises `FormerFormatError` where lines have no seal, as another version wrote them.
    """
    lines = read_lines(path)
    if lines.damaged and lines.former:
        raise FormerFormatError(path)
    if lines.damaged:
        count = f"{len(lines.damaged)} lines are damaged" if len(lines.damaged) > 1 else "a line is damaged"
        where = f"line {lines.damaged[0]}" if len(lines.damaged) == 1 else f"the first is line {lines.damaged[0]}"
        warnings.warn(StoreWarning(f"{path}: {count} ({where}); what they held is run again"), stacklevel=2)
    if lines.damaged or lines.torn:
        rewrite_lines(path, lines.sound)
    return lines.sound


def rewrite_lines(path: Path, sound: Iterable[dict[str, Any]]) -> None:
    """Replace a file by its sound lines; raises `OSError`."""
    with whole_file(path) as file:
        for line in sound:
            file.write(sealed_line(line).encode())
