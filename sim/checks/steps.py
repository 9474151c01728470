"""Activities follow each other without circles."""

from __future__ import annotations

from parkflow.sim.checks.problem import Problem, Problems, Rule
from parkflow.sim.checks.references import processes
from parkflow.sim.circulation import circulation_of
from parkflow.sim.names import listed, nearest
from parkflow.sim.network import ARRIVAL, network
from parkflow.sim.scenario import (
    Activity,
    Scenario,
)


def _predecessors(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for field in ("needs", "after", "previous"):
            for before in getattr(activity, field):
                yield from _predecessor(scenario, f"activities.{name}.{field}", activity, before)


def _predecessor(scenario: Scenario, key: str, activity: Activity, before: str) -> Problems:
    if before == ARRIVAL and not key.endswith(".previous"):
        return
    if before not in scenario.activities:
        known = [name for name, other in scenario.activities.items() if set(other.processes) & set(activity.processes)]
        yield Problem(key, f"no activity is called {before!r}", nearest(before, known))
    elif not set(scenario.activities[before].processes) & set(activity.processes):
        yield Problem(
            key,
            f"{before!r} belongs to no process of this activity",
            f"remove it, or give both one of {listed(activity.processes)}",
        )


def _cycles(scenario: Scenario) -> Problems:
    # Two copies of everything repeated are enough to close any circle through the previous copy.
    copies = {activity.per: 2 for activity in scenario.activities.values() if activity.per}
    for process in processes(scenario):
        try:
            network(scenario, process, copies=copies).order()
        except ValueError as error:
            circle = str(error)
            first, *others = [f"activities.{name}" for name in dict.fromkeys(circle.split(" → "))]
            what = f"the precedence goes round in a circle: {circle}"
            yield Problem(first, what, "remove one of these links", tuple(others))


def _previous(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        key = f"activities.{name}.previous"
        if activity.previous and activity.per is None:
            yield Problem(
                key, "this activity has no copies", "add per = the attribute that counts them, or remove previous"
            )
            continue
        for before in activity.previous:
            other = scenario.activities.get(before)
            if other and other.per != activity.per:
                yield Problem(
                    key, f"{before!r} is not repeated per {activity.per}", f"add per = {activity.per!r} to it"
                )


def _circulations(scenario: Scenario) -> Problems:
    """A circulation that is still on its desk step found its name taken."""
    for name, activity in scenario.activities.items():
        if activity.circulation is not None:
            taken = circulation_of(name)
            what = f"the activity that holds it would be called {taken!r}, and there is one already"
            yield Problem(f"activities.{name}.circulation", what, f"change activities.{taken}.duration, or rename it")
        elif activity.circulation_calendar is not None:
            key = f"activities.{name}.circulation_calendar"
            yield Problem(key, "this desk step has no circulation", 'add circulation = "5 wd", or remove the calendar')


def _took_place(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        key, before = f"activities.{name}.applies.took_place", activity.applies.took_place
        if before is None or before not in scenario.activities:
            continue
        if before not in always_before(scenario, name):
            yield Problem(key, f"may be reached before {before!r} is over", f"add {before!r} to its needs")
        elif scenario.activities[before].per not in (None, activity.per):
            yield Problem(
                key, f"{before!r} has copies of its own", f"give both per = {scenario.activities[before].per!r}"
            )


def _ahead_of(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        key = f"activities.{name}.applies.ahead_of"
        named = dict.fromkeys((*activity.applies.ahead_of, *activity.applies.ahead_of.values()))
        for before in (before for before in named if before in scenario.activities):
            if before not in always_before(scenario, name):
                yield Problem(key, f"may be reached before {before!r} is over", f"add {before!r} to its needs")
            elif scenario.activities[before].per:
                yield Problem(key, f"{before!r} has several copies", "name activities that take place once")


def _fronts(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        if activity.fronts and not activity.previous:
            what = "nothing in a previous copy holds this activity up"
            yield Problem(f"activities.{name}.fronts", what, 'add previous = { predecessor = "" }, or remove fronts')


def always_before(scenario: Scenario, name: str) -> set[str]:
    """The activities that come before this one whatever customs are waived."""
    found: set[str] = set()
    waiting = [name]
    for each in waiting:
        for before in scenario.activities[each].needs:
            if before in scenario.activities and before not in found:
                found.add(before)
                waiting.append(before)
    return found


def _question(scenario: Scenario) -> Problems:
    asked = scenario.question
    if asked and asked.start in scenario.activities and asked.end in always_before(scenario, asked.start):
        yield Problem("question.from", f"{asked.start!r} cannot come before {asked.end!r}", "swap from and to")


RULES: tuple[Rule, ...] = (
    _question,
    _circulations,
    _took_place,
    _ahead_of,
    _fronts,
    _predecessors,
    _previous,
    _cycles,
)
