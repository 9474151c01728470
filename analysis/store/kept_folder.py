"""A folder of whole files beside a log that grows: what a calibration and a validation keep."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from parkflow.analysis.store.claims import claim
from parkflow.analysis.store.files import FormerFormatError, StoreFullError, bytes_of, write_text
from parkflow.analysis.store.index import INDEX, Index, check_file, forget_record, read_index


class KeptFolder:
    """The folder of a result of some kind, claimed for this process; its index knows every file but the log.

    Raises `StoreError` for a folder that holds anything else or is in use, and `StoreFullError` where it cannot be
    written to.
    """

    def __init__(self, path: Path, kind: str, own: Collection[str], command: str = "") -> None:
        self.path = path
        self._claim = claim(path, kind, own=own)
        try:
            self._index = replace(read_index(path) or Index(kind), command=command)
            forget_record(path)
            self._write(INDEX, self._index.text())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, name: str, text: str) -> Path:
        """Write a text file whole, and enter it into the index; returns its path."""
        files = {**self._index.files, name: self._write(name, text)}
        self._index = replace(self._index, files=files)
        self._write(INDEX, self._index.text())
        return self.path / name

    def close(self) -> None:
        """Let go of the folder, which goes too if nothing was written into it."""
        self._claim.release(remove=True)

    def _write(self, name: str, text: str) -> Any:
        try:
            return write_text(self.path / name, text)
        except OSError as error:
            reason = f"{error.filename} cannot be written ({error.strerror})"
            raise StoreFullError(f"{reason}; make room and give the command again") from None


def read_kept(folder: Path, name: str, again: str) -> dict[str, Any] | None:
    """The object in a JSON file that the index of a folder knows; None where it knows none of this name.

    Raises `DamagedError` where the file is not as it was written, with `again` as its remedy, and `FormerFormatError`
    where another version wrote the folder.
    """
    index = read_index(folder, again)
    if index is None and (folder / name).is_file():
        raise FormerFormatError(folder / name)
    if index is None or name not in index.files:
        return None
    check_file(folder / name, index.files[name], again)
    return dict(json.loads(bytes_of(folder / name)))
