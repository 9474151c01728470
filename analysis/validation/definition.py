"""What a reported number is compared with: definitions fixed beforehand in the project's file of facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from parkflow.analysis.calibration.target_file import load_targets
from parkflow.analysis.calibration.targets import Target
from parkflow.scenarios.evidence import evidence
from parkflow.sim.values import Value

EVERY = "*"
"""Stands for every park that something is reported of."""

About = Literal["case", "typical", "range"]
"""Whether a number is told of one project, of the park as a whole, or as the range in which most projects lie."""


class Among(Value):
    """Which projects are looked at: all, or those of some groups, with attributes within bounds, under a practice."""

    groups: tuple[str, ...] = ()
    where: Mapping[str, tuple[float, float]] = Field(default_factory=dict, description="Least and greatest value.")
    covered: str | None = Field(None, description="Practice that covers them.")
    met: tuple[str, ...] = Field((), description="Moments of which they came to at least one.")


class Span(Among):
    """Days of each project between two moments (`analysis.replication.moments`)."""

    kind: Literal["span"]
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    since: str | None = Field(None, description="Only projects that came to the first moment on this date or later.")
    before: str | None = Field(None, description="Only those that came to it before this date.")
    spread: bool = Field(False, description="What is told is the standard deviation of the logarithm of the days.")


class Saved(Among):
    """Days between two moments that each project takes less than under the policy `against`."""

    kind: Literal["saved"]
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    share: bool = Field(False, description="What is told is the mean saving as a share of the mean days without it.")


class Projects(Among):
    """Projects that come to any of some moments within a window of dates; without moments, how many there are."""

    kind: Literal["projects"]
    moments: tuple[str, ...] = ()
    begin: str | None = None
    end: str | None = None
    share: bool = Field(False, description="As a share of all projects looked at.")


class Issues(Value):
    """Issues that come to any of some moments within a window of dates.

    With `solved`, the share of these that were solved when the window ends; with `per`, divided by the projects that
    came to this moment; with `over`, by a number.
    """

    kind: Literal["issues"]
    moments: tuple[str, ...]
    by: tuple[str, ...] = Field((), description="Only issues that one of these activities solved.")
    not_by: tuple[str, ...] = Field((), description="No issues that one of these activities solved.")
    begin: str | None = None
    end: str | None = None
    solved: bool = False
    per: str | None = None
    over: float | None = None


Observe = Annotated[Span | Saved | Projects | Issues, Field(discriminator="kind")]


class Tolerance(Value):
    """How close is close enough: bounds of a mean, or of the quantile of what is told."""

    of: Literal["mean", "quantile"]
    low: float
    high: float


class Definition(Value):
    """One line of the ledger: what is reported, and what of the model is set beside it.

    Either `observe` says what is compared, or `refuted_by` names the arithmetic that contradicts the report, or
    `reason` says why the model cannot express it. The line of a calibration target has the `targets` of the fit
    instead, with their park, policy, value and tolerance: both look at the same number.
    """

    line: str
    facts: tuple[str, ...]
    title: str
    title_zh: str
    park: str
    policy: str = "reported"
    levers: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict, description="Added to the policy.")
    against: str | None = Field(None, description="Policy that savings are counted against.")
    about: About = "typical"
    unit: str = "days"
    better: Literal["less", "more"] = Field("less", description="Which way a report would flatter.")
    value: float | None = None
    low: float | None = Field(None, description="Least value that the report's words allow: rounding, 'at most'.")
    high: float | None = Field(None, description="Greatest one: rounding, 'more than'.")
    basis: str = Field("", description="Which events count, and what the bounds of the reported value are.")
    basis_zh: str = ""
    observe: Observe | None = None
    targets: tuple[Target, ...] = ()
    refuted_by: str | None = None
    reason: str = ""
    reason_zh: str = ""
    tolerance: Tolerance | None = None
    headline: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Definition:
        given = (self.observe is not None, bool(self.targets), self.refuted_by is not None, bool(self.reason))
        if sum(given) != 1:
            raise ValueError(f"definition {self.line}: give exactly one of observe, refuted_by and reason")
        if self.is_simulated and self.value is None and (self.low is None or self.high is None):
            raise ValueError(f"definition {self.line}: give the value that is reported, or low and high")
        return self

    @property
    def reported(self) -> tuple[float, float]:
        """The least and the greatest value that the report's words allow."""
        low = self.low if self.low is not None else self.value
        high = self.high if self.high is not None else self.value
        return (float("-inf") if low is None else low, float("inf") if high is None else high)

    @property
    def is_simulated(self) -> bool:
        """Whether something of a replication is set beside what is reported."""
        return self.observe is not None or bool(self.targets)

    @property
    def simulated(self) -> tuple[Target, ...]:
        """The parts of the target but for settings, which are put in."""
        return tuple(it for it in self.targets if it.what != "setting")

    @property
    def target(self) -> Target | None:
        """The target whose number the line shows: the first part that is simulated."""
        return next(iter(self.simulated), None)

    @property
    def is_target(self) -> bool:
        """Whether there is a tolerance that it may be within."""
        return self.tolerance is not None or bool(self.targets)

    @property
    def bounds(self) -> tuple[str | None, float | None, float | None]:
        """What must lie within its tolerance, and the ends of that: of several parts the least and the greatest."""
        if self.targets:
            of = " and ".join(it.statistic for it in self.simulated if it.what == "days") or "median"
            return of, min(it.low for it in self.simulated), max(it.high for it in self.simulated)
        tolerance = self.tolerance
        return (tolerance.of, tolerance.low, tolerance.high) if tolerance else (None, None, None)

    @property
    def of_projects(self) -> bool:
        """Whether a replication shows one value per project, and not one in all."""
        if self.target is not None:
            return self.target.what == "days"
        asked = self.observe
        return (isinstance(asked, Span) and not asked.spread) or (isinstance(asked, Saved) and not asked.share)

    @property
    def run(self) -> str:
        """The name under which its policy is simulated, with the levers that are added."""
        return self.policy + "".join(f"+{name}" for name in self.levers)

    @property
    def key(self) -> str:
        """A short mark of what is observed: what was stored under another one is not the same."""
        told = self.model_dump(mode="json", by_alias=True, include=_OBSERVED)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


_OBSERVED = {"policy", "levers", "against", "observe", "targets"}


@cache
def definitions() -> tuple[Definition, ...]:
    """All definitions of the file of facts, in its order; one for every park stands behind each park's own."""
    given = [Definition.model_validate({**table, **_targeted(table)}) for table in evidence()["definition"]]
    parks = dict.fromkeys(one.park for one in given if one.park != EVERY)
    return tuple(
        one if one.park == park else one.model_copy(update={"park": park, "line": f"{one.line} {park}"})
        for park in parks
        for one in given
        if one.park in (park, EVERY)
    )


def _targeted(table: Mapping[str, Any]) -> dict[str, Any]:
    """What the line of a calibration target has from there; nothing for a line that says itself what is compared."""
    parts = tuple(it for it in load_targets()[1].target if it.id == table["line"])
    main = next((it for it in parts if it.what != "setting"), None)
    if main is None or "observe" in table:
        return {}
    shared = main.model_dump(include={"title", "title_zh", "park", "policy", "value"})
    return {**shared, "targets": parts}


def of_park(park: str) -> tuple[Definition, ...]:
    """The definitions that are about one park."""
    return tuple(one for one in definitions() if one.park == park)


def judged_parks() -> tuple[str, ...]:
    """The parks that something is reported of."""
    return tuple(dict.fromkeys(one.park for one in definitions()))
