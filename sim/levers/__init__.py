"""The catalogue of levers, and policies as bundles of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from parkflow.sim.levers.approvals import (
    AcceptWithMissingItems,
    AgencyService,
    CommitmentApproval,
    EarlyIntervention,
    OverlappedSubmission,
    ParallelApprovals,
    StartOnLand,
)
from parkflow.sim.levers.base import Lever, LeverError
from parkflow.sim.levers.construction import (
    FlowLine,
    JointAcceptance,
    NightlyCoordination,
    ParallelZones,
    SeasonSafeguards,
    SiteTesting,
)
from parkflow.sim.levers.coordination import (
    ClosedLoop,
    Commissioners,
    EscalationLadder,
    JointPlanning,
    LabourMatching,
    LeaderSponsorship,
    OwnershipRule,
    ProjectFinance,
    SameDayTransfer,
    ShockSquads,
    TalentServices,
)
from parkflow.sim.levers.detection import EarlyWarning, ReviewCadence, SiteVisits
from parkflow.sim.levers.land import (
    AdvanceInfrastructure,
    DossierTeam,
    EarlyPossession,
    LandBank,
    LandQuota,
    ListingAhead,
    SpecialClearance,
    StandardLand,
    TownLinkage,
)
from parkflow.sim.levers.steering import (
    Campaign,
    Ceremonies,
    ClassifiedPromotion,
    DeadlineControl,
    OutputAppraisal,
    Pipeline,
)
from parkflow.sim.levers.windows import DedicatedWindows, ExtendedHours, GreenLane, ServiceCap, StandardGuides
from parkflow.sim.names import nearest
from parkflow.sim.scenario import Policy, Scenario

CATALOGUE: dict[str, type[Lever]] = {
    lever.name: lever
    for lever in (
        ParallelApprovals,
        OverlappedSubmission,
        StartOnLand,
        EarlyIntervention,
        AgencyService,
        ServiceCap,
        ExtendedHours,
        GreenLane,
        DedicatedWindows,
        StandardGuides,
        AcceptWithMissingItems,
        CommitmentApproval,
        LandBank,
        StandardLand,
        LandQuota,
        DossierTeam,
        SpecialClearance,
        TownLinkage,
        AdvanceInfrastructure,
        EarlyPossession,
        ListingAhead,
        ReviewCadence,
        SiteVisits,
        EarlyWarning,
        Commissioners,
        EscalationLadder,
        LeaderSponsorship,
        OwnershipRule,
        SameDayTransfer,
        ClosedLoop,
        JointPlanning,
        ShockSquads,
        ProjectFinance,
        LabourMatching,
        TalentServices,
        ParallelZones,
        NightlyCoordination,
        FlowLine,
        SiteTesting,
        SeasonSafeguards,
        JointAcceptance,
        DeadlineControl,
        Campaign,
        ClassifiedPromotion,
        Pipeline,
        Ceremonies,
        OutputAppraisal,
    )
}
"""Every lever by name, in the order in which a policy applies them."""

SHIPPED = tuple(CATALOGUE)
"""Names of the levers that come with parkflow."""

SERIAL = "serial"
"""The policy without levers, which every park has."""

__all__ = [
    "CATALOGUE",
    "SERIAL",
    "SHIPPED",
    "Lever",
    "LeverError",
    "bundle",
    "in_todays_names",
    "kind_of",
    "make_lever",
    "own_levers",
    "policy_names",
    "register_lever",
    "revised",
    "under",
    "with_levers",
]


def kind_of(name: str) -> type[Lever]:
    """The class of a lever; raises `LeverError` for a name that is not in the catalogue."""
    if name not in CATALOGUE:
        raise LeverError(f"levers.{name}", "there is no such lever", nearest(name, tuple(CATALOGUE)))
    return CATALOGUE[name]


def register_lever(kind: type[Lever]) -> None:
    """Make a lever known that does not come with parkflow; policies apply it after the shipped ones.

    Raises `LeverError` for a lever without a name, and for a name that a shipped lever bears.
    """
    name = getattr(kind, "name", "")
    if not isinstance(name, str) or not name.isidentifier():
        raise LeverError(f"levers.{kind.__name__}", "has no name", 'add one, such as name = "my_lever"')
    if name in SHIPPED and CATALOGUE[name] is not kind:
        raise LeverError(f"levers.{name}", "a shipped lever bears this name", "choose another name")
    for attribute, value in _UNSAID.items():
        if not hasattr(kind, attribute):
            setattr(kind, attribute, value)
    if not hasattr(kind, "title"):
        kind.title = name.replace("_", " ")
    CATALOGUE[name] = kind


_UNSAID: dict[str, Any] = {
    "title_zh": "", "area": "own", "mechanisms": (), "facts": (), "observable": "", "neutral": {},
}  # fmt: skip
"""What a lever of a user's own need not say."""


def own_levers() -> tuple[type[Lever], ...]:
    """The levers that do not come with parkflow: a worker process has to be told of them."""
    return tuple(kind for name, kind in CATALOGUE.items() if name not in SHIPPED)


def in_todays_names(name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a lever by the names they have today; a former name is taken with a `FutureWarning`.

    Of a parameter that is given under both names the later one counts.
    """
    former = CATALOGUE[name].former if name in CATALOGUE else {}
    for parameter in parameters:
        if today := former.get(parameter):
            note = f"levers.{name}.{parameter} is called {today} today; write {today}"
            warnings.warn(note, FutureWarning, stacklevel=2)
    return {former.get(parameter, parameter): value for parameter, value in parameters.items()}


def make_lever(name: str, parameters: Mapping[str, Any]) -> Lever:
    """The lever of this name with these parameters, the others at their defaults.

    Raises `LeverError` for a name that is not in the catalogue or a parameter that is unknown or out of range.
    """
    kind = kind_of(name)
    try:
        return kind.model_validate(in_todays_names(name, parameters))
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            raise LeverError(
                f"levers.{name}.{key}", "unknown parameter", nearest(key, tuple(kind.model_fields))
            ) from None
        raise LeverError(f"levers.{name}.{key}", problem["msg"].lower(), f"got {problem['input']!r}") from None


def with_levers(scenario: Scenario, levers: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """The scenario with these levers on, applied in the order of the catalogue."""
    made = [make_lever(name, parameters) for name, parameters in levers.items()]
    for lever in sorted(made, key=lambda one: list(CATALOGUE).index(one.name)):
        scenario = lever.apply(scenario)
    return scenario


def bundle(scenario: Scenario, policy: str) -> dict[str, dict[str, Any]]:
    """The levers of a policy and their parameters, with those of the policies that it includes.

    Raises `LeverError` when the scenario has no such policy, a policy includes itself, or it leaves out what it lacks.
    """
    return _bundle(scenario, policy, ())


def _bundle(scenario: Scenario, policy: str, on_the_way: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    if policy in on_the_way:
        circle = " → ".join((*on_the_way, policy))
        raise LeverError(f"policies.{policy}.includes", f"policies include each other: {circle}", "break the circle")
    if policy not in scenario.policies and policy != SERIAL:
        raise LeverError(f"policies.{policy}", "there is no such policy", nearest(policy, policy_names(scenario)))
    given = scenario.policies.get(policy, Policy())
    levers: dict[str, dict[str, Any]] = {}
    for other in given.includes:
        levers |= _bundle(scenario, other, (*on_the_way, policy))
    for name in given.without:
        if levers.pop(name, None) is None:
            remedy = nearest(name, tuple(levers))
            raise LeverError(f"policies.{policy}.without", f"{name!r} is not in what it includes", remedy)
    return levers | {name: in_todays_names(name, parameters) for name, parameters in given.levers.items()}


def revised(
    levers: Mapping[str, Mapping[str, Any]], more: Mapping[str, Mapping[str, Any]], without: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """A bundle with other parameters or further levers, and without some.

    Raises `LeverError` when it leaves out a lever that it lacks.
    """
    result = {name: dict(parameters) for name, parameters in levers.items()}
    for name in without:
        if result.pop(name, None) is None:
            raise LeverError(f"without.{name}", "the policy has no such lever", nearest(name, tuple(levers)))
    for name, parameters in more.items():
        result[name] = {**result.get(name, {}), **in_todays_names(name, parameters)}
    return result


def under(scenario: Scenario, policy: str) -> Scenario:
    """The scenario under one of its policies."""
    return with_levers(scenario, bundle(scenario, policy))


def policy_names(scenario: Scenario) -> tuple[str, ...]:
    """All policies of a scenario; the serial one first."""
    return (SERIAL, *(name for name in scenario.policies if name != SERIAL))
