"""The steps of a frame before anything is drawn: what their activities and cases say, and the steps that they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.columns import Columns
from parkflow.sim.frame import Frame
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Steps
from parkflow.sim.recipe import Recipe

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

WRITTEN = (
    "kind", "solves", "work", "left", "next_attempt", "rank", "amount", "late_after",
    "held_rank", "held_work", "held_left", "held_next_attempt",
)  # fmt: skip
"""Columns that draws write."""

_AS_ACTIVITIES_HAVE_THEM = (
    "wanted", "unsolved_only", "solved_only", "clock", "gives", "goes_on", "amount", "gate_begin", "gate_end",
)  # fmt: skip
"""Columns that are tables of `Columns` by activity."""

_AT_FIRST: dict[str, Any] = {
    **dict.fromkeys(("work", "rank"), 0.0),
    **dict.fromkeys(("left", "next_attempt"), 0),
    **dict.fromkeys(("condition", "took_place", "ahead", "ahead_of"), -1),
    "late_after": -np.inf,
    "solves": False,
}
"""What columns hold of which an activity says nothing, or nothing but other steps."""


@dataclass(frozen=True)
class Outline:
    """Steps in columns with room behind them for those that issues add.

    `successors` are the steps to which their edges lead, `kind` is the class of each case's project, by number, and
    `special` are the steps that other steps, amounts or ranks have to be written for. Frames with other draws may have
    the same outline where it is `shared`.
    """

    steps: Steps
    successors: Ints
    kind: Ints
    special: Ints
    shared: bool

    def fresh(self) -> Steps:
        """The steps, to be written to in what draws decide."""
        if not self.shared:
            return self.steps
        return self.steps._replace(**{name: getattr(self.steps, name).copy() for name in WRITTEN})


def outlined(layout: Layout, frame: Frame) -> Outline:
    """The outline of all frames that share what is made of this one."""
    return frame.once("outline", lambda: _Outlining(layout, frame).outline())


@dataclass(frozen=True)
class _Outlining:
    """Writes an outline."""

    layout: Layout
    frame: Frame

    def outline(self) -> Outline:
        nodes, columns = self.frame.nodes, self.layout.kept(Columns)
        begin, end, successors = nodes.edges()
        activity = self._padded(nodes.activity)
        at = self._class[self._padded(nodes.case)], activity
        steps = Steps(
            case=self._padded(nodes.case),
            activity=activity,
            copy=self._padded(nodes.copy),
            kind=self.layout.kinds[activity],
            resource=columns.resource[at],
            start_by=columns.start_by[at],
            calendar=self.layout.calendars[activity],
            fix_calendar=self.layout.fix_calendars[activity],
            skip_to=np.arange(len(activity)),
            waiting=self._padded(nodes.bank.waiting[nodes.row]),
            edges_begin=self._padded(begin),
            edges_end=self._padded(end),
            gate=np.full((len(activity), columns.holds.shape[1]), -1),
            **{name: getattr(columns, name)[activity] for name in _AS_ACTIVITIES_HAVE_THEM},
            **{name: np.full(len(activity), value) for name, value in _AT_FIRST.items()},
            **self._held(len(activity), columns.holds.shape[1]),
        )
        special = np.flatnonzero(columns.special[nodes.activity])
        self._name_steps(steps, special)
        return Outline(steps, successors, self._class, special, self.frame.issues.count == 0)

    def _padded(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column of one entry per step, with room."""
        return np.concatenate((column, np.zeros(2 * self.frame.issues.count, dtype=column.dtype)))

    @staticmethod
    def _held(count: int, gates: int) -> dict[str, NDArray[Any]]:
        """The versions of so many steps with up to so many gates."""
        shape = count, 2**gates - 1
        kinds = {"held_rank": float, "held_work": float, "held_left": np.int64, "held_next_attempt": np.int64}
        return {name: np.zeros(shape, kind) for name, kind in kinds.items()}

    @cached_property
    def _class(self) -> Ints:
        """Number of the class of each case's project."""
        classes, roster = list(self.layout.scenario.classes), self.frame.roster
        numbers = np.array([classes.index(each.group.of) for each in roster.groups], dtype=np.int64)
        return numbers[roster.group][self.frame.project]

    def _name_steps(self, steps: Steps, special: Ints) -> None:
        """Write what must have happened before a step, as far as it is decided in the run, and what holds its gates."""
        columns, activity = self.layout.kept(Columns), self.frame.nodes.activity
        self._name(steps.condition, columns.stock, special)
        self._name(steps.ahead, columns.sooner, special)
        self._name(steps.ahead_of, columns.later, special)
        named = self._name(steps.took_place, columns.place, special)
        steps.took_place[named] += steps.copy[named] * columns.repeated[columns.place[activity[named]]]
        both = special[columns.sooner[activity[special]] >= 0]
        steps.kind[both[(steps.ahead[both] < 0) | (steps.ahead_of[both] < 0)]] = SKIPPED
        gated = np.flatnonzero(self.layout.kept(Recipe).versions[activity] > 1)
        for gate, holds in zip(steps.gate.T, columns.holds.T, strict=True):
            self._name(gate, holds, gated)

    def _name(self, column: Ints, numbers: Ints, special: Ints) -> Ints:
        """Write the step of an activity that others name, by the number that each one names; returns the others."""
        nodes = self.frame.nodes
        naming = special[numbers[nodes.activity[special]] >= 0]
        column[naming] = self.frame.step_of(nodes.case[naming], numbers[nodes.activity[naming]])
        return naming
