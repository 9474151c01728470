"""For which projects, or which of their issues, an activity exists, as far as it is known before the run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.issues import Issues
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Applies, Scenario
from parkflow.sim.templates import Nodes

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Conditions:
    """The conditions of the activities of a scenario, each set of them once.

    Row `row[a]` of what `met` gives is that of activity number a, and row 0 that of activities without a condition.
    """

    def __init__(self, scenario: Scenario, serial: bool = False) -> None:
        """Tell the sets of conditions apart; in the serial park every practice is off, and nothing is short or late."""
        self._serial = serial
        self._sets: list[Applies] = [Applies()]
        numbers = {_known(Applies(), serial): 0}
        rows = [0]
        for activity in scenario.activities.values():
            number = numbers.setdefault(_known(activity.applies, serial), len(self._sets))
            if number == len(self._sets):
                self._sets.append(activity.applies)
            rows.append(number)
        self.row: Ints = np.array(rows, dtype=np.int64)

    def met(self, roster: Roster) -> Bools:
        """Which projects meet each set of conditions; shape (sets, projects)."""
        test = concerned_in_the_serial_park if self._serial else concerned
        return np.array([test(applies, roster) for applies in self._sets])


def _known(applies: Applies, serial: bool) -> tuple[object, ...]:
    """What is known of the conditions beforehand, in a form that can be compared."""
    ranges = (applies.where, applies.at_least, applies.at_most)
    never = serial and never_in_the_serial_park(applies)
    practices = () if serial else (applies.practice, applies.unless)
    return (never, practices, applies.classes, *(tuple(each.items()) for each in ranges))


def concerned(applies: Applies, roster: Roster) -> Bools:
    """Projects that meet the conditions on their class, attributes and practices; shape (projects,)."""
    found = alike(applies, roster)
    if applies.practice:
        found &= roster.practices[applies.practice]
    if applies.unless:
        found &= ~roster.practices[applies.unless]
    return found


def never_in_the_serial_park(applies: Applies) -> bool:
    """Whether the conditions can never be met with every practice off, stocks short, nothing late or run ahead."""
    return bool(applies.practice or applies.taken or applies.late or applies.ahead_of)


def concerned_in_the_serial_park(applies: Applies, roster: Roster) -> Bools:
    """Projects that meet the conditions with every practice off, stocks short, nothing late and nothing run ahead."""
    if never_in_the_serial_park(applies):
        return np.zeros(len(roster.group), dtype=bool)
    return alike(applies, roster)


def alike(applies: Applies, roster: Roster) -> Bools:
    """Projects that meet the conditions that no policy changes; shape (projects,)."""
    found = roster.in_classes(applies.classes) if applies.classes else np.ones(len(roster.group), dtype=bool)
    for key, wanted in applies.where.items():
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        found &= np.any([roster.attributes[key] == value for value in values], axis=0)
    for key, least in applies.at_least.items():
        found &= roster.attributes[key] >= least
    for key, most in applies.at_most.items():
        found &= roster.attributes[key] <= most
    return found


class Followers:
    """Activities that take place only where another activity of their case does."""

    def __init__(self, scenario: Scenario) -> None:
        """Note which activity each one follows (0: none), and how many it follows one after another."""
        numbers = {name: number for number, name in enumerate(scenario.activities, start=1)}
        activities = scenario.activities.values()
        self._follows = np.array([0, *(numbers.get(each.applies.took_place or "", 0) for each in activities)])
        self._repeated = np.array([0, *(int(each.per is not None) for each in activities)])
        self._depth = np.array([self._depth_of(number) for number in range(len(self._follows))])

    def _depth_of(self, number: int) -> int:
        return 1 + self._depth_of(int(self._follows[number])) if self._follows[number] else 0

    def follow(self, found: Bools, nodes: Nodes) -> None:
        """Take back what is `found` to take place where what it follows does not; one entry per node."""
        if not self._depth.any():
            return
        following = np.flatnonzero(self._depth[nodes.activity])
        depth = self._depth[nodes.activity[following]]
        for level in range(1, depth.max(initial=0) + 1):
            mine = following[depth == level]
            other = self._follows[nodes.activity[mine]]
            before = nodes.first_of(nodes.case[mine], other)
            before += nodes.copy[mine] * self._repeated[other] * (before >= 0)
            found[mine] &= found[before] | (before < 0)


class IssueConditions:
    """The kinds of issue that activities are for; `some[a]` says whether activity number a is for some kinds only."""

    def __init__(self, scenario: Scenario) -> None:
        """Tabulate the kinds by activity; activity number 0, the arrival, is for all."""
        every = [Applies(), *(activity.applies for activity in scenario.activities.values())]
        self.some: Bools = np.array([bool(a.category or a.severity) or a.stops is not None for a in every])
        self._category = np.array([_named(scenario.issues.categories, a.category) for a in every])
        self._severity = np.array([_named(scenario.issues.severities, a.severity) for a in every])
        self._stops = np.array([[a.stops in (None, stops) for stops in (False, True)] for a in every])

    def met(self, activity: Ints, issue: Ints, issues: Issues) -> Bools:
        """Whether each activity is for its issue; `activity` and `issue` are numbers, one entry per pair."""
        of_kind: Bools = self._category[activity, issues.category[issue]]
        of_kind &= self._severity[activity, issues.severity[issue]]
        of_kind &= self._stops[activity, issues.stops[issue].astype(np.int64)]
        return of_kind


def _named(known: Iterable[str], names: tuple[str, ...]) -> list[bool]:
    """Whether each kind is named, or none is; the last entry is for issues of no kind."""
    return [not names or name in names for name in (*known, None)]
