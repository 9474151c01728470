"""Levers on coordination: who solves issues, and how fast they reach someone who can."""

from __future__ import annotations

from typing import Any, Literal

from parkflow.sim.levers.base import Lever, coverage, covered_share, key_classes, parameter
from parkflow.sim.levers.detection import REPORT, looks_for
from parkflow.sim.scenario import Scenario


class Commissioners(Lever):
    """One officer per project, up to a caseload, finds issues early, hands files and issues over, solves some himself.

    Officers go where need is: with fewer places than projects to key projects first. A place is
    free again when the project breaks ground. What an officer finds, a review or a visit would partly have found as
    well: rates add.
    """

    name = "commissioners"
    title = "Project commissioner"
    title_zh = "项目专员"
    slogans = ("项目特派员",)
    area = "coordination"
    mechanisms = ("m12", "m35")
    facts = ("f004-19", "f004-20", "f004-21", "f003-32", "f003-36")
    observable = "Days from an issue's arising to its being found fall; the share solved at tier 0 rises."
    limits = (
        "Officers neither tire nor learn.",
        "After groundbreaking an officer still hears of the issues of the projects he had, beside his new ones.",
    )
    neutral = {"share": 0.0, "officers": 0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    officers: int = parameter(50, "officers", "Officers seconded to projects.", ge=0, le=10_000)
    caseload: int = parameter(2, "projects", "Projects that one officer can look after.", ge=1, le=100)
    first: Literal["key", "late", "random"] = parameter(
        "key", "rule", "Whom officers go to where places are too few: key projects, late ones, or by lot."
    )
    detection: float = parameter(
        0.3,
        "factor",
        "Time until an issue is found, against a monthly report; 0.8 visits a month (f003-36); assumed.",
        gt=0,
        le=1,
    )
    hand_over: float = parameter(
        0.33, "factor", "Time until it reaches the right desk: 3 working days to 1 (m12; f000-10).", gt=0, le=1
    )
    lag: float = parameter(0.5, "factor", "Days of hand-over between items, against without; assumed.", ge=0, le=1)
    correction: float = parameter(
        0.8, "factor", "Probability that a technical review returns a file; assumed.", ge=0, le=1
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        effects = (
            self.effect("detection", looks=looks_for(self.detection) / REPORT),
            self.effect("hand_over", duration=self.hand_over),
            self.effect("lag", duration=self.lag),
            self.effect("submission", correction=self.correction, spares=("window",)),
        )
        covered = min(self.share, self.officers * self.caseload / self._projects(scenario))
        places = {"stocks.commissioners.initial": float(self.officers * self.caseload)}
        return self.practice(*effects, share=covered, first=self.first) | places

    def _projects(self, scenario: Scenario) -> int:
        """Projects of the classes covered (one at least)."""
        groups = (group for group in scenario.portfolio.values() if group.process == "project")
        return max(1, sum(group.count for group in groups if not self.classes or group.of in self.classes))


def cadence(of: str) -> Any:
    """Days between the sittings of a meeting; as the park has them where none are named."""
    return parameter(None, "days", f"Between {of}; none: as the park's sit.", gt=0, le=365)


class EscalationLadder(Lever):
    """What a department does not solve goes up: on-site, joint and leaders' meetings, each with its calendar."""

    name = "escalation_ladder"
    title = "Escalation in three tiers"
    title_zh = "三级协调会议"
    slogans = ("三级会议筛子",)
    area = "coordination"
    mechanisms = ("m16", "m17")
    facts = ("f004-24", "f004-26", "f004-27", "f004-28", "f004-43", "f002-20")
    observable = "Share of issues solved within 30, 70 and 90 days of being found rises."
    limits = (
        "Nobody hands an issue up only because a higher tier exists.",
        "The shares that each tier solves are assumed: no source gives them.",
    )
    neutral = {"share": 0.0}

    share: float = covered_share()
    on_site_days: float | None = cadence("on-site meetings")
    joint_days: float | None = cadence("joint meetings")
    leaders_days: float | None = cadence("leaders' meetings")
    study_days: float | None = cadence("studies of what the leaders left open")
    places: int | None = parameter(
        None, "issues", "Places on the leaders' agenda; none: as the park has them.", ge=1, le=1000
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        given = {
            "meetings.on_site.every": self.on_site_days,
            "meetings.joint.every": self.joint_days,
            "meetings.leaders.every": self.leaders_days,
            "meetings.study.every": self.study_days,
            "meetings.leaders.places": self.places,
        }
        changes = {key: value for key, value in given.items() if value is not None}
        return changes | {"practices.escalation_ladder.share": self.share}


class LeaderSponsorship(Lever):
    """A leader sponsors each key project and decides on his next visit what the department did not solve.

    The on-site and joint meetings are passed over; what he does not solve goes on to the leaders' meeting. His time is
    scarce: he has so many projects, and each visit has room for so many issues.
    """

    name = "leader_sponsorship"
    title = "Sponsorship by leaders"
    title_zh = "领导包联"
    slogans = ("五个一",)
    area = "coordination"
    mechanisms = ("m32",)
    facts = ("f003-30", "f003-42")
    observable = "Days from finding to solution fall for sponsored projects; the leaders' agenda fills."
    limits = ("A leader's time has no other use.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = parameter((), "classes", "Projects with a leader; none named: the park's key classes.")
    leaders: int = parameter(10, "leaders", "Leaders who sponsor projects (assumed).", ge=1, le=1000)
    projects: int = parameter(2, "projects", "Projects that one leader sponsors at a time (assumed).", ge=1, le=100)
    visit_days: float = parameter(15.0, "days", "Between a leader's visits; two a month (f003-30).", gt=0, le=365)
    issues: int = parameter(1, "issues", "Issues that a leader can take up on one visit (assumed).", ge=1, le=100)
    solves: float = parameter(0.8, "share", "Issues that he solves (as the leaders' meeting).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice(classes=key_classes(scenario, self.classes, self.name)) | {
            "stocks.leaders.initial": float(self.leaders * self.projects),
            "meetings.leader_visits.every": self.visit_days,
            "meetings.leader_visits.places": self.leaders * self.issues,
            "activities.leader_decision.solves": self.solves,
        }


class OwnershipRule(Lever):
    """Who governs or who signs is responsible, and one centre knows who that is: fewer issues go to the wrong desk."""

    name = "ownership_rule"
    title = "Named responsibility with one promotion centre"
    title_zh = "责任分工与项目推进中心"
    slogans = ("谁主管谁负责",)
    area = "coordination"
    mechanisms = ("m19", "m47")
    facts = ("f002-11", "f002-12", "f004-06")
    observable = "Share of issues that are sent to the wrong department first falls."
    limits = ("A department that is named responsible does not get more capable by it.",)
    neutral = {"misrouted": 0.2}

    misrouted: float = parameter(0.05, "share", "Issues sent to the wrong department first (assumed).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {"activities.misrouted.applies.probability": self.misrouted}


class SameDayTransfer(Lever):
    """Issues are passed on the same day, and each tier has a deadline on a public list: what it has not solved goes up.

    The deadline shortens treatment, and does not change whether it succeeds.
    """

    name = "same_day_transfer"
    title = "Same-day transfer and listed supervision"
    title_zh = "即日交办与挂牌督办"
    slogans = ("当天转接限时办结", "清单制")
    area = "coordination"
    mechanisms = ("m20", "m37")
    facts = ("f000-10", "f003-37")
    observable = "Days of hand-over fall to half a day; no treatment before the last tier is overdue."
    limits = ("An issue that goes up at its deadline has cost the tier nothing.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    hand_over: float = parameter(0.5, "working days", "Longest time to hand an issue over (f000-10).", ge=0, le=30)
    limit: float = parameter(10.0, "working days", "Deadline of a tier (assumed).", gt=0, le=250)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        on_time = (self.effect("hand_over", most=self.hand_over), self.effect("treatment", most=self.limit))
        return self.practice(*on_time)


class ClosedLoop(Lever):
    """The firm verifies that its issue is solved before it is closed, so that fewer come back."""

    name = "closed_loop"
    title = "Closed loop with acceptance check"
    title_zh = "闭环办理与企业确认"
    slogans = ("接诉、专办、验收闭环",)
    area = "coordination"
    mechanisms = ("m18",)
    facts = ("f001-22",)
    observable = "Share of issues that are reopened falls; closing takes a verification longer."
    limits = ("Firms say frankly whether an issue is solved.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    reopened: float = parameter(0.05, "share", "Verified issues that come back all the same.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        otherwise = scenario.activities["reopened"].applies.probability
        reopened = otherwise - self.share * (otherwise - self.reopened)
        return self.practice() | {"activities.reopened.applies.probability": reopened}


class JointPlanning(Lever):
    """All utilities meet once and plan together: their works run side by side, and less is dug up again."""

    name = "joint_planning"
    title = "Joint planning with all utilities"
    title_zh = "管线综合规划"
    slogans = ("一次规划、一干到底",)
    area = "coordination"
    mechanisms = ("m26",)
    facts = ("f001-16",)
    observable = "Share of sites that are dug up again falls; temporary power and water come earlier."
    limits = ("Utilities keep to the plan they made together.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    quorum: float = parameter(5.0, "days", "To bring the ten units together (assumed).", ge=0, le=90)
    utilities: float = parameter(0.7, "factor", "Days of the utilities' works, against without (assumed).", ge=0, le=1)
    dug_up: float = parameter(0.05, "share", "Sites that are dug up again (assumed; 0.15 without).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        otherwise = scenario.activities["dig_up"].applies.probability
        less = self.effect("dig_up", chance=self.dug_up / otherwise if otherwise else 1.0)
        together = self.effect("utilities", duration=self.utilities)
        return self.practice(together, less) | {"meetings.joint_planning.on_demand": self.quorum}


class ShockSquads(Lever):
    """A few mobile squads go to the projects that are late, at the relocation of lines or rivers and at clearing."""

    name = "shock_squads"
    title = "Special teams at the worst bottleneck"
    title_zh = "瓶颈攻坚队"
    slogans = ("爆破手", "小分队", "尖刀班")
    area = "coordination"
    mechanisms = ("m39",)
    facts = ()
    observable = "Days of clearing, line and river relocation of late projects fall, while squads are free."
    limits = ("Squads do not drain the crews they come from.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    squads: int = parameter(3, "squads", "Squads, each at one project at a time (assumed).", ge=0, le=1000)
    pace: float = parameter(0.6, "factor", "Days of the work, against without a squad (assumed).", gt=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        found = self.practice() | {"stocks.squads.initial": float(self.squads)}
        for place in ("clearing", "relocation"):
            found[f"practices.squad_{place}.share"] = float(self.share > 0)
            found[f"practices.squad_{place}.effects"] = [self.effect(place, duration=self.pace)]
        return found


class ProjectFinance(Lever):
    """Industry funds pay what is missing, as long as they last: finance issues are settled without the department."""

    name = "project_finance"
    title = "Industry funds and help with financing"
    title_zh = "产业基金与融资服务"
    slogans = ("金融服务送上门",)
    area = "coordination"
    mechanisms = ("m42",)
    facts = ("f002-08",)
    observable = "Days to resolve finance issues fall, until the funds are spent."
    limits = ("Funds are paid back never and lost never; no bank judges the project.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    pool: float = parameter(60.0, "100M CNY", "Funds to draw on (f002-08).", ge=0, le=1e6)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice() | {"stocks.finance_pool.initial": self.pool}


class LabourMatching(Lever):
    """A platform brings firms, contractors and workers together, so that labour issues rarely reach a department."""

    name = "labour_matching"
    title = "Labour matching"
    title_zh = "用工对接"
    slogans = ("就业合作搭平台", "用工专班")
    area = "coordination"
    mechanisms = ("m43",)
    facts = ("f002-19", "f001-22")
    observable = "Days to resolve labour issues fall."
    limits = ("Workers found for one site are not missing on another.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    solves: float = parameter(0.8, "share", "Labour issues that the platform settles (assumed).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice() | {"activities.labour_platform.solves": self.solves}


class TalentServices(Lever):
    """Housing, schools and care for the staff: fewer firms withdraw after signing, and fewer workers are missing."""

    name = "talent_services"
    title = "Housing, schooling and services for staff"
    title_zh = "人才与生活配套服务"
    slogans = ("人才安居", "子女就学", "全生命周期服务")
    area = "coordination"
    mechanisms = ("m54",)
    facts = ("f003-31",)
    observable = "Share of projects that withdraw after signing falls; labour issues fall."
    limits = ("Workers who stay are no better for having stayed.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    withdrawal: float = parameter(0.02, "share", "Projects that withdraw (assumed; 0.04 without).", ge=0, le=1)
    prevented: float = parameter(0.3, "share", "Labour issues that do not arise (assumed).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        otherwise = scenario.activities["withdrawal"].applies.probability
        fewer = self.effect("labour", issues=1 - self.prevented, categories=("labour",))
        loyal = self.effect("withdrawal", chance=self.withdrawal / otherwise if otherwise else 1.0)
        return self.practice(fewer, loyal)
