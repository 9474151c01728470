"""Locks where the system has none, or others."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parkflow.analysis.store.files import StoreError
from parkflow.analysis.store.locks import UnlockedWarning, locked


def test_a_system_without_locks_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows without its module, or on a file system that knows none."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", None)
    with pytest.warns(UnlockedWarning, match=r"cannot be locked here .*no other command writes into it"):
        locked(tmp_path).close()


def test_windows_locks_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its module is asked not to wait, and what it refuses is told."""

    class Taken:
        LK_NBLCK = 2

        def locking(self, file: int, mode: int, length: int) -> None:
            assert (mode, length) == (2, 1)
            raise PermissionError(13, "Permission denied")

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", Taken())
    with pytest.raises(StoreError, match="is being written to by another process"):
        locked(tmp_path)
