"""Nations: how many zones of which kinds, and which park stands for one, from a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from parkflow.analysis.experiments.sweep_file import dotted
from parkflow.scenarios.load import SHIPPED, InputError, load
from parkflow.scenarios.reading import read_keys, referred_to
from parkflow.scenarios.translate import short, shown
from parkflow.sim.checks import ScenarioError, check, nearest
from parkflow.sim.errors import UnfitValueError, UnknownKeyError
from parkflow.sim.levers import SERIAL, LeverError, policy_names, under
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Titled

NATIONS = SHIPPED / "nations"


class Kind(Titled):
    """Zones that are built alike, and differ by chance."""

    zones: Annotated[int, Field(ge=1, le=1_000_000)] = Field(description="How many there are.")
    park: str = Field(description="The park that stands for one: a shipped one, or the path of a scenario file.")
    changes: dict[str, Any] = Field(default_factory=dict, description="Keys of the park that differ, dotted.")


class NationFile(Titled):
    """What the file of a nation may say."""

    name: str = ""
    baseline: str = Field(SERIAL, description="Policy that the others are compared with.")
    policies: tuple[str, ...] = Field(min_length=1, description="Policies compared in every zone.")
    kinds: dict[str, Kind] = Field(min_length=1, description="Zones that are built alike, by name.")


@dataclass(frozen=True)
class Nation:
    """A checked nation: its file, and the park of a zone under each policy by kind, the baseline first."""

    file: NationFile
    scenarios: Mapping[str, Mapping[str, Scenario]]


def available_nations() -> tuple[str, ...]:
    """Names of the shipped nations."""
    return tuple(sorted(path.stem for path in NATIONS.glob("*.toml")))


def load_nation(
    name_or_path: str | os.PathLike[str], policies: tuple[str, ...] = (), zones: int | None = None
) -> Nation:
    """The checked nation of a shipped file or of a path ending in ``.toml``.

    `policies` overrule those of the file; with `zones` each kind has so many zones at most. Raises `InputError` with
    what is wrong and what would be right.
    """
    given = os.fspath(name_or_path)
    if given.endswith(".toml"):
        name, path = short(given), Path(given)
    elif given in available_nations():
        name, path = f"{given}.toml", NATIONS / f"{given}.toml"
    else:
        raise InputError(
            f"{short(given)}: there is no such nation; {nearest(given, available_nations())}, or give a file"
        )
    file = _file(name, {"name": path.stem, **read_keys(path, name)}, policies, zones)
    scenarios = {kind: _scenarios(name, path, file, kind) for kind in file.kinds}
    return Nation(file, scenarios)


def _file(name: str, table: dict[str, Any], policies: tuple[str, ...], zones: int | None) -> NationFile:
    if policies:
        table["policies"] = policies
    for kind in table["kinds"].values() if isinstance(table.get("kinds"), dict) else ():
        if isinstance(kind, dict):
            kind["changes"] = dotted(kind.get("changes", {}))
            if zones and isinstance(kind.get("zones"), int):
                kind["zones"] = min(zones, kind["zones"])
    try:
        file = NationFile.model_validate(table)
    except ValidationError as error:
        raise InputError("\n".join(_problems(name, error))) from None
    others = tuple(policy for policy in dict.fromkeys(file.policies) if policy != file.baseline)
    if not others:
        raise InputError(f"{name}: policies: there is nothing to compare with {file.baseline}; name other policies")
    return file.with_changes({"policies": others})


def _problems(name: str, error: ValidationError) -> Iterator[str]:
    """Pydantic's errors in the words of the file."""
    for each in error.errors(include_url=False):
        keys = [str(key) for key in each["loc"]]
        known = tuple((Kind if keys[0] == "kinds" and len(keys) > 1 else NationFile).model_fields)
        if each["type"] == "extra_forbidden":
            yield f"{name}: {'.'.join(keys)}: unknown key; {nearest(keys[-1], known)}"
        elif each["type"] == "missing":
            yield f"{name}: {'.'.join(keys)}: is missing; add it"
        else:
            yield f"{name}: {'.'.join(keys)}: {shown(each['input'])} does not fit; {each['msg'].lower()}"


def _scenarios(name: str, path: Path, file: NationFile, kind: str) -> dict[str, Scenario]:
    """The park of a kind's zones under each policy; raises `InputError`."""
    of = file.kinds[kind]
    is_file = of.park.endswith(".toml")
    park = load(referred_to(path, of.park, name, f"kinds.{kind}.park") if is_file else of.park)
    try:
        changed = park.with_changes(of.changes)
    except (UnknownKeyError, UnfitValueError) as error:
        raise InputError(f"{name}: kinds.{kind}.changes: {error}") from None
    found = {}
    for policy in (file.baseline, *file.policies):
        if policy not in policy_names(changed):
            remedy = nearest(policy, policy_names(changed))
            raise InputError(f"{name}: kinds.{kind}: {of.park} has no policy {shown(policy)}; {remedy}")
        try:
            found[policy] = under(changed, policy)
            check(found[policy])
        except (LeverError, ScenarioError) as error:
            raise InputError(f"{name}: kinds.{kind}: policy {policy}: {error}") from None
    return found
