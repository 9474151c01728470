"""Levers on steering: which projects are admitted, pressed for time, studied, celebrated and counted, and when."""

from __future__ import annotations

from typing import Any, Literal

from parkflow.sim.levers.base import MONTH, Lever, coverage, covered_share, parameter, sitting_days
from parkflow.sim.scenario import Day, Scenario


class DeadlineControl(Lever):
    """Start and production have due dates: who has least slack goes first, and who is late is crashed at a cost.

    Counted back from the due start, the line of the land and that of the approvals are one: every desk of both serves
    the file that can wait least, its own service included. A rank that another practice grants, such as a green
    channel, counts as sixty days of slack.
    """

    name = "deadline_control"
    title = "Control by milestones with backward scheduling"
    title_zh = "节点管控与倒排工期"
    slogans = ("双节点", "五个倒逼", "项目化工作法")
    area = "steering"
    mechanisms = ("m14", "m15", "m49")
    facts = ("f000-32", "f000-19", "f003-43", "f002-01")
    observable = "Share of projects that start by their due date rises; crashings are used up."
    limits = ("Crashed works are as good as others, and what crashing costs is counted in crashings, not in money.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    start_days: float = parameter(0.0, "days", "From arrival to the due start; 0: as the park's classes say.", ge=0)
    production_days: float = parameter(
        750.0, "days", "From the due start to due production (assumed).", gt=0, le=10_000
    )
    crashes: int = parameter(20, "crashings", "Designs and building sites that can be crashed (assumed).", ge=0)
    design: float = parameter(0.7, "factor", "Days of a crashed design, against without (assumed).", gt=0, le=1)
    works: float = parameter(0.75, "factor", "Days of crashed works (priors 5: 0.55 to 0.75).", gt=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        if not self.share:
            return {}
        found = self.practice() | {"stocks.crash_budget.initial": float(self.crashes)}
        for what, pace in (("design", self.design), ("works", self.works)):
            found[f"practices.crashed_{what}.share"] = 1.0
            found[f"practices.crashed_{what}.effects"] = [self.effect(f"crash_{what}", duration=pace)]
        return found | {f"desks.{name}.rule": "slack" for name in scenario.desks} | self._due(scenario)

    def _due(self, scenario: Scenario) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, kind in scenario.classes.items():
            if kind.deadline:
                start = self.start_days or kind.deadline.days
                production = {"milestone": "production", "days": start + self.production_days}
                found[f"classes.{name}.deadline.days"] = start
                found[f"classes.{name}.second_deadline"] = production | {"assumed": f"lever {self.name}"}
        return found


class Campaign(Lever):
    """For a hundred days the projects on a list come first; afterwards the offices are tired and catch up.

    Who has least slack is on the list first. Inside the window listed projects are visited for their issues, their
    files circulate faster and go first, the offices work overtime, and the meetings that decide sit every week.
    Notices, the province and the works of the towns keep calendars of their own, which no campaign touches.
    """

    name = "campaign"
    title = "Campaign of limited time"
    title_zh = "限期攻坚"
    slogans = ("百日攻坚", "大会战")
    area = "steering"
    mechanisms = ("m29",)
    facts = ("f004-30", "f002-01", "f002-11", "f002-20")
    observable = "Permits per month rise inside the window and fall below the usual number after it."
    limits = (
        "The tiredness after a campaign is assumed in length and depth.",
        "Work is not pulled forward in the books only.",
        "Who is on the list is settled once, by the slack that a project's own serial schedule leaves it.",
    )
    neutral = {
        "lead": 0, "circulation": 1.0, "visits": 0.0, "sittings": 0.0, "overtime": 1.0, "rebound": 1.0,
    }  # fmt: skip

    begin: Day = parameter(0.0, "date", "First day: a date, or days from the start.")
    days: float = parameter(92.0, "days", "Length (f004-30).", gt=0, le=3650)
    share: float = parameter(0.5, "share", "Share of projects on the list (assumed).", ge=0, le=1)
    classes: tuple[str, ...] = coverage()
    first: Literal["key", "late", "random"] = parameter(
        "late", "rule", "Who is listed first: key projects, late ones, or by lot."
    )
    lead: int = parameter(1, "ranks", "Ranks by which listed projects go ahead.", ge=0, le=10)
    circulation: float = parameter(0.75, "factor", "Days in circulation of listed files (assumed).", gt=0, le=1)
    visits: float = parameter(
        2.0, "visits", "Visits a listed project and month that find an issue (assumed).", ge=0, le=60
    )
    sittings: float = parameter(
        7.0,
        "days",
        "Between sittings of joint and leaders' meetings in the window (f002-20); 0: none more.",
        ge=0,
        le=365,
    )
    overtime: float = parameter(1.1, "factor", "Working time of the offices inside the window (assumed).", ge=1, le=10)
    rebound: float = parameter(0.93, "factor", "Working time of the offices after it (assumed).", gt=0, le=1)
    rebound_days: float = parameter(92.0, "days", "Length of the rebound (assumed).", ge=0, le=3650)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        begin = scenario.day(self.begin)
        end = begin + self.days
        effects = (
            self.effect("circulation", duration=self.circulation, spares=("province",)),
            self.effect("detection", looks=self.visits / MONTH),
        )
        listed = self.practice(*effects, first=self.first, lead=self.lead, during=(begin, end))
        return listed | self._hours(scenario, begin, end) | self._sittings(scenario, begin, end)

    def _hours(self, scenario: Scenario, begin: float, end: float) -> dict[str, Any]:
        """Working time of the offices in the window and after it."""
        stretches = ((begin, end, self.overtime), (end, end + self.rebound_days, self.rebound))
        windows = (
            {"begin": first, "end": last, "factor": factor, "assumed": f"lever {self.name}"}
            for first, last, factor in stretches
            if factor != 1
        )
        return {"calendars.office.windows": (*scenario.calendars["office"].windows, *windows)}

    def _sittings(self, scenario: Scenario, begin: float, end: float) -> dict[str, Any]:
        """Sittings in the window, added to those that the meetings have."""
        if not self.sittings:
            return {}
        weekly = {begin + self.sittings * number for number in range(1, int((end - begin) / self.sittings) + 1)}
        found: dict[str, Any] = {}
        for name in ("joint", "leaders"):
            usual = sitting_days(scenario, name)
            if usual:
                kept = scenario.meetings[name].model_dump(exclude={"every", "first", "dates"}, exclude_none=True)
                found[f"meetings.{name}"] = kept | {"dates": tuple(sorted(weekly | usual))}
        return found


class ClassifiedPromotion(Lever):
    """Projects are classed by how they stand at two checkpoints, and those that lag are studied one by one."""

    name = "classified_promotion"
    title = "Classified promotion by status"
    title_zh = "分类推进"
    area = "steering"
    mechanisms = ("m30",)
    facts = ("f003-44",)
    observable = "Days that lagging projects' files circulate fall, as far as there is time for studies."
    limits = ("A study always settles what it is about, for as long as it lasts.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    studies: int = parameter(6, "projects", "Projects that can be studied at a time (assumed).", ge=0, le=10_000)
    pace: float = parameter(0.6, "factor", "Days of circulation of a studied project (assumed).", gt=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        found = self.practice() | {"stocks.special_studies.initial": float(self.studies)}
        for practice, tag in (("studied_land", "land_circulation"), ("studied_approvals", "approval_circulation")):
            effect = self.effect(tag, duration=self.pace, spares=("province",))
            found[f"practices.{practice}.share"] = float(self.share > 0)
            found[f"practices.{practice}.effects"] = [effect]
        return found


class Pipeline(Lever):
    """Small projects are turned away, and signed ones wait in reserve for a place among those under way."""

    name = "pipeline"
    title = "Project pipeline"
    title_zh = "项目库分级管理"
    slogans = ("项目金字塔库", "储备—开工—竣工")
    area = "steering"
    mechanisms = ("m31",)
    facts = ("f004-34", "f004-35", "f003-12")
    observable = "Projects between agreement and groundbreaking stay below the cap; the others wait in reserve."
    limits = ("Projects that are turned away do not come back larger.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    threshold: float = parameter(
        0.3,
        "100M CNY",
        "Investment up to which a project is turned away (f004-34; 0.5 for continuing ones, f004-35).",
        ge=0,
    )
    cap: int = parameter(100, "projects", "Projects between agreement and groundbreaking (assumed).", ge=1, le=100_000)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice() | {
            "activities.turned_away.applies.at_most.investment": self.threshold,
            "stocks.pipeline.initial": float(self.cap),
        }


class Ceremonies(Lever):
    """Many projects are announced as started together at a ceremony, whether work on site has begun or not.

    A ceremony moves the nominal start alone: no work waits for it.
    """

    name = "ceremonies"
    title = "Batch groundbreaking ceremonies"
    title_zh = "集中签约与集中开工"
    slogans = ("现场观摩",)
    area = "steering"
    mechanisms = ("m45",)
    facts = ("f003-12", "f004-28", "f004-32", "f004-33")
    observable = "Nominal starts fall on the days of ceremonies; effective ones do not move."
    limits = ("What a ceremony brings in publicity is not counted, nor what preparing it takes.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    every: float = parameter(91.0, "days", "Between ceremonies (f003-12: quarterly).", gt=0, le=3650)
    first: Day = parameter(88.0, "date", "First ceremony: a date, or days from the start.")
    dates: tuple[Day, ...] = parameter((), "dates", "Ceremonies on these dates instead, such as those of f004-32.")

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        sittings = {"dates": self.dates} if self.dates else {"every": self.every, "first": self.first}
        ceremonies = {**sittings, "calendar": "office", "source": "lever ceremonies"}
        return self.practice() | {"meetings.ceremonies": ceremonies}


class OutputAppraisal(Lever):
    """Starts are what officials are judged by, so they are announced with the permit, before work is on site."""

    name = "output_appraisal"
    title = "Output-based appraisal"
    title_zh = "以实物成果考核"
    slogans = ("以打桩论英雄", "见工地见设备见产品")
    area = "steering"
    mechanisms = ("m53",)
    facts = ("f004-09",)
    observable = "Days from the nominal to the effective start rise."
    limits = ("Announcing early changes no work; whether officials choose other projects is not modelled.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice()
