"""Levers on windows: how long a desk keeps a file, with how many officers, and whose file it takes first."""

from __future__ import annotations

from typing import Any

from parkflow.sim.levers.base import MONTH, Lever, coverage, covered_share, key_classes, parameter, tranches
from parkflow.sim.scenario import Desk, Scenario


class ServiceCap(Lever):
    """Windows promise a limit for their own work, and file at once; notices and technical reviews lie outside it.

    The limit holds what an officer spends on a file and its circulation, and leaves the rest to the line before the
    window. A file whose wait would break the promise is
    taken by an officer borrowed from elsewhere, if one is left to borrow, and is overdue otherwise.
    """

    name = "service_cap"
    title = "Time limits for approvals, and filing at once"
    title_zh = "审批限时办结"
    slogans = ("备案立等可取", "审批最多两个工作日")
    area = "approvals"
    mechanisms = ("m38",)
    facts = ("f004-23",)
    observable = "Days at windows fall, waits included; days of notices and technical reviews stay (c-10)."
    limits = (
        "A window keeps the cap however long the file is; what a shorter look overlooks is not modelled.",
        "Officers are borrowed for every file at a window, whoever the promise was made to.",
    )
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    days: float = parameter(2.0, "working days", "Longest time at a window (f004-23).", ge=0, le=100)
    filing_days: float = parameter(0.0, "working days", "Longest time of the project filing (f004-23).", ge=0, le=100)
    touch: float = parameter(0.25, "share", "Part of it that an officer may spend on the file (assumed).", gt=0, lt=1)
    passing: float = parameter(0.5, "share", "Part of it that the file may pass round (assumed).", gt=0, lt=1)
    surge: int = parameter(1, "officers", "Most that a desk with windows borrows at a time (assumed).", ge=0, le=100)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        caps = [
            self.effect(tag, most=most * part, spares=spared)
            for tag, most in (("window", self.days), ("filing", self.filing_days))
            for part, spared in ((self.touch, ("circulation",)), (self.passing, ()))
        ]
        return self.practice(*caps) | (self._promise(scenario) if self.share else {})

    def _promise(self, scenario: Scenario) -> dict[str, Any]:
        """Limits of the windows' files, and the officers that their desks may borrow."""
        windows = {name: a for name, a in scenario.activities.items() if a.desk and "window" in a.tags}
        desks = {activity.desk for activity in windows.values()}
        return {f"activities.{name}.limit": f"{max(self.days, 1.0)} wd" for name in windows} | {
            f"desks.{name}.surge": max(self.surge, scenario.desks[name].surge) for name in desks if name
        }


class ExtendedHours(Lever):
    """Windows work into the evening for urgent files, so many times a month; each time is counted."""

    name = "extended_hours"
    title = "Extended hours for urgent files"
    title_zh = "延时服务"
    area = "approvals"
    mechanisms = ("m07",)
    facts = ("f003-25",)
    observable = "Days of service at windows fall for projects that got it; units taken are the overtime spent."
    limits = ("Staff who work into the evening are no slower the next day.",)
    neutral = {"share": 0.0, "events_per_month": 0}

    share: float = covered_share()
    classes: tuple[str, ...] = parameter((), "classes", "Whose files are urgent; none named: the park's key classes.")
    events_per_month: int = parameter(
        2, "projects", "Projects a month that can get it; what is not used is carried over; assumed.", ge=0, le=1000
    )
    service: float = parameter(
        0.5, "factor", "Days at windows, with an officer and in circulation, against without; assumed.", ge=0, le=1
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        urgent = key_classes(scenario, self.classes, self.name)
        return self.practice(self.effect("window", duration=self.service), classes=urgent) | {
            "stocks.overtime.initial": float(self.events_per_month),
            "stocks.overtime.tranches": tranches(scenario, float(self.events_per_month), MONTH),
        }


class GreenLane(Lever):
    """Key projects have a lane of their own: they go first at every desk, and their files circulate faster.

    A file is handed over at once, and from hand to hand inside the administration; nobody's service is interrupted.
    At a desk whose rule is `class` a rank is worth more than any wait, at one whose rule is `slack` sixty days.
    """

    name = "green_lane"
    title = "Green channel (priority and expedited handling)"
    title_zh = "绿色通道（优先与加急办理）"
    slogans = ("特事特办",)
    area = "approvals"
    mechanisms = ("m08",)
    facts = ("f000-05", "f000-25")
    observable = "Waits of key projects at desks fall, and those of the others rise (conservation at fixed capacity)."
    limits = (
        "Key files are neither easier nor better prepared; an officer spends as long on them as on others.",
        "The province gives no lane: its files circulate as ever, and only its queue may be shared.",
    )
    neutral = {"lead": 0, "circulation": 1.0, "lag": 1.0}

    classes: tuple[str, ...] = parameter((), "classes", "Projects that go first; none named: the park's key classes.")
    lead: int = parameter(1, "ranks", "Ranks by which they go ahead.", ge=0, le=10)
    circulation: float = parameter(
        0.6, "factor", "Days in circulation; forest land took 7 of 19 working days (f000-25); assumed.", ge=0, le=1
    )
    lag: float = parameter(0.0, "factor", "Days of hand-over between items: at once; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        first = key_classes(scenario, self.classes, self.name)
        effects = (
            self.effect("circulation", duration=self.circulation, spares=("province",)),
            self.effect("lag", duration=self.lag),
        )
        lane = self.practice(*effects, share=1.0, classes=first, lead=self.lead)
        if not self.lead:
            return lane
        return lane | {f"desks.{name}.rule": "class" for name, desk in scenario.desks.items() if desk.rule == "fifo"}


class DedicatedWindows(Lever):
    """A task force adds officers to the desks it covers, and walks its projects' files from one to the next.

    Its officers serve key projects first, and lend a hand to all others when none of theirs waits.
    """

    name = "dedicated_windows"
    title = "Task forces and windows of their own"
    title_zh = "专班与专窗"
    slogans = ("专班、专线、专网、专员、专窗",)
    area = "approvals"
    mechanisms = ("m13", "m34")
    facts = ("f000-07", "f002-19", "f003-31")
    observable = "Waits of key projects at desks fall, and their files circulate faster; nobody else waits longer."
    limits = ("The officers come from outside the park's desks; where they come from, their work is not missed.",)
    neutral = {"added": 0, "circulation": 1.0, "lag": 1.0}

    classes: tuple[str, ...] = parameter((), "classes", "Projects served so; none named: the park's key classes.")
    added: int = parameter(1, "officers", "Officers added to each desk for each class; assumed.", ge=0, le=100)
    desks: tuple[str, ...] = parameter((), "desks", "Only these desks; none named: all but the province's.")
    circulation: float = parameter(
        0.8, "factor", "Days in circulation: departments sit in one task force (m13); assumed.", ge=0, le=1
    )
    lag: float = parameter(0.5, "factor", "Days of hand-over between items, against without; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        covered = key_classes(scenario, self.classes, self.name)
        effects = (
            self.effect("circulation", duration=self.circulation, spares=("province",)),
            self.effect("lag", duration=self.lag),
        )
        force = {"share": 1.0, "classes": covered, "effects": list(effects)}
        found: dict[str, Any] = {f"practices.task_force.{key}": value for key, value in force.items()}
        for name in (self.desks or _of_the_county(scenario)) if self.added else ():
            if name not in scenario.desks:
                raise KeyError(f"desks.{name}")
            found |= self._officers(name, scenario.desks[name], covered)
        return found

    def _officers(self, name: str, desk: Desk, covered: tuple[str, ...]) -> dict[str, Any]:
        """Officers added for each class covered, beside those that the desk has."""
        own = {kind: desk.dedicated.get(kind, 0) + self.added for kind in covered}
        return {
            f"desks.{name}.servers": desk.servers + self.added * len(covered),
            f"desks.{name}.dedicated": {**desk.dedicated, **own},
        }


def _of_the_county(scenario: Scenario) -> list[str]:
    """Desks that a county can add officers to: all that do not keep the province's calendar."""
    return [name for name, desk in scenario.desks.items() if desk.calendar != "province"]


class StandardGuides(Lever):
    """Guides say how a file is handled, so that handling varies less from one officer to the next."""

    name = "standard_guides"
    title = "Standard work guides"
    title_zh = "标准化办事指南"
    slogans = ("标准化指南", "规范管理流程")
    area = "approvals"
    mechanisms = ("m48",)
    facts = ()
    observable = "Days of service vary less, at the same mean; waits at busy desks fall."
    limits = ("Guides work from the first day; nobody has to write or learn them.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    spread: float = parameter(
        0.67, "factor", "Spread of service, against without: coefficient of variation 0.6 to 0.4 (m48).", ge=0, le=1
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice(self.effect("submission", "window", spread=self.spread))
