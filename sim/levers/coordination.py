"""Levers on coordination: who finds issues, who solves them, and how fast they reach someone who can."""

from __future__ import annotations

from typing import Any

from sim.levers.base import Lever, coverage, covered_share, parameter
from sim.scenario import Scenario


class Commissioners(Lever):
    """One officer per project, up to a caseload, finds issues early, hands them over fast, solves some himself."""

    name = "commissioners"
    title = "Project commissioner (one-to-one officer)"
    title_zh = "项目特派员、项目专员"
    area = "coordination"
    mechanisms = ("m12", "m35")
    facts = ("f004-19", "f004-20", "f004-21", "f003-32", "f003-36")
    observable = "Days from an issue's arising to its being found fall; the share solved at tier 0 rises."
    neutral = {"share": 0.0, "officers": 0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    officers: int = parameter(50, "officers", "Officers seconded to projects.", ge=0, le=10_000)
    caseload: int = parameter(2, "projects", "Projects that one officer can look after.", ge=1, le=100)
    detection: float = parameter(0.3, "factor", "Time until an issue is found, against without.", gt=0, le=1)
    hand_over: float = parameter(0.33, "factor", "Time until it reaches the right desk, against without.", gt=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.commissioners"
        effects = [
            {"tags": ("detection",), "duration": self.detection, "assumed": "lever commissioners"},
            {"tags": ("hand_over",), "duration": self.hand_over, "assumed": "lever commissioners"},
        ]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": effects,
            "stocks.commissioners.initial": float(self.officers * self.caseload),
        }


class EscalationLadder(Lever):
    """What a department does not solve goes up: on-site, joint and leaders' meetings, each with its calendar."""

    name = "escalation_ladder"
    title = "Three-tier escalation sieve"
    title_zh = "三级会议筛子"
    area = "coordination"
    mechanisms = ("m16", "m17")
    facts = ("f004-24", "f004-26", "f004-27", "f004-28", "f004-43", "f002-20")
    observable = "Share of issues solved within 30, 70 and 90 days of being found rises."
    neutral = {"share": 0.0}

    share: float = covered_share()
    on_site_days: float = parameter(7.0, "days", "Between on-site meetings.", gt=0, le=365)
    joint_days: float = parameter(14.0, "days", "Between joint meetings.", gt=0, le=365)
    leaders_days: float = parameter(30.0, "days", "Between leaders' meetings.", gt=0, le=365)
    places: int = parameter(8, "issues", "Places on the leaders' agenda.", ge=1, le=1000)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {
            "practices.escalation_ladder.share": self.share,
            "meetings.on_site.every": self.on_site_days,
            "meetings.joint.every": self.joint_days,
            "meetings.leaders.every": self.leaders_days,
            "meetings.leaders.places": self.places,
        }
