"""A place for every copy that an activity of a project can have, for what is known by project, activity and copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.portfolio import largest_copies
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Scenario, process_activities

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Cells:
    """Cells, which lie group by group, activity by activity, project by project.

    Two projects with up to two copies of activity 1 and one of activity 2::

        group 0    activity 1: project 0 copies 0 1, project 1 copies 0 1 | activity 2: project 0, project 1
        cells                            0 1                   2 3                      4          5

    `begin` and `copies` have shape (groups, activities): the first cell of an activity (-1: the group has none of it),
    and the most copies of it that a project of the group can have.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Count the copies of all groups; activity number 0, the arrival, has no cell."""
        groups = list(scenario.portfolio.values())
        self._activities = {name: number for number, name in enumerate(scenario.activities, start=1)}
        self._counts = [group.count for group in groups]
        self.begin: Ints = np.full((len(groups), len(self._activities) + 1), -1)
        self.copies: Ints = np.ones_like(self.begin)
        self.total = 0
        for number, group in enumerate(groups):
            for name, activity in process_activities(scenario, group.process).items():
                place = number, self._activities[name]
                self.begin[place], self.copies[place] = self.total, largest_copies(scenario, group, activity.per)
                self.total += group.count * int(self.copies[place])

    def within(self, roster: Roster, project: Ints, activity: Ints, copy: Ints) -> Ints:
        """The place of some copies among those of their activity in their group; one entry per copy."""
        place: Ints = roster.row[project] * self.copies[roster.group[project], activity] + copy
        return place

    def of(self, roster: Roster, project: Ints, activity: Ints, copy: Ints) -> Ints:
        """The cells of some copies; all arrays have one entry per copy, `project` counts the roster."""
        return self.begin[roster.group[project], activity] + self.within(roster, project, activity, copy)

    def by_name(self, group: int, values: Floats) -> dict[str, Floats]:
        """The values of a group by activity, of shape (projects, copies); `values` has one entry per cell."""
        found = {}
        for name, number in self._activities.items():
            begin, copies = int(self.begin[group, number]), int(self.copies[group, number])
            if begin >= 0:
                end = begin + self._counts[group] * copies
                found[name] = values[begin:end].reshape(-1, copies)
        return found

    def ahead(self, roster: Roster) -> Floats:
        """The share of each cell that is still to be done."""
        return np.ones(self.total) if roster.ahead is None else roster.ahead

    def most(self, roster: Roster, values: Floats, activity: int) -> Floats:
        """The greatest value of each project among the copies of an activity, 1 where its group has none of it."""
        found = np.ones(len(roster.group))
        for group, first in enumerate(roster.first.tolist()):
            begin, copies = int(self.begin[group, activity]), int(self.copies[group, activity])
            if begin >= 0:
                count = self._counts[group]
                found[first : first + count] = values[begin : begin + count * copies].reshape(-1, copies).max(axis=1)
        return found
