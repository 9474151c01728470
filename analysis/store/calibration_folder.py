"""The folder of a calibration: what was simulated, line by line, so that a stopped fit goes on; and what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from parkflow.analysis.store.files import StoreError, StoreFullError, read_json, write_text
from parkflow.analysis.store.locks import locked

PLAN, RUNS, FIT = "plan.json", "runs.jsonl", "fit.json"


class Key(NamedTuple):
    """Which simulation: its wave, its point in the wave, and the park."""

    wave: int
    point: int
    park: str


class CalibrationFolder:
    """Simulations of one calibration, kept as soon as they are done.

    Raises `StoreError` for a folder that holds another calibration or is in use, and `StoreFullError` where it cannot
    be written to.
    """

    def __init__(self, path: Path, plan: Mapping[str, Any]) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            known = self._known(dict(plan))
            self._lock = locked(path)
            if not known:
                write_text(path / PLAN, json.dumps(plan, indent=1) + "\n")
            self.done = self._read()
            self._file = (path / RUNS).open("a", encoding="utf-8")
        except OSError as error:
            raise StoreFullError(f"{path} cannot be written to ({error.strerror}); give another folder") from None

    def _known(self, plan: dict[str, Any]) -> bool:
        """Whether the folder holds this calibration already."""
        there = read_json(self.path / PLAN)
        if there not in (None, plan):
            raise StoreError(f"{self.path} holds another calibration; give another folder, or the settings of that one")
        return there is not None

    def _read(self) -> dict[Key, list[list[float]]]:
        """What is stored; a last line that was cut off is passed over."""
        found: dict[Key, list[list[float]]] = {}
        path = self.path / RUNS
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                wave, point, park, values = json.loads(line)
            except ValueError:
                continue
            found[Key(wave, point, park)] = values
        return found

    def add(self, key: Key, values: list[list[float]]) -> None:
        """Keep one simulation: for every replication the value of every target."""
        try:
            self._file.write(json.dumps([*key, values]) + "\n")
            self._file.flush()
        except OSError as error:
            raise StoreFullError(
                f"{self.path} is full ({error.strerror}); make room and give the command again"
            ) from None
        self.done[key] = values

    def write(self, name: str, text: str) -> Path:
        """Write a text file into the folder; returns its path."""
        write_text(self.path / name, text)
        return self.path / name

    def close(self) -> None:
        """Let go of the folder."""
        self._file.close()
        if self._lock:
            self._lock.close()


def read_fit(path: Path) -> dict[str, Any]:
    """What came out of a calibration; raises `StoreError` where the folder has no finished one."""
    found = read_json(path / FIT)
    if found is None:
        raise StoreError(f"{path} holds no finished calibration; give the command that began it again")
    return found
