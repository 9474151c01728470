"""TOML files as they come, also by e-mail: what may be read, how large, and with which characters in it."""

from __future__ import annotations

import errno
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_BYTES = 10_000_000
"""Bytes of the largest file that is read; the shipped ones have less than a hundredth of that."""

ALLOWED = "PARKFLOW_READ"
"""The environment variable that names more folders whose files may be referred to, as PATH names folders."""

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn text around; no name and no note has one."""

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the start of a formula."""


def toml_of(path: Path) -> dict[str, Any]:
    """The keys of a TOML file.

    Raises `OSError` where it cannot be read or is too large, and `ValueError` where it is not TOML in UTF-8, or has
    names that would do harm wherever they are shown.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    if found.st_size > MOST_BYTES:
        size = f"it has {found.st_size / 1e6:.0f} MB, and at most {MOST_BYTES // 1_000_000} MB are read"
        raise OSError(errno.EFBIG, size, str(path))
    table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    if problem := next(_harm(table), None):
        raise ValueError(problem)
    return table


def outside(path: Path, file: Path) -> str | None:
    """Why a file may not refer to a path, and what would be right; None where it may.

    It may refer to what lies in its own folder, in the folder that one works in if the file lies there too, beside the
    shipped parks, and in the folders that `ALLOWED` names. Links are followed first.
    """
    here, wanted = file.resolve().parent, path.resolve()
    working = Path.cwd()
    named = [Path(folder) for folder in os.environ.get(ALLOWED, "").split(os.pathsep) if folder]
    roots = [here, Path(__file__).resolve().parent, *(folder.resolve() for folder in named)]
    if here.is_relative_to(working) and working != Path(working.anchor):
        roots.append(working)
    if any(wanted.is_relative_to(root) for root in roots):
        return None
    return f"lies outside the folder of the file; put it there, or name its folder in {ALLOWED}"


def _harm(table: dict[str, Any]) -> Iterator[str]:
    """What is wrong with names and texts, the nearest first, however deep."""
    name = table.get("name")
    if isinstance(name, str) and re.search(r"[/\\]|^\.", name):
        yield f"name = {name!a} is the name of a file elsewhere"
    waiting: list[Any] = [table]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield from (f"the name {key[:40]!a} begins as a formula does" for key in here if key.startswith(FORMULA))
            waiting += [*here, *here.values()]
        elif isinstance(here, list):
            waiting += here
        elif isinstance(here, str) and (found := STEERING.search(here)):
            around = here[max(0, found.start() - 10) : found.end() + 10]
            yield f"the text {around!a} has a character that steers a terminal"
