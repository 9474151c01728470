"""The record of a run: what somebody needs to make the same numbers again."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping, Set
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from parkflow.sim.choosing import engine
from parkflow.sim.scenario import Activity, Scenario
from parkflow.sim.values import Titled

PACKAGES = ("simpy", "numpy", "scipy", "pydantic", "holidays")
"""Packages whose version can change a number."""

WORDS = (*Titled.model_fields, "labels", "file", "sha256")
"""Fields of a scenario that no number depends on."""

STORING = ("numba", "pandas", "pyarrow", "joblib", "dask")
"""Packages that compute, carry or store numbers without being meant to change one."""


def record(scenario: Scenario, command: str) -> dict[str, Any]:
    """Version, commit if known, engine, package versions, hash of the resolved scenario, and the command."""
    return {
        "version": _version("parkflow"),
        "commit": _commit(),
        "python": platform.python_version(),
        "engine": engine(),
        "packages": {name: _version(name) for name in PACKAGES},
        "scenario_hash": scenario_hash(scenario),
        "command": command,
    }


def versions() -> dict[str, str]:
    """The versions of all installed packages that a result or its files can depend on."""
    found = {name: _version(name) for name in (*PACKAGES, *STORING)}
    return {name: version for name, version in found.items() if version}


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the resolved scenario; two scenarios with one hash are the same."""
    table = scenario.model_dump(mode="json", by_alias=True)
    return _hash(table | {"stages": list(table["stages"].items())})


def numbers_hash(scenario: Scenario) -> str:
    """SHA-256 of the numbers that a simulation of the scenario uses; two scenarios with one hash give the same results.

    Titles and sources do not count, nor what has its default, nor ranges, nor policies (their levers are in force
    already or not at all), nor a practice that covers nobody and the activities that only it brings about.
    """
    idle = {name for name, practice in scenario.practices.items() if practice.share == 0}
    practices = {name: practice for name, practice in scenario.practices.items() if name not in idle}
    tags = {tag for practice in practices.values() for effect in practice.effects for tag in effect.tags}
    kept = {"practices": practices, "activities": _taking_place(scenario, idle), "stages": list(scenario.stages)}
    found = _numbers(scenario) | _numbers(kept)
    del found["policies"]
    found.pop("ranges", None)
    for activity in found["activities"].values():
        _forget(activity, idle, tags)
    return _hash(found)


def _hash(table: Mapping[str, Any]) -> str:
    """SHA-256 of a table of plain values and dates, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(table, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _taking_place(scenario: Scenario, idle: Set[str]) -> dict[str, Activity]:
    """The activities of a scenario but for those that wait for an idle practice and that none is placed after."""
    before = {
        name for activity in scenario.activities.values() for name in (*activity.predecessors, *activity.previous)
    }
    return {
        name: activity
        for name, activity in scenario.activities.items()
        if activity.applies.practice not in idle or name in before
    }


def _numbers(value: Any) -> Any:
    """A value as plain tables, without its words and without what has its default."""
    if isinstance(value, BaseModel):
        fields = {name: field for name, field in type(value).model_fields.items() if name not in WORDS}
        given = {name: getattr(value, name) for name in fields}
        return {
            name: _numbers(inner)
            for name, inner in given.items()
            if name in ("practices", "activities", "policies")
            or inner != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {name: _numbers(inner) for name, inner in value.items()}
    return [_numbers(inner) for inner in value] if isinstance(value, tuple) else value


def _forget(activity: dict[str, Any], idle: Set[str], tags: Set[str]) -> None:
    """Take out of an activity (a plain table) the names of idle practices, and the tags that no practice looks for."""
    activity["tags"] = sorted(tags & set(activity.get("tags", ())))
    for custom in ("after", "previous"):
        waived = activity.get(custom, {})
        activity[custom] = {name: "" if practice in idle else practice for name, practice in waived.items()}
    applies = activity.get("applies", {})
    activity["applies"] = {key: value for key, value in applies.items() if key != "unless" or value not in idle}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    here = Path(__file__).resolve().parent
    if not (here.parent / ".git").exists():
        return None
    try:
        answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None
