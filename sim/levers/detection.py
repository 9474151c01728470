"""Levers on detection: how issues are prevented, and how soon somebody finds those that are not.

Nobody knows of an issue until the next report or until a look finds it, whichever comes first (`parkflow.sim.looks`).
A lever states the rate of its own looks; the plan adds the rates of all who look.
"""

from __future__ import annotations

from math import exp
from typing import Any

from parkflow.sim.levers.base import Lever, coverage, covered_share, parameter
from parkflow.sim.looks import time_left
from parkflow.sim.roots import root
from parkflow.sim.scenario import Scenario

MONTH = 365 / 12
"""Calendar days of a month."""

REPORT = 30.0
"""Days between the reports that a factor on the time of detection is stated against."""


def looks_for(left: float) -> float:
    """Successful looks a report that leave this share of the time: the inverse of `time_left`."""
    if left >= 1:
        return 0.0
    return root(lambda looks: float(time_left(looks)) - left, 0.0, 2 / left)


def found_first(looks: float) -> float:
    """Probability that a look finds the issue before the report does."""
    return looks / 2 if looks < 1e-4 else 1 - (1 - exp(-looks)) / looks


class ReviewCadence(Lever):
    """Projects are gone through every day or every week instead of once a month, and issues come up sooner."""

    name = "review_cadence"
    title = "Daily and weekly progress meetings"
    title_zh = "每日碰头与每周例会"
    slogans = ("日碰头", "周总结", "工作过堂会")
    area = "coordination"
    mechanisms = ("m22",)
    facts = ("f001-24", "f001-25", "f000-09")
    observable = "Days from an issue's arising to its being found fall to half of the interval."
    limits = ("Meetings take nobody's time from the work they review.",)
    neutral = {"days": 30.0}

    days: float = parameter(7.0, "days", "Between two reviews: 1 on site, 7 in management, 30 by report.", gt=0, le=365)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {"activities.latent.duration.high": self.days}


class SiteVisits(Lever):
    """Leaders and officers go to the sites, find issues that no report tells of yet, and settle some on the spot."""

    name = "site_visits"
    title = "Supervision days and visits"
    title_zh = "定期走访与督导"
    slogans = ("项目落地督导日", "走访问需", "一线工作法")
    area = "coordination"
    mechanisms = ("m44", "m46")
    facts = ("f003-36", "f003-37", "f002-11")
    observable = "Days from an issue's arising to its being found fall; some issues are solved on the spot."
    limits = (
        "Visits find issues at a constant chance, whoever goes and however new the issue is.",
        "How many issues a visit finds before anybody else is that of a park with monthly reports and no other visits.",
    )
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    visits: float = parameter(0.82, "visits", "Visits a project and month (f003-36).", ge=0, le=60)
    detection: float = parameter(0.45, "share", "Chance that a visit finds a latent issue (0.3 to 0.6).", ge=0, le=1)
    on_the_spot: float = parameter(0.25, "share", "Issues found by a visit that it solves (assumed).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        looks = self.visits * self.detection / MONTH
        return self.practice(self.effect("detection", looks=looks)) | {
            "activities.visitor.applies.probability": found_first(looks * REPORT) if self.share else 0.0,
            "activities.visitor.solves": self.on_the_spot,
        }


class EarlyWarning(Lever):
    """Firms are reminded of what usually goes wrong before it does, and prepare the conditions for the start ahead.

    Some warnings are false: an officer then looks into an issue that is none.
    """

    name = "early_warning"
    title = "Early warning by milestone"
    title_zh = "节点预警"
    slogans = ("预警机制", "六个百分百提前准备")
    area = "coordination"
    mechanisms = ("m21", "m51")
    facts = ("f001-23", "f001-24")
    observable = "Issues per project fall in the stages with foreseeable ones; no start waits for dust control."
    limits = ("A false warning costs the officer's time, and not the firm's.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    prevented: float = parameter(0.2, "share", "Foreseeable issues that do not arise (assumed).", ge=0, le=1)
    false_alarms: float = parameter(0.6, "probability", "False warnings per project (assumed).", ge=0, le=1)
    alarm_days: float = parameter(0.5, "working days", "An officer's time for one (assumed).", gt=0, le=100)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice(self.effect("foreseeable", issues=1 - self.prevented)) | {
            "activities.false_warning.applies.probability": self.false_alarms,
            "activities.false_warning.duration": f"{self.alarm_days} wd",
        }
