"""Issues as they are drawn: how many, where, of which kind, and what lies behind a project already at work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.issues import Issues
from parkflow.sim.layout import Layout
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams
from tests.sim.drawn import drawn as draws_of

COUNT = 4000
CLEAR, BUILD = 1, 2
"""Numbers of the two activities in which issues arise."""


def park(**changes: Any) -> Scenario:
    """Projects that meet issues in two stages, of a kind of its own in each."""
    table: dict[str, Any] = {
        "name": "issues",
        "assumed": "made up",
        "stages": ["land", "site"],
        "classes": {"any": {}},
        "attributes": {"halls": {"dist": "discrete", "values": [1, 3], "weights": [1, 1]}},
        "portfolio": {"all": {"of": "any", "count": COUNT, "arrivals": {"every": 1}}},
        "practices": {"careful": {"share": 0.5, "effects": [{"tags": ["build"], "issues": 0.25}]}},
        "activities": {
            "clear": {"step": "work", "stage": "land", "duration": 10, "exposure": 2},
            "build": {
                "step": "work",
                "stage": "site",
                "duration": 10,
                "exposure": 3,
                "needs": ["clear"],
                "per": "halls",
            },
            "issue_closed": {"step": "milestone", "processes": ["issue"]},
        },
        "issues": {
            "rate": 0.5,
            "stage_factors": {"land": 2},
            "categories": {
                "owners": {"weight": 1, "stages": ["land"], "stops": 1},
                "labour": {"weight": 1, "stages": ["site"], "stops": 0},
                "other": {"weight": 1, "stops": 0.5},
            },
        },
    }
    table["activities"]["build"]["tags"] = ["build"]
    return Scenario.model_validate(table).with_changes(changes)


def drawn(scenario: Scenario) -> tuple[Projects, Issues]:
    group = draws_of(scenario, "all", Streams(1, 0))
    return group.projects, group.issues


def near(observed: float, expected: float, variance: float, count: int) -> bool:
    """Whether a mean of so many values lies within four standard errors of what is expected."""
    return bool(abs(observed - expected) <= 4 * np.sqrt(variance / count))


def test_the_number_of_issues_is_poisson() -> None:
    """Rate × stage factor × exposure of all activities is the mean, and the variance."""
    _, issues = drawn(park())
    number = np.bincount(issues.project, minlength=COUNT)
    careful = drawn(park())[0].practices["careful"]
    expected = 0.5 * (2 * 2 + 3)
    assert near(number[~careful].mean(), expected, expected, int((~careful).sum()))
    assert 0.9 < number[~careful].var() / expected < 1.1
    assert near(number[careful].mean(), 0.5 * (2 * 2 + 3 * 0.25), 2.5, int(careful.sum()))


def test_prevented_issues_are_the_same_that_would_have_arisen() -> None:
    """A practice that prevents issues takes some away and leaves the others as they were."""
    _, before = drawn(park(**{"practices.careful.share": 0.0}))
    _, after = drawn(park(**{"practices.careful.share": 1.0}))
    known = {tuple(key) for key in np.column_stack((before.project, before.place, before.fraction, before.category))}
    assert {tuple(key) for key in np.column_stack((after.project, after.place, after.fraction, after.category))} < known
    assert (after.host == CLEAR).sum() == (before.host == CLEAR).sum()


def test_where_and_of_which_kind() -> None:
    """Issues fall on activities by their exposure, evenly over the work and the copies; kinds keep to their stages."""
    scenario = park(**{"practices.careful.share": 0.0})
    projects, issues = drawn(scenario)
    total = len(issues.project)
    assert near((issues.host == CLEAR).mean(), 4 / 7, 0.25, total)
    assert near(issues.fraction.mean(), 0.5, 1 / 12, total)
    land = issues.host == CLEAR
    assert set(issues.category[land]) == {0, 2}
    assert set(issues.category[~land]) == {1, 2}
    assert issues.stops[issues.category == 0].all()
    assert not issues.stops[issues.category == 1].any()
    assert near(issues.stops[issues.category == 2].mean(), 0.5, 0.25, int((issues.category == 2).sum()))
    assert (issues.copy[~land] < projects.attributes["halls"][issues.project[~land]]).all()
    assert (issues.copy[land] == 0).all()
    assert set(issues.copy[~land]) == {0, 1, 2}


@pytest.mark.parametrize("done", [0.0, 0.6, 1.0])
def test_a_project_at_work_meets_only_what_is_ahead(done: float) -> None:
    """Of the stage in progress only the share ahead brings issues, evenly over it; earlier stages bring none."""
    changes: dict[str, Any] = {"portfolio.all.in_progress": {"stage": "site", "done": f"{done}"}}
    _, issues = drawn(park(**changes, **{"practices.careful.share": 0.0}))
    number = np.bincount(issues.project, minlength=COUNT)
    assert (issues.host == BUILD).all()
    expected = 0.5 * 3 * (1 - done)
    assert near(number.mean(), expected, expected, COUNT)
    if done < 1:
        assert near(issues.fraction.mean(), 0.5, 1 / 12, len(issues.project))
        assert issues.fraction.min() < 0.02


@pytest.mark.parametrize(
    "changes",
    [
        {"activities.clear.exposure": 0.0, "activities.build.exposure": 0.0},
        {"issues.stage_factors": {"land": 0, "site": 0}},
        {"issues.rate": 1e-9},
        {"issues.rate": 0.0},
    ],
)
def test_parks_without_issues_run(changes: dict[str, Any]) -> None:
    """Where issues are possible and none arises, the projects run as if there were none."""
    scenario = park(**changes, **{"portfolio.all.count": 3})
    records = simulate(Layout(scenario), 1, 0)
    assert (records.plan.cases.category < 0).all()
    assert not np.isnan(records.milestone("build")).any()


def test_a_practice_may_prevent_issues_of_one_category_only() -> None:
    """Care for labour leaves the other issues of the same work as they were, one by one."""
    effect = {"tags": ["build"], "issues": 0.25, "categories": ["labour"]}
    scenario = park()
    kinds = list(scenario.issues.categories)
    _, all_of_them = drawn(scenario.with_changes({"practices.careful.share": 0.0}))
    projects, rest = drawn(scenario.with_changes({"practices.careful.effects": [effect]}))
    careful = projects.practices["careful"]
    for kind in kinds:
        before, after = (
            np.bincount(it.project[it.category == kinds.index(kind)], minlength=COUNT) for it in (all_of_them, rest)
        )
        prevented = before[careful].sum() - after[careful].sum()
        assert np.array_equal(before[~careful], after[~careful])
        assert (
            0.7 * before[careful].sum() < prevented < 0.8 * before[careful].sum() if kind == "labour" else not prevented
        )
