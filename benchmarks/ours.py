"""The workload in our own engine: the shipped scenario, with draws of its own or with the workload's."""

from __future__ import annotations

import numpy as np

from benchmarks.workload import Inputs, Outcome, Variant
from parkflow.scenarios.load import load
from parkflow.sim.assembly import assemble
from parkflow.sim.draws import Attempts, Draws
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import Records
from parkflow.sim.roster import Roster

PRACTICE = "parallel_approvals"


def layout(variant: Variant) -> Layout:
    """The shipped scenario `approvals-275`, serial or parallel."""
    share = 1.0 if variant == "PARALLEL" else 0.0
    return Layout(load("approvals-275").with_changes({f"practices.{PRACTICE}.share": share}))


def given_plan(layout: Layout, inputs: Inputs) -> Plan:
    """The plan of one replication from the workload's own draws."""
    (name,) = layout.groups
    group = layout.scenario.portfolio[name]
    covered = np.full(group.count, layout.scenario.practices[PRACTICE].share == 1)
    projects = Projects(name, group, np.cumsum(inputs.inter), {}, {PRACTICE: covered})
    return assemble(layout, Roster((projects,)), lambda frame, _: _given(inputs, len(frame.nodes.case)))


def outcome(records: Records) -> Outcome:
    """Lead times from arrival to groundbreaking, and the time of the last event."""
    days = records.milestone("groundbreaking")
    return Outcome(days - records.plan.cases.arrival, records.over, 0)


def _given(inputs: Inputs, count: int) -> Draws:
    """The workload's draws for so many steps: every project has its arrival and then all activities, in order."""
    left = inputs.attempts.ravel() - 1
    step = np.delete(np.arange(count), np.s_[:: inputs.attempts.shape[1] + 1])
    later = np.arange(1, inputs.durations.shape[2]) < inputs.attempts[..., None]
    again = inputs.durations[..., 1:][later]
    attempts = Attempts(step, np.zeros_like(step), inputs.durations[..., 0].ravel(), left, np.cumsum(left) - left)
    every = np.ones(count, dtype=bool)
    return Draws(every, ~every, attempts, np.zeros(len(again)), again)
