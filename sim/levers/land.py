"""Levers on land: what is prepared before a project asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from parkflow.sim.calendars import days_of
from parkflow.sim.levers.base import MONTH, Lever, coverage, covered_share, key_classes, parameter, tranches
from parkflow.sim.scenario import Scenario


class LandBank(Lever):
    """Land is prepared ahead and waits for projects.

    What the year's plan has under way already comes in month by month; what is ordered beyond it runs through the
    same desks as the projects' own land, where parcels yield to projects.
    """

    name = "land_bank"
    title = "Ready-land bank"
    title_zh = "熟地储备"
    slogans = ("以地等项目",)
    area = "land"
    mechanisms = ("m02",)
    facts = ("f002-05", "f002-06", "f002-14", "f002-17")
    observable = "Days of land supply fall for projects that find a parcel, while the stock lasts."
    limits = (
        "Land that nobody asks for costs no money; idle mu-days are counted.",
        "The desks' work on the parcels that the plan has under way on the first day lies before that day.",
    )
    neutral = {"initial": 0.0, "monthly": 0.0, "target": 0.0}

    initial: float = parameter(400.0, "mu", "Ready land not yet taken on the first day (assumed).", ge=0, le=100_000)
    monthly: float = parameter(
        50.0, "mu", "Ready land that the year's plan brings in a month (assumed; f002-17: 212).", ge=0, le=100_000
    )
    months: int = parameter(12, "months", "Months for which it does (assumed).", ge=0, le=240)
    target: float = parameter(
        1000.0, "mu", "Level plus orders under way at which no more is ordered (assumed).", ge=0, le=100_000
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {
            "stocks.land_bank.initial": self.initial,
            "stocks.land_bank.target": self.target,
            "stocks.land_bank.tranches": tranches(scenario, self.monthly, MONTH)[: self.months],
        }


class StandardLand(Lever):
    """Ready parcels come with regional assessments, so projects skip their own; a later check may fail."""

    name = "standard_land"
    title = "Standard land (assessments of the region, commitments before listing)"
    title_zh = "标准地"
    area = "land"
    mechanisms = ("m03",)
    facts = ("f002-14", "f002-15", "f002-16", "f002-18")
    observable = (
        "Energy, water and siting reviews per project on ready land fall; days of rework after completion rise."
    )
    limits = ("A promise is checked once, after completion; a firm that breaks it pays in days only.",)
    neutral = {"share": 0.0}

    share: float = parameter(
        0.43, "share", "Share of ready parcels that are standard: 3800 of 8800 mu (f002-15, f002-14).", ge=0, le=1
    )
    classes: tuple[str, ...] = coverage()
    assessment: float = parameter(
        0.5, "factor", "Days of a project's environmental assessment, against without; assumed.", ge=0, le=1
    )
    failure: float = parameter(0.1, "probability", "Chance that the later check fails; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        failure = {"activities.standard_land_rework.applies.probability": self.failure}
        return self.practice(self.effect("regional_eia", duration=self.assessment)) | failure


class LandQuota(Lever):
    """Farmland is converted within a quota granted by quarters: key projects first, idle land recovered added to it.

    What is left over at the end of a year lapses.
    """

    name = "land_quota"
    title = "Land quota by class, with recovery of idle land"
    title_zh = "用地指标统筹与闲置地盘活"
    slogans = ("精准投放", "清闲挖潜")
    area = "land"
    mechanisms = ("m04",)
    facts = ("f002-14", "f002-17")
    observable = "Days waited for quota appear; recovered land lowers them, and those of key projects fall first."
    limits = ("Parks do not compete for the quota of a province.",)
    neutral = {"annual": 0.0}

    annual: float = parameter(
        1400.0,
        "mu",
        "Quota of a year, a quarter at a time; 0: no limit; assumed, set it to the park's size.",
        ge=0,
        le=1e6,
    )
    recovered: float = parameter(100.0, "mu", "Idle land recovered in a quarter; assumed.", ge=0, le=1e6)
    lead: int = parameter(1, "ranks", "Ranks by which key projects go ahead; 0: first come.", ge=0, le=10)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        if not self.annual:
            return {}
        first = key_classes(scenario, (), self.name) if self.lead else ()
        return self.practice(share=float(self.lead > 0), classes=first, lead=self.lead, at=("land_quota",)) | {
            "stocks.land_quota.initial": self.annual / 4,
            "stocks.land_quota.tranches": tranches(scenario, self.annual / 4 + self.recovered, 3 * MONTH),
            "stocks.land_quota.lapses": _year_ends(scenario),
            "stocks.land_quota.rule": "class",
        }


def _year_ends(scenario: Scenario) -> tuple[float, ...]:
    """Days on which the years of the calendar end, or those of the run where no date is known."""
    days = days_of(scenario)
    if scenario.start is None:
        return tuple(12 * MONTH * year for year in range(1, int(days / (12 * MONTH)) + 1))
    years = range(scenario.start.year + 1, scenario.start.year + int(days / 365) + 2)
    ends = (scenario.day(dt.date(year, 1, 1)) for year in years)
    return tuple(end for end in ends if end <= days)


class DossierTeam(Lever):
    """A team compiles the dossiers of land conversion: they take less time and come back less often."""

    name = "dossier_team"
    title = "Team for land-conversion dossiers"
    title_zh = "用地报批组卷专班"
    area = "land"
    mechanisms = ("m05",)
    facts = ("f002-06",)
    observable = "Days from quota to the dossier's passing the check fall, and the share returned."
    limits = ("The team is always there, whatever it costs.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    duration: float = parameter(0.6, "factor", "Days of compiling and checking, against without; assumed.", ge=0, le=1)
    correction: float = parameter(0.5, "factor", "Probability of a return, against without; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice(self.effect("dossier", duration=self.duration, correction=self.correction))


class SpecialClearance(Lever):
    """Forest land, power lines and rivers on the site are cleared by special tasks that do not wait their turn."""

    name = "special_clearance"
    title = "Special clearance of forest land, power lines and rivers"
    title_zh = "林地、高压线与河道专项清障"
    area = "land"
    mechanisms = ("m41",)
    facts = ("f000-25", "f000-27", "f000-28")
    observable = "Days of forest review, line relocation and river diversion fall."
    limits = (
        "The special tasks take nobody away from other work.",
        "Line, river and forest factors rest on one case each, told as a success.",
    )
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = parameter((), "classes", "Projects cleared so; none named: the park's key classes.")
    forest: float = parameter(0.25, "factor", "Days of review: 7 against 19 working days (f000-25).", ge=0, le=1)
    power_line: float = parameter(0.125, "factor", "Days of relocation: 15 against 120 (f000-27).", ge=0, le=1)
    river: float = parameter(0.32, "factor", "Days of diversion: 30 against 95 (f000-28).", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        factors = {"forest": self.forest, "power_line": self.power_line, "river": self.river}
        faster = (self.effect(tag, duration=factor) for tag, factor in factors.items())
        return self.practice(*faster, classes=key_classes(scenario, self.classes, self.name))


class TownLinkage(Lever):
    """Towns treat issues of land and demolition first, before any department does."""

    name = "town_linkage"
    title = "Committee, departments and towns work together"
    title_zh = "管委会、部门、镇街三级协同"
    slogans = ("三级联动",)
    area = "land"
    mechanisms = ("m33",)
    facts = ("f003-42",)
    observable = "Days from the finding of a land issue to its solution fall."
    limits = ("Towns have as many hands as there are issues.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    solves: float = parameter(0.5, "probability", "Chance that the town solves a land issue; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice() | {"activities.town_office.solves": self.solves}


class AdvanceInfrastructure(Lever):
    """Centre and towns relocate, clear, level and lay mains before a project needs them: it is what makes land ready.

    What is left when the project comes to it is done beside the clearing, not after it.
    """

    name = "advance_infrastructure"
    title = "Relocation, levelling and trunk utilities ahead of the project"
    title_zh = "征拆、场平与管网先行"
    area = "land"
    mechanisms = ("m40",)
    facts = ()
    observable = "Days of clearing, relocation and basic services after the expropriation fall, for parcels too."
    limits = (
        "What is built ahead is paid for and fits the project that comes.",
        "Works are not begun before the land is expropriated: only less is left of them.",
    )
    neutral = {"share": 0.0}

    share: float = parameter(0.5, "share", "Share of sites for which it is done (assumed).", ge=0, le=1)
    classes: tuple[str, ...] = coverage()
    left: float = parameter(
        0.35, "factor", "Days of clearing, services and relocation left to the project (assumed).", ge=0, le=1
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice(self.effect("clearing", "basic_services", "relocation", duration=self.left))


class EarlyPossession(Lever):
    """The firm may enter the site when it is cleared, before the land is transferred, and level it then."""

    name = "early_possession"
    title = "Early possession of the site"
    title_zh = "先行进场"
    area = "land"
    mechanisms = ()
    facts = ()
    observable = "Days from the agreement to possession of the site fall."
    limits = ("A firm that enters early never loses the listing to somebody else.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice() if self.share else {}  # parks where it was the custom anyway say so themselves


class ListingAhead(Lever):
    """The transfer of ready land is prepared while terms are negotiated, so that it is listed at once."""

    name = "listing_ahead"
    title = "Listing prepared before the agreement"
    title_zh = "供地前期工作提前"
    area = "land"
    mechanisms = ()
    facts = ()
    observable = "Days from the agreement to the land contract fall for projects on ready land."
    limits = ("The notice of the listing lasts as long as ever.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice()
