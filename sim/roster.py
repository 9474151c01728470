"""The projects of all groups of a portfolio as one table, so that a rule is applied to all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.portfolio import Projects

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Roster:
    """The groups one behind another; columns have one entry per project.

    `ahead` is the share of each cell of the scenario's that is still to be done (`sim.cells`; none: all of it).
    """

    groups: tuple[Projects, ...]
    ahead: Floats | None = None
    _uncovered: Roster | None = field(default=None, repr=False)
    _practices: Mapping[str, Bools] | None = field(default=None, repr=False)

    def covered(self, practices: Mapping[str, Bools]) -> Roster:
        """The same projects with these practices in force, and none else."""
        places = zip(self.first.tolist(), (self.first + self.counts).tolist(), strict=True)
        groups = [
            replace(projects, practices={key: each[begin:end] for key, each in practices.items()})
            for projects, (begin, end) in zip(self.groups, places, strict=True)
        ]
        return Roster(tuple(groups), self.ahead, self, practices)

    @cached_property
    def counts(self) -> Ints:
        """Number of projects by group."""
        return np.array([projects.count for projects in self.groups], dtype=np.int64)

    @cached_property
    def first(self) -> Ints:
        """Place of the first project of each group."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def group(self) -> Ints:
        """Group of each project."""
        return np.repeat(np.arange(len(self.groups)), self.counts)

    @cached_property
    def row(self) -> Ints:
        """Row of each project in its group."""
        return np.arange(len(self.group)) - self.first[self.group]

    @cached_property
    def arrival(self) -> Floats:
        """Day of arrival."""
        return self._joined([projects.arrival for projects in self.groups])

    @cached_property
    def signed(self) -> Floats:
        """Day on which each project arrived, negative for those that were at work before."""
        return self._joined([projects.signed for projects in self.groups])

    @cached_property
    def behind(self) -> Floats:
        """Days by which each project at work is behind its expected schedule when it comes."""
        return self._joined([np.broadcast_to(projects.behind, projects.count) for projects in self.groups])

    @cached_property
    def tie(self) -> Floats:
        """What decides who comes first of those that arrive at one instant."""
        none = (np.zeros(projects.count) if projects.tie is None else projects.tie for projects in self.groups)
        return self._joined(list(none))

    @cached_property
    def attributes(self) -> Mapping[str, Floats]:
        """Attributes by name, NaN for projects of classes that have none of this name."""
        if self._uncovered is not None:
            return self._uncovered.attributes
        names = dict.fromkeys(name for projects in self.groups for name in projects.attributes)
        return {name: self._joined([self._attribute(projects, name) for projects in self.groups]) for name in names}

    @cached_property
    def practices(self) -> Mapping[str, Bools]:
        """Projects for which each practice is in force, by name."""
        if self._practices is not None:
            return self._practices
        names = self.groups[0].practices if self.groups else {}
        return {name: np.concatenate([projects.practices[name] for projects in self.groups]) for name in names}

    def in_classes(self, names: Collection[str]) -> Bools:
        """Projects of these classes."""
        mine = np.array([projects.group.of in names for projects in self.groups], dtype=bool)
        return mine[self.group]

    def in_process(self, name: str) -> Bools:
        """Projects that go through a process."""
        mine = np.array([projects.group.process == name for projects in self.groups], dtype=bool)
        return mine[self.group]

    @staticmethod
    def _attribute(projects: Projects, name: str) -> Floats:
        found = projects.attributes.get(name)
        return np.full(projects.count, np.nan) if found is None else found

    @staticmethod
    def _joined(columns: Sequence[Floats]) -> Floats:
        return np.concatenate([np.empty(0), *columns])
