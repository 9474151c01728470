"""One replication under one scenario, and how to make it: what the rooms above know of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.cases import project_cases, project_groups, stages_at_the_start, unfinished
from parkflow.analysis.replication.controls import Controls
from parkflow.analysis.replication.critical_path import Ways, activities_on_the_way, recounted, ways
from parkflow.analysis.replication.desk_loads import DeskLimits, DeskLoad, desk_limits, desk_loads
from parkflow.analysis.replication.efforts import Effort, Sittings, efforts, idle, sittings
from parkflow.analysis.replication.issue_cases import (
    expects_issues,
    issue_cases,
    solutions,
    solvers,
    solving_steps,
    times_begun,
)
from parkflow.analysis.replication.milestones import (
    Pair,
    Reached,
    Span,
    earlier,
    projects_reached,
    reached,
    restricted,
    saved,
    span,
)
from parkflow.analysis.replication.moments import Who, attribute, covered, moments
from parkflow.analysis.replication.months import months
from parkflow.analysis.replication.tables import Table, Tables, tables
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Chance, LatinHypercube, Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
LaidOut = Layout
"""A scenario laid out, ready to run; rooms above hand it on and do not look inside."""


@dataclass(frozen=True)
class Replication:
    """What happened to the projects of one replication under one scenario, as columns made when they are asked for.

    Columns of projects have one entry per project, in one order; those of issues one entry per planned issue. Days are
    floats since the start of the scenario.
    """

    records: Records = field(repr=False)

    @property
    def scenario(self) -> Scenario:
        """The park under the policy."""
        return self.records.layout.scenario

    @property
    def over(self) -> float:
        """The day on which the run was over: the horizon, or the last event where there is none."""
        return self.records.over

    @cached_property
    def groups(self) -> NDArray[np.str_]:
        """Group of each project."""
        return project_groups(self.records)

    @cached_property
    def withdrawn(self) -> Bools:
        """Which projects have withdrawn."""
        return self.records.withdrawn[project_cases(self.records)]

    def has(self, activity: str) -> bool:
        """Whether the scenario has this activity."""
        return activity in self.records.layout.number

    def reached(self, milestone: str) -> Reached:
        """When the projects reached a milestone; raises `KeyError` where the scenario has none of this name."""
        return projects_reached(self.records, milestone)

    def span(self, pair: Pair) -> Span:
        """Days of each project between two milestones."""
        return span(self.records, pair)

    def saved(self, baseline: Replication, pair: Pair) -> Span:
        """Days that each project saves against a baseline; raises `ValueError` if the projects are not the same."""
        return saved(self.records, baseline.records, pair)

    def restricted(self, baseline: Replication, pair: Pair) -> tuple[Span, Span]:
        """Spans of this run and of a baseline, up to the same time after the first milestone."""
        return restricted(self.records, baseline.records, pair)

    def earlier(self, baseline: Replication, milestone: str) -> Span:
        """Days by which each project reaches a milestone earlier than under a baseline."""
        return earlier(self.records, baseline.records, milestone)

    def ways(self, pair: Pair, counted: Floats | None = None) -> Ways:
        """Days between two milestones by project and cause, which sum to the days `counted`: those of `span`."""
        return ways(self.records, pair, counted)

    def recounted(self, pair: Pair, known: Ways, before: Floats, counted: Floats) -> Ways:
        """The ways `known` with other days than those `before`."""
        return recounted(self.records, pair, known, before, counted)

    @property
    def unfinished(self) -> Bools:
        """Which projects have neither withdrawn nor come to their last step."""
        return unfinished(self.records)[project_cases(self.records)]

    @property
    def on_the_way(self) -> dict[str, bool]:
        """The activities that took place, and whether some project's way to a milestone led through each of them."""
        return activities_on_the_way(self.records)

    @cached_property
    def stages(self) -> NDArray[np.str_]:
        """Stage in which each project is at the start; empty for those that are still to arrive."""
        return stages_at_the_start(self.records)

    @cached_property
    def desk_loads(self) -> tuple[DeskLoad, ...]:
        """What each desk was asked and gave."""
        return tuple(desk_loads(self.records))

    @cached_property
    def desk_limits(self) -> tuple[DeskLimits, ...]:
        """How each desk kept its limits."""
        return tuple(desk_limits(self.records))

    @cached_property
    def efforts(self) -> tuple[Effort, ...]:
        """Working days of officers by desk."""
        return tuple(efforts(self.records))

    @cached_property
    def sittings(self) -> tuple[Sittings, ...]:
        """Sittings held by meeting."""
        return tuple(sittings(self.records))

    @cached_property
    def idle(self) -> dict[str, float]:
        """Unit-days in store by stock."""
        return idle(self.records)

    def months(self, pair: Pair) -> Table:
        """Work in progress and throughput by month."""
        return dict(months(self.records, pair))

    def issue_days(self, milestone: str) -> Floats:
        """Day on which each planned issue reached a milestone of its handling; NaN where it did not."""
        return reached(self.records, milestone, issue_cases(self.records)).day

    @property
    def expects_issues(self) -> bool:
        """Whether issues can arise in the park."""
        return expects_issues(self.records.layout)

    def moments(self, name: str, who: Who = "projects") -> Floats:
        """Day on which each project or planned issue came to a moment, such as ``earthworks.start``; NaN if never."""
        return moments(self.records, name, who)

    def attribute(self, name: str) -> Floats:
        """One attribute of each project; NaN where its group does not have it."""
        return attribute(self.records, name)

    def covered(self, practice: str) -> Bools:
        """Which projects a practice covers."""
        return covered(self.records, practice)

    @cached_property
    def issue_severity(self) -> NDArray[np.str_]:
        """Name of the severity of each planned issue; empty where the park tells none apart."""
        severity = self.records.plan.cases.severity[issue_cases(self.records)]
        return np.array([*self.scenario.issues.severities, ""], dtype=str)[severity]

    @cached_property
    def solutions(self) -> dict[str, int]:
        """Issues solved by each activity that can solve one."""
        return solutions(self.records)

    @cached_property
    def solved(self) -> int:
        """Issues that were solved."""
        return int((solving_steps(self.records) >= 0).sum())

    @cached_property
    def solvers(self) -> NDArray[np.str_]:
        """Name of the activity that solved each planned issue; empty where none did."""
        return solvers(self.records)

    def times_begun(self, activity: str) -> int:
        """How often an activity took place."""
        return times_begun(self.records, activity)

    def tables(self, pair: Pair, baseline: Replication | None = None) -> Tables:
        """All tables; those of the baseline itself, or of a run by itself, have no `baseline`."""
        return tables(self.records, pair, baseline.records if baseline else None)

    def controls(self, controls: Controls) -> Floats:
        """Control variates read off the plan, each with expectation zero."""
        return controls.read(self.records.plan)


def laid_out(scenario: Scenario) -> LaidOut:
    """The layout of a scenario, made once for all its replications.

    Raises `parkflow.sim.checks.ScenarioError` where the scenario cannot be simulated.
    """
    return Layout(scenario)


def chance_of(latin_hypercube: bool) -> Chance:
    """Draws that are independent from replication to replication, or Latin hypercube blocks of replications."""
    return LatinHypercube if latin_hypercube else Streams


def run(layout: LaidOut, seed: int, replication: int, chance: Chance = Streams) -> Replication:
    """Run one replication of a scenario."""
    return Replication(simulate(layout, seed, replication, chance))


def replicate(
    layouts: Mapping[str, LaidOut], seed: int, replication: int, chance: Chance = Streams
) -> dict[str, Replication]:
    """Run several scenarios on the projects of one replication (common random numbers), drawn once for all of them."""
    streams = chance(seed, replication)
    return {name: run(layout, seed, replication, lambda *_: streams) for name, layout in layouts.items()}


def tables_of(runs: Mapping[str, Replication], baseline: str, pair: Pair) -> dict[str, Tables]:
    """The tables of several policies, with what each saves against the baseline."""
    return {name: it.tables(pair, None if name == baseline else runs[baseline]) for name, it in runs.items()}
