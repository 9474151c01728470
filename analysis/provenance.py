"""The record of a run: what somebody needs to make the same numbers again."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from parkflow.sim.scenario import Scenario

PACKAGES = ("simpy", "numpy", "scipy", "pydantic", "holidays")
"""Packages whose version can change a number."""


def record(scenario: Scenario, command: str) -> dict[str, Any]:
    """Version, commit if known, package versions, hash of the resolved scenario, and the command."""
    return {
        "version": _version("parkflow"),
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "scenario_hash": scenario_hash(scenario),
        "command": command,
    }


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the resolved scenario; two scenarios with one hash are the same."""
    text = json.dumps(scenario.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


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
