"""What a run takes: when it began, how long it lasted, and how many cores it had."""

from __future__ import annotations

import datetime as dt
import time
from typing import NamedTuple


class Cost(NamedTuple):
    """When a run began (UTC), its seconds by the clock, those of its own processor, and the processes it could use.

    `core_hours` are at most what it took of the machine: all its processes, all the time. Both are None on a cluster.
    """

    started: str
    ended: str
    seconds: float
    processor_seconds: float
    workers: int | None
    core_hours: float | None


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self.started = dt.datetime.now(dt.UTC)
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def cost(self, workers: int | None) -> Cost:
        """What it took so far, with so many processes; None where nobody knows how many."""
        seconds = time.perf_counter() - self._clock
        ended = self.started + dt.timedelta(seconds=seconds)
        began, ended_at = (moment.isoformat(timespec="seconds") for moment in (self.started, ended))
        own = round(time.process_time() - self._processor, 3)
        core_hours = None if workers is None else round(seconds * workers / 3600, 6)
        return Cost(began, ended_at, round(seconds, 3), own, workers, core_hours)
