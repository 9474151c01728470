"""Claiming a folder for a result that is about to be made: before anything is simulated, and for one command only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parkflow.analysis.store.files import TEMPORARY, StoreError, StoreFullError
from parkflow.analysis.store.index import INDEX, check_kind, kind_of
from parkflow.analysis.store.locks import locked, released


@dataclass
class Claim:
    """A folder that this process alone writes into until the claim is released."""

    folder: Path
    is_new: bool
    _lock: BinaryIO | None

    def release(self, remove: bool = False) -> None:
        """Let others write into the folder; with `remove` it goes too if it was made for the claim and is empty."""
        released(self._lock, self.folder, remove and self.is_new)
        self._lock = None


def claim(folder: Path, kind: str, begun: Collection[str] = (), own: Collection[str] | None = None) -> Claim:
    """Claim a folder for a result of a kind: a new or an empty one, or one that holds such a result.

    `begun` are names of files that one which was stopped may have left without an index. With `own`, the names of all
    files that will be written, only these are in the way, and other files of the user may lie there. Raises
    `StoreError` where the folder holds anything else, is no folder, cannot be written to, or is being written to.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file, and a folder is meant; give another name")
    check_kind(folder, kind)
    if kind_of(folder) is None and (strange := _strange(folder, begun, own)):
        raise StoreError(f"{folder} is not empty and holds no {kind} ({strange} is there); give another folder")
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = locked(folder)
    except OSError as error:
        raise StoreFullError(f"{folder} cannot be written to ({error.strerror}); give another folder") from None
    _sweep_up(folder)
    return Claim(folder, is_new, lock)


def _strange(folder: Path, begun: Collection[str], own: Collection[str] | None) -> str | None:
    """The name of something in the way that no result left there before its index; hidden files never are."""
    if not folder.is_dir():
        return None
    names = sorted(entry.name for entry in folder.iterdir() if entry.suffix != TEMPORARY)
    ours = [name for name in names if name not in (INDEX, *begun) and not name.startswith(".")]
    return next((name for name in ours if own is None or name in own), None)


def _sweep_up(folder: Path) -> None:
    """Remove what an earlier process left half written."""
    for leftover in (*folder.glob(f"*{TEMPORARY}"), *folder.glob(f"*/part-*{TEMPORARY}")):
        leftover.unlink(missing_ok=True)
