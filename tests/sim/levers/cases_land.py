"""A case for each lever on land."""

from __future__ import annotations

from functools import cache

import numpy as np

from parkflow.sim.records import Records
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.observe import done, lead, spent

BANK = {"land_bank": {"initial": 2000.0, "monthly": 0.0, "target": 0.0}}
REVIEWS = ("siting", "energy_review", "water_plan_review")
SPECIAL = ("forest_review", "power_line", "river_diversion")


@cache
def troubled() -> Scenario:
    """The small portfolio, with issues."""
    return few().with_changes({"issues.rate": 0.5})


@cache
def difficult() -> Scenario:
    """Every site of the small portfolio has forest, a power line and a river."""
    needs = ("needs_forest_land", "needs_power_line", "needs_river")
    return few().with_changes({f"attributes.{need}": "1 flag" for need in needs})


def waited_for_quota(records: Records) -> float:
    """Mean days that a project waits for quota, up to the horizon."""
    mine = records.plan.steps.activity == records.layout.number["use_land_quota"]
    mine &= ~np.isnan(records.ready) & ~records.skipped
    return float(np.mean(np.where(np.isnan(records.end), records.over, records.end)[mine] - records.ready[mine]))


def land_issues(records: Records) -> float:
    """Mean days from the finding of a land issue to its solution."""
    mine = records.plan.cases.category == list(records.layout.scenario.issues.categories).index("land")
    return float(np.nanmean((records.milestone("issue_solved") - records.milestone("issue_found"))[mine]))


CASES: tuple[Case, ...] = (
    Case("land_bank", few, lead("agreement", "land_contract"), -1),
    Case("standard_land", few, done(*REVIEWS), -1, before=BANK),
    Case("land_quota", few, waited_for_quota, +1, {"annual": 1000.0, "recovered": 0.0}, replications=10),
    Case(
        "land_quota",
        few,
        waited_for_quota,
        -1,
        {"annual": 1000.0},
        replications=10,
        before={"land_quota": {"annual": 1000.0, "recovered": 0.0}},
    ),
    Case("dossier_team", few, lead("use_land_quota", "conversion_check"), -1),
    Case("special_clearance", difficult, spent(*SPECIAL, classes=["priority"]), -1),
    Case("town_linkage", troubled, land_issues, -1),
    Case("advance_infrastructure", few, spent("clearing", "basic_services", "power_line"), -1),
    Case("early_possession", few, lead("agreement", "possession"), -1),
    Case("listing_ahead", few, lead("agreement", "land_contract"), -1, before=BANK),
)
