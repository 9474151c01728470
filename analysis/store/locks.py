"""Locks on folders: who writes into one keeps all others from it, and the system lets go when that process ends."""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from parkflow.analysis.store.files import StoreError, StoreWarning

LOCK = ".lock"


class UnlockedWarning(StoreWarning):
    """A folder cannot be locked on this system, so nothing keeps two commands from writing into it at once."""


def locked(folder: Path) -> BinaryIO:
    """Keep other processes from writing into a folder until what is returned is closed.

    Raises `StoreError` where another one writes into it, and `OSError` where the folder cannot be written to. Warns
    where the system or the file system knows no locks.
    """
    while True:
        lock = (folder / LOCK).open("ab")
        try:
            _take(lock, folder)
            if os.path.samestat(os.fstat(lock.fileno()), (folder / LOCK).stat()):
                return lock
        except FileNotFoundError:  # who had it before has just removed it with the folder
            folder.mkdir(parents=True, exist_ok=True)
        except BaseException:
            lock.close()
            raise
        lock.close()


def _take(lock: BinaryIO, folder: Path) -> None:
    try:
        _hold(lock)
    except (BlockingIOError, PermissionError):
        remedy = "wait for it, or give another folder"
        raise StoreError(f"{folder} is being written to by another process; {remedy}") from None
    except (ImportError, OSError) as error:
        why = f"{folder} cannot be locked here ({error}); see to it that no other command writes into it"
        warnings.warn(UnlockedWarning(why), stacklevel=2)


def _hold(lock: BinaryIO) -> None:
    """Take the lock of an open file without waiting; raises `BlockingIOError` or `PermissionError` if it is taken."""
    try:
        import fcntl
    except ImportError:
        import msvcrt  # Windows: the first byte of the file is locked

        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        return
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def released(lock: BinaryIO | None, folder: Path, remove: bool = False) -> None:
    """Let go of a folder; with `remove` also of its lock file, and of the folder where nothing else is in it."""
    if lock is None:
        return
    if remove:
        with suppress(OSError):
            (folder / LOCK).unlink()
            folder.rmdir()
    lock.close()
