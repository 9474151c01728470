"""A park under policies: which are asked for, what is added to them or left out, and what they ask about."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.question import Question, UnknownMilestoneError, resolved
from parkflow.analysis.replication.replication import LaidOut, laid_out
from parkflow.catalogue import Levers, bundle_of, load_offers
from parkflow.park import Names, Park, load, said, several
from parkflow.scenarios.load import USUAL, InputError, own_policies
from parkflow.sim.checks import ScenarioError
from parkflow.sim.levers import SERIAL, LeverError, bundle, policy_names, revised, with_levers
from parkflow.sim.scenario import Policy, Scenario

Layouts = Mapping[str, LaidOut]
"""What is simulated, by policy."""

BASELINE = SERIAL
FEW = 16
"""Replications up to which workers are started only if asked for."""

AFTER_ITS_OWN = "green_channel"
"""The policy that is compared by default after those of the park's own."""


@dataclass(frozen=True)
class Change:
    """Levers that are added to policies, with parameters, or left out of them."""

    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, levers: Levers, without: Names) -> Change:
        """The change that somebody asks for; raises `ParkflowError` for what is no lever."""
        return cls(bundle_of(levers), several(without))

    def name(self, policy: str) -> str:
        """What to call a policy that is changed."""
        more = (f"+{name}" + "".join(f":{k}={v}" for k, v in given.items()) for name, given in self.more.items())
        return policy + "".join((*more, *(f"-{name}" for name in self.without)))

    def __bool__(self) -> bool:
        return bool(self.more or self.without)


AS_IT_IS = Change()


@dataclass(frozen=True)
class Site:
    """A park that is asked about: what to call it in messages, and its scenario."""

    said: str
    scenario: Scenario
    own: tuple[str, ...] | None = None
    """The policies that its file defines; those that not every park has, where there is no file."""

    @classmethod
    def of(cls, park: Park) -> Site:
        """The park of this name, path or scenario; raises `ParkflowError` where there is none, or it is wrong."""
        load_offers()
        return cls(said(park), load(park), None if isinstance(park, Scenario) else own_policies(park))

    def levers(self, policy: str, change: Change = AS_IT_IS) -> dict[str, dict[str, Any]]:
        """The parameters of a changed policy's levers, by name; raises `ParkflowError` where they do not fit."""
        try:
            return revised(bundle(self.scenario, policy), change.more, change.without)
        except LeverError as error:
            raise InputError(f"{self.said}: {error.in_policy(policy)}") from None

    def layout(self, policy: str, change: Change = AS_IT_IS) -> LaidOut:
        """The park under a changed policy, laid out; raises `ParkflowError` where that is impossible."""
        try:
            return laid_out(with_levers(self.scenario, self.levers(policy, change)))
        except LeverError as error:
            raise InputError(f"{self.said}: {error.in_policy(policy)}") from None
        except ScenarioError as error:
            raise InputError(f"{self.said}, policy {policy}: {error}") from None

    def chosen(self, policies: Names, baseline: str, change: Change = AS_IT_IS) -> tuple[str, ...]:
        """The policies to set beside the baseline: those named, else the park's own and then the green channel."""
        named = several(policies)
        if change:
            return named or (SERIAL,)
        named = named or self._usual()
        return tuple(policy for policy in dict.fromkeys(named) if policy != baseline)

    def _usual(self) -> tuple[str, ...]:
        known = policy_names(self.scenario)
        own = tuple(name for name in known if name not in USUAL) if self.own is None else self.own
        return tuple(name for name in (*own, AFTER_ITS_OWN) if name in known)

    def with_policies(self, policies: Sequence[str], change: Change) -> tuple[Scenario, tuple[str, ...]]:
        """The scenario with changed policies under names of their own, and these names."""
        made = {change.name(policy): Policy(levers=self.levers(policy, change)) for policy in policies}
        return self.scenario.with_changes({"policies": {**self.scenario.policies, **made}}), tuple(made)


def question(layout: LaidOut, start: str | None, end: str | None) -> Question:
    """The milestones asked about, or else those of the scenario; raises `ArgumentError` for one that is not there."""
    try:
        return resolved(layout.scenario, start, end)
    except UnknownMilestoneError as error:
        raise ArgumentError("start" if error.key == "from" else "end", error.name, error.remedy) from None


def at_least(least: int, value: int, name: str) -> int:
    """A number that is not too small; raises `ArgumentError`."""
    if value < least:
        raise ArgumentError(name, value, f"give {least} or more")
    return value


def cores(workers: int | None) -> int:
    """How many processes to use: so many, or as many as there are cores; raises `ArgumentError` below one."""
    return os.cpu_count() or 1 if workers is None else at_least(1, workers, "workers")


def processes(workers: int | None, replications: int) -> int:
    """How many processes to use for a comparison: so many, else this one for a few replications, else all cores."""
    most = 1 if workers is None and replications <= FEW else cores(workers)
    return min(most, replications)
