"""A case for each lever on steering."""

from __future__ import annotations

import numpy as np

from parkflow.sim.records import Records
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.cases_coordination import hurried
from tests.sim.levers.observe import Observable, lead, spent

LAND = ("social_risk_assessment", "compensation_agreements", "provincial_decision")
APPROVALS = ("eia_form_circulation", "eia_report_circulation", "scheme_circulation", "drawing_circulation")
WINDOW = {"begin": 300, "days": 92, "rebound_days": 92}


def on_time(records: Records) -> float:
    """How many projects break ground by their due date."""
    scenario, cases = records.layout.scenario, records.plan.cases
    due = [scenario.classes[group.of].deadline for group in scenario.portfolio.values()]
    days = np.array([deadline.days if deadline else np.nan for deadline in due])[cases.group]
    return float((records.milestone("groundbreaking") <= cases.arrival + days).sum())


def passed(begin: float, end: float) -> Observable:
    """Services at desks that end between two days."""

    def observed(records: Records) -> float:
        desks = np.array([name in records.layout.scenario.activities for name in records.layout.activities])
        desks &= np.array(
            [bool(a) and a.desk is not None for a in (None, *records.layout.scenario.activities.values())]
        )
        mine = desks[records.plan.steps.activity[records.attempt_step]]
        return float((mine & (records.attempt_end >= begin) & (records.attempt_end < end)).sum())

    return observed


def under_way(records: Records) -> float:
    """The most projects that are at a time between the start of their land and groundbreaking."""
    begin, end = records.milestone("draw_land"), records.milestone("groundbreaking")
    begin, end = begin[~np.isnan(begin)], end[~np.isnan(end)]
    days = np.concatenate((end, begin))  # at one instant a place is given back before it is taken
    change = np.concatenate((np.full(len(end), -1), np.ones(len(begin), dtype=int)))
    return float(np.cumsum(change[np.argsort(days, kind="stable")]).max())


def apart(records: Records) -> float:
    """Mean days between the nominal and the effective start, whichever comes first."""
    days = records.milestone("groundbreaking") - records.milestone("groundbreaking_nominal")
    return float(np.nanmean(np.abs(days)))


CASES: tuple[Case, ...] = (
    Case("deadline_control", hurried, on_time, +1, {"start_days": 480.0, "crashes": 60, "design": 0.5}),
    Case("campaign", few, passed(300, 392), +1, WINDOW, replications=16),
    Case("classified_promotion", hurried, spent(*LAND, *APPROVALS), -1),
    Case("pipeline", few, under_way, -1, {"cap": 8}),
    Case("ceremonies", few, apart, +1),
    Case("output_appraisal", few, lead("groundbreaking_nominal", "groundbreaking"), +1),
)
