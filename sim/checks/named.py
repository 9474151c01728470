"""Projects of lists: each has a name of its own, dates that fit its stage, and attributes that its class knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from parkflow.sim.checks.attributes import can_be_listed, class_attributes
from parkflow.sim.checks.problem import MOST_COPIES, Problem, Problems, Rule
from parkflow.sim.durations import Bernoulli
from parkflow.sim.kinds import KINDS, MILESTONE
from parkflow.sim.names import listed, nearest
from parkflow.sim.portfolio import chances_of
from parkflow.sim.scenario import Attribute, ByCase, Group, Named, NamedProject, Sampled, Scenario, process_activities


def _all_named(scenario: Scenario) -> Iterator[tuple[str, Group, NamedProject]]:
    """Every project of a list, with the key at which it stands and its group."""
    for name, group in scenario.portfolio.items():
        for number, project in enumerate(group.named):
            yield f"portfolio.{name}.arrivals.projects.{number}", group, project


def _count(scenario: Scenario) -> Problems:
    for name, group in scenario.portfolio.items():
        if group.named and group.count != len(group.named):
            what = f"{group.count} projects, but {len(group.named)} have names"
            yield Problem(f"portfolio.{name}.count", what, f"write count = {len(group.named)}, or leave it out")
        if isinstance(group.arrivals, Named) and group.in_progress:
            what = "each project of a list says itself where it stands"
            yield Problem(f"portfolio.{name}.in_progress", what, "give the projects a stage instead")


def _names(scenario: Scenario) -> Problems:
    times = Counter(project.name for _, _, project in _all_named(scenario))
    for key, _, project in _all_named(scenario):
        group, dash, number = project.name.rpartition("-")
        if not project.name.strip() or not project.name.isprintable():
            yield Problem(f"{key}.name", "is no name", "write one of letters that can be printed")
        elif times[project.name] > 1:
            yield Problem(
                f"{key}.name", f"{times[project.name]} projects are called {project.name!r}", "tell them apart"
            )
        elif dash and number.isdigit() and group in scenario.portfolio and not scenario.portfolio[group].named:
            yield Problem(f"{key}.name", f"a project of the group {group!r} has this name too", "write it otherwise")


def _standing(scenario: Scenario) -> Problems:
    for key, group, project in _all_named(scenario):
        if project.stage is not None and project.stage not in scenario.stages:
            yield Problem(
                f"{key}.stage", f"no stage is called {project.stage!r}", nearest(project.stage, scenario.stages)
            )
        milestones = [
            name for name, it in process_activities(scenario, group.process).items() if KINDS[it.step] == MILESTONE
        ]
        if project.milestone is not None and project.milestone not in milestones:
            what = f"{project.milestone!r} is no milestone of its process"
            yield Problem(f"{key}.milestone", what, nearest(project.milestone, milestones))


def _days(scenario: Scenario) -> Problems:
    if scenario.start is None and any(_dated(project) for _, _, project in _all_named(scenario)):
        return
    for key, _, project in _all_named(scenario):
        if wrong := _wrong_day(scenario, project):
            field, what, remedy = wrong
            yield Problem(f"{key}.{field}", what, remedy)


def _wrong_day(scenario: Scenario, project: NamedProject) -> tuple[str, str, str] | None:
    """The field whose day does not fit, what it says, and what would be right; None where all fit."""
    on, since = (None if day is None else scenario.day(day) for day in (project.on, project.since))
    start = scenario.start or "day 0"
    if project.stage is None and since is not None:
        return "since", "the day of a stage that is not given", "give the stage, or leave the day out"
    if project.stage is None and on is None:
        return "on", "neither a day nor a stage is given", "give the day, or the stage that it has reached"
    if project.stage is None and on is not None and on < 0:
        remedy = "give the stage that it had reached by then, or move start"
        return "on", f"{project.on} lies before the start ({start})", remedy
    late = next((field for field, day in (("since", since), ("on", on)) if day is not None and day > 0), None)
    if project.stage is not None and late:
        what = f"{getattr(project, late)} lies after the start ({start}), by which it has reached a stage"
        return late, what, "leave the stage out, or move start"
    if on is not None and since is not None and since < on:
        return "since", f"{project.since} lies before {project.on}", "mend one of the two days"
    return None


def _dated(project: NamedProject) -> bool:
    return any(day is not None and not isinstance(day, int | float) for day in (project.on, project.since))


def _attributes(scenario: Scenario) -> Problems:
    by_value, counting = _told_apart(scenario), {it.per for it in scenario.activities.values() if it.per}
    for key, group, project in _all_named(scenario):
        known = class_attributes(scenario, group.of) if group.of in scenario.classes else {}
        for name, value in project.attributes.items():
            if name not in known:
                what = f"projects of class {group.of!r} have no attribute {name!r}"
                yield Problem(f"{key}.attributes.{name}", what, nearest(name, known))
            elif remedy := _unfit(known[name], known, value, name in by_value, name in counting):
                yield Problem(f"{key}.attributes.{name}", f"{value:g} cannot be", remedy)


def _told_apart(scenario: Scenario) -> set[str]:
    """The attributes whose values are names: cases of others, or what an activity is for."""
    every = [scenario.attributes, *(kind.attributes for kind in scenario.classes.values())]
    cases = {it.of for attributes in every for it in attributes.values() if isinstance(it, ByCase)}
    return cases | {name for activity in scenario.activities.values() for name in activity.applies.where}


def _unfit(
    attribute: Attribute, known: dict[str, Attribute], value: float, by_value: bool, counting: bool
) -> str | None:
    """What would be right where a value does not fit an attribute, None where it does."""
    possible = chances_of(attribute, known) if can_be_listed(attribute, known) else {}
    if possible and (by_value or _is_flag(attribute)):
        return None if value in possible else f"write one of {listed(f'{each:g}' for each in possible)}"
    if counting:
        return (
            None if value == int(value) and 0 <= value <= MOST_COPIES else f"write a whole number up to {MOST_COPIES}"
        )
    return None if value > 0 or value in possible else "write a number above 0"


def _is_flag(attribute: Attribute) -> bool:
    return isinstance(attribute, Sampled) and isinstance(attribute.sampled, Bernoulli)


RULES: tuple[Rule, ...] = (
    _count,
    _names,
    _standing,
    _days,
    _attributes,
)
