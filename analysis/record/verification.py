"""Whether the files of a result are those that were written."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from parkflow.analysis.record.run_record import Record, opened
from parkflow.analysis.store.digests import digest_of, files_in
from parkflow.analysis.store.index import RECORD


class Damage(NamedTuple):
    """A file that is not what the record says: it is missing, or has been changed."""

    file: str
    what: Literal["missing", "changed"]


class Verification(NamedTuple):
    """What a check of a folder found: files that are whole, damage, and files that the record does not know."""

    whole: tuple[str, ...]
    damaged: tuple[Damage, ...]
    unknown: tuple[str, ...]


def verified(folder: Path) -> Verification:
    """Check every file of a folder against its record; raises `RecordError` where that is missing or changed itself."""
    return against(folder, opened(folder / RECORD))


def against(folder: Path, record: Record) -> Verification:
    """Check the files of a folder against a record."""
    damaged = []
    for name, written in record["files"].items():
        path = folder / name
        if not path.is_file():
            damaged.append(Damage(name, "missing"))
        elif digest_of(path)._asdict() != written:
            damaged.append(Damage(name, "changed"))
    bad = {one.file for one in damaged}
    whole = tuple(name for name in record["files"] if name not in bad)
    unknown = tuple(name for name in files_in(folder) if name not in record["files"] and name != RECORD)
    return Verification(whole, tuple(damaged), unknown)
