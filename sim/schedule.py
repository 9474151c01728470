"""Schedules without waiting: when the nodes of many networks begin and end, level by level for all cases at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.network import Network
from parkflow.sim.templates import Bank, Nodes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Schedule:
    """When the activities of some projects begin and end without waiting, in days since arrival; one entry per node.

    `project` has the place in the roster of each case of the nodes.
    """

    project: Ints
    nodes: Nodes
    begin: Floats
    end: Floats

    def least(self, values: Floats) -> Floats:
        """The least value of each project; `values` has one entry per node."""
        found: Floats = np.minimum.reduceat(values, self.nodes.first)
        return found

    def most(self, values: Floats) -> Floats:
        """The greatest value of each project; `values` has one entry per node."""
        found: Floats = np.maximum.reduceat(values, self.nodes.first)
        return found


class _Order(NamedTuple):
    """The level of each row of a bank, and its predecessors within the template.

    Level 0 waits for nobody, and every other one for levels below it only. Row r has the `number[r]` predecessors from
    `before[begin[r]]` on.
    """

    level: Ints
    begin: Ints
    number: Ints
    before: Ints


class Orders:
    """In which order the nodes of a bank can be scheduled."""

    def __init__(self) -> None:
        """Start with an empty bank."""
        self._known: list[_Order] = []
        self._joined: tuple[Bank, _Order] | None = None

    def schedule(self, nodes: Nodes, days: Floats) -> tuple[Floats, Floats]:
        """Begin and end of every node, in days since arrival; `days` is what each takes."""
        found = self._of(nodes.bank)
        level = found.level[nodes.row].astype(np.uint16)
        order = np.argsort(level, kind="stable")
        number = found.number[nodes.row[order]]
        edge = np.cumsum(number) - number
        along = np.repeat(found.begin[nodes.row[order]] - edge, number) + np.arange(number.sum())
        before = found.before[along] + np.repeat(nodes.first[nodes.case[order]], number)
        ends = np.cumsum(np.bincount(level)).tolist()
        begin, end, edge = np.zeros(len(order)), np.zeros(len(order)), np.append(edge, len(before))
        for a, b in pairwise(ends):
            now, first = order[a:b], edge[a]
            begin[now] = np.maximum.reduceat(end[before[first : edge[b]]], edge[a:b] - first)
            end[now] = begin[now] + days[now]
        return begin, end

    def _of(self, bank: Bank) -> _Order:
        """The order of a bank whose first templates are those met before."""
        if self._joined is None or self._joined[0] is not bank:
            self._known += [_order(template.network) for template in bank.templates[len(self._known) :]]
            columns = [np.concatenate(parts) for parts in zip(*self._known, strict=True)]
            joined = _Order(*columns)
            edges = np.array([len(order.before) for order in self._known], dtype=np.int64)
            shift = np.repeat(np.cumsum(edges) - edges, bank.size)
            self._joined = bank, joined._replace(begin=joined.begin + shift)
        return self._joined[1]


def _order(net: Network) -> _Order:
    """The order of one network."""
    level = [0] * len(net.nodes)
    for node in net.order():
        level[node] = max((level[other] + 1 for other in net.predecessors[node]), default=0)
    number = np.array([len(before) for before in net.predecessors], dtype=np.int64)
    before = np.array([other for each in net.predecessors for other in each], dtype=np.int64)
    return _Order(np.array(level, dtype=np.int64), np.cumsum(number) - number, number, before)
