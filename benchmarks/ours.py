"""The workload in our own engine: the shipped scenario, with draws of its own or with the workload's."""

from __future__ import annotations

import numpy as np

from benchmarks.workload import Inputs, Outcome, Variant
from parkflow.scenarios.load import load
from parkflow.sim.assembly import assemble
from parkflow.sim.draws import ActivityDraws, GroupDraws, Version
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import Records

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
    return assemble(layout, [GroupDraws(projects, {key: _given(inputs, number) for number, key in _numbered(layout)})])


def outcome(records: Records) -> Outcome:
    """Lead times from arrival to groundbreaking, and the time of the last event."""
    days = records.milestone("groundbreaking")
    return Outcome(days - records.plan.cases.arrival, records.over, 0)


def _numbered(layout: Layout) -> list[tuple[int, str]]:
    return list(enumerate(layout.scenario.activities))


def _given(inputs: Inputs, number: int) -> ActivityDraws:
    attempts = inputs.attempts[:, number, None]
    durations = inputs.durations[:, number]
    later = np.arange(1, durations.shape[1]) < attempts
    again = durations[:, 1:][later]
    version = Version(durations[:, :1], attempts, np.zeros(len(again)), again)
    return ActivityDraws(np.ones(attempts.shape, dtype=bool), np.zeros(attempts.shape, dtype=bool), version)
