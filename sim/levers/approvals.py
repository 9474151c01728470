"""Levers on approvals: who may file when, what a file must hold, and who prepares it."""

from __future__ import annotations

from typing import Any

from parkflow.sim.levers.base import Lever, coverage, covered_share, parameter
from parkflow.sim.scenario import Scenario


class ParallelApprovals(Lever):
    """Reviews that custom puts one after another run side by side; what law or matter requires stays in order."""

    name = "parallel_approvals"
    title = "Parallel approval"
    title_zh = "并联审批"
    area = "approvals"
    mechanisms = ("m06", "m50")
    facts = ("f003-24", "f003-25", "f003-28")
    observable = "Days from land to construction permit fall; queues at the windows grow."
    limits = (
        "Reviews beside each other are as careful as in turn: no file comes back because another review changed it.",
    )
    neutral = {"share": 0.0}
    former = {"rate": "share"}

    share: float = parameter(1.0, "share", "Share of projects whose reviews run in parallel.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice()


class OverlappedSubmission(Lever):
    """The next file is handed in as soon as its prerequisite lands: no day is lost between two items."""

    name = "overlapped_submission"
    title = "Overlapped submission"
    title_zh = "压茬递交"
    slogans = ("压茬进行", "无缝隙递交")
    area = "approvals"
    mechanisms = ("m10",)
    facts = ("f001-21",)
    observable = "Days between a prerequisite and the next submission fall."
    limits = ("Files handed in early are no less complete.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    lag: float = parameter(0.0, "factor", "Days of hand-over between items, against without; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return self.practice(self.effect("lag", duration=self.lag))


class StartOnLand(Lever):
    """Reviews run before the land certificate as if the land were held; afterwards only their conversion remains.

    The conversion is a formality of some working days that no officer is kept from other work by, and concerns only
    reviews that did run ahead of the land. The land is won in a public listing: where its terms turn out otherwise
    than expected, the reviews are redone.
    """

    name = "start_on_land"
    title = "Start upon land (reviews before the land right)"
    title_zh = "拿地即开工"
    area = "approvals"
    mechanisms = ("m01",)
    facts = ("f004-14", "f004-15", "f004-16", "f004-17")
    observable = "Days from land certificate to permit fall to the conversion; the saving is min(land, approvals)."
    limits = (
        "Whether a review before the land is held is lawful is not asked.",
        "When the terms of the land change all reviews are redone together, at a chance that no report gives.",
    )
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
        return self.practice() | {"activities.pre_review_redone.applies.probability": self.risk}


class EarlyIntervention(Lever):
    """Officer, site visit and land launch run against clocks while terms are negotiated; bodies decide on demand."""

    name = "early_intervention"
    title = "Early intervention with clocks, and decisions on demand"
    title_zh = "提前介入与专题会商"
    slogans = ("限时服务", "专题会实时召开")
    area = "approvals"
    mechanisms = ("m36", "m52")
    facts = ("f003-32", "f003-33", "f003-34", "f003-35")
    observable = "Days from the agreement to the launch of land supply fall, and days until the investment decision."
    limits = ("Officers and leaders who come early are not missing elsewhere.",)
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    officer_days: float = parameter(1.0, "working days", "Until an officer is named (f003-32).", ge=0, le=100)
    visit_days: float = parameter(2.0, "working days", "Until the site has been visited (f003-33).", ge=0, le=100)
    launch_days: float = parameter(3.0, "working days", "Until land supply is launched (f003-34).", ge=0, le=100)
    quorum_days: float = parameter(5.0, "days", "To gather a body that decides on demand (f003-35).", ge=0, le=100)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        clocks = {
            "officer_clock": self.officer_days,
            "visit_clock": max(0.0, self.visit_days - self.officer_days),
            "launch_clock": max(0.0, self.launch_days - max(self.visit_days, self.officer_days)),
        }
        return self.practice(*(self.effect(clock, most=most) for clock, most in clocks.items())) | {
            "meetings.committee_on_demand.on_demand": self.quorum_days,
            "meetings.promotion_on_demand.on_demand": self.quorum_days,
        }


class AgencyService(Lever):
    """Officers with a checklist prepare the files of the projects they have room for: fewer returns, faster files."""

    name = "agency_service"
    title = "Formality agency service"
    title_zh = "手续帮办代办"
    slogans = ("全流程手续帮办代办",)
    area = "approvals"
    mechanisms = ("m09", "m11")
    facts = ("f001-20", "f001-21", "f004-36")
    observable = "Share of files returned for correction falls; days of preparation fall."
    limits = ("Agents cost nothing and are as good with the fifth file as with the first.",)
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
        fewer_returns = self.effect("submission", correction=self.correction)
        faster_files = self.effect("preparation", duration=self.preparation)
        places = {"stocks.agents.initial": float(self.agents * self.cases_per_agent)}
        return self.practice(fewer_returns, faster_files) | places


class AcceptWithMissingItems(Lever):
    """Files are taken with minor papers outstanding: the review runs while they are supplied, the decision waits.

    Not in the reports.
    """

    name = "accept_with_missing_items"
    title = "Acceptance with missing items"
    title_zh = "容缺受理"
    area = "approvals"
    mechanisms = ("m55",)
    facts = ()
    observable = "Share of files returned for correction falls; the permit waits for papers that come late."
    limits = (
        "No report says how often a paper is missing, or how long it takes: both are assumed.",
        "Only the construction permit waits for papers; other windows are taken to have theirs within the review.",
    )
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    correction: float = parameter(0.5, "factor", "Probability of a return, against without; assumed.", ge=0, le=1)
    outstanding: float = parameter(0.5, "probability", "Chance that a paper is outstanding; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        chance = {"activities.papers_supplied.applies.probability": self.outstanding}
        return self.practice(self.effect("submission", correction=self.correction)) | chance


class CommitmentApproval(Lever):
    """The firm's commitment replaces the check at a window; it is verified afterwards, and some permits are revoked.

    Not in the reports.
    """

    name = "commitment_approval"
    title = "Notification and commitment"
    title_zh = "告知承诺"
    area = "approvals"
    mechanisms = ()
    facts = ()
    observable = "Days at windows and files returned by them fall; permits revoked later rise."
    limits = (
        "A revoked permit costs time, but neither fines nor trust.",
        "No report says how often a commitment is broken: the chance is assumed (one case: S51).",
    )
    neutral = {"share": 0.0}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    check: float = parameter(0.5, "factor", "Days at windows, against without: 6 to 3 (S52).", ge=0, le=1)
    correction: float = parameter(0.3, "factor", "Probability of a return by a window; assumed.", ge=0, le=1)
    revocation: float = parameter(0.05, "probability", "Chance of a permit's later revocation; assumed.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        checked = self.effect("window", duration=self.check, correction=self.correction)
        return self.practice(checked) | {"activities.permit_revoked.applies.probability": self.revocation}
