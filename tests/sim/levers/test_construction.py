"""Levers on construction: what must appear because the world has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.scenarios.load import load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import with_levers
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.cases_construction import CASES, TRADES
from tests.sim.levers.observe import spent

PACE = {"foundation": 0.15, "frame": 0.4, "envelope": 0.2, "installation": 0.25}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_the_observable_moves_as_documented(case: Case) -> None:
    """By more than its paired 95% interval."""
    moved, half_width = case.movement()
    assert moved > half_width


def one_site(buildings: int) -> Scenario:
    """One site with so many buildings that take 100 days each and go up one by one, without winter, weather, issues."""
    changes: dict[str, Any] = {f"activities.{trade}.duration": f"{share} wd" for trade, share in PACE.items()}
    changes |= {"attributes.quota_days": "100 factor", "attributes.buildings": f"{buildings} count"}
    changes |= {"attributes.fronts": "1 count"}
    changes |= {"calendars.site": {"assumed": "always open"}, "issues.rate": 0.0}
    changes |= {"activities.withdrawal.applies.probability": 0.0, "portfolio.priority.count": 1}
    park = few().with_changes(changes)
    return park.with_changes({"portfolio": {name: g for name, g in park.portfolio.items() if name != "ordinary"}})


def makespan(records: Records) -> float:
    """Days from the first start of the first trade to the last end of the last one."""
    steps, number = records.plan.steps, records.layout.number
    first = records.start[steps.activity == number["foundation"]]
    return float(np.nanmax(records.end[steps.activity == number["installation"]]) - np.nanmin(first))


@pytest.mark.parametrize("buildings", [1, 2, 4, 6])
def test_makespan_of_a_flow_line(buildings: int) -> None:
    """One after another each waits for the frame before it; in a flow line for the slowest trade, n - 1 times."""
    one, slowest = 100 * sum(PACE.values()), 100 * max(PACE.values())
    shell = 100 * (PACE["foundation"] + PACE["frame"])
    park = one_site(buildings)
    line = with_levers(park, {"flow_line": {}})
    assert makespan(simulate(Layout(park), 3, 0)) == pytest.approx(one + (buildings - 1) * shell)
    assert makespan(simulate(Layout(line), 3, 0)) == pytest.approx(one + (buildings - 1) * slowest)


@pytest.mark.slow
def test_more_zones_bring_diminishing_returns() -> None:
    """Each zone more saves less of the earthworks, until the fleet is out and crowding makes it worse."""
    park = few().with_changes({"attributes.fleet": "64 count"})
    days = []
    for zones in (1, 2, 3, 4, 6, 12):
        layout = Layout(with_levers(park, {"parallel_zones": {"zones": zones, "shifts": 2}}))
        days.append(np.mean([spent("earthworks")(simulate(layout, 3, replication)) for replication in range(3)]))
    saved = -np.diff(days[:4])
    assert (np.diff(saved) < 0).all()
    assert saved[-1] > 0
    assert days[-1] > days[4]


@pytest.mark.slow
def test_the_mega_site_is_levelled_as_reported() -> None:
    """Half a year in the usual way (t-04); forty-odd days in four zones day and night, with nightly meetings (t-05).

    Both are fitted with the issues and the Spring Festival that lie in them; without these the half year is shorter.
    """
    park = load("guian").with_changes({"issues.rate": 0.0, "calendars.earth.spring_festival": ()})
    nightly = {**park.policies["reported"].levers, "nightly_coordination": {}}
    for levers, low, high in (({}, 145, 201), (nightly, 33, 49), (park.policies["reported"].levers, 33, 49)):
        layout = Layout(with_levers(park, levers))
        days = []
        for replication in range(5):
            records = simulate(layout, 3, replication)
            mine = records.plan.steps.activity == layout.number["earthworks"]
            mine &= records.plan.cases.group[records.plan.steps.case] == layout.groups.index("mega")
            days.append(float((records.end - records.start)[mine][0]))
        assert low <= np.mean(days) <= high


def test_nightly_meetings_need_zones() -> None:
    """With one zone there is nobody to lend a machine to."""
    park = few()
    before, after = (
        spent("earthworks")(simulate(Layout(one), 3, 0))
        for one in (park, with_levers(park, {"nightly_coordination": {}}))
    )
    assert after == before


def test_testing_costs_nothing_where_there_is_none() -> None:
    """A park without rounds of testing works as before."""
    park = few()
    before, after = (
        spent(*TRADES)(simulate(Layout(one), 3, 0)) for one in (park, with_levers(park, {"site_testing": {}}))
    )
    assert after == before


def test_nothing_is_accepted_before_every_examination_is_over() -> None:
    """Side by side, the filing still waits for fire, planning and the completion file."""
    records = simulate(Layout(with_levers(few(), {"joint_acceptance": {}})), 3, 0)
    for examination in ("fire_circulation", "planning_circulation", "completion_file"):
        gap = records.milestone("acceptance") - records.milestone(examination)
        assert np.nanmin(gap) > 0
