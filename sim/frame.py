"""The frame of a plan: its cases, and the activity of each of their steps, before chance decides anything about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.issues import Issues
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Cases
from parkflow.sim.roster import Roster
from parkflow.sim.templates import Bank, Nodes, Templates

Ints = NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True)
class Frame:
    """Cases and steps: the projects in the order of the roster, then the issues.

    `project` is the place in the roster of each case's project. Steps are the nodes of all cases.
    """

    roster: Roster
    issues: Issues
    cases: Cases
    project: Ints
    nodes: Nodes
    _made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is made, under this name, of the nodes and of what cases have whatever chance decides about them.

        Frames of one layout that have the same nodes and no issues share it, so who asks must not change it.
        """
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    @property
    def key(self) -> str:
        """A name of the nodes, which all frames with nodes of the same cases, activities and copies have."""
        columns = self.nodes.first, self.nodes.activity, self.nodes.copy
        return self.once("key", lambda: blake2b(b"".join(each.tobytes() for each in columns)).hexdigest())

    @property
    def owner(self) -> Ints:
        """Place in the roster of the project of each step."""
        return self.once("owner", lambda: self.project[self.nodes.case])

    @property
    def first_issue(self) -> int:
        """Number of the first case that is an issue; as many cases are projects."""
        return len(self.roster.group)

    def step_of(self, case: Ints, activity: Ints) -> Ints:
        """The first step of an activity in each case's own network, or in its project's (-1: neither has it)."""
        found = self.nodes.first_of(case, activity)
        elsewhere = np.flatnonzero(found < 0)
        found[elsewhere] = self.nodes.first_of(self.cases.parent[case[elsewhere]], activity[elsewhere])
        return found


def templates_of(layout: Layout) -> Templates:
    """The templates of a layout's cases."""
    return Templates(layout.scenario, layout.idle)


class _Known:
    """What was made of the last frame of a layout that had no issues."""

    def __init__(self) -> None:
        self._counts, self._made = np.empty(0, dtype=np.int64), dict[str, Any]()
        self._nodes = Nodes(Bank(()), self._counts)

    def of(self, counts: Ints, nodes: Nodes) -> tuple[Nodes, dict[str, Any]]:
        """The same nodes for groups of as many projects, with what was made of them; else these, and nothing yet."""
        last = self._nodes
        same = last.bank is nodes.bank and np.array_equal(last.template, nodes.template)
        if not (same and np.array_equal(self._counts, counts)):
            self._counts, self._nodes, self._made = counts, nodes, {}
        return self._nodes, self._made


def _known(layout: Layout) -> _Known:
    return _Known()


def framed(layout: Layout, roster: Roster, issues: Issues) -> Frame:
    """The frame of a plan for these projects and issues."""
    templates, made = layout.kept(templates_of), dict[str, Any]()
    template = templates.of_projects(roster, np.arange(len(roster.group)))
    if issues.count:
        theirs = templates.numbers("issue", roster.practices, roster.attributes, issues.project)
        template = np.concatenate((template, theirs))
    nodes = Nodes(templates.bank, template)
    if not issues.count:
        nodes, made = layout.kept(_known).of(roster.counts, nodes)
    project = np.concatenate((np.arange(len(roster.group)), issues.project))
    if "cases" not in made:
        made["cases"] = _cases(roster, issues, project, nodes.first)
    cases: Cases = made["cases"]
    arrival = np.concatenate((roster.arrival, np.full(issues.count, np.inf)))
    tie = np.concatenate((roster.tie, np.zeros(issues.count)))
    return Frame(roster, issues, cases._replace(arrival=arrival, tie=tie), project, nodes, made)


def _cases(roster: Roster, issues: Issues, project: Ints, first: Ints) -> Cases:
    """The cases, but for what is drawn of them; `project` has the place in the roster of each one's project."""
    none, later = np.full(len(roster.group), -1), np.empty(0)
    return Cases(
        group=roster.group[project],
        row=roster.row[project],
        parent=project,
        first=first,
        arrival=later,
        tie=later,
        category=np.concatenate((none, issues.category)),
        severity=np.concatenate((none, issues.severity)),
        place=np.concatenate((none, issues.place)),
    )
