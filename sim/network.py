"""Precedence: the directed acyclic network of one project, for the practices in force and the copies it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.scenario import Activity, Scenario, process_activities

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
        found: list[list[int]] = [[] for _ in self.nodes]
        for node, before in enumerate(self.predecessors):
            for other in before:
                found[other].append(node)
        return tuple(tuple(nodes) for nodes in found)

    def order(self) -> tuple[int, ...]:
        """Positions such that every node comes after its predecessors.

        Raises `ValueError` naming the activities of a cycle.
        """
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
    scenario: Scenario, process: str, practices: Iterable[str] = (), copies: Mapping[str, int] | None = None
) -> Network:
    """The network of a project of `process` with these practices in force and so many copies by counting attribute.

    A predecessor that the process does not have is left out; an activity without predecessors waits for `ARRIVAL`.
    """
    activities = process_activities(scenario, process)
    in_force, copies = frozenset(practices), copies or {}
    nodes: list[Node] = [(ARRIVAL, 0)]
    for name, activity in activities.items():
        nodes += [(name, copy) for copy in range(_copies(activity, copies))]
    position = {node: index for index, node in enumerate(nodes)}
    before = [_before(activities, node, in_force, copies) for node in nodes]
    return Network(
        tuple(nodes), tuple(tuple(sorted({position[n] for n in named if n in position})) for named in before)
    )


def _copies(activity: Activity, copies: Mapping[str, int]) -> int:
    return 1 if activity.per is None else copies.get(activity.per, 1)


def _before(
    activities: Mapping[str, Activity], node: Node, in_force: frozenset[str], copies: Mapping[str, int]
) -> list[Node]:
    name, copy = node
    if name == ARRIVAL:
        return []
    activity = activities[name]
    names = [*activity.needs, *(other for other, practice in activity.after.items() if practice not in in_force)]
    found: list[Node] = []
    for other in names:
        found += _nodes_named(activities, other, activity, copy, copies)
    if copy > 0:
        found += [(other, copy - 1) for other, practice in activity.previous.items() if practice not in in_force]
    return found or [(ARRIVAL, 0)]


def _nodes_named(
    activities: Mapping[str, Activity], other: str, activity: Activity, copy: int, copies: Mapping[str, int]
) -> list[Node]:
    if other == ARRIVAL:
        return [(ARRIVAL, 0)]
    if other not in activities:
        return []
    per = activities[other].per
    if per is None:
        return [(other, 0)]
    return [(other, copy)] if per == activity.per else [(other, k) for k in range(_copies(activities[other], copies))]
