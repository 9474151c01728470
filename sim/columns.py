"""What the steps of a plan have by their activity, and by the class of their project, whatever chance decides."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.kinds import CALENDAR_DAYS
from parkflow.sim.layout import Layout
from parkflow.sim.recipe import Recipe
from parkflow.sim.scenario import rule_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NONE = -1


class Columns:
    """Tables by activity number, and by class and activity number, of a layout.

    `stock` is the stock activity that a step's condition names, `place` the activity that must have taken place where
    that is decided in the run, `sooner` and `later` those of `ahead_of`. `amount` is how much a stock step moves, NaN
    where an attribute says it; `counted` has the activities by such an attribute.
    """

    def __init__(self, layout: Layout) -> None:
        """Tabulate the activities of the scenario."""
        self._layout, self._activities = layout, tuple(layout.scenario.activities.values())
        applies = [each.applies for each in self._activities]
        self.unsolved_only = self._flags(each.unsolved for each in applies)
        self.solved_only = self._flags(each.solved for each in applies)
        self.stock = self._numbers(each.taken or each.short for each in applies)
        self.wanted = self._flags(each.taken is not None for each in applies)
        decided = (each.took_place if each.took_place and self._open(each.took_place) else None for each in applies)
        self.place = self._numbers(decided)
        self.sooner = self._numbers(next(iter(each.ahead_of), None) for each in applies)
        self.later = self._numbers(next(iter(each.ahead_of.values()), None) for each in applies)
        self.repeated = self._flags(each.per is not None for each in self._activities)
        self.late = self._flags(each.late for each in applies)
        stocks = [each.step == "stock" for each in self._activities]
        self.stocks = self._flags(stocks)
        sizes = (np.nan if isinstance(each.amount, str) else each.amount for each in self._activities)
        self.amount: Floats = np.array([0.0, *sizes]) * self.stocks
        named = {each.amount for each in self._activities if isinstance(each.amount, str)}
        self.counted = {name: self._flags(each.amount == name for each in self._activities) for name in sorted(named)}
        self.gives = self._flags(each.gives for each in self._activities) & self.stocks
        self.goes_on = self._flags(each.when_short == "go on" for each in self._activities) & self.stocks
        rules = [rule_of(layout.scenario, each) for each in self._activities]
        self.by_class, self.by_slack = (self._flags(rule == name for rule in rules) for name in ("class", "slack"))
        self.clock: Ints = np.array([CALENDAR_DAYS, *(layout.limit(name)[1] for name in layout.scenario.activities)])
        self.special = self.stocks | self.late | self.by_class | self.by_slack
        for table in (self.stock, self.place, self.sooner):
            self.special |= table >= 0
        self._tabulate_by_class()
        self._tabulate_gates()

    def _tabulate_by_class(self) -> None:
        """Tables of one row per class and one column per activity."""
        layout, classes = self._layout, self._layout.scenario.classes
        ranked = self.late | self.by_slack
        self.resource: Ints = np.array([layout.resources(name) for name in classes])
        self.priority: Ints = np.array([kind.priority for kind in classes.values()], dtype=np.int64)
        self.start_by: Floats = np.full(self.resource.shape, np.inf)
        self.expected: Floats = np.zeros(self.resource.shape)
        for row, kind in enumerate(classes):
            for number, name in self._of_class(kind):
                if self._activities[number - 1].desk:
                    self.start_by[row, number] = layout.start_by(name, kind)
                if ranked[number]:
                    self.expected[row, number] = layout.expected(name, kind)

    def _tabulate_gates(self) -> None:
        """Tables of one row per activity and one column per gate: when it is open, and the stock activity it names."""
        influences = self._layout.kept(Recipe).influences
        shape = (len(self._activities) + 1, influences.most_gates)
        self.gate_begin, self.gate_end, self.holds = (
            np.full(shape, np.inf),
            np.full(shape, np.inf),
            np.full(shape, NONE),
        )
        for number, gates in influences.gates.items():
            for bit, gate in enumerate(gates):
                self.gate_begin[number, bit], self.gate_end[number, bit] = gate.begin, gate.end
                self.holds[number, bit] = self._layout.number[gate.holds] if gate.holds else NONE

    def _of_class(self, kind: str) -> list[tuple[int, str]]:
        """Numbers and names of the activities that projects of a class and their issues can have."""
        groups = self._layout.scenario.portfolio.values()
        processes = {"issue", *(group.process for group in groups if group.of == kind)}
        numbered = enumerate(self._layout.scenario.activities.items(), start=1)
        return [(number, name) for number, (name, it) in numbered if not processes.isdisjoint(it.processes)]

    @staticmethod
    def _flags(of: Iterable[bool]) -> Bools:
        """A table by activity number; the arrival has none of these."""
        return np.array([False, *of], dtype=bool)

    def _numbers(self, names: Iterable[str | None]) -> Ints:
        """The numbers of activities, by the number of the activity that names them; -1 where it names none."""
        return np.array([NONE, *(NONE if name is None else self._layout.number[name] for name in names)])

    def _open(self, name: str) -> bool:
        """Whether it is decided only in the run if an activity takes place."""
        applies = self._layout.scenario.activities[name].applies
        return applies.open or (applies.took_place is not None and self._open(applies.took_place))
