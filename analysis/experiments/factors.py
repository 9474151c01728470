"""Varying a scenario: what a factor's key may name, and the scenarios of some policies with factors at given values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydantic import BaseModel

from parkflow.sim.checks import nearest
from parkflow.sim.levers import CATALOGUE, bundle, make_lever, policy_names, with_levers
from parkflow.sim.scenario import Scenario

Bundle = dict[str, dict[str, Any]]


class UnknownFactorError(ValueError):
    """A factor's key that names nothing; the message says what is near."""


@dataclass(frozen=True)
class Factor:
    """A key that can be varied: whether it holds whole numbers, and why it may be without effect."""

    key: str
    is_whole: bool = False
    unused: str | None = None

    def whole(self, value: Any) -> Any:
        """The level, rounded where the key counts things."""
        return round(value) if self.is_whole and isinstance(value, float) and isfinite(value) else value

    def check(self, scenario: Scenario, policies: Iterable[str], value: Any) -> None:
        """Raise what is wrong with a value of this factor by itself."""
        if self.key == "policy":
            bundle(scenario, str(value))
        elif self.key.startswith("levers."):
            _, name, parameter = self.key.split(".", 2)
            make_lever(name, {parameter: self.whole(value)})
        else:
            varied(scenario, policies, {self.key: self.whole(value)})


def factor(scenario: Scenario, policies: tuple[str, ...], key: str) -> Factor:
    """The factor of a key; `policies` are those that will be compared.

    Raises `UnknownFactorError` when the key names nothing in the scenario, the catalogue of levers or the policies.
    """
    match key.split("."):
        case ["policy"]:
            return Factor(key)
        case ["levers", *rest]:
            return _lever_parameter(scenario, policies, key, rest)
        case ["policies", policy, "levers", name]:
            _known(policy, policy_names(scenario), "policy")
            _known(name, CATALOGUE, "lever")
            return Factor(key, unused=_not_compared(policy, policies))
        case ["policies", policy, "levers", name, parameter]:
            _known(policy, policy_names(scenario), "policy")
            found = _lever_parameter(scenario, (policy,), key, [name, parameter])
            return Factor(key, found.is_whole, _not_compared(policy, policies) or found.unused)
        case keys:
            return Factor(key, _is_whole(_at(scenario, keys)))


def varied(scenario: Scenario, policies: Iterable[str], values: Mapping[str, Any]) -> dict[str, Scenario]:
    """The scenario under each policy, with these values of factors.

    Keys of the scenario are set before any lever is applied. Raises `LeverError` or `ChangeError` for a
    value that does not fit, or a key that is not there.
    """
    own = {key: value for key, value in values.items() if not _is_of_levers(key)}
    changed = scenario.with_changes(own)
    return {policy: with_levers(changed, _bundle(changed, policy, values)) for policy in policies}


def _bundle(scenario: Scenario, policy: str, values: Mapping[str, Any]) -> Bundle:
    """The levers of a policy: first which are on, then their parameters."""
    levers: Bundle = {name: dict(given) for name, given in bundle(scenario, policy).items()}
    for key, value in values.items():
        match key.split("."):
            case ["policies", of, "levers", name] if of == policy:
                _switch(levers, name, value)
    for key, value in values.items():
        match key.split("."):
            case ["policies", of, "levers", name, parameter] if of == policy and name in levers:
                levers[name][parameter] = value
            case ["levers", name, parameter] if name in levers:
                levers[name][parameter] = value
    return levers


def _switch(levers: Bundle, name: str, value: Any) -> None:
    if value is True:
        levers.setdefault(name, {})
    elif value is False:
        levers.pop(name, None)
    elif isinstance(value, Mapping):
        levers[name] = dict(value)
    else:
        raise ValueError(f"write true or false, or a table of the parameters of {name}")


def _is_of_levers(key: str) -> bool:
    parts = key.split(".")
    return parts[0] == "levers" or (parts[0] == "policies" and len(parts) > 2 and parts[2] == "levers")


def _lever_parameter(scenario: Scenario, policies: tuple[str, ...], key: str, rest: list[str]) -> Factor:
    if len(rest) != 2:
        raise UnknownFactorError("write levers.NAME.PARAMETER, or policies.POLICY.levers.NAME for the lever itself")
    name, parameter = rest
    _known(name, CATALOGUE, "lever")
    fields = CATALOGUE[name].model_fields
    parameter = CATALOGUE[name].former.get(parameter, parameter)
    _known(parameter, fields, f"parameter of {name}")
    users = [policy for policy in policies if name in bundle(scenario, policy)]
    everyone = [policy for policy in policy_names(scenario) if name in bundle(scenario, policy)]
    remedy = f"compare {' or '.join(everyone)}" if everyone else f"add {name} to a policy"
    unused = None if users else f"{' and '.join(policies)} do not use {name}; {remedy}"
    return Factor(key, _is_whole(fields[parameter].default), unused)


def _not_compared(policy: str, policies: Iterable[str]) -> str | None:
    return None if policy in policies else f"{policy} is not compared; add it to the policies"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _known(name: str, known: Iterable[str], what: str) -> None:
    if name not in known:
        raise UnknownFactorError(f"there is no {what} {name!r}; {nearest(name, list(known))}")


def _at(node: Any, keys: list[str]) -> Any:
    """The value at a path of keys; raises `UnknownFactorError` with the nearest key where it breaks off."""
    for place, key in enumerate(keys):
        known = _keys_of(node)
        if known is None or key not in known:
            before = ".".join(keys[:place]) or "the scenario"
            remedy = nearest(key, list(known)) if known else f"{before} has no keys of its own: vary it as a whole"
            raise UnknownFactorError(f"{before} has no key {key!r}; {remedy}")
        node = getattr(node, key) if isinstance(node, BaseModel) else node[key]
    return node


def _keys_of(node: Any) -> Iterable[str] | None:
    if isinstance(node, BaseModel):
        return list(type(node).model_fields)
    return list(node) if isinstance(node, Mapping) else None


Maker = Callable[[Mapping[str, Any]], dict[str, Scenario]]
"""Makes the scenarios of a point, by policy."""
