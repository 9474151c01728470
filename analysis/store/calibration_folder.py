"""The folder of a calibration: what was simulated, line by line, so that a stopped fit goes on; and what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from parkflow.analysis.store.files import StoreError, StoreFullError
from parkflow.analysis.store.index import CALIBRATION, check_kind
from parkflow.analysis.store.kept_folder import KeptFolder, read_kept
from parkflow.analysis.store.line_log import append_lines, mended_lines
from parkflow.analysis.store.sealing import sealed_line

PLAN, RUNS, FIT = "plan.json", "runs.jsonl", "fit.json"

AGAIN = "give the command that began it again, into another folder"


class Key(NamedTuple):
    """Which simulation: its wave, its point in the wave, and the park."""

    wave: int
    point: int
    park: str


class CalibrationFolder:
    """Simulations of one calibration, kept as soon as they are done.

    Raises `StoreError` for a folder that holds another calibration or is in use, and `StoreFullError` where it cannot
    be written to. A damaged line is told, and simulated again.
    """

    def __init__(self, path: Path, plan: Mapping[str, Any]) -> None:
        self.path = path
        check_kind(path, CALIBRATION)
        there = read_kept(path, PLAN, AGAIN)
        if there not in (None, json.loads(json.dumps(plan))):
            raise StoreError(f"{path} holds another calibration; give another folder, or the settings of that one")
        self._kept = KeptFolder(path, CALIBRATION, (PLAN, RUNS, FIT))
        try:
            if there is None:
                self.write(PLAN, json.dumps(plan, indent=1) + "\n")
            self.done = {_key(line): line["values"] for line in mended_lines(path / RUNS)}
        except BaseException:
            self.close()
            raise

    def add(self, key: Key, values: list[list[float]]) -> None:
        """Keep one simulation: for every replication the value of every target."""
        try:
            append_lines(self.path / RUNS, [sealed_line({**key._asdict(), "values": values})])
        except OSError as error:
            raise StoreFullError(
                f"{self.path} is full ({error.strerror}); make room and give the command again"
            ) from None
        self.done[key] = values

    def write(self, name: str, text: str) -> Path:
        """Write a text file into the folder; returns its path."""
        return self._kept.write(name, text)

    def close(self) -> None:
        """Let go of the folder."""
        self._kept.close()


def _key(line: Mapping[str, Any]) -> Key:
    return Key(line["wave"], line["point"], line["park"])


def read_fit(path: Path) -> dict[str, Any]:
    """What came out of a calibration; raises `StoreError` where the folder has no finished one."""
    check_kind(path, CALIBRATION)
    found = read_kept(path, FIT, AGAIN)
    if found is None:
        raise StoreError(f"{path} holds no finished calibration; give the command that began it again")
    return found
