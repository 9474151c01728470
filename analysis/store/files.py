"""Files of run folders and sweep folders: written whole or not at all, and locked while somebody writes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from parkflow.analysis.errors import AnalysisError


class StoreError(AnalysisError):
    """The folder cannot be used; the message says why, and what would be right."""


class StoreFullError(StoreError):
    """The folder cannot be written to; what is stored is safe."""


class FormerFormatError(StoreError):
    """A file of a run or a sweep that this version cannot read; the message names it, and how to make it again."""

    def __init__(self, path: Path, command: str = "") -> None:
        again = f" (it was {command})" if command else ""
        super().__init__(
            f"{path}: was written by another version of parkflow; give the command{again} again, into another folder"
        )


class WholeFile:
    """A file that appears under its name when it is complete, and not at all otherwise."""

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, path.with_name(path.name + ".tmp")

    def __enter__(self) -> Any:
        self.file = self.part.open("wb")
        return self.file

    def __exit__(self, raised: type[BaseException] | None, *_: object) -> None:
        try:
            if raised is None:
                self.file.flush()
                os.fsync(self.file.fileno())
            self.file.close()
            if raised is None:
                self.part.replace(self.path)
        finally:
            with suppress(OSError):
                self.file.close()
            self.part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole; raises `OSError` where it cannot be written."""
    with WholeFile(path) as file:
        file.write(text.encode())


def write_pieces(path: Path, pieces: Iterable[str | bytes]) -> None:
    """Write a file whole, piece by piece, in a folder that is made for it; raises `OSError` where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeFile(path) as file:
        for piece in pieces:
            file.write(piece.encode() if isinstance(piece, str) else piece)


def bytes_of(path: Path) -> bytes:
    """All that a file holds; raises `OSError` where it cannot be read."""
    return path.read_bytes()


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None where there is no such file, or it holds something else."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def locked(path: Path) -> TextIO | None:
    """Keep other processes from writing to the folder; the system lets go of it when this one ends, however it does."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    lock = (path / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StoreError(
            f"{path} is being written to by another process; wait for it, or give another folder"
        ) from None
    return lock
