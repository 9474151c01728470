"""A case for each lever on detection and coordination."""

from __future__ import annotations

from functools import cache

import numpy as np

from parkflow.sim.records import Records
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.observe import Observable, done, lead, spent

BOTTLENECKS = ("clearing", "power_line", "river_diversion")


@cache
def troubled() -> Scenario:
    """The small portfolio, with issues."""
    return few().with_changes({"issues.rate": 0.6})


@cache
def hurried() -> Scenario:
    """The small portfolio, with due dates that few can meet."""
    return few().with_changes({f"classes.{kind}.deadline.days": 300 for kind in ("ordinary", "priority")})


@cache
def leaving() -> Scenario:
    """The small portfolio, of which three in ten withdraw after signing."""
    return few().with_changes({"activities.withdrawal.applies.probability": 0.3})


def resolution(category: str) -> Observable:
    """Mean days from the finding of an issue of one category to its solution."""

    def observed(records: Records) -> float:
        mine = records.plan.cases.category == list(records.layout.scenario.issues.categories).index(category)
        return float(np.nanmean((records.milestone("issue_solved") - records.milestone("issue_found"))[mine]))

    return observed


def withdrawn(records: Records) -> float:
    """How many projects have withdrawn."""
    return float(records.withdrawn.sum())


FOUND = lead("arrival", "issue_found")
SOLVED = lead("issue_found", "issue_solved")

CASES: tuple[Case, ...] = (
    Case("review_cadence", troubled, FOUND, -1),
    Case("site_visits", troubled, FOUND, -1),
    Case("early_warning", troubled, done("latent"), -1),
    Case("commissioners", troubled, FOUND, -1),
    Case("escalation_ladder", troubled, SOLVED, -1),
    Case("leader_sponsorship", troubled, lead("issue_found", "issue_solved", "priority"), -1),
    Case("ownership_rule", troubled, done("misrouted"), -1),
    Case("same_day_transfer", troubled, spent("hand_over", "misrouted"), -1),
    Case("closed_loop", troubled, done("reopened"), -1),
    Case("joint_planning", few, done("dig_up"), -1),
    Case("shock_squads", hurried, spent(*BOTTLENECKS), -1),
    Case("project_finance", troubled, resolution("finance"), -1),
    Case("labour_matching", troubled, resolution("labour"), -1),
    Case("talent_services", leaving, withdrawn, -1),
)
