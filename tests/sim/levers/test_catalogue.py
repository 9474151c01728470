"""The whole catalogue: neutral parameters do nothing anywhere, and every mechanism of the reports has its place."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from parkflow.analysis.terminal.lever_tables import carriers, parameters
from parkflow.scenarios.evidence import facts, mechanisms
from parkflow.scenarios.load import load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import CATALOGUE, LeverError, bundle, kind_of, make_lever, under, with_levers
from parkflow.sim.levers.unmodelled import UNMODELLED
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.cases_approvals import CASES as APPROVALS
from tests.sim.levers.cases_construction import CASES as CONSTRUCTION
from tests.sim.levers.cases_coordination import CASES as COORDINATION
from tests.sim.levers.cases_land import CASES as LAND
from tests.sim.levers.cases_steering import CASES as STEERING

PARKS = ("baseline", "guian", "mianyang", "yantai", "zhaoqing", "zhifu")
SEED = 7


@cache
def small(park: str) -> Scenario:
    """A shipped park with at most six projects in each group."""
    scenario = load(park)
    few = {f"portfolio.{name}.count": min(group.count, 6) for name, group in scenario.portfolio.items()}
    return scenario.with_changes(few)


@cache
def alone(park: str) -> Records:
    """The park without any lever."""
    return simulate(Layout(small(park)), SEED, 0)


def assert_same(one: Records, other: Records) -> None:
    """The same steps at the same moments, and the same movements of every stock, to the last bit."""
    for column in ("ready", "start", "end", "released_by", "held", "skipped", "attempt_step", "attempt_end"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column), err_msg=column)
    np.testing.assert_array_equal(one.plan.steps.activity, other.plan.steps.activity)
    np.testing.assert_array_equal(movements(one), movements(other))


def movements(records: Records) -> np.ndarray:
    """Changes of the stocks' levels; what lies in a stock that nobody asks is no movement."""
    first = np.unique(records.levels[:, 1], return_index=True)[1]
    return np.delete(records.levels, first, axis=0)


@pytest.mark.parametrize("park", PARKS)
@pytest.mark.parametrize("name", CATALOGUE)
def test_neutral_parameters_leave_the_records_identical(name: str, park: str) -> None:
    """A lever at its neutral parameters changes nothing in any shipped park."""
    scenario = small(park)
    try:
        changed = with_levers(scenario, {name: CATALOGUE[name].neutral})
    except LeverError as error:
        assert "no class of this park is marked as key" in str(error)
        return
    if changed == scenario:
        return
    assert_same(simulate(Layout(changed), SEED, 0), alone(park))


def test_every_lever_has_a_case() -> None:
    """Each lever's observable is tried somewhere."""
    tried = {case.lever for case in (*APPROVALS, *LAND, *COORDINATION, *CONSTRUCTION, *STEERING)}
    assert tried == set(CATALOGUE)


@pytest.mark.parametrize("mechanism", [each["id"] for each in mechanisms()])
def test_every_mechanism_has_a_lever_or_a_reason(mechanism: str) -> None:
    """Each of m01 to m55 is carried by one lever, or it is said why none carries it; none is counted twice."""
    names = carriers().get(mechanism, [])
    assert len(names) == 1 or (not names and UNMODELLED.get(mechanism))


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue_is_complete(name: str) -> None:
    """Names, known mechanisms and facts, an observable, and for each parameter a unit and a meaning."""
    lever = CATALOGUE[name]
    assert lever.title and lever.title_zh and lever.observable.endswith(".") and (lever.__doc__ or "").strip()
    assert set(lever.mechanisms) <= {each["id"] for each in mechanisms()}
    assert set(lever.facts) <= set(facts())
    assert set(lever.neutral) <= set(lever.model_fields)
    assert all(each.unit and each.meaning for each in parameters(lever))


def out_of_range() -> list[tuple[str, str, Any]]:
    """For each bounded parameter a value just outside, and for each number a word."""
    found: list[tuple[str, str, Any]] = []
    for name, lever in CATALOGUE.items():
        for key, schema in lever.model_json_schema()["properties"].items():
            field = schema.get("anyOf", [schema])[0]
            if "minimum" in field:
                found.append((name, key, field["minimum"] - 1))
            if "exclusiveMinimum" in field:
                found.append((name, key, field["exclusiveMinimum"]))
            if "maximum" in field:
                found.append((name, key, field["maximum"] + 1))
            found.append((name, key, {"no": "value"}))
    return found


@pytest.mark.parametrize(("name", "key", "value"), out_of_range())
def test_parameters_out_of_range_are_refused(name: str, key: str, value: Any) -> None:
    """The message names the lever and the parameter."""
    with pytest.raises(LeverError) as refused:
        make_lever(name, {key: value})
    assert refused.value.key.startswith(f"levers.{name}.{key}")


def test_unknown_levers_and_parameters_are_refused_with_the_nearest_name() -> None:
    """A slip of the pen gets its remedy."""
    with pytest.raises(LeverError, match="land_bank"):
        kind_of("landbank")
    with pytest.raises(LeverError, match="initial"):
        make_lever("land_bank", {"initail": 1})


def test_full_holds_every_lever_that_the_reports_name() -> None:
    """All but four that no report names."""
    unnamed = {"accept_with_missing_items", "commitment_approval", "early_possession", "listing_ahead"}
    assert set(bundle(load("baseline"), "full")) == set(CATALOGUE) - unnamed


def policies(**tables: dict[str, Any]) -> Scenario:
    """The baseline with further policies."""
    given = {name: {"assumed": "for this test", **table} for name, table in tables.items()}
    return load("baseline").with_changes({f"policies.{name}": table for name, table in given.items()})


def test_policies_are_composed() -> None:
    """A policy takes over others' levers, leaves some out, and overrides their parameters."""
    park = policies(
        land={"levers": {"land_bank": {"initial": 10}, "dossier_team": {}}},
        mine={
            "includes": ["land"],
            "without": ["dossier_team"],
            "levers": {"land_bank": {"initial": 20}, "flow_line": {}},
        },
    )
    assert bundle(park, "mine") == {"land_bank": {"initial": 20}, "flow_line": {}}
    assert under(park, "mine").stocks["land_bank"].initial == 20


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"a": {"includes": ["b"]}, "b": {"includes": ["a"]}}, "a → b → a"),
        ({"a": {"includes": ["nobody"]}}, "no such policy"),
        ({"a": {"includes": ["green_channel"], "without": ["flow_line"]}}, "flow_line"),
    ],
)
def test_bundles_that_cannot_be_composed_are_refused(tables: dict[str, dict[str, Any]], words: str) -> None:
    """Circles, missing policies, and levers left out that were not there."""
    with pytest.raises(LeverError, match=words):
        bundle(policies(**tables), "a")


def test_levers_are_values() -> None:
    """A lever is a frozen model, so a policy can be told apart from another by its parameters."""
    assert make_lever("land_bank", {}) == make_lever("land_bank", {"initial": 400.0})
    assert isinstance(make_lever("land_bank", {}), BaseModel)
