"""What is allowed in a scenario and hardly meant: found without a run, told by `parkflow check` as warnings."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from parkflow.sim.calendars import days_of, work_curve
from parkflow.sim.checks import Problem
from parkflow.sim.circulation import circulation_of
from parkflow.sim.levers import SERIAL
from parkflow.sim.reach import levers_by_tag
from parkflow.sim.scenario import Activity, Scenario

APPROVALS = "approvals"
"""The stage whose activities levers are expected to reach."""

HARDLY = 0.05
"""Working days per day below which a calendar hardly opens."""

LAST = ("milestone", "end")
"""Steps that nothing needs to wait for."""


def doubts(scenario: Scenario, own: Collection[str]) -> Iterator[Problem]:
    """What is hardly meant; `own` are the activities that the user's files declare."""
    activities = {name: scenario.activities[name] for name in own if name in scenario.activities}
    for name, activity in activities.items():
        if "project" in activity.processes:
            yield from _nobody_waits(scenario, name, activity)
            yield from _passed_by(scenario, name, activity)
    for name, calendar in scenario.calendars.items():
        share = work_curve(scenario, name).total * (1 - calendar.lost) / days_of(scenario)
        if share < HARDLY:
            what = f"brings a working day every {1 / share:.0f} days only"
            yield Problem(f"calendars.{name}", what, "let week, months, windows and lost leave more days to work")
    if scenario.cohort and scenario.day(scenario.cohort.by) < 0:
        remedy = 'give a date within the run, or drop what is inherited: without = ["cohort"]'
        yield Problem("cohort.by", f"{scenario.cohort.by} lies before the start ({scenario.start})", remedy)
    serial = scenario.policies.get(SERIAL)
    if serial and (serial.levers or serial.includes):
        what = "the policy that others are compared with has levers"
        yield Problem(f"policies.{SERIAL}", what, "give the policy another name, and compare with it as baseline")


def _nobody_waits(scenario: Scenario, name: str, activity: Activity) -> Iterator[Problem]:
    if activity.step in LAST or activity.gives or _followers(scenario, name):
        return
    remedy = f'add "{name}" to the needs of what cannot go on without it'
    yield Problem(f"activities.{name}", "nothing waits for it, so that it delays nobody", remedy)


def _followers(scenario: Scenario, name: str) -> list[str]:
    """The activities that wait for this one, or for its circulation."""
    names = {name, circulation_of(name)}
    waiting = ((other, {*it.predecessors, *it.previous}) for other, it in scenario.activities.items())
    return [other for other, before in waiting if other not in names and names & before]


def _passed_by(scenario: Scenario, name: str, activity: Activity) -> Iterator[Problem]:
    """An approval that comes at the same time and takes as long under every policy."""
    if activity.stage != APPROVALS or activity.step in (*LAST, "notice", "stock"):
        return
    after = (it.after for it in scenario.activities.values())
    is_custom = activity.after or any({name, circulation_of(name)} & waits.keys() for waits in after)
    if not is_custom and not set(activity.tags) & levers_by_tag(scenario).keys():
        remedy = (
            'say what custom puts before it, after = { other = "parallel_approvals" }, or give it tags = ["submission"]'
        )
        yield Problem(f"activities.{name}", "no lever touches it, neither its place nor its time", remedy)
