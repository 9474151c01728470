"""Levers: neutral parameters do nothing, others do what they say, and what does not fit is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from parkflow.sim.kinds import DESK
from parkflow.sim.layout import Layout
from parkflow.sim.levers import (
    CATALOGUE,
    SERIAL,
    LeverError,
    bundle,
    make_lever,
    policy_names,
    revised,
    under,
    with_levers,
)
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

Histories = Callable[[Records], dict[tuple[object, ...], str]]

CORE = (
    "parallel_approvals",
    "start_on_land",
    "agency_service",
    "green_lane",
    "land_bank",
    "commissioners",
    "escalation_ladder",
    "parallel_zones",
)
"""Levers that the small park has everything for; all of them are tried on other parks in `tests/sim/levers`."""

OUT_OF_RANGE: tuple[tuple[str, str, Any], ...] = (
    ("parallel_approvals", "share", 1.1),
    ("parallel_approvals", "share", -0.1),
    ("start_on_land", "share", "most"),
    ("start_on_land", "classes", "key"),
    ("agency_service", "agents", -1),
    ("agency_service", "cases_per_agent", 0),
    ("agency_service", "correction", 2),
    ("agency_service", "preparation", 0),
    ("green_lane", "lead", -1),
    ("green_lane", "lead", 0.5),
    ("land_bank", "initial", -1.0),
    ("land_bank", "target", 1e9),
    ("commissioners", "caseload", 0),
    ("commissioners", "detection", 0),
    ("escalation_ladder", "on_site_days", 0),
    ("escalation_ladder", "places", 0),
    ("parallel_zones", "zones", 0),
    ("parallel_zones", "shifts", 4),
)

LACKS = (
    ("parallel_approvals", "practices.parallel_approvals"),
    ("start_on_land", "practices.start_on_land"),
    ("agency_service", "stocks.agents"),
    ("agency_service", "practices.agency_service"),
    ("land_bank", "stocks.land_bank"),
    ("commissioners", "stocks.commissioners"),
    ("escalation_ladder", "practices.escalation_ladder"),
    ("parallel_zones", "crews.earthworks"),
)


def serial(park: Scenario) -> Scenario:
    """The park with every lever at its neutral parameters."""
    return with_levers(park, {name: CATALOGUE[name].neutral for name in CORE})


@pytest.mark.parametrize("name", CORE)
def test_neutral_parameters_leave_the_records_as_they_were(
    name: str, small_park: Scenario, histories: Histories
) -> None:
    """A lever at its neutral parameters does nothing, whatever its other parameters are."""
    park = serial(small_park)
    lever = make_lever(name, CATALOGUE[name].neutral)
    before, after = (histories(simulate(Layout(one), 3, 1)) for one in (park, lever.apply(park)))
    assert after == before


@pytest.mark.parametrize("name", CORE)
def test_default_parameters_change_the_records(name: str, small_park: Scenario, histories: Histories) -> None:
    """A lever at its default parameters does something."""
    park = serial(small_park)
    changed = with_levers(park, {name: {}})
    assert any(
        histories(simulate(Layout(changed), 3, replication)) != histories(simulate(Layout(park), 3, replication))
        for replication in range(4)
    )


def test_neutral_green_lane_keeps_ranks_that_the_park_has(small_park: Scenario, histories: Histories) -> None:
    """Going ahead by no rank changes no queue, even where classes have different ranks."""
    park = small_park.with_changes({"classes.ordinary.priority": 3})
    after = with_levers(park, {"green_lane": CATALOGUE["green_lane"].neutral})
    assert histories(simulate(Layout(after), 3, 1)) == histories(simulate(Layout(park), 3, 1))


@pytest.mark.parametrize(("name", "parameter", "value"), OUT_OF_RANGE)
def test_parameters_out_of_range_are_refused(name: str, parameter: str, value: Any) -> None:
    """The message names the lever, the parameter and the value."""
    with pytest.raises(LeverError) as error:
        make_lever(name, {parameter: value})
    assert error.value.key == f"levers.{name}.{parameter}"
    assert repr(value) in str(error.value)


def test_unknown_names_get_the_nearest() -> None:
    """A lever, a parameter or a policy that does not exist is answered with the nearest one that does."""
    with pytest.raises(LeverError, match="did you mean 'land_bank'"):
        make_lever("landbank", {})
    with pytest.raises(LeverError, match=r"levers.land_bank.intial: unknown parameter; did you mean 'initial'"):
        make_lever("land_bank", {"intial": 3})


@pytest.mark.parametrize(("name", "missing"), LACKS)
def test_a_park_that_lacks_what_a_lever_works_on(name: str, missing: str, small_park: Scenario) -> None:
    """The message names what the park would need."""
    kind, key = missing.split(".")
    reduced = {k: v for k, v in getattr(small_park, kind).items() if k != key}
    park = small_park.model_copy(update={kind: reduced})
    with pytest.raises(LeverError, match=rf"levers.{name}: this park has no {missing}"):
        with_levers(park, {name: {}})


def test_a_green_lane_needs_somebody_to_go_first(small_park: Scenario) -> None:
    """Without a key class, or with one that does not exist, the lever says so and lists the classes."""
    with pytest.raises(LeverError, match="no class of this park is marked as key; name one of key, ordinary, parcel"):
        with_levers(small_park.with_changes({"classes.key.key": False}), {"green_lane": {}})
    with pytest.raises(LeverError, match="there is no class 'keys'"):
        with_levers(small_park, {"green_lane": {"classes": ["keys"]}})


def test_levers_do_not_touch_the_scenario_they_get(small_park: Scenario) -> None:
    """A lever is a pure function: the scenario it is applied to stays as it was, and the same comes out again."""
    before = small_park.model_dump_json()
    levers: dict[str, dict[str, Any]] = {name: {} for name in CORE}
    one, other = with_levers(small_park, levers), with_levers(small_park, dict(reversed(levers.items())))
    assert small_park.model_dump_json() == before
    assert one == other


def test_policies_are_bundles(small_park: Scenario) -> None:
    """A policy applies its levers; `serial` is there always and has none."""
    policies = {"fast": {"levers": {"parallel_zones": {"zones": 2}}}}
    park = small_park.with_changes({"policies": policies})
    assert policy_names(park) == (SERIAL, "fast")
    assert under(park, SERIAL) == park
    assert under(park, "fast") == with_levers(park, {"parallel_zones": {"zones": 2}})
    assert bundle(park, "fast") == {"parallel_zones": {"zones": 2}}
    with pytest.raises(LeverError, match="did you mean 'fast'"):
        bundle(park, "fats")


def test_green_lane_moves_waits_from_key_projects_to_the_others(small_park: Scenario) -> None:
    """At the desks of a park that gets all its projects on one day, key projects wait less and the others more."""
    arrivals = {f"portfolio.{group}.arrivals": {"on": [0]} for group in ("ordinary", "key")}
    park = serial(small_park).with_changes({**arrivals, "issues.rate": 0.0, "desks.planning.dedicated": {}})
    waits = {}
    for name, levers in {"without": {}, "with": {"green_lane": {}}}.items():
        layout = Layout(with_levers(park, levers))
        waits[name] = np.sum([waits_of(simulate(layout, 1, replication)) for replication in range(5)], axis=0)
    assert waits["with"][0] < waits["without"][0]
    assert waits["with"][1] > waits["without"][1]


def waits_of(records: Records) -> list[float]:
    """Days that key projects and ordinary ones waited at desks."""
    steps, groups = records.plan.steps, records.layout.groups
    group = records.plan.cases.group[steps.case[records.attempt_step]]
    desk = steps.kind[records.attempt_step] == DESK
    waits = records.attempt_start - records.attempt_ready
    return [float(np.nansum(waits[desk & (group == groups.index(name))])) for name in ("key", "ordinary")]


def test_covered_classes(small_park: Scenario) -> None:
    """A practice given to some classes is in force for these only."""
    changed = with_levers(serial(small_park), {"start_on_land": {"classes": ["key"]}})
    practice = changed.practices["start_on_land"]
    assert (practice.share, practice.classes) == (1.0, ("key",))


def test_a_former_name_of_a_parameter_is_taken_with_a_note(small_park: Scenario) -> None:
    with pytest.warns(FutureWarning, match=r"levers.parallel_approvals.rate is called share today; write share"):
        lever = make_lever("parallel_approvals", {"rate": 0.25})
    assert lever == make_lever("parallel_approvals", {"share": 0.25})
    written = {"policies.old": {"levers": {"parallel_approvals": {"rate": 0.25}}}}
    with pytest.warns(FutureWarning):
        levers = bundle(small_park.with_changes(written), "old")
    assert levers == {"parallel_approvals": {"share": 0.25}}
    with pytest.warns(FutureWarning):
        assert revised(levers, {"parallel_approvals": {"rate": 0.5}}, ()) == {"parallel_approvals": {"share": 0.5}}
