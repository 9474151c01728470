"""How far a sweep is, on a terminal as bars, and otherwise as a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from parkflow.analysis.experiments.sweeper import Progress, State
from parkflow.analysis.formatting import duration, rounded

SECONDS_BETWEEN_LINES = 10.0

WORDS = ("points", "replications")


@contextmanager
def shown(
    name: str, wanted: str = "", stream: TextIO | None = None, words: tuple[str, str] = WORDS
) -> Iterator[Progress]:
    """What shows the state of the sweep `name`; `wanted` is the half-width it runs for, in words.

    `words` are what points and replications are called.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield Lines(name, wanted, stream, words)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, TextColumn("{task.fields[note]}"), console=Console(file=stream), transient=True) as bars:
        points, replications = (bars.add_task(each, total=None, note="") for each in words)

        def show(state: State) -> None:
            bars.update(points, completed=state.finished, total=state.points, note=_failed(state))
            bars.update(replications, completed=state.done, total=state.expected, note=_precision(state, wanted))

        yield show


class Lines:
    """Plain lines, at most one in ten seconds, and one whenever all is done."""

    def __init__(self, name: str, wanted: str, stream: TextIO, words: tuple[str, str] = WORDS) -> None:
        self.name, self.wanted, self.stream, self.words = name, wanted, stream, words
        self.begun = self.last = time.monotonic()
        self.before: int | None = None

    def __call__(self, state: State) -> None:
        """Print the state, if it is time to."""
        now = time.monotonic()
        if self.before is None:
            self.before = state.done
        if now - self.last < SECONDS_BETWEEN_LINES and state.done < state.expected:
            return
        self.last = now
        notes = [_precision(state, self.wanted), _failed(state), self._left(state, now)]
        points, replications = self.words
        so_far = f"{state.finished}/{state.points} {points}, {state.done}/{state.expected} {replications}"
        print(f"{self.name}: {', '.join([so_far, *filter(None, notes)])}", file=self.stream, flush=True)

    def _left(self, state: State, now: float) -> str:
        fresh = state.done - (self.before or 0)
        if not fresh or state.done >= state.expected:
            return ""
        return f"{duration((state.expected - state.done) * (now - self.begun) / fresh)} left"


def _precision(state: State, wanted: str) -> str:
    return f"widest half-width {rounded(state.wide, 2)} × {wanted}" if state.wide and wanted else ""


def _failed(state: State) -> str:
    return f"{state.failed} failed" if state.failed else ""
