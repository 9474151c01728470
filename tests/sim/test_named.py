"""Projects of a list: what a name draws, where the list puts a project, and what the checks have against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.sim.assembly import draw_portfolio, make_plan
from parkflow.sim.checks import ScenarioError, check
from parkflow.sim.keyed import ByName
from parkflow.sim.kinds import SKIPPED
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.records import execute, simulate
from parkflow.sim.scenario import Scenario
from parkflow.sim.seeds import numbers_of
from parkflow.sim.standing import MOST_OF_A_STAGE
from parkflow.sim.streams import BLOCK, Chance, LatinHypercube, Streams
from tests.sim.test_progress import park as park_in_progress

Rows = Sequence[Mapping[str, Any]]
WHEN = dt.date(2023, 3, 1)
ROWS: Rows = (
    {"name": "某某电池", "on": WHEN},
    {"name": "Bolts & Sons", "on": WHEN, "attributes": {"land": 80.0, "buildings": 5.0}},
    {"name": "C", "stage": "construction"},
    {"name": "D", "stage": "approvals", "since": dt.date(2022, 12, 1), "on": dt.date(2022, 5, 1)},
)
MORE: Rows = ({"name": "A newcomer", "on": WHEN}, *ROWS)


def listed(park: Scenario, rows: Rows) -> Scenario:
    """The park with the projects of a list in the place of its ordinary ones."""
    group = {"of": "ordinary", "arrivals": {"projects": rows}}
    kept = {name: it for name, it in park.portfolio.items() if name in ("key", "parcels")}
    return park.with_changes({"portfolio": {"ordinary": group, **kept}})


def drawn_of(plan: Plan, name: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    """All that chance decides about one project of the list: its steps, their later attempts, and its issues."""
    names = [project.name for project in plan.layout.scenario.portfolio["ordinary"].named]
    row, group = names.index(name), plan.layout.groups.index("ordinary")
    cases, steps = plan.cases, plan.steps
    mine = (cases.group == group) & (cases.row == row)
    found: dict[tuple[object, ...], tuple[object, ...]] = {}
    for step in np.flatnonzero(mine[steps.case]).tolist():
        case = steps.case[step]
        key = (
            cases.place[case],
            steps.activity[step],
            steps.copy[step],
            sum(key[1:3] == (steps.activity[step], steps.copy[step]) for key in found),
        )
        later = slice(steps.next_attempt[step], steps.next_attempt[step] + steps.left[step])
        found[key] = (
            steps.kind[step] == SKIPPED, steps.work[step], tuple(plan.fix[later]), tuple(plan.again[later]),
            cases.arrival[case], cases.tie[case], cases.category[case], cases.severity[case],
        )  # fmt: skip
    return found


@pytest.mark.parametrize("chance", [Streams, LatinHypercube])
def test_another_row_changes_no_draw_of_the_others(small_park: Scenario, chance: Chance) -> None:
    """Bit for bit: attributes, durations, returns, issues, ties and who is covered by a practice."""
    few, many = (make_plan(Layout(listed(small_park, rows)), 3, 1, chance) for rows in (ROWS, MORE))
    for name in (row["name"] for row in ROWS):
        assert drawn_of(few, name) == drawn_of(many, name)
    practices = [{key: it.tolist() for key, it in plan.projects[0].practices.items()} for plan in (few, many)]
    assert practices[0] == {key: it[1:] for key, it in practices[1].items()}


def test_a_project_draws_the_same_in_another_class(small_park: Scenario) -> None:
    """Its name is its key, whichever group holds it: with the same laws it needs the same."""
    park = small_park.with_changes({"classes.other": small_park.classes["ordinary"]})
    whole = draw_portfolio(listed(park, ROWS), Streams(1, 0)).attributes
    moved = listed(park, ROWS[:2])
    other = {"of": "other", "arrivals": {"projects": ROWS[2:]}}
    moved = moved.with_changes({"portfolio": {"ordinary": moved.portfolio["ordinary"], "other": other}})
    for name, values in draw_portfolio(moved, Streams(1, 0)).attributes.items():
        assert values.tolist() == whole[name][:4].tolist()


def test_the_order_of_rows_changes_nothing(small_park: Scenario) -> None:
    """Who stands first in the list comes no sooner: the same days of every step of every project."""
    days = []
    for rows in (MORE, MORE[::-1]):
        records = simulate(Layout(listed(small_park, rows)), 2, 0)
        cases = records.plan.cases
        mine = np.flatnonzero((cases.group == 0) & (cases.category < 0))
        ends = {rows[cases.row[case]]["name"]: records.end[records.plan.steps.case == case] for case in mine.tolist()}
        days.append({name: it[~np.isnan(it)].tolist() for name, it in ends.items()})
    assert days[0] == days[1]


def test_what_names_draw_is_uniform() -> None:
    """Mean and spread of a hundred thousand uniforms, and no correlation between neighbours, within four errors."""
    count = 20_000
    names = tuple(f"project {number}" for number in range(count))
    values = Streams(1, 0).joined((ByName("tie", names, 5),), (5 * count,))
    assert values.min() >= 0
    assert values.max() < 1
    assert abs(values.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(values))
    assert abs(values.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / len(values))
    assert abs(np.corrcoef(values[1:], values[:-1])[0, 1]) < 4 / np.sqrt(len(values))


def test_a_block_has_one_replication_in_each_stratum() -> None:
    """Names keep the Latin hypercube: sixteen replications fall into sixteen strata, cell by cell."""
    purposes = ByName("tie", ("one", "other"), 3), ByName("attribute/land", ("one", "other"), 1)
    cells = [LatinHypercube(4, number).joined(purposes, (6, 2)) for number in range(BLOCK)]
    strata = np.sort((np.array(cells) * BLOCK).astype(np.int64), axis=0)
    assert (strata == np.arange(BLOCK)[:, None]).all()


def test_numbers_of_keys_are_those_of_numpy() -> None:
    """One call gives what `SeedSequence` gives for each key, where every part of it has two words."""
    keys = [np.array([2**40 + 3, 2**63], dtype=np.uint64), np.array([2**33, 2**50 + 1], dtype=np.uint64)]
    found = numbers_of((5, 2**35), keys)
    for row in range(2):
        sequence = np.random.SeedSequence((5, 2**35, int(keys[0][row]), int(keys[1][row])))
        assert found[row].tolist() == sequence.generate_state(4, np.uint64).tolist()


def test_what_is_known_takes_the_place_of_what_is_drawn(small_park: Scenario) -> None:
    """And what is computed from it follows; five buildings are more than the park's own projects have."""
    attributes = draw_portfolio(listed(small_park, ROWS), Streams(1, 0)).groups[0].attributes
    assert attributes["land"][1] == 80
    assert attributes["volume"][1] == 80 * 900
    assert attributes["buildings"][1] == 5
    assert attributes["land"][0] != 80
    assert execute(make_plan(Layout(listed(small_park, ROWS)), 1, 0)).over > 0


def begun(*rows: Mapping[str, Any]) -> Scenario:
    """Ten days of filing, then a scheme of ten, twenty and … days: the park of projects in progress, with a list."""
    park = park_in_progress().with_changes({"attributes.halls": 2, "attributes.forest": 0, "attributes.size": 1})
    return park.with_changes({"portfolio": {"begun": {"of": "plant", "arrivals": {"projects": rows}}}})


def ahead(park: Scenario) -> Mapping[str, NDArray[np.float64]]:
    """The share of every activity that is ahead of each project."""
    return draw_portfolio(park, Streams(1, 0)).groups[0].ahead


def test_days_in_a_stage_are_behind_a_project() -> None:
    """Nine days after it came to approvals one of the ten days of filing is left; listing is over."""
    left = ahead(begun({"name": "one", "stage": "approvals", "since": -9}))
    assert left["listing"][0, 0] == 0
    assert left["filing"][0, 0] == pytest.approx(0.1)
    assert left["permit"][0, 0] == 1


def test_who_is_longer_in_a_stage_than_expected_is_near_its_end() -> None:
    """It is not done with it, for the list says so: a part of the last work is left."""
    left = ahead(begun({"name": "one", "stage": "land", "since": -500}))
    assert left["listing"][0, 0] == pytest.approx(1 - MOST_OF_A_STAGE)
    assert left["filing"][0, 0] == 1


def test_without_a_day_the_place_in_the_stage_is_drawn() -> None:
    """By name: between nothing and all of it, and not for all projects the same."""
    left = ahead(begun({"name": "one", "stage": "land"}, {"name": "other", "stage": "land"}))["listing"][:, 0]
    assert ((left > 0) & (left < 1)).all()
    assert left[0] != left[1]


def test_who_comes_with_a_milestone_has_behind_it_what_leads_there() -> None:
    """It reaches the milestone on the day it comes, and all else is ahead."""
    park = begun({"name": "one", "on": 7, "milestone": "permitted"})
    left = ahead(park)
    assert not any(left[name].any() for name in ("listing", "filing", "scheme", "permit"))
    assert (left["hall"] == 1).all()
    records = simulate(Layout(park), 1, 0)
    assert records.milestone("permitted").tolist() == [7.0]


def test_a_project_is_as_old_as_its_list_says() -> None:
    """Deadlines count from its first contact, and from the expected one where only a milestone is dated."""
    rows = (
        {"name": "one", "stage": "approvals", "since": -9, "on": -200},
        {"name": "other", "stage": "approvals", "since": -9},
    )
    roster = draw_portfolio(begun(*rows), Streams(1, 0))
    assert roster.signed.tolist() == pytest.approx([-200, -39])
    assert roster.behind.tolist() == pytest.approx([161, 0])


@pytest.mark.parametrize(
    ("row", "key", "remedy"),
    [
        ({"on": None}, "on", "give the day, or the stage"),
        ({"on": -3}, "on", "give the stage that it had reached"),
        ({"since": -3}, "since", "give the stage, or leave the day out"),
        ({"stage": "land", "on": 4}, "on", "leave the stage out"),
        ({"stage": "land", "on": -4, "since": 3}, "since", "leave the stage out"),
        ({"stage": "land", "on": -4, "since": -9}, "since", "mend one"),
        ({"stage": "lnd", "on": -4}, "stage", "did you mean 'land'"),
        ({"milestone": "permited"}, "milestone", "did you mean 'permitted'"),
        ({"milestone": "permit"}, "milestone", "did you mean 'permitted'"),
        ({"attributes": {"siz": 3}}, "attributes.siz", "did you mean 'size'"),
        ({"attributes": {"forest": 3}}, "attributes.forest", "write one of '1', '0'"),
        ({"attributes": {"halls": 1.5}}, "attributes.halls", "write a whole number"),
        ({"attributes": {"size": 0}}, "attributes.size", "above 0"),
        ({"name": "other"}, "name", "tell them apart"),
        ({"name": "whole-2"}, "name", "write it otherwise"),
        ({"name": " "}, "name", "can be printed"),
    ],
)
def test_what_cannot_be_is_refused(row: dict[str, Any], key: str, remedy: str) -> None:
    """With the place in the list, and what would be right."""
    park = park_in_progress()
    rows = [{"name": "one", "on": 3, **row}, {"name": "other", "on": 3}]
    wrong = park.with_changes({"portfolio.begun": {"of": "plant", "arrivals": {"projects": rows}}})
    with pytest.raises(ScenarioError) as error:
        check(wrong)
    problem = error.value.problems[0]
    assert problem.key == f"portfolio.begun.arrivals.projects.0.{key}"
    assert remedy in problem.remedy


def test_a_list_is_counted() -> None:
    """A number of projects beside it must be that of its names."""
    group = {"of": "plant", "count": 3, "arrivals": {"projects": [{"name": "one", "on": 3}]}}
    with pytest.raises(ScenarioError, match="count = 1"):
        check(park_in_progress().with_changes({"portfolio.begun": group}))
