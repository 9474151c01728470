"""Levers on land: what each moves, for whom, and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from parkflow.scenarios.load import load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import LeverError, with_levers
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.cases_land import CASES, REVIEWS, waited_for_quota
from tests.sim.levers.observe import done, of_classes

Histories = Callable[[Records], dict[tuple[object, ...], str]]


def run(park: Scenario, replication: int = 0, **levers: dict[str, Any]) -> Records:
    return simulate(Layout(with_levers(park, levers)), 1, replication)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_the_observable_moves_as_documented(case: Case) -> None:
    """By more than the 95% interval of the paired differences over replications."""
    moved, half_width = case.movement()
    assert moved > half_width


# Ready land


@pytest.mark.slow
def test_a_land_bank_saves_days_only_while_stock_lasts() -> None:
    """Those served get land in weeks; after the stock-out the others need as long as ever."""
    served, short = [], []
    for replication in range(6):
        before, after = (
            run(few(), replication, **levers)
            for levers in ({}, {"land_bank": {"initial": 600.0, "monthly": 0.0, "target": 0.0}})
        )
        saved = _supply(before) - _supply(after)
        got = _got_land(after)
        served.append(np.nanmean(saved[got]))
        short.append(np.nanmean(saved[~got]))
    assert min(served) > 45
    assert np.mean(short) < 0.15 * np.mean(served)


def _supply(records: Records) -> np.ndarray:
    days = records.milestone("land_contract") - records.milestone("agreement")
    return days[of_classes(records, ("ordinary", "priority"))]


def _got_land(records: Records) -> np.ndarray:
    steps = records.plan.steps
    mine = np.flatnonzero(steps.activity == records.layout.number["draw_land"])
    got = np.zeros(len(records.plan.cases.first), dtype=bool)
    got[steps.case[mine]] = records.held[mine]
    return got[of_classes(records, ("ordinary", "priority"))]


def test_a_plan_brings_land_month_by_month() -> None:
    """So much a month for so many months, besides what lies there on the first day."""
    park = with_levers(few(), {"land_bank": {"initial": 10.0, "monthly": 30.0, "months": 3, "target": 0.0}})
    tranches = park.stocks["land_bank"].tranches
    assert [each.amount for each in tranches] == [30.0] * 3
    assert [each.on for each in tranches] == pytest.approx([30.4, 60.9, 91.3], abs=0.05)


# Standard land


def test_standard_land_does_nothing_for_projects_on_raw_land(histories: Histories) -> None:
    """Without a ready parcel no review is skipped and nothing is checked later."""
    own = {"draw_standard", "standard_land_rework"}
    with_it, without = histories(run(few(), standard_land={"share": 1.0})), histories(run(few()))
    others = [{key: what for key, what in found.items() if not own & set(key)} for found in (with_it, without)]
    assert others[0] == others[1]


def test_standard_land_skips_reviews_and_is_checked_later() -> None:
    """On ready parcels that are all standard no regional review is left; a failed check costs rework at the end."""
    bank: dict[str, Any] = {"initial": 100_000.0, "monthly": 0.0, "target": 0.0}
    raw = few().with_changes({"attributes.land_source": "1 count"})
    passed, failed = (run(raw, land_bank=bank, standard_land={"share": 1.0, "failure": p}) for p in (0, 1))
    assert done(*REVIEWS)(passed) == 0 < done(*REVIEWS)(run(raw, land_bank=bank))
    assert done("standard_land_rework")(passed) == 0
    later = failed.milestone("production") - passed.milestone("production")
    assert (later[~np.isnan(later)] >= 0).all()
    assert np.nanmean(later) > 0


# Quota


@pytest.mark.slow
def test_key_projects_come_first_in_the_line_for_quota() -> None:
    """At the same quota they wait less than in the order of coming."""
    quota: dict[str, Any] = {"annual": 400.0, "recovered": 0.0}
    waits = np.array(
        [[_waits_of_key(run(few(), n, land_quota={**quota, "lead": lead})) for lead in (0, 1)] for n in range(4)]
    )
    assert waits[:, 1].mean() < waits[:, 0].mean()


def _waits_of_key(records: Records) -> float:
    steps = records.plan.steps
    mine = (steps.activity == records.layout.number["use_land_quota"]) & ~records.skipped & ~np.isnan(records.ready)
    mine &= of_classes(records, ["priority"])[steps.case]
    return float(np.mean(np.where(np.isnan(records.end), records.over, records.end)[mine] - records.ready[mine]))


@pytest.mark.slow
def test_the_default_quota_binds_mildly() -> None:
    """In the baseline it makes some wait, for weeks rather than for years."""
    waits = [waited_for_quota(run(load("baseline"), n, land_quota={})) for n in range(6)]
    assert 0.5 < np.mean(waits) < 60


def test_what_is_left_of_a_quota_lapses_with_its_year() -> None:
    """On the first of January the store is empty, before the next quarter's grant."""
    records = run(few(), land_quota={"annual": 4000.0, "recovered": 0.0})
    stock = list(records.layout.scenario.stocks).index("land_quota")
    day, _, level = records.levels[records.levels[:, 1] == stock].T
    new_year = [records.layout.scenario.day(dt.date(year, 1, 1)) for year in (2024, 2025)]
    for lapse in new_year:
        assert level[np.flatnonzero(day <= lapse)[-1]] == 0


def test_quota_is_never_overdrawn() -> None:
    """What is converted by a day was granted by then."""
    records = run(few(), land_quota={"annual": 400.0})
    stock = list(records.layout.scenario.stocks).index("land_quota")
    assert records.levels[records.levels[:, 1] == stock][:, 2].min() >= 0


# Special tasks, infrastructure


def test_special_clearance_needs_somebody_to_clear_for() -> None:
    """Without a key class the lever says so."""
    with pytest.raises(LeverError, match="no class of this park is marked as key"):
        run(few().with_changes({"classes.priority.key": False}), special_clearance={})


def test_land_banks_fill_faster_from_infrastructure_built_ahead() -> None:
    """Parcels run through the same works, so they are ready sooner."""
    days = []
    both: tuple[dict[str, dict[str, Any]], ...] = ({}, {"advance_infrastructure": {}})
    for levers in both:
        bank = {"land_bank": {"initial": 0.0, "monthly": 0.0, "target": 300.0}}
        records = simulate(Layout(with_levers(few(), bank | levers)), 1, 0)
        ready = records.milestone("add_to_bank")
        days.append(np.nanmin(ready))
    assert days[1] < days[0]
