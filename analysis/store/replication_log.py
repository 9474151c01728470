"""A file that grows line by line: what single replications showed, so that none is run twice.

Each line is one JSON list of a key, the number of a replication and its values. A line that was cut off when its writer
was killed is passed over. The key says what was simulated and observed; lines with another key are left alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from parkflow.analysis.store.files import StoreError
from parkflow.analysis.store.locks import locked

Values = Mapping[str, Any]

ASSUMPTIONS = "assumptions.jsonl"
"""The log of a run folder that keeps the points at which assumed numbers were otherwise."""


class ReplicationLog:
    """Values of replications by key and number, in a file or, without a path, in memory only.

    Its folder is locked while more is written, unless whoever opens it has `claimed` that already.
    """

    def __init__(self, path: Path | None = None, claimed: bool = False) -> None:
        self.path, self._claimed = path, claimed
        self._known = _read(path) if path is not None else {}

    def __enter__(self) -> Self:
        """Open the file for more; raises `StoreError` where another process writes to its folder."""
        self._file = self._lock = None
        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise StoreError(f"{self.path.parent}: is no folder; give another one") from None
            self._lock = None if self._claimed else locked(self.path.parent)
            self._file = self.path.open("a", encoding="utf-8")
            if not _ends_a_line(self.path):
                self._file.write("\n")
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._file, self._lock):
            if file is not None:
                file.close()

    def of(self, key: str) -> dict[int, Values]:
        """What is known under a key, by replication."""
        return dict(self._known.get(key, {}))

    def append(self, key: str, replication: int, values: Values) -> None:
        """Keep the values of one replication."""
        self._known.setdefault(key, {})[replication] = values
        if self._file is not None:
            self._file.write(json.dumps([key, replication, values], ensure_ascii=False) + "\n")
            self._file.flush()


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            return True
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _read(path: Path) -> dict[str, dict[int, Values]]:
    known: dict[str, dict[int, Values]] = {}
    if not path.is_file():
        return known
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            key, replication, values = json.loads(line)
        except ValueError:  # cut off
            continue
        known.setdefault(key, {})[int(replication)] = values
    return known
