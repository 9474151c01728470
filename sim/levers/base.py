"""What a lever is: a pure function from Scenario to Scenario, with documented parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from parkflow.sim.calendars import days_of
from parkflow.sim.errors import ParkflowError
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Value

Area = Literal["approvals", "land", "coordination", "construction", "steering"]


class LeverError(ParkflowError, ValueError):
    """A lever that cannot be applied to a scenario, or a parameter that does not fit; `key` names the parameter."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(f"{key}: {what}; {remedy}")
        self.key, self.what, self.remedy = key, what, remedy

    def in_policy(self, policy: str) -> str:
        """The message with the key's path from the policy on."""
        return str(self) if self.key.startswith("policies.") else f"policies.{policy}.{self}"


class Lever(Value):
    """One practice that can be switched on.

    A lever has its field's English and Chinese name, what single reports call it, the mechanisms and facts of
    `evidence.toml` that it stands for, what can be observed when it works, and the parameters at which it does nothing.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    title_zh: ClassVar[str]
    slogans: ClassVar[tuple[str, ...]] = ()
    """What single reports call it, in their own words."""
    area: ClassVar[Area]
    mechanisms: ClassVar[tuple[str, ...]]
    facts: ClassVar[tuple[str, ...]]
    observable: ClassVar[str]
    neutral: ClassVar[Mapping[str, Any]]
    limits: ClassVar[tuple[str, ...]] = ()
    """What the model leaves out of this practice, in sentences."""
    former: ClassVar[Mapping[str, str]] = {}
    """Names that parameters had in earlier versions, with those they have today."""

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        """The scenario's keys that this lever sets, by dotted path; it looks at the park, never at another lever."""
        raise NotImplementedError

    def effect(self, *tags: str, **what: Any) -> dict[str, Any]:
        """An effect of this lever on the activities with one of these tags; `what` are fields of `Effect`."""
        return {"tags": tags, **what, "assumed": f"lever {self.name}"}

    def practice(self, *effects: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        """The keys of the practice that bears this lever's name, for the projects that the lever covers.

        `share` and `classes` are the lever's own where it has them; `fields` are further fields of `Practice`.
        """
        own = {name: getattr(self, name) for name in ("share", "classes") if name in type(self).model_fields}
        given: dict[str, Any] = own | fields
        if effects:
            given["effects"] = list(effects)
        return {f"practices.{self.name}.{key}": value for key, value in given.items()}

    def apply(self, scenario: Scenario) -> Scenario:
        """Return the scenario with this lever on.

        Raises `LeverError` when the scenario lacks what the lever works on.
        """
        try:
            return scenario.with_changes(self.changes(scenario))
        except KeyError as missing:
            key = str(missing.args[0])
            raise LeverError(
                f"levers.{self.name}", f"this park has no {key}", "add it, or leave the lever out of the policy"
            ) from None


MONTH = 365.25 / 12
"""Days of a month."""


def parameter(default: Any, unit: str, description: str, **bounds: Any) -> Any:
    """A lever's parameter with its unit, its meaning and its range."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **bounds)


def covered_share(default: float = 1.0) -> Any:
    """The share of projects that a practice covers."""
    return parameter(default, "share", "Share of projects covered.", ge=0, le=1)


def coverage() -> Any:
    """The classes of projects that a practice covers."""
    return parameter((), "classes", "Only projects of these classes; none named: all.")


def key_classes(scenario: Scenario, named: tuple[str, ...], lever: str) -> tuple[str, ...]:
    """The classes named, or else the scenario's key projects.

    Raises `LeverError` when there is neither.
    """
    classes = named or tuple(name for name, kind in scenario.classes.items() if kind.key)
    unknown = [name for name in classes if name not in scenario.classes]
    if unknown or not classes:
        what = f"there is no class {unknown[0]!r}" if unknown else "no class of this park is marked as key"
        remedy = f"name one of {', '.join(scenario.classes)}"
        raise LeverError(f"levers.{lever}.classes", what, remedy)
    return classes


def tranches(scenario: Scenario, amount: float, every: float) -> tuple[dict[str, float], ...]:
    """So many units every so many days, from the end of the first such stretch to the horizon."""
    count = int(days_of(scenario) / every) if amount else 0
    return tuple({"on": every * number, "amount": amount} for number in range(1, count + 1))


MOST_SITTINGS = 100_000
"""Sittings of a meeting that a lever looks at; no run has that many days."""


def sitting_days(scenario: Scenario, meeting: str) -> set[float]:
    """Days on which a meeting sits until the horizon; none for one that sits on demand."""
    sits = scenario.meetings[meeting]
    if sits.every is None:
        return {scenario.day(day) for day in sits.dates}
    first = scenario.day(sits.first)
    if days_of(scenario) - first > sits.every * MOST_SITTINGS:
        what = f"every {sits.every:g} days is more often than {MOST_SITTINGS} times in the run"
        raise LeverError(f"meetings.{meeting}.every", what, "let it sit less often")
    return {first + sits.every * number for number in range(int((days_of(scenario) - first) / sits.every) + 2)}
