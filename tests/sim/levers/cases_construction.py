"""A case for each lever on construction."""

from __future__ import annotations

from functools import cache

from parkflow.scenarios.load import load
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.observe import lead, spent

TRADES = ("foundation", "frame", "envelope", "installation")


@cache
def of_buildings() -> Scenario:
    """The small portfolio, with four buildings on each site."""
    return few().with_changes({"attributes.buildings": "4 count", "attributes.fronts": "1 count"})


@cache
def tested() -> Scenario:
    """Zhifu with fewer projects outside the park, and no issues."""
    changes = {"portfolio.others.count": 10, "portfolio.parcels.count": 4, "issues.rate": 0.0}
    return load("zhifu").with_changes({**changes, "assumed": "made up for tests"})


CASES: tuple[Case, ...] = (
    Case("parallel_zones", few, spent("earthworks"), -1),
    Case("nightly_coordination", few, spent("earthworks"), -1, before={"parallel_zones": {}}),
    Case("flow_line", of_buildings, lead("groundbreaking", "acceptance"), -1),
    Case("site_testing", tested, spent("earthworks", *TRADES), -1),
    Case("season_safeguards", few, spent("earthworks", *TRADES), -1),
    Case("joint_acceptance", few, lead("topping_out", "acceptance"), -1),
)
