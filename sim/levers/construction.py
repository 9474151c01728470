"""Levers on the site: more fronts, more hours, crews that do not wait for one another."""

from __future__ import annotations

from typing import Any

from parkflow.sim.levers.base import Lever, coverage, covered_share, parameter
from parkflow.sim.scenario import Scenario

SITES = ("site", "earth")
"""Calendars of works on site."""

WINTER = (0, 1, 11)
"""January, February and December, counted from 0."""


class ParallelZones(Lever):
    """A site is cut into zones that are worked at the same time, round the clock if the shifts say so."""

    name = "parallel_zones"
    title = "Parallel zones with several shifts"
    title_zh = "分区平行施工与多班作业"
    slogans = ("几班倒",)
    area = "construction"
    mechanisms = ("m24",)
    facts = ("f000-12", "f000-14", "f000-20", "f000-22")
    observable = "Days of earthworks fall, by less with every further zone."
    limits = ("Rework, accidents and noise of nights and of many zones are not modelled.",)
    neutral = {"zones": 1, "shifts": 1}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    zones: int = parameter(4, "zones", "Zones worked at the same time.", ge=1, le=20)
    shifts: int = parameter(2, "shifts", "Shifts a day; two cover 24 hours.", ge=1, le=3)
    night_factor: float = parameter(0.8, "factor", "Output of a further shift, against the first.", ge=0, le=1)
    congestion: float = parameter(0.1, "share", "Output lost for each zone above the fourth.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        crew = {name: getattr(self, name) for name in ("zones", "shifts", "night_factor", "congestion")}
        return self.practice() | {f"crews.earthworks.{name}": value for name, value in crew.items()}


class NightlyCoordination(Lever):
    """Every evening the zones meet, and machines move to the zone that is behind; it takes several zones to matter."""

    name = "nightly_coordination"
    title = "Nightly coordination and daily replanning"
    title_zh = "每日协调与计划调整"
    slogans = ("每晚协调会", "晴雨表")
    area = "construction"
    mechanisms = ("m23",)
    facts = ("f000-24", "f000-09")
    observable = "Days of earthworks fall where several zones are worked at the same time."
    limits = ("Meetings every evening tire nobody.",)
    neutral = {"imbalance": 0.15}

    imbalance: float = parameter(
        0.03, "share", "How much longer the slowest of very many zones takes (assumed; 0.15 without).", ge=0, le=10
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {"crews.earthworks.imbalance": self.imbalance}


class FlowLine(Lever):
    """Crews go from building to building without waiting for one to be finished (takt).

    It is worth something where one building is put up after another, which is a choice of the park: as many fronts as
    it opens at a time need no flow line between them.
    """

    name = "flow_line"
    title = "Flow line through the buildings"
    title_zh = "流水施工"
    slogans = ("平行流水作业", "分段施工")
    area = "construction"
    mechanisms = ("m25",)
    facts = ("f001-17", "f001-13")
    observable = "Days of construction with n buildings fall to one building and n - 1 times the slowest trade."
    limits = ("Crews are there when the next building is ready for them.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice() if self.share else {}  # parks whose sites are never built one by one say so themselves


class SiteTesting(Lever):
    """Testers come to the site by appointment, so that a round of testing costs an hour and not most of a day."""

    name = "site_testing"
    title = "Pandemic testing on site"
    title_zh = "疫情上门检测"
    slogans = ("疫情绿色通道",)
    area = "construction"
    mechanisms = ("m27",)
    facts = ("f001-18", "f001-19")
    observable = "Days lost to rounds of testing fall; parks without rounds see nothing."
    limits = ("It matters only to parks whose calendars hold days of testing.",)
    neutral = {"loss": 0.6}

    loss: float = parameter(0.15, "share", "Share of a testing day that is lost (assumed; 0.6 off site).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {f"calendars.{name}.testing_loss": self.loss for name in SITES if name in scenario.calendars}


class SeasonSafeguards(Lever):
    """Workers are kept over the Spring Festival and the winter: neither falls below a floor."""

    name = "season_safeguards"
    title = "Safeguards for construction in winter and at the Spring Festival"
    title_zh = "春节与冬季施工保障"
    area = "construction"
    mechanisms = ("m28",)
    facts = ("f000-01",)
    observable = "Days of works lost around the Spring Festival and from December to February fall."
    limits = ("Workers kept over the holiday are as many and as good as planned.",)
    neutral = {"festival": 0.0, "winter": 0.0}

    festival: float = parameter(0.4, "share", "Workforce that stays over the festival at least (assumed).", ge=0, le=1)
    winter: float = parameter(0.95, "share", "Output in the winter months at least (assumed).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, calendar in scenario.calendars.items():
            if name in SITES:
                curve = ((day, max(share, self.festival)) for day, share in calendar.spring_festival)
                months = (max(m, self.winter) if month in WINTER else m for month, m in enumerate(calendar.months))
                found[f"calendars.{name}.spring_festival"] = tuple(curve)
                found[f"calendars.{name}.months"] = tuple(months)
        return found


class JointAcceptance(Lever):
    """Fire, planning and the completion file are examined side by side instead of one after another."""

    name = "joint_acceptance"
    title = "Joint acceptance"
    title_zh = "联合验收"
    area = "construction"
    mechanisms = ()
    facts = ()
    observable = "Days from the end of works to acceptance fall to the longest examination."
    limits = ("One joint visit finds as much as three.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice()
