"""For which projects a practice is in force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.progress import SerialPark, expected_slack
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Practice
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def covered(serial: SerialPark, roster: Roster, streams: Streams) -> Roster:
    """The projects of all groups with the practices that are in force for them."""
    coverage = _Coverage(serial, roster, streams)
    return roster.covered({key: coverage.of(key, it) for key, it in serial.scenario.practices.items()})


@dataclass(frozen=True)
class _Coverage:
    """Whom practices cover; arrays have one entry per project of the roster."""

    serial: SerialPark
    roster: Roster
    streams: Streams

    def of(self, key: str, practice: Practice) -> Bools:
        """Projects for which a practice is in force."""
        if practice.share == 0:
            return self._nobody
        concerned = self._concerned(practice)
        if practice.share == 1:
            return concerned
        draw = self._draw(key)
        return (
            concerned & (draw < practice.share)
            if practice.first == "random"
            else self._first(practice, concerned, draw)
        )

    def _concerned(self, practice: Practice) -> Bools:
        """Projects that the practice is for, as far as its share goes."""
        named = [not practice.groups or projects.name in practice.groups for projects in self.roster.groups]
        found: Bools = np.array(named, dtype=bool)[self.roster.group]
        if practice.classes:
            found &= self.roster.in_classes(practice.classes)
        if practice.window:
            begin, end = (self.serial.scenario.day(when) for when in practice.window)
            found &= (self.roster.signed >= begin) & (self.roster.signed < end)
        return found

    def _draw(self, key: str) -> Floats:
        """The draw of each project that a share below one goes by."""
        groups = self.roster.groups
        return self.streams.joined([each.purpose("practice", key) for each in groups], self.roster.counts.tolist())

    def _first(self, practice: Practice, concerned: Bools, draw: Floats) -> Bools:
        """The share of the projects of each process that is first in turn: by need, and among equals by their draws."""
        found, turn = np.zeros_like(concerned), self._slack if practice.first == "late" else self._not_key
        for process in dict.fromkeys(projects.group.process for projects in self.roster.groups):
            mine = np.flatnonzero(concerned & self.roster.in_process(process))
            order = np.lexsort((draw[mine], turn[mine]))
            found[mine[order[: round(practice.share * len(mine))]]] = True
        return found

    @cached_property
    def _nobody(self) -> Bools:
        return np.zeros(len(self.roster.group), dtype=bool)

    @cached_property
    def _slack(self) -> Floats:
        def slack() -> Floats:
            return expected_slack(self.serial, self.roster, self.streams)

        return self.streams.once(("slack", *self.serial.deadlines), slack)

    @cached_property
    def _not_key(self) -> Floats:
        """0 for key projects, which come first, and 1 for the others."""
        key = [name for name, kind in self.serial.scenario.classes.items() if kind.key]
        return np.where(self.roster.in_classes(key), 0.0, 1.0)
