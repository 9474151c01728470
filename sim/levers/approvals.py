"""Levers on approvals: who may file when, how files are prepared, and whose files go first."""

from __future__ import annotations

from typing import Any

from sim.levers.base import Lever, coverage, covered_share, key_classes, parameter
from sim.scenario import Scenario


class ParallelApprovals(Lever):
    """Reviews that custom puts one after another run side by side; what law or matter requires stays in order."""

    name = "parallel_approvals"
    title = "Parallel approval (two by two)"
    title_zh = "并联审批"
    area = "approvals"
    mechanisms = ("m06",)
    facts = ("f003-24", "f003-25", "f003-28")
    observable = "Days from land to construction permit fall; queues at the windows grow."
    neutral = {"rate": 0.0}

    rate: float = parameter(1.0, "share", "Share of projects whose reviews run in parallel.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {"practices.parallel_approvals.share": self.rate}


class StartOnLand(Lever):
    """Reviews run before the land certificate as if the land were held; afterwards only their conversion remains."""

    name = "start_on_land"
    title = "Start upon land (pre-review under a simulated land right)"
    title_zh = "拿地即开工"
    area = "approvals"
    mechanisms = ("m01",)
    facts = ("f004-14", "f004-15", "f004-16", "f004-17")
    observable = "Days from land certificate to permit fall to the conversion; the saving is min(land, approvals)."
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.start_on_land"
        return {f"{practice}.share": self.share, f"{practice}.classes": self.classes}


class AgencyService(Lever):
    """Officers with a checklist prepare the files of the projects they have room for: fewer returns, faster files."""

    name = "agency_service"
    title = "Formality agency service with a checklist per project"
    title_zh = "全流程手续帮办代办"
    area = "approvals"
    mechanisms = ("m09", "m11")
    facts = ("f001-20", "f001-21", "f004-36")
    observable = "Share of files returned for correction falls; days of preparation fall."
    neutral = {"share": 0.0, "agents": 0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    agents: int = parameter(12, "officers", "Officers who prepare files.", ge=0, le=1000)
    cases_per_agent: int = parameter(5, "projects", "Projects that one officer can serve at a time.", ge=1, le=100)
    correction: float = parameter(0.25, "factor", "Probability of a return, against without.", ge=0, le=1)
    preparation: float = parameter(0.85, "factor", "Days of preparation, against without.", gt=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.agency_service"
        effects = [
            {"tags": ("submission",), "correction": self.correction, "assumed": "lever agency_service"},
            {"tags": ("preparation",), "duration": self.preparation, "assumed": "lever agency_service"},
        ]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": effects,
            "stocks.agents.initial": float(self.agents * self.cases_per_agent),
        }


class GreenLane(Lever):
    """Key projects go first at every desk, without interrupting service, and get special clearance tasks done fast."""

    name = "green_lane"
    title = "Green channel (priority class)"
    title_zh = "绿色通道、特事特办"
    area = "approvals"
    mechanisms = ("m08",)
    facts = ("f000-05",)
    observable = "Waits of key projects at desks fall, and those of the others rise (conservation at fixed capacity)."
    neutral = {"lead": 0}

    classes: tuple[str, ...] = parameter((), "classes", "Projects that go first; none named: the park's key classes.")
    lead: int = parameter(1, "ranks", "Ranks by which they go ahead.", ge=0, le=10)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        first = key_classes(scenario, self.classes, self.name)
        if not self.lead:
            return {}
        ranks = {f"classes.{name}.priority": scenario.classes[name].priority - self.lead for name in first}
        return ranks | {f"desks.{name}.rule": "class" for name in scenario.desks}
