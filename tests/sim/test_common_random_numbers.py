"""Common random numbers: what is added and not used changes nothing, and a shorter duration delays nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.scenarios.load import available, load
from parkflow.sim.assembly import make_plan
from parkflow.sim.layout import Layout
from parkflow.sim.levers import CATALOGUE, with_levers
from parkflow.sim.records import Records, execute, simulate
from parkflow.sim.scenario import Ordered, Scenario
from parkflow.sim.streams import Streams
from tests.sim.drawn import Drawn, drawn

Histories = Callable[[Records], dict[tuple[object, ...], str]]

SEED = 5
PARKS = tuple(park for park in available() if park != "approvals-275")

UNUSED: Mapping[str, dict[str, Any]] = {
    "with_probability_zero": {
        "step": "desk",
        "desk": "planning",
        "duration": "exponential(9) wd",
        "needs": ["design"],
        "applies": {"probability": 0},
        "correction": {"probability": 0.5},
    },
    "of_an_attribute_nobody_has": {
        "step": "work",
        "duration": "lognormal(9, 1)",
        "applies": {"at_least": {"land": 1e9}},
        "exposure": 0,
    },
    "of_a_process_nobody_is_in": {
        "step": "meeting",
        "meeting": "committee",
        "processes": ["elsewhere"],
    },
    "of_a_class_nobody_is_of": {
        "step": "work",
        "duration": "lognormal(9, 1)",
        "applies": {"classes": ["parcel"]},
        "needs": ["land_certificate"],
    },
}


def with_first(scenario: Scenario, name: str, table: Mapping[str, Any]) -> Scenario:
    """The scenario with one more activity, before all others in the file."""
    activity = {"assumed": "not used", **table}
    return scenario.with_changes({"activities": {name: activity, **scenario.activities}})


@pytest.mark.parametrize("kind", UNUSED)
def test_an_unused_activity_changes_nothing(kind: str, small_park: Scenario, histories: Histories) -> None:
    """One more activity that applies to nobody leaves every record of the others as it was."""
    before = histories(simulate(Layout(small_park), SEED, 0))
    after = histories(simulate(Layout(with_first(small_park, kind, UNUSED[kind])), SEED, 0))
    assert {key: what for key, what in after.items() if kind not in key} == before


def test_an_unused_activity_on_the_way_changes_nothing(small_park: Scenario, histories: Histories) -> None:
    """An activity between others takes no time and no place in a queue where it does not apply."""
    changed = small_park.with_changes({"activities.permitted.needs": (*small_park.activities["permitted"].needs, "x")})
    table = {"step": "desk", "desk": "review", "duration": "9 wd", "needs": ["design"], "applies": {"probability": 0}}
    before = histories(simulate(Layout(small_park), SEED, 0))
    after = histories(simulate(Layout(with_first(changed, "x", table)), SEED, 0))
    assert {key: what for key, what in after.items() if "x" not in key} == before


@pytest.mark.slow
@pytest.mark.parametrize("park", PARKS)
def test_an_unused_activity_changes_nothing_in_a_shipped_park(park: str, histories: Histories) -> None:
    """The same holds for the shipped parks."""
    scenario = load(park)
    changed = with_first(scenario, "x", {"step": "work", "duration": "9", "applies": {"probability": 0}})
    before = histories(simulate(Layout(scenario), SEED, 0))
    after = histories(simulate(Layout(changed), SEED, 0))
    assert {key: what for key, what in after.items() if "x" not in key} == before


@pytest.mark.parametrize("group", ["ordinary", "key"])
def test_one_more_project_changes_no_draw(group: str, small_park: Scenario) -> None:
    """The draws of the projects before it are the same: arrival, attributes, practices, works, attempts and issues."""
    steady = {"share": 0.5, "effects": ({"tags": ("submission", "preparation"), "spread": 0.4},)}
    park = small_park.with_changes({"practices.steady": steady})
    count = park.portfolio[group].count
    before = drawn(park, group, Streams(SEED, 0))
    after = drawn(park.with_changes({f"portfolio.{group}.count": count + 1}), group, Streams(SEED, 0))
    for one, other in zip(columns(before.projects), columns(after.projects), strict=True):
        np.testing.assert_array_equal(other[:count], one)
    old = after.issues.project < count
    for one, other in zip(columns(before.issues), columns(after.issues), strict=True):
        np.testing.assert_array_equal(other[old], one)
    known, found = (by_case(each, group) for each in (before, after))
    assert len(known) > count
    assert {key: what for key, what in found.items() if key[0] < count} == known


def columns(value: object) -> Iterator[NDArray[Any]]:
    """All arrays that projects or issues hold, in order."""
    assert is_dataclass(value)
    for field in fields(value):
        column = getattr(value, field.name)
        if isinstance(column, Mapping):
            yield from column.values()
        elif isinstance(column, np.ndarray):
            yield column


def by_case(group: Drawn, name: str) -> dict[tuple[int, int], list[object]]:
    """What was drawn for the steps of each project of a group and of each of its issues, by row and place."""
    plan, cases = group.plan, group.plan.cases
    found: dict[tuple[int, int], list[object]] = {}
    for step, case in enumerate(plan.steps.case.tolist()):
        if cases.group[case] == plan.layout.groups.index(name):
            later = slice(
                int(plan.steps.next_attempt[step]), int(plan.steps.next_attempt[step] + plan.steps.left[step])
            )
            own = (plan.steps.activity, plan.steps.copy, plan.steps.kind, plan.steps.work, plan.steps.held_work)
            what = [*(column[step].tolist() for column in own), plan.again[later].tolist(), plan.fix[later].tolist()]
            found.setdefault((int(cases.row[case]), int(cases.place[case])), []).append(what)
    return found


def test_one_more_project_after_the_rest_changes_nothing(small_park: Scenario, histories: Histories) -> None:
    """A project that arrives when the others are over leaves all their records, whatever its group.

    It has to come that late: earlier it would rightly stand in their way. What parcels the land bank orders after it is
    its own doing, so parcels are not compared.
    """
    days = [*range(0, 250, 20), 1800]
    dated = small_park.with_changes({"portfolio.ordinary.arrivals": {"on": days}})
    before = histories(simulate(Layout(dated.with_changes({"portfolio.ordinary.count": len(days) - 1})), SEED, 0))
    later = dated.with_changes({"portfolio.ordinary.count": len(days)})
    after = histories(simulate(Layout(later), SEED, 0))
    assert len(after) > len(before)
    assert {key: after[key] for key in before if key[0] != "parcels"} == projects_of(before)
    late = {**small_park.portfolio, "late": {"of": "key", "count": 1, "arrivals": {"on": [1800]}}}
    after = histories(simulate(Layout(small_park.with_changes({"portfolio": late})), SEED, 0))
    before = histories(simulate(Layout(small_park), SEED, 0))
    assert {key: what for key, what in projects_of(after).items() if key[0] != "late"} == projects_of(before)


def projects_of(histories: dict[tuple[object, ...], str]) -> dict[tuple[object, ...], str]:
    """What happened to projects and their issues."""
    return {key: what for key, what in histories.items() if key[0] != "parcels"}


@pytest.mark.slow
@pytest.mark.parametrize("lever", CATALOGUE)
def test_a_neutral_lever_changes_nothing(lever: str, histories: Histories) -> None:
    """A lever with its neutral parameters leaves all records as they were."""
    scenario = load("baseline")
    changed = with_levers(scenario, {lever: CATALOGUE[lever].neutral})
    assert histories(simulate(Layout(changed), SEED, 0)) == histories(simulate(Layout(scenario), SEED, 0))


@pytest.mark.parametrize("park", [park for park in PARKS if park != "baseline"])
def test_neutral_levers_change_nothing_in_a_shipped_park(park: str, histories: Histories) -> None:
    """All levers together, each with its neutral parameters, leave the records of every shipped park as they were."""
    scenario = load(park)
    changed = with_levers(scenario, {name: lever.neutral for name, lever in CATALOGUE.items()})
    assert histories(simulate(Layout(changed), SEED, 0)) == histories(simulate(Layout(scenario), SEED, 0))


def alone(park: Scenario, group: str) -> Scenario:
    """One project of a group with the park for itself: nobody to wait for, nothing short."""
    ordered = {name: g for name, g in park.portfolio.items() if isinstance(g.arrivals, Ordered)}
    one = park.portfolio[group].model_copy(update={"count": 1})
    changes: dict[str, Any] = {"portfolio": {group: one, **ordered}}
    changes |= {f"portfolio.{group}.arrivals": {"on": [40]}}
    changes |= {f"desks.{name}.servers": 1000 for name in park.desks}
    changes |= {f"meetings.{name}.places": 1000 for name in park.meetings}
    changes |= {f"stocks.{name}.initial": 0.0 for name, stock in park.stocks.items() if stock.orders}
    changes |= {f"stocks.{name}.target": 0.0 for name in park.stocks}
    return park.with_changes(changes)


def shrunk(duration: Any) -> Any:
    """The same distribution at six tenths of its size."""
    sizes = ("value", "values", "low", "mode", "high", "mean", "cap", "scale")
    smaller = {}
    for size in sizes:
        value = getattr(duration, size, None)
        if value is not None:
            smaller[size] = tuple(0.6 * v for v in value) if isinstance(value, tuple) else 0.6 * value
    return duration.model_copy(update=smaller)


def assert_nothing_is_later(before: Records, after: Records) -> None:
    """Every step of the second run is over when it was in the first, or earlier."""
    np.testing.assert_array_equal(np.isnan(after.end), np.isnan(before.end))
    assert np.nanmax(after.end - before.end) <= 1e-9


def test_a_shorter_activity_delays_nothing(timed_activity: str, small_park: Scenario) -> None:
    """For a project alone, no step is over later because one activity takes less time, and some are over earlier."""
    park = alone(small_park, "key").with_changes({"issues.rate": 2.0})
    key = f"activities.{timed_activity}.duration"
    quick = Layout(park.with_changes({key: shrunk(park.activities[timed_activity].duration)}))
    slow = Layout(park)
    sooner = 0.0
    for replication in range(12):
        before, after = simulate(slow, SEED, replication), simulate(quick, SEED, replication)
        assert_nothing_is_later(before, after)
        sooner = min(sooner, np.nanmin(after.end - before.end))
    assert sooner < -0.1


@pytest.mark.parametrize("policy", ["serial", "green_channel"])
def test_a_shorter_activity_delays_nothing_in_the_baseline(policy: str) -> None:
    """The same in the baseline, for every one of its activities that takes time."""
    park = load("baseline")
    layout = Layout(alone(with_levers(park, park.policies[policy].levers), "priority"))
    sooner = set()
    for replication in range(2):
        plan = make_plan(layout, SEED, replication)
        before = execute(plan)
        for number in np.unique(plan.steps.activity[plan.steps.work > 0]).tolist():
            pace = np.where(plan.steps.activity == number, 0.6, 1.0)
            steps = plan.steps._replace(work=plan.steps.work * pace, held_work=plan.steps.held_work * pace[:, None])
            after = execute(replace(plan, steps=steps))
            assert_nothing_is_later(before, after)
            if (after.end < before.end).any():
                sooner.add(number)
    assert len(sooner) > 40
