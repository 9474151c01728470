"""Digests of stored files: length and SHA-256, by which a change of one byte is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PIECE = 1 << 20
"""Bytes that are read at a time."""

CHUNKS = "part-*.parquet"
"""How the chunks of a sweep's tables are named, each table in a folder of its own."""


class Digest(NamedTuple):
    """The length of a file in bytes, and its SHA-256 in hexadecimal digits."""

    bytes: int
    sha256: str


def digest_of(path: Path) -> Digest:
    """The digest of a file, read piece by piece; raises `OSError` where it cannot be read."""
    found, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
            length += len(piece)
    return Digest(length, found.hexdigest())


def digest_of_bytes(content: bytes) -> Digest:
    """The digest of what a file would hold."""
    return Digest(len(content), hashlib.sha256(content).hexdigest())


def files_in(folder: Path) -> Iterator[str]:
    """The files of a result folder by their paths in it, in order; locks, and what is half written, are left out.

    Of the folders in it only chunks of tables count: a result may be kept where somebody works on other things.
    """
    for path in sorted((*folder.glob("*"), *folder.glob(f"*/{CHUNKS}"))):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".") and path.suffix != ".tmp":
            yield name
