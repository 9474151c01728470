"""What is still to do after each step of a network until a milestone that has a deadline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.layout import Layout
from parkflow.sim.network import Network
from parkflow.sim.templates import Bank

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tails:
    """Expected days from the end of each step of a bank to the milestones of a layout's deadlines, without waiting."""

    def __init__(self, layout: Layout) -> None:
        """Start with an empty bank."""
        self._layout = layout
        self._known: dict[tuple[str, str], list[Floats]] = {}
        self._days: dict[tuple[str, str], float] = {}

    def due(self, bank: Bank, kind: Ints, row: Ints, signed: Floats) -> Floats:
        """Days by which steps must be over if their cases are to meet their deadlines without waiting (inf: none).

        `kind` is the number of each case's class, `row` the step's row in the bank, `signed` the day from which its
        deadlines count.
        """
        due = np.full(len(row), np.inf)
        for number, (name, of) in enumerate(self._layout.scenario.classes.items()):
            mine = np.flatnonzero(kind == number) if of.deadlines else ()
            for deadline in of.deadlines if len(mine) else ():
                tail = self._tails(bank, name, deadline.milestone)[row[mine]]
                due[mine] = np.minimum(due[mine], signed[mine] + deadline.days - tail)
        return due

    def _tails(self, bank: Bank, kind: str, milestone: str) -> Floats:
        """The tails of all rows of a bank; -inf where a step does not lead to the milestone."""
        known = self._known.setdefault((kind, milestone), [])
        known += [self._tail(each.network, kind, milestone) for each in bank.templates[len(known) :]]
        return np.concatenate(known)

    def _tail(self, net: Network, kind: str, milestone: str) -> Floats:
        """The tails of a network, for a typical project of a class."""
        after, tail = net.successors(), [0.0 if name == milestone else -np.inf for name, _ in net.nodes]
        own = [self._own(name, kind) for name, _ in net.nodes]
        for node in reversed(net.order()):
            for other in after[node]:
                tail[node] = max(tail[node], tail[other] + own[other])
        return np.array(tail)

    def _own(self, name: str, kind: str) -> float:
        """Expected days of an activity for a typical project of a class, as far as it takes place at all."""
        if (name, kind) not in self._days:
            self._days[name, kind] = self._layout.likely(name) * self._layout.expected(name, kind)
        return self._days[name, kind]
