"""Precedence: the directed acyclic network of one project, for the practices in force and the copies it has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from parkflow.sim.scenario import Activity, Applies, Scenario, process_activities

ARRIVAL = "arrival"
"""The implicit first milestone of every process."""

Node = tuple[str, int]
"""An activity and the number of its copy (0 unless it is repeated per building)."""


@dataclass(frozen=True)
class Network:
    """Nodes in the file's order, `ARRIVAL` first, and the nodes that each one waits for, by position."""

    nodes: tuple[Node, ...]
    predecessors: tuple[tuple[int, ...], ...]

    def successors(self) -> tuple[tuple[int, ...], ...]:
        """For each node the nodes that wait for it, in ascending order."""
        return self._after

    @cached_property
    def _after(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for node, before in enumerate(self.predecessors):
            for other in before:
                found[other].append(node)
        return tuple(tuple(nodes) for nodes in found)

    def order(self) -> tuple[int, ...]:
        """Positions such that every node comes after its predecessors.

        Raises `ValueError` naming the activities of a cycle.
        """
        return self._order

    @cached_property
    def _order(self) -> tuple[int, ...]:
        waiting = [len(before) for before in self.predecessors]
        after = self.successors()
        order = [node for node, count in enumerate(waiting) if count == 0]
        for node in order:
            for other in after[node]:
                waiting[other] -= 1
                if waiting[other] == 0:
                    order.append(other)
        if len(order) < len(self.nodes):
            raise ValueError(" → ".join(self._cycle(set(order))))
        return tuple(order)

    def _cycle(self, sorted_out: set[int]) -> list[str]:
        node = next(n for n in range(len(self.nodes)) if n not in sorted_out)
        walked: list[int] = []
        while node not in walked:
            walked.append(node)
            node = next(n for n in self.predecessors[node] if n not in sorted_out)
        return [self.nodes[n][0] for n in reversed([*walked[walked.index(node) :], node])]


def network(
    scenario: Scenario,
    process: str,
    practices: Iterable[str] = (),
    copies: Mapping[str, int] | None = None,
    without: Collection[str] = (),
) -> Network:
    """The network of a project of `process` with these practices in force, by attribute so many copies, or fronts.

    A predecessor that the process does not have is left out; an activity without predecessors waits for `ARRIVAL`.
    Activities in `without` are passed over: what waited for them waits for their predecessors.
    """
    return Networks(scenario, process, without).network(practices, copies or {})


class Networks:
    """The networks of one process; what does not depend on copies is worked out once for each set of practices."""

    def __init__(self, scenario: Scenario, process: str, without: Collection[str] = ()) -> None:
        """Activities in `without` are passed over."""
        self._activities, self._without = process_activities(scenario, process), frozenset(without)
        self._known: dict[frozenset[str], dict[str, list[Node]]] = {}

    def network(self, practices: Iterable[str], copies: Mapping[str, int]) -> Network:
        """The network with these practices in force, and by attribute so many copies, or fronts."""
        in_force = frozenset(practices)
        known = self._known.setdefault(in_force, {})
        ways = _Ways(self._activities, in_force, copies, self._without, known)
        nodes: list[Node] = [(ARRIVAL, 0)]
        for name in self._activities:
            if name not in self._without:
                nodes += [(name, copy) for copy in range(ways.count(name))]
        position = {node: index for index, node in enumerate(nodes)}
        before = (ways.before(node) for node in nodes)
        return Network(tuple(nodes), tuple(tuple(sorted({position[n] for n in named})) for named in before))


def counts(scenario: Scenario, process: str) -> tuple[str, ...]:
    """The attributes that count copies of activities of a process, or those at work at a time."""
    activities = process_activities(scenario, process).values()
    return tuple(sorted({name for a in activities for name in (a.per, a.fronts) if name}))


def idle_activities(scenario: Scenario) -> frozenset[str]:
    """Activities that apply to nobody under this scenario, and need no place in any network."""
    idle = {name for name, activity in scenario.activities.items() if _concerns_nobody(scenario, activity.applies)}
    while True:
        more = {
            name
            for name, activity in scenario.activities.items()
            if not idle.isdisjoint(_must_take_place(activity.applies)) and name not in idle
        }
        if not more:
            return frozenset(idle)
        idle |= more


def _must_take_place(applies: Applies) -> tuple[str | None, ...]:
    """The activities without which this one does not take place."""
    return (applies.taken, applies.took_place, *applies.ahead_of, *applies.ahead_of.values())


def _concerns_nobody(scenario: Scenario, applies: Applies) -> bool:
    if applies.probability == 0 or (applies.practice and scenario.practices[applies.practice].share == 0):
        return True
    return applies.unless is not None and scenario.practices[applies.unless].covers_all


@dataclass(frozen=True)
class _Ways:
    """How the nodes of one network follow each other; `known` are the predecessors that depend on no copies."""

    activities: Mapping[str, Activity]
    in_force: frozenset[str]
    copies: Mapping[str, int]
    without: frozenset[str]
    known: dict[str, list[Node]]

    def count(self, name: str) -> int:
        """Number of copies of an activity."""
        per = self.activities[name].per
        return 1 if per is None else self.copies.get(per, 1)

    def before(self, node: Node) -> list[Node]:
        """The nodes that a node waits for, those passed over replaced by theirs."""
        if node[0] not in self.known:
            found = self._before(node)
            if not self._depends(node[0]):
                self.known[node[0]] = found
            return found
        return self.known[node[0]]

    def _depends(self, name: str) -> bool:
        """Whether what an activity waits for depends on copies."""
        if name not in self.activities:
            return False
        activity = self.activities[name]
        near = [other for other in activity.predecessors if other in self.activities]
        return (
            activity.per is not None
            or any(self.activities[other].per is not None for other in near)
            or any(self._depends(other) for other in near if other in self.without)
        )

    def _before(self, node: Node) -> list[Node]:
        found: list[Node] = []
        for other in self._named(node):
            found += self.before(other) if other[0] in self.without else [other]
        return found if found or node[0] == ARRIVAL else [(ARRIVAL, 0)]

    def _named(self, node: Node) -> list[Node]:
        """The nodes that stand before a node in the file."""
        name, copy = node
        if name == ARRIVAL:
            return []
        activity = self.activities[name]
        names = [
            *activity.needs,
            *(other for other, practice in activity.after.items() if practice not in self.in_force),
        ]
        found = [there for other in names for there in self._copies_of(other, activity, copy)]
        back = copy - self._fronts(activity)
        if back >= 0:
            before = (other for other, practice in activity.previous.items() if practice not in self.in_force)
            found += [(other, back) for other in before]
        return found

    def _fronts(self, activity: Activity) -> int:
        """How many copies can be at work at a time, as far as the ones before hold up those that follow."""
        return 1 if activity.fronts is None else max(1, self.copies.get(activity.fronts, 1))

    def _copies_of(self, other: str, activity: Activity, copy: int) -> list[Node]:
        """The copies of a predecessor that concern one copy of an activity."""
        if other == ARRIVAL:
            return [(ARRIVAL, 0)]
        if other not in self.activities:
            return []
        per = self.activities[other].per
        if per is None:
            return [(other, 0)]
        if self.count(other) == 0:
            return self.before((other, 0))
        return [(other, copy)] if per == activity.per else [(other, k) for k in range(self.count(other))]
