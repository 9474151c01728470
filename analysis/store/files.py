"""Files that are written whole or not at all, and the errors of folders that cannot be used."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.store.digests import Digest

TEMPORARY = ".tmp"
"""What the names of files end with that are being written."""


class StoreError(AnalysisError):
    """The folder cannot be used; the message says why, and what would be right.

    `switch` names an argument of the function that was called which would be another way out, and `purpose` what for;
    the command line writes its option instead.
    """

    def __init__(self, message: str, switch: str = "", purpose: str = "") -> None:
        super().__init__(message)
        self.message, self.switch, self.purpose = message, switch, purpose

    def told(self, switch: str) -> str:
        """The message, with the way out as it is written here."""
        return f"{self.message}, or {self.purpose} with {switch}" if self.switch else self.message

    def __str__(self) -> str:
        return self.told(f"{self.switch}=True")


class StoreWarning(UserWarning):
    """Something about a folder that a user should know, and that is no hindrance."""


class StoreFullError(StoreError):
    """The folder cannot be written to; what is stored is safe."""


class DamagedError(StoreError):
    """A stored file is not as it was written, and is not used; the message names it and says what mends it."""

    def __init__(self, path: Path, what: str, remedy: str, switch: str = "", purpose: str = "") -> None:
        super().__init__(f"{path} {what}; {remedy}", switch, purpose)


class FormerFormatError(StoreError):
    """A file of a run or a sweep that this version cannot read; the message names it, and how to make it again."""

    def __init__(self, path: Path, command: str = "") -> None:
        again = f" (it was {command})" if command else ""
        super().__init__(
            f"{path}: was written by another version of parkflow; give the command{again} again, into another folder"
        )


class Draft(io.RawIOBase):
    """A file under a temporary name beside its own, which it gets when it is complete.

    Its digest grows with what is written, so that nothing is read again. Raises `OSError` with the file's name.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, path.with_name(path.name + TEMPORARY)
        self._digest, self._length, self._discarded = hashlib.sha256(), 0, False
        with _naming(path):
            self._file = self.part.open("wb")

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Add bytes; returns their number."""
        if self._discarded:
            return len(data)
        with _naming(self.path):
            self._file.write(data)
        self._digest.update(data)
        self._length += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes written."""
        return self._length

    @property
    def digest(self) -> Digest:
        """The digest of what was written."""
        return Digest(self._length, self._digest.hexdigest())

    def complete(self) -> None:
        """Bring everything to the disk, still under the temporary name."""
        with _naming(self.path):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def publish(self, name: str | None = None) -> None:
        """Give a complete file its name, or another one, in place of an older file."""
        with _naming(self.path):
            self.part.replace(self.path.with_name(name) if name else self.path)

    def discard(self) -> None:
        """Leave nothing behind; what is published stays, and what is still written goes nowhere."""
        self._discarded = True
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.part.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Give every error of the system the name of the file that it is about."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


@contextmanager
def whole_file(path: Path) -> Iterator[Draft]:
    """A file that appears under its name when the block is left without an error, and not at all otherwise."""
    draft = Draft(path)
    try:
        yield draft
        draft.complete()
        draft.publish()
    finally:
        draft.discard()


def write_text(path: Path, text: str) -> Digest:
    """Write a text file whole, and return its digest; raises `OSError` where it cannot be written."""
    with whole_file(path) as file:
        file.write(text.encode())
    return file.digest


def write_pieces(path: Path, pieces: Iterable[str | bytes]) -> Digest:
    """Write a file whole, piece by piece, in a folder that is made for it; raises `OSError` where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        for piece in pieces:
            file.write(piece.encode() if isinstance(piece, str) else piece)
    return file.digest


def bytes_of(path: Path) -> bytes:
    """All that a file holds; raises `OSError` where it cannot be read."""
    return path.read_bytes()


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None where there is no such file, or it holds something else."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
