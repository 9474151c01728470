"""Levers on approvals: who may file when, how files are prepared, and whose files go first."""

from __future__ import annotations

from typing import Any

from parkflow.sim.levers.base import MONTH, Lever, coverage, covered_share, key_classes, parameter, tranches
from parkflow.sim.scenario import Scenario


class ParallelApprovals(Lever):
    """Reviews that custom puts one after another run side by side; what law or matter requires stays in order."""

    name = "parallel_approvals"
    title = "Parallel approval (two by two)"
    title_zh = "并联审批"
    area = "approvals"
    mechanisms = ("m06", "m50")
    facts = ("f003-24", "f003-25", "f003-28")
    observable = "Days from land to construction permit fall; queues at the windows grow."
    neutral = {"share": 0.0}
    former = {"rate": "share"}

    share: float = parameter(1.0, "share", "Share of projects whose reviews run in parallel.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {"practices.parallel_approvals.share": self.share}


class OverlappedSubmission(Lever):
    """The next file is handed in as soon as its prerequisite lands: no day is lost between two items."""

    name = "overlapped_submission"
    title = "Overlapped submission (seamless hand-over between items)"
    title_zh = "压茬进行、无缝隙递交"
    area = "approvals"
    mechanisms = ("m10",)
    facts = ("f001-21",)
    observable = "Days between a prerequisite and the next submission fall."
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    lag: float = parameter(0.0, "factor", "Days of hand-over between items, against without; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.overlapped_submission"
        effects = [{"tags": ("lag",), "duration": self.lag, "assumed": "lever overlapped_submission"}]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": effects,
        }


class StartOnLand(Lever):
    """Reviews run before the land certificate as if the land were held; afterwards only their conversion remains.

    The land is won in a public listing: where its terms turn out otherwise than expected, the reviews are redone.
    """

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
    risk: float = parameter(
        0.05,
        "probability",
        "Chance that the terms of the land change and reviews are redone; assumed (c-19).",
        ge=0,
        le=1,
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.start_on_land"
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            "activities.pre_review_redone.applies.probability": self.risk,
        }


class EarlyIntervention(Lever):
    """Officer, site visit and land launch run against clocks while terms are negotiated; bodies decide on demand."""

    name = "early_intervention"
    title = "Early intervention with 1/2/3/5-day clocks and decisions on demand"
    title_zh = "提前介入、限时服务、专题会实时召开"
    area = "approvals"
    mechanisms = ("m36", "m52")
    facts = ("f003-32", "f003-33", "f003-34", "f003-35")
    observable = "Days from the agreement to the launch of land supply fall, and days until the investment decision."
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    officer_days: float = parameter(1.0, "working days", "Until an officer is named (f003-32).", ge=0, le=100)
    visit_days: float = parameter(2.0, "working days", "Until the site has been visited (f003-33).", ge=0, le=100)
    launch_days: float = parameter(3.0, "working days", "Until land supply is launched (f003-34).", ge=0, le=100)
    quorum_days: float = parameter(5.0, "days", "To gather a body that decides on demand (f003-35).", ge=0, le=100)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.early_intervention"
        clocks = {
            "officer_clock": self.officer_days,
            "visit_clock": max(0.0, self.visit_days - self.officer_days),
            "launch_clock": max(0.0, self.launch_days - max(self.visit_days, self.officer_days)),
        }
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": [
                {"tags": (clock,), "most": most, "assumed": "lever early_intervention"}
                for clock, most in clocks.items()
            ],
            "meetings.committee_on_demand.on_demand": self.quorum_days,
            "meetings.promotion_on_demand.on_demand": self.quorum_days,
        }


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
    correction: float = parameter(
        0.25, "factor", "Returns, against without: 0.30 falls to 0.075 (priors 3.5); assumed.", ge=0, le=1
    )
    preparation: float = parameter(
        0.85, "factor", "Days of preparation: with fewer returns a cut of 30% (f001-21); assumed.", gt=0, le=1
    )

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


class ServiceCap(Lever):
    """Windows promise a limit for their own work, and file at once; notices and technical reviews lie outside it."""

    name = "service_cap"
    title = "Two-day approval cap and instant filing"
    title_zh = "备案立等可取、审批最多两个工作日"
    area = "approvals"
    mechanisms = ("m38",)
    facts = ("f004-23",)
    observable = "Days of service at windows fall; days of notices and technical reviews stay (c-10)."
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    days: float = parameter(2.0, "working days", "Longest service of a window (f004-23).", ge=0, le=100)
    filing_days: float = parameter(
        0.0, "working days", "Longest service of the project filing (f004-23).", ge=0, le=100
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.service_cap"
        effects = [
            {"tags": (tag,), "most": most, "assumed": "lever service_cap"}
            for tag, most in (("window", self.days), ("filing", self.filing_days))
        ]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": effects,
        }


class ExtendedHours(Lever):
    """Windows work into the evening for urgent files, so many times a month; each time is counted."""

    name = "extended_hours"
    title = "Extended-hours service for urgent files"
    title_zh = "延时服务"
    area = "approvals"
    mechanisms = ("m07",)
    facts = ("f003-25",)
    observable = "Days of service at windows fall for projects that got it; units taken are the overtime spent."
    neutral = {"share": 0.0, "events_per_month": 0}

    share: float = covered_share()
    classes: tuple[str, ...] = parameter((), "classes", "Whose files are urgent; none named: the park's key classes.")
    events_per_month: int = parameter(
        2, "projects", "Projects a month that can get it; what is not used is carried over; assumed.", ge=0, le=1000
    )
    service: float = parameter(0.5, "factor", "Days of service at windows, against without; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        urgent = key_classes(scenario, self.classes, self.name)
        practice = "practices.extended_hours"
        effects = [{"tags": ("window",), "duration": self.service, "assumed": "lever extended_hours"}]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": urgent,
            f"{practice}.effects": effects,
            "stocks.overtime.initial": float(self.events_per_month),
            "stocks.overtime.tranches": tranches(scenario, float(self.events_per_month), MONTH),
        }


class StandardGuides(Lever):
    """Guides say how a file is handled, so that handling varies less from one officer to the next."""

    name = "standard_guides"
    title = "Standard work guides"
    title_zh = "标准化指南、规范管理流程"
    area = "approvals"
    mechanisms = ("m48",)
    facts = ()
    observable = "Days of service vary less, at the same mean; waits at busy desks fall."
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    spread: float = parameter(
        0.67, "factor", "Spread of service, against without: coefficient of variation 0.6 to 0.4 (m48).", ge=0, le=1
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.standard_guides"
        effects = [{"tags": ("submission", "window"), "spread": self.spread, "assumed": "lever standard_guides"}]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": effects,
        }


class AcceptWithMissingItems(Lever):
    """Files are taken with minor items outstanding: fewer come back, some permits are revoked. Not in the reports."""

    name = "accept_with_missing_items"
    title = "Acceptance with missing items (not in the reports)"
    title_zh = "容缺受理、告知承诺"
    area = "approvals"
    mechanisms = ("m55",)
    facts = ()
    observable = "Share of files returned for correction falls; permits revoked later rise."
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    correction: float = parameter(0.5, "factor", "Probability of a return, against without; assumed.", ge=0, le=1)
    revocation: float = parameter(0.05, "probability", "Chance of a permit's later revocation; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        practice = "practices.accept_with_missing_items"
        effects = [
            {"tags": ("submission",), "correction": self.correction, "assumed": "lever accept_with_missing_items"}
        ]
        return {
            f"{practice}.share": self.share,
            f"{practice}.classes": self.classes,
            f"{practice}.effects": effects,
            "activities.permit_revoked.applies.probability": self.revocation,
        }


class GreenLane(Lever):
    """Key projects go first at every desk, without interrupting service."""

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


class DedicatedWindows(Lever):
    """Officers split off the pool of each desk serve key projects only, and the others serve the rest only."""

    name = "dedicated_windows"
    title = "Dedicated task forces and windows (five dedicated channels)"
    title_zh = "专班、专线专网专员专窗"
    area = "approvals"
    mechanisms = ("m13", "m34")
    facts = ("f000-07", "f002-19", "f003-31")
    observable = "Waits of key projects at desks fall; the others wait longer, and all together too where they are few."
    neutral = {"servers": 0}

    classes: tuple[str, ...] = parameter((), "classes", "Projects served apart; none named: the park's key classes.")
    servers: int = parameter(
        1, "officers", "Officers split off each desk, where enough are left; assumed.", ge=0, le=100
    )
    desks: tuple[str, ...] = parameter((), "desks", "Only these desks; none named: all that have officers enough.")

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        apart = dict.fromkeys(key_classes(scenario, self.classes, self.name), self.servers)
        changes: dict[str, Any] = {}
        for name in (self.desks or scenario.desks) if self.servers else ():
            if name not in scenario.desks:
                raise KeyError(f"desks.{name}")
            dedicated = {**scenario.desks[name].dedicated, **apart}
            if sum(dedicated.values()) < scenario.desks[name].servers:
                changes[f"desks.{name}.dedicated"] = dedicated
        return changes
