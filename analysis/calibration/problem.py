"""A calibration problem: parks, the parameters that may move, and the targets, checked against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from parkflow.analysis.calibration.targets import Target, TargetFile
from parkflow.analysis.experiments.ranges import keys_of, level_of, matching, moved
from parkflow.analysis.provenance import numbers_hash
from parkflow.scenarios.load import InputError
from parkflow.sim.errors import ChangeError
from parkflow.sim.levers import CATALOGUE, bundle, policy_names, with_levers
from parkflow.sim.names import nearest
from parkflow.sim.ranges import Range
from parkflow.sim.scenario import Day, Scenario

Floats = NDArray[np.float64]

_TEXTS = {"title", "title_zh", "source", "assumed"}


@dataclass(frozen=True)
class Problem:
    """Everything that a fit depends on. Parks are told apart by name, parameters by that of their range."""

    title: str
    parks: Mapping[str, Scenario]
    """The parks that targets are read off, run no longer than these look."""
    whole: Mapping[str, Scenario]
    """All parks of the fit, with the ranges that move something in them."""
    parameters: Mapping[str, Range]
    targets: tuple[Target, ...]
    park_of_target: tuple[str, ...]
    replications: int
    sizes: tuple[int, ...]
    seed: int

    @cached_property
    def targets_by_park(self) -> dict[str, tuple[Target, ...]]:
        """The targets that are read off each park, in their order."""
        pairs = list(zip(self.park_of_target, self.targets, strict=True))
        return {park: tuple(target for name, target in pairs if name == park) for park in self.parks}

    def levels(self, shares: Floats) -> dict[str, float]:
        """Levels of the parameters at shares of the way through their ranges; shape (parameters,)."""
        return {name: it.at(float(share)) for (name, it), share in zip(self.parameters.items(), shares, strict=True)}

    def own_levels(self) -> dict[str, float]:
        """The levels at which the parks stand, by that of the first park that has the parameter."""
        return {name: level_of(next(self.parks_with(name)), it) for name, it in self.parameters.items()}

    def parks_with(self, parameter: str) -> Iterator[Scenario]:
        """The parks in which a parameter moves something."""
        return (park for park in self.parks.values() if parameter in park.ranges)

    def document(self) -> dict[str, Any]:
        """What tells this problem from others, as plain values; what a range is called and based on does not."""
        return {
            "parks": {name: self._numbers_of(name) for name in self.parks},
            "parameters": {name: it.model_dump(mode="json", exclude=_TEXTS) for name, it in self.parameters.items()},
            "targets": [it.model_dump(mode="json", by_alias=True, exclude=_TEXTS) for it in self.targets],
            "replications": self.replications, "sizes": list(self.sizes), "seed": self.seed,
        }  # fmt: skip

    def _numbers_of(self, park: str) -> dict[str, str]:
        """The numbers that a park is simulated with, by policy: no titles, sources or ranges."""
        scenario = self.parks[park]
        policies = dict.fromkeys(target.policy for target in self.targets_by_park[park])
        return {policy: numbers_hash(with_levers(scenario, bundle(scenario, policy))) for policy in policies}


def problem_of(name: str, file: TargetFile, parks: Sequence[Scenario], chosen: bool) -> Problem:
    """The problem of a target file called `name` and some parks; where these were `chosen`, targets of others are left.

    Raises `InputError` with what is wrong in the file and what would be right.
    """
    _check_prior(name, file, parks, chosen)
    scenarios = {park.name: _begun(name, park, file) for park in parks}
    pairs = [(park, target) for target in file.target for park in _parks_of(name, target, scenarios, chosen)]
    if not pairs:
        raise InputError(f"{name}: no target is of {' or '.join(scenarios)}; name another park, or add targets of it")
    read_off = {park: scenarios[park] for park in scenarios if any(park == used for used, _ in pairs)}
    parameters = {each: _parameter(name, each, file, read_off, chosen) for each in file.parameters}
    known = {each: it for each, it in parameters.items() if it is not None}
    if not known:
        raise InputError(f"{name}: parameters: none moves anything in {' or '.join(read_off)}; name ranges of theirs")
    for used, target in pairs:
        _check_target(name, scenarios[used], target)
    for scenario in read_off.values():
        _check_ends(name, scenario, known)
    cut = {park: _cut_short(it, [target for used, target in pairs if used == park]) for park, it in read_off.items()}
    return Problem(
        file.title, cut, scenarios, known, tuple(target for _, target in pairs), tuple(park for park, _ in pairs),
        file.replications, file.sizes, file.seed,
    )  # fmt: skip


def _begun(name: str, park: Scenario, file: TargetFile) -> Scenario:
    """The park at the prior numbers of the file, with the ranges that are searched in it and move something."""
    both = {**park.ranges, **file.ranges}
    for parameter, (low, high) in file.search.items():
        if parameter in both:
            both[parameter] = _searched(name, parameter, both[parameter], low, high)
    begun = _at_prior(name, park, {**file.prior.get(_ALL, {}), **file.prior.get(park.name, {})})
    return begun.with_changes({"ranges": {each: it for each, it in both.items() if keys_of(begun, it)}})


_ALL = "all"


def _check_prior(name: str, file: TargetFile, parks: Sequence[Scenario], chosen: bool) -> None:
    """Refuse parks and keys of the prior, and searches, that stand for nothing, unless they may be of other parks."""
    names = [park.name for park in parks]
    for of, numbers in file.prior.items() if not chosen else ():
        if of not in (*names, _ALL):
            raise InputError(f"{name}: prior: {of!r} is not fitted; {nearest(of, [*names, _ALL])}")
        for pattern in numbers:
            if not any(matching(park, pattern) for park in parks if of in (park.name, _ALL)):
                raise InputError(f"{name}: prior.{of}: no park of the fit has {pattern!r}; check the key")
    for parameter in file.search:
        if parameter not in file.parameters:
            raise InputError(f"{name}: search: {parameter!r} is not fitted; {nearest(parameter, file.parameters)}")


def _searched(name: str, parameter: str, given: Range, low: float, high: float) -> Range:
    try:
        return Range.model_validate({**given.model_dump(), "low": low, "high": high})
    except ValidationError as error:
        what = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InputError(f"{name}: search.{parameter}: {what}") from None


def _at_prior(name: str, park: Scenario, prior: Mapping[str, Any]) -> Scenario:
    """The park with the prior numbers whose keys, patterns among them, it has."""
    for pattern, value in prior.items():
        try:
            park = park.with_changes(dict.fromkeys(matching(park, pattern), value))
        except ChangeError as error:
            raise InputError(f"{name}: prior: {pattern}: {park.name} cannot have {value!r}: {error}") from None
    return park


def _parks_of(name: str, target: Target, parks: Mapping[str, Scenario], chosen: bool) -> tuple[str, ...]:
    if target.park is None:
        return tuple(parks)
    if target.park in parks:
        return (target.park,)
    if chosen:
        return ()
    raise InputError(
        f"{name}: target {target.name}: park: {target.park!r} is not fitted; {nearest(target.park, list(parks))}"
    )


def _parameter(
    name: str, parameter: str, file: TargetFile, parks: Mapping[str, Scenario], chosen: bool
) -> Range | None:
    """The range of a parameter, by the first park that has it; None where only parks that were not chosen have it."""
    found = next((park.ranges[parameter] for park in parks.values() if parameter in park.ranges), None)
    if found is None and not chosen:
        known = list(dict.fromkeys(each for park in parks.values() for each in park.ranges))
        raise InputError(f"{name}: parameters: no park has a range {parameter!r}; {nearest(parameter, known)}")
    return found


def _check_target(name: str, park: Scenario, target: Target) -> None:
    """Refuse what the park does not have: policy, moments, groups, attributes, a lever's parameter, dates."""
    for key, said, known in _names(park, target):
        if said not in known:
            raise InputError(
                f"{name}: target {target.name}: {key}: {park.name} has no {said!r}; {nearest(said, list(known))}"
            )
    if target.setting:
        _check_setting(name, park, target)
    for day in (*(target.during or ()), *((target.by,) if target.by is not None else ())):
        if isinstance(day, dt.date) and park.start is None:
            raise InputError(
                f"{name}: target {target.name}: {day}: {park.name} has no start date; write a number of days"
            )


def _names(park: Scenario, target: Target) -> Iterator[tuple[str, str, list[str]]]:
    """Every name that a target says, with the key it stands under and the names that would be right."""
    yield "policy", target.policy, list(policy_names(park))
    yield from (("groups", group, list(park.portfolio)) for group in target.groups)
    yield from (("where", attribute, list(park.attributes)) for attribute in target.where)
    of = "issue" if target.of == "issues" else "project"
    activities = [key for key, it in park.activities.items() if of in it.processes]
    for key, moments in (
        ("from", target.start),
        ("to", target.end),
        ("met", target.met),
        ("solved_by", target.solved_by),
    ):
        for moment in moments:
            activity, dot, which = moment.partition(".")
            yield key, activity, ["arrival", *activities]
            if dot:
                yield f"{key}: {activity}", which, ["ready", "start"]


def _check_setting(name: str, park: Scenario, target: Target) -> None:
    (lever, _, parameter), used = target.setting.partition("."), bundle(park, target.policy)
    where = f"{name}: target {target.name}: setting"
    if lever not in used:
        raise InputError(f"{where}: {target.policy} does not use {lever!r}; {nearest(lever, list(used))}")
    known = list(CATALOGUE[lever].model_fields)
    if parameter not in known:
        raise InputError(f"{where}: {lever} has no {parameter!r}; {nearest(parameter, known)}")


def _check_ends(name: str, park: Scenario, parameters: Mapping[str, Range]) -> None:
    """Refuse ranges at whose ends a park cannot be."""
    for parameter, it in parameters.items():
        for level in (it.low, it.high) if parameter in park.ranges else ():
            try:
                moved(park, {parameter: level})
            except ChangeError as error:
                raise InputError(f"{name}: ranges.{parameter}: {park.name} cannot be at {level:g}: {error}") from None


def _cut_short(park: Scenario, targets: Sequence[Target]) -> Scenario:
    """The park up to the last day that any of its targets looks at, if each says how far it looks."""
    days = [_last_day(park, target.last_day) for target in targets if target.what != "setting"]
    if not days or None in days:
        return park
    last = max(day for day in days if day is not None) + 1
    return park if park.horizon is not None and park.horizon <= last else park.with_changes({"horizon": last})


def _last_day(park: Scenario, day: Day | None) -> float | None:
    return None if day is None else park.day(day)
