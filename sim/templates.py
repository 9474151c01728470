"""The networks of the cases of a scenario as arrays, one template for all cases that share practices and copies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.network import ARRIVAL, Network, Networks, counts
from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Scenario, process_activities

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Template:
    """The network of all cases that share practices and copies, as arrays by local step number.

    `slot[a]` is the first step of activity a (-1: absent); the steps that wait for step s are
    `targets[edges_begin[s]:edges_end[s]]`.
    """

    activity: Ints
    copy: Ints
    waiting: Ints
    edges_begin: Ints
    edges_end: Ints
    targets: Ints
    slot: Ints
    network: Network = field(repr=False)


@dataclass(frozen=True)
class Bank:
    """Templates one behind another: row `begin[t]` of a column is that of the first step of template t.

    `edges_begin` and `edges_end` count the edges of all templates, `targets` the steps of each one's own. `slot` has
    shape (templates, activities).
    """

    templates: tuple[Template, ...]

    @cached_property
    def size(self) -> Ints:
        """Number of steps by template."""
        return np.array([len(template.activity) for template in self.templates], dtype=np.int64)

    @cached_property
    def begin(self) -> Ints:
        """First row by template."""
        return np.cumsum(self.size) - self.size

    @cached_property
    def edges(self) -> Ints:
        """Number of edges by template."""
        return np.array([len(template.targets) for template in self.templates], dtype=np.int64)

    @cached_property
    def first_edge(self) -> Ints:
        """First edge by template."""
        return np.cumsum(self.edges) - self.edges

    @cached_property
    def activity(self) -> Ints:
        """Activity of each row."""
        return np.concatenate([template.activity for template in self.templates])

    @cached_property
    def copy(self) -> Ints:
        """Copy of each row."""
        return np.concatenate([template.copy for template in self.templates])

    @cached_property
    def waiting(self) -> Ints:
        """Number of predecessors of each row."""
        return np.concatenate([template.waiting for template in self.templates])

    @cached_property
    def edges_begin(self) -> Ints:
        """First edge of each row."""
        own = np.concatenate([template.edges_begin for template in self.templates])
        return own + np.repeat(self.first_edge, self.size)

    @cached_property
    def edges_end(self) -> Ints:
        """Edge behind the last one of each row."""
        own = np.concatenate([template.edges_end for template in self.templates])
        return own + np.repeat(self.first_edge, self.size)

    @cached_property
    def targets(self) -> Ints:
        """The step, within the template, to which each edge leads."""
        return np.concatenate([template.targets for template in self.templates])

    @cached_property
    def slot(self) -> Ints:
        """First step, within the template, of each activity (-1: absent)."""
        return np.stack([template.slot for template in self.templates])


@dataclass(frozen=True)
class Nodes:
    """The nodes of many cases, one case behind another; `template` has the network of each case.

    The templates stand one behind another in a bank; node i of a case is row `row[i]` of it::

        bank     template 0: 0 1 2 3 | template 1: 4 5 6      case 0 has template 1, case 1 template 0:
        nodes    case 0: 4 5 6 | case 1: 0 1 2 3              rows of the bank, in the order of cases
    """

    bank: Bank
    template: Ints

    @cached_property
    def first(self) -> Ints:
        """First node of each case."""
        size = self.bank.size[self.template]
        return np.cumsum(size) - size

    @cached_property
    def case(self) -> Ints:
        """Case of each node."""
        return np.repeat(np.arange(len(self.template)), self.bank.size[self.template])

    @cached_property
    def row(self) -> Ints:
        """Row of the bank of each node."""
        return np.arange(len(self.case)) + (self.bank.begin[self.template] - self.first)[self.case]

    @cached_property
    def activity(self) -> Ints:
        """Number of the activity of each node."""
        return self.bank.activity[self.row]

    @cached_property
    def copy(self) -> Ints:
        """Number of the copy of each node."""
        return self.bank.copy[self.row]

    def first_of(self, case: Ints, activity: Ints) -> Ints:
        """The first node of an activity in each case (-1: it has none)."""
        slot = self.bank.slot[self.template[case], activity]
        return np.where(slot < 0, -1, self.first[case] + slot)

    def row_of(self, case: Ints, activity: Ints) -> Ints:
        """The row of the bank of the first node of an activity in each case, which has one."""
        template = self.template[case]
        found: Ints = self.bank.begin[template] + self.bank.slot[template, activity]
        return found

    def edges(self) -> tuple[Ints, Ints, Ints]:
        """Begin and end of the edges of each node, and the nodes to which all edges lead."""
        bank, number = self.bank, self.bank.edges[self.template]
        shift = np.cumsum(number) - number - bank.first_edge[self.template]
        along = np.arange(number.sum()) - np.repeat(shift, number)
        moved = shift[self.case]
        targets = bank.targets[along] + np.repeat(self.first, number)
        return bank.edges_begin[self.row] + moved, bank.edges_end[self.row] + moved, targets


class Templates:
    """The templates of a scenario, compiled as they are met; activities in `without` have no place in them."""

    def __init__(self, scenario: Scenario, without: Collection[str] = frozenset()) -> None:
        """Start without any."""
        self._scenario, self._without = scenario, without
        self._activity = {name: number for number, name in enumerate((ARRIVAL, *scenario.activities))}
        self._number: dict[tuple[object, ...], int] = {}
        self._found: list[Template] = []
        self._bank = Bank(())
        self._networks: dict[str, Networks] = {}
        self._named: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    @property
    def bank(self) -> Bank:
        """All templates met so far."""
        if len(self._bank.templates) < len(self._found):
            self._bank = Bank(tuple(self._found))
        return self._bank

    def of_projects(self, roster: Roster, project: Ints, serial: bool = False) -> Ints:
        """The template of each of some projects, given by their places in the roster; serially, no practice is on."""
        found = np.empty(len(project), dtype=np.int64)
        for process in dict.fromkeys(projects.group.process for projects in roster.groups):
            mine = roster.in_process(process)[project]
            practices = {} if serial else roster.practices
            if mine.any():
                found[mine] = self.numbers(process, practices, roster.attributes, project[mine])
        return found

    def numbers(self, process: str, practices: Mapping[str, Bools], attributes: Mapping[str, Floats], of: Ints) -> Ints:
        """The template of each case of a process; `of` has the place of its project in the columns.

        Without `practices`, none is in force.
        """
        named, counted = self._names(process)
        named = named if practices else ()
        columns = [practices[key][of] for key in named] + [attributes[key][of] for key in counted]
        if not columns:
            return np.full(len(of), self._numbered(process, (), ()))
        table = np.column_stack(columns).astype(np.int64)
        if len(table) and (table == table[0]).all():
            keys, which = table[:1], np.zeros(len(table), dtype=np.int64)
        else:
            keys, which = np.unique(table, axis=0, return_inverse=True)
        found = []
        for key in keys.tolist():
            in_force = tuple(name for name, on in zip(named, key, strict=False) if on)
            found.append(self._numbered(process, in_force, tuple(zip(counted, key[len(named) :], strict=True))))
        return np.array(found, dtype=np.int64)[which.ravel()]

    def _names(self, process: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The practices that change the precedence of a process, and the attributes that count copies."""
        if process not in self._named:
            activities = process_activities(self._scenario, process).values()
            named = {practice for a in activities for practice in (*a.after.values(), *a.previous.values())}
            customs = tuple(practice for practice in self._scenario.practices if practice in named)
            self._named[process] = customs, counts(self._scenario, process)
        return self._named[process]

    def _numbered(self, process: str, practices: tuple[str, ...], copies: tuple[tuple[str, int], ...]) -> int:
        key = (process, practices, copies)
        if key not in self._number:
            self._number[key] = len(self._found)
            if process not in self._networks:
                self._networks[process] = Networks(self._scenario, process, self._without)
            net = self._networks[process].network(practices, dict(copies))
            self._found.append(compiled(net, self._activity))
        return self._number[key]


def compiled(net: Network, number: Mapping[str, int]) -> Template:
    """The template of a network; `number` has the activities' numbers by name."""
    activity = np.array([number[name] for name, _ in net.nodes])
    slot = np.full(len(number), -1)
    slot[activity[::-1]] = np.arange(len(activity))[::-1]
    after = net.successors()
    edges = np.array([0, *accumulate(len(nodes) for nodes in after)])
    return Template(
        activity=activity,
        copy=np.array([copy for _, copy in net.nodes]),
        waiting=np.array([len(before) for before in net.predecessors]),
        edges_begin=edges[:-1],
        edges_end=edges[1:],
        targets=np.array([node for nodes in after for node in nodes], dtype=np.int64),
        slot=slot,
        network=net,
    )
