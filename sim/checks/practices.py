"""Practices are used and can be in force; issues can arise and be closed."""

from __future__ import annotations

from parkflow.sim.checks.problem import CLOSED, HOST, ISSUE, MOST_GATES, Problem, Problems, Rule
from parkflow.sim.checks.steps import always_before
from parkflow.sim.influences import reaches
from parkflow.sim.issues import MOST_ISSUES, category_weights, expected_issues
from parkflow.sim.names import listed, nearest
from parkflow.sim.scenario import (
    Activity,
    Scenario,
    process_activities,
)


def practices_in_use(scenario: Scenario) -> set[str | None]:
    """The practices that waive customs, let activities take place or not, or put a crew to work."""
    used = {crew.practice for crew in scenario.crews.values()}
    for activity in scenario.activities.values():
        used |= {
            *activity.after.values(),
            *activity.previous.values(),
            activity.applies.practice,
            activity.applies.unless,
        }
    return used


def _unused_practices(scenario: Scenario) -> Problems:
    used = practices_in_use(scenario)
    for name, practice in scenario.practices.items():
        if practice.share and name not in used and not practice.effects and not practice.lead:
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
        gates = _gates(scenario, activity)
        if len(gates) > MOST_GATES:
            what = f"the practices {listed(gates.values())} change it, each bound to a unit or window of its own"
            yield Problem(f"activities.{name}.tags", what, f"let at most {MOST_GATES} of them reach this activity")


def _gates(scenario: Scenario, activity: Activity) -> dict[tuple[object, ...], str]:
    """What the practices that change an activity are bound to, with one of those practices each."""
    return {
        (practice.holds, practice.during): name
        for name, practice in scenario.practices.items()
        if (practice.holds or practice.during) and reaches(scenario, practice, activity)
    }


def _bound(scenario: Scenario) -> Problems:
    """What a practice that is bound to a window cannot do."""
    for name, practice in scenario.practices.items():
        if practice.during is None:
            continue
        if any(effect.issues != 1 for effect in practice.effects):
            what = "issues are prevented or not whatever the day"
            yield Problem(f"practices.{name}.during", what, "move the effects on issues to a practice without during")
        if name in practices_in_use(scenario):
            what = "what a practice waives cannot depend on the day on which a step starts"
            yield Problem(f"practices.{name}.during", what, "use window, the dates of arrival, or another practice")


def _leads(scenario: Scenario) -> Problems:
    places = {**scenario.desks, **scenario.meetings, **scenario.stocks}
    for name, practice in scenario.practices.items():
        for place in practice.at:
            if place not in places:
                what = f"no desk, meeting or stock is called {place!r}"
                yield Problem(f"practices.{name}.at", what, nearest(place, list(places)))


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


def _severities(scenario: Scenario) -> Problems:
    severities = scenario.issues.severities
    if severities and not any(severity.weight for severity in severities.values()):
        yield Problem("issues.severities", "none ever occurs", "give one of them a weight above 0")


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
        ("applies.severity", applies.severity),
        ("applies.stops", applies.stops is not None),
        ("applies.unsolved", applies.unsolved),
        ("applies.solved", applies.solved),
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
    _bound,
    _leads,
    _branches,
    _issues,
    _severities,
)
