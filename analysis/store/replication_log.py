"""A file that grows line by line: what single replications showed, so that none is run twice.

Each line is a sealed object of a key, the number of a replication and its values. A line that was cut off when its
writer was killed was never there, and a damaged one is told and made again. The key says what was simulated and
observed; lines with another key are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from parkflow.analysis.store.files import StoreError
from parkflow.analysis.store.line_log import append_lines, mended_lines, read_lines
from parkflow.analysis.store.locks import locked, released
from parkflow.analysis.store.sealing import sealed_line

Values = Mapping[str, Any]

ASSUMPTIONS = "assumptions.jsonl"
"""The log of a run folder that keeps the points at which assumed numbers were otherwise."""


class ReplicationLog:
    """Values of replications by key and number, in a file or, without a path, in memory only.

    Its folder is locked while more is written, unless whoever opens it has `claimed` that already.
    """

    def __init__(self, path: Path | None = None, claimed: bool = False) -> None:
        self.path, self._claimed, self._open = path, claimed, False
        self._known = _read(path) if path is not None else {}

    def __enter__(self) -> Self:
        """Get ready for more; raises `StoreError` where another process writes to its folder."""
        self._lock = None
        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise StoreError(f"{self.path.parent}: is no folder; give another one") from None
            self._lock = None if self._claimed else locked(self.path.parent)
            self._known, self._open = _by_key(mended_lines(self.path)), True
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        released(self._lock, Path())

    def of(self, key: str) -> dict[int, Values]:
        """What is known under a key, by replication."""
        return dict(self._known.get(key, {}))

    def append(self, key: str, replication: int, values: Values) -> None:
        """Keep the values of one replication."""
        self._known.setdefault(key, {})[replication] = values
        if self.path is not None and self._open:
            append_lines(self.path, [sealed_line({"key": key, "replication": replication, "values": values})])


def _read(path: Path) -> dict[str, dict[int, Values]]:
    return _by_key(read_lines(path).sound)


def _by_key(lines: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, Values]]:
    known: dict[str, dict[int, Values]] = {}
    for line in lines:
        known.setdefault(line["key"], {})[line["replication"]] = line["values"]
    return known
