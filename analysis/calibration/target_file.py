"""Reading target files: shipped ones and a user's own, with validation targets taken out at the door."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from parkflow.analysis.calibration.targets import DROPPED, KEPT, Target, TargetFile, calibration_only
from parkflow.scenarios.load import SHIPPED, InputError
from parkflow.scenarios.reading import read_keys, referred_to
from parkflow.scenarios.translate import shown
from parkflow.sim.names import nearest
from parkflow.sim.ranges import Range
from parkflow.sim.values import Value

SHIPPED_TARGETS = SHIPPED / "calibration" / "targets.toml"


def load_targets(given: str | os.PathLike[str] | None = None) -> tuple[str, TargetFile]:
    """What to call a target file, and its targets to be fitted; the shipped ones if no file is given.

    Parks that the file names by path are relative to it. Raises `InputError` with what is wrong and what would be
    right.
    """
    path = SHIPPED_TARGETS if given is None else Path(given)
    name = path.name if given is None else os.fspath(given)
    table = calibration_only(read_keys(path, name))
    if isinstance(table.get("parks"), list):
        table["parks"] = [_beside(path, park, name) for park in table["parks"]]
    try:
        return name, TargetFile.model_validate(table)
    except ValidationError as error:
        raise InputError("\n".join(_problems(name, table, error))) from None


def _beside(path: Path, park: Any, name: str) -> Any:
    return referred_to(path, park, name, "parks") if isinstance(park, str) and park.endswith(".toml") else park


def _problems(name: str, table: dict[str, Any], error: ValidationError) -> Iterator[str]:
    """Pydantic's errors in the words of the file, each target by its id."""
    for each in error.errors(include_url=False):
        keys = list(each["loc"])
        where = f"{name}: {_place(table, keys)}"
        if each["type"] == "extra_forbidden":
            yield f"{where}: unknown key; {nearest(str(keys[-1]), _known(keys))}"
        elif each["type"] == "missing":
            yield f"{where}: is missing; add it"
        elif keys[-1:] == ["kind"]:
            yield f"{where}: {shown(each['input'])} is no kind of target; write {KEPT} or {DROPPED}"
        else:
            what, _, remedy = each["msg"].removeprefix("Value error, ").partition("; ")
            got = f"got {shown(each['input'])}"
            yield f"{where}: {what[0].lower()}{what[1:]}; {remedy or got}"


def _place(table: dict[str, Any], keys: Sequence[str | int]) -> str:
    """Where in the file: targets go by their id, or by their number where they have none."""
    if len(keys) > 1 and keys[0] == "target" and isinstance(keys[1], int):
        target = table["target"][keys[1]]
        called = target.get("id", keys[1] + 1) if isinstance(target, dict) else keys[1] + 1
        return ": ".join([f"target {called}", *(str(key) for key in keys[2:])])
    return ".".join(map(str, keys)) or "the file"


def _known(keys: Sequence[str | int]) -> list[str]:
    """The keys that would be right beside an unknown one."""
    kinds: dict[str, type[Value]] = {"target": Target, "ranges": Range}
    kind = kinds.get(str(keys[0]), TargetFile) if len(keys) > 1 else TargetFile
    return [field.alias or name for name, field in kind.model_fields.items()]
