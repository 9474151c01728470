"""The index of a folder, ``index.json``: what kind of result it holds, in which format, and the digest of every file.

It is written last, so that a folder without one holds no result, and sealed, so that damage to it is found. Every file
is checked against it before it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parkflow.analysis.store.digests import Digest, digest_of
from parkflow.analysis.store.files import DamagedError, FormerFormatError, StoreError, bytes_of, read_json
from parkflow.analysis.store.sealing import DIGEST, sealed, unsealed

INDEX = "index.json"

RECORD, CRATE = "run-record.json", "ro-crate-metadata.json"
"""Files that describe a complete result, and are written when all others are there; the index does not know them."""

FORMAT = 2
"""The format of folders; what another version wrote may not be read."""

RUN, SWEEP, NATION, CALIBRATION, VALIDATION = "run", "sweep", "nation", "calibration", "validation"

READ_BY: Mapping[str, str] = {
    RUN: "parkflow report and parkflow chart show a run",
    SWEEP: "parkflow results and parkflow report show a sweep",
    NATION: "parkflow nation sums up what a nation shows",
    CALIBRATION: "parkflow calibrate goes on with a calibration",
    VALIDATION: "parkflow chart ledger shows a validation",
}
"""For every kind of folder, who reads it."""

OF_EARLIER_FORMATS: Mapping[str, str] = {
    "comparison.json": RUN,
    "manifest.json": SWEEP,
    "plan.json": CALIBRATION,
    "ledger.json": VALIDATION,
}
"""The files by which folders without an index are known, which format 1 was."""


class WrongKindError(StoreError):
    """The folder holds another kind of result than the one that is meant; the message says what reads it."""

    def __init__(self, folder: Path, kind: str, meant: str) -> None:
        super().__init__(f"{folder} holds a {kind}, and a {meant} is meant; {READ_BY[kind]}")


@dataclass(frozen=True)
class Index:
    """What a folder holds: its kind, the command that made it, digests by path, and what else a kind keeps here."""

    kind: str
    command: str = ""
    files: Mapping[str, Digest] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """What ``index.json`` holds."""
        files = {name: digest._asdict() for name, digest in sorted(self.files.items())}
        return sealed({"format": FORMAT, "kind": self.kind, "command": self.command, "files": files, **self.more})


def read_index(folder: Path, again: str = "make the folder again") -> Index | None:
    """The index of a folder; None where it has none, or is no folder.

    Raises `DamagedError` where it is not as it was written, with `again` as its remedy, and `FormerFormatError` for
    another format, also for one that had no index.
    """
    path = folder / INDEX
    found = read_sealed(path, "files")
    if found is None and not path.is_file():
        return None
    if found is None:
        raise DamagedError(path, "is damaged (it is not as it was written)", again)
    if found.pop("format") != FORMAT:
        raise FormerFormatError(path, found.get("command", ""))
    files = {name: Digest(**digest) for name, digest in found.pop("files").items()}
    return Index(found.pop("kind"), found.pop("command"), files, found)


def read_sealed(path: Path, known_by: str) -> dict[str, Any] | None:
    """The object in a sealed file, which has the key `known_by`; None where there is no such file, or it is damaged.

    Raises `FormerFormatError` where it was written without a seal.
    """
    try:
        content = bytes_of(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    found, former = unsealed(content), read_json(path)
    if found is None and former is not None and DIGEST not in former and known_by in former:
        sessions = former.get("sessions")
        last = sessions[-1] if isinstance(sessions, list) and sessions else None
        raise FormerFormatError(path, str(last.get("command", "")) if isinstance(last, dict) else "")
    return found if found is not None and known_by in found else None


def kind_of(folder: Path) -> str | None:
    """What kind of result a folder holds, also in an earlier format; None where it holds none."""
    try:
        index = read_index(folder)
    except StoreError:
        index = None
    if index is not None:
        return index.kind
    return next((kind for file, kind in OF_EARLIER_FORMATS.items() if (folder / file).is_file()), None)


def check_kind(folder: Path, *meant: str) -> None:
    """Raise `WrongKindError` where a folder holds another kind of result than those that are meant."""
    kind = kind_of(folder)
    if kind is not None and kind not in meant:
        raise WrongKindError(folder, kind, meant[0])


def check_file(path: Path, written: Digest, again: str) -> None:
    """Raise `DamagedError` where a file is not the one that was written; `again` says what mends it."""
    what = damage_of(path, written)
    if what is not None:
        raise DamagedError(path, what, again)


def damage_of(path: Path, written: Digest, lengths_only: bool = False) -> str | None:
    """What is wrong with a file, in words; None where it is as it was written."""
    try:
        length = path.stat().st_size
        if length != written.bytes:
            return f"is damaged ({length} bytes, where {written.bytes} were written)"
        if not lengths_only and digest_of(path) != written:
            return "is damaged (it has other bytes than were written)"
    except OSError as error:
        return "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
    return None


def forget_record(folder: Path) -> None:
    """Take the record of an earlier result out of a folder that is about to be written to."""
    for name in (RECORD, CRATE):
        (folder / name).unlink(missing_ok=True)


def digests_of(folder: Path, names: Iterable[str]) -> dict[str, Digest]:
    """Digests of files of a folder: as they were written where its index knows them, else by reading the file."""
    index = read_index(folder)
    known = {} if index is None else index.files
    return {name: known[name] if name in known else digest_of(folder / name) for name in names}
