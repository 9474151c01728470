"""Whether the libraries that numbers come from are those with which the golden numbers were made."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

MADE_WITH = dict(
    line.split("==")
    for line in (Path(__file__).parents[2] / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if "==" in line and not line.startswith("#")
)
"""Version by name of a library."""

OTHERS = [
    f"{name} {version(name)}, not {MADE_WITH[name]}"
    for name in ("numpy", "scipy", "holidays")
    if version(name) != MADE_WITH[name]
]
"""What differs here. Then draws and means may differ in their last bits, and digests of them altogether."""

CLOSE = 1e-9
"""Relative difference that other versions may make."""
