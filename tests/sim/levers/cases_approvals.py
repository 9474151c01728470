"""A case for each lever on approvals."""

from __future__ import annotations

from functools import cache

import numpy as np

from parkflow.scenarios.load import load
from parkflow.sim.records import Records
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.observe import lead, of_classes, returns, spent, waited

LAGS = (
    "eia_handover",
    "land_use_handover",
    "scheme_handover",
    "planning_handover",
    "drawing_handover",
    "permit_handover",
)
WINDOWS = ("land_registration", "land_use_permit", "planning_permit", "quality_supervision", "permit_review")
CIRCULATIONS = tuple(f"{name}_circulation" for name in WINDOWS)


@cache
def few() -> Scenario:
    """The baseline with fewer projects and no issues."""
    counts = {"portfolio.ordinary.count": 18, "portfolio.priority.count": 8, "portfolio.parcels.count": 6}
    return load("baseline").with_changes({**counts, "issues.rate": 0.0, "assumed": "made up for tests"})


@cache
def crowded() -> Scenario:
    """The same projects, all on the first day."""
    return few().with_changes({f"portfolio.{group}.arrivals": {"on": [0]} for group in ("ordinary", "priority")})


@cache
def few_of_many() -> Scenario:
    """Three key projects among many, all on the first day."""
    return crowded().with_changes({"portfolio.ordinary.count": 24, "portfolio.priority.count": 3})


def variation_of_service(records: Records) -> float:
    """Mean coefficient of variation of first services at the windows."""
    steps, number = records.plan.steps, records.layout.number
    works = [steps.work[(steps.activity == number[name]) & (steps.work > 0)] for name in WINDOWS]
    return float(np.mean([work.std() / work.mean() for work in works]))


def since_agreement(records: Records) -> float:
    """Mean days from the agreement to the launch of land supply, negative where it was launched before."""
    days = records.milestone("land_launch") - records.milestone("agreement")
    return float(np.nanmean(days[of_classes(records, ())]))


CASES: tuple[Case, ...] = (
    Case("parallel_approvals", few, lead("land_contract", "construction_permit"), -1),
    Case("overlapped_submission", few, spent(*LAGS), -1),
    Case("start_on_land", few, lead("land_certificate", "construction_permit"), -1),
    Case("early_intervention", few, since_agreement, -1),
    Case("agency_service", few, returns(), -1),
    Case("service_cap", few, spent(*WINDOWS, *CIRCULATIONS), -1),
    Case("extended_hours", few, spent(*WINDOWS, *CIRCULATIONS, classes=["priority"]), -1),
    Case("green_lane", crowded, waited(classes=["priority"]), -1),
    Case("dedicated_windows", few_of_many, waited(classes=["priority"]), -1, replications=12),
    Case("standard_guides", few, variation_of_service, -1),
    Case("accept_with_missing_items", few, returns(), -1),
    Case("commitment_approval", few, returns(*WINDOWS), -1),
)
