"""Practices are used and can be in force; issues can arise and be closed."""

from __future__ import annotations

from parkflow.sim.checks.problem import CLOSED, HOST, ISSUE, MOST_GATES, Problem, Problems, Rule
from parkflow.sim.checks.steps import always_before
from parkflow.sim.issues import MOST_ISSUES, category_weights, expected_issues
from parkflow.sim.names import listed, nearest
from parkflow.sim.scenario import (
    Activity,
    Practice,
    Scenario,
    process_activities,
)


def _unused_practices(scenario: Scenario) -> Problems:
    used = {crew.practice for crew in scenario.crews.values()}
    for activity in scenario.activities.values():
        used |= {
            *activity.after.values(),
            *activity.previous.values(),
            activity.applies.practice,
            activity.applies.unless,
        }
    for name, practice in scenario.practices.items():
        if practice.share and name not in used and not practice.effects:
            remedy = 'name it in an activity\'s after, "predecessor" = "practice", give it effects, or remove it'
            yield Problem(f"practices.{name}", "in force, but nobody waives anything for it", remedy)


def _effects(scenario: Scenario) -> Problems:
    tags = dict.fromkeys(tag for activity in scenario.activities.values() for tag in activity.tags)
    for name, practice in scenario.practices.items():
        for index, effect in enumerate(practice.effects):
            for tag in effect.tags:
                if tag not in tags:
                    yield Problem(
                        f"practices.{name}.effects.{index}.tags",
                        f"no activity carries the tag {tag!r}",
                        nearest(tag, tags),
                    )


def _holds(scenario: Scenario) -> Problems:
    branching = [name for name, a in scenario.activities.items() if a.step == "stock" and a.when_short == "go on"]
    for name, practice in scenario.practices.items():
        if practice.holds is not None and practice.holds not in branching:
            what = f"{practice.holds!r} is not a stock activity that goes on when the store is short"
            remedy = 'give that activity step = "stock" and when_short = "go on"'
            yield Problem(
                f"practices.{name}.holds",
                what,
                remedy if practice.holds in scenario.activities else nearest(practice.holds, branching),
            )
    for name, activity in scenario.activities.items():
        held = {p.holds: key for key, p in scenario.practices.items() if p.holds and _reaches(p, activity)}
        if len(held) > MOST_GATES:
            what = f"the practices {listed(held.values())} all hold a unit and change this activity"
            yield Problem(f"activities.{name}.tags", what, f"let at most {MOST_GATES} of them carry these tags")


def _reaches(practice: Practice, activity: Activity) -> bool:
    return any(set(effect.tags) & set(activity.tags) for effect in practice.effects)


def _branches(scenario: Scenario) -> Problems:
    for name, activity in scenario.activities.items():
        for field in ("taken", "short"):
            stock = getattr(activity.applies, field)
            if stock is None:
                continue
            known = _stock_activities(scenario, activity)
            if stock not in known:
                what = f"no stock activity of the same process is called {stock!r}"
                yield Problem(f"activities.{name}.applies.{field}", what, nearest(stock, known))
            elif ISSUE not in activity.processes and stock not in always_before(scenario, name):
                what = f"may be reached before {stock!r} has decided"
                yield Problem(f"activities.{name}.applies.{field}", what, f"add {stock!r} to its needs")


def _stock_activities(scenario: Scenario, activity: Activity) -> list[str]:
    processes = {*activity.processes, HOST} if ISSUE in activity.processes else set(activity.processes)
    return [
        name
        for name, other in scenario.activities.items()
        if other.step == "stock" and processes & set(other.processes)
    ]


def _issues(scenario: Scenario) -> Problems:
    if scenario.issues.rate > 0:
        if not scenario.issues.categories:
            yield Problem(
                "issues.categories", "issues arise but are of no kind", "add a category with a weight above 0"
            )
        closed = process_activities(scenario, ISSUE).get(CLOSED)
        if closed is None or closed.step != "milestone":
            remedy = f'add [activities.{CLOSED}] with step = "milestone" and processes = ["{ISSUE}"]'
            yield Problem("issues.rate", f"issues arise but no milestone {CLOSED!r} ends them", remedy)
        yield from _issue_numbers(scenario)
    for name, activity in scenario.activities.items():
        yield from _issue_fields(f"activities.{name}", activity)


def _issue_numbers(scenario: Scenario) -> Problems:
    expected = expected_issues(scenario)
    if sum(expected.values()) > MOST_ISSUES / 2:
        what = f"a project meets {sum(expected.values()):.3g} issues on average, more than {MOST_ISSUES // 2}"
        yield Problem("issues.rate", what, "lower rate, stage_factors or exposure")
    stages = dict.fromkeys(scenario.activities[name].stage for name in expected)
    for stage in stages if scenario.issues.categories else ():
        if category_weights(scenario, stage).sum() == 0:
            what = f"issues arise in the stage {stage!r} but no category does"
            yield Problem("issues.categories", what, "add the stage to a category's stages")


def _issue_fields(key: str, activity: Activity) -> Problems:
    if activity.exposure and HOST not in activity.processes:
        yield Problem(f"{key}.exposure", f"issues arise only in the process {HOST!r}", "remove exposure")
    if ISSUE in activity.processes:
        return
    applies = activity.applies
    for field, given in (
        ("solves", activity.solves),
        ("applies.category", applies.category),
        ("applies.unsolved", applies.unsolved),
    ):
        if given:
            yield Problem(
                f"{key}.{field}",
                "only the handling of an issue has this",
                f'remove it, or write processes = ["{ISSUE}"]',
            )


RULES: tuple[Rule, ...] = (
    _unused_practices,
    _effects,
    _holds,
    _branches,
    _issues,
)
