"""The links of a checkout, which an unpacked sdist lacks."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "parkflow"

for room in ("sim", "scenarios", "analysis"):
    if not (PACKAGE / room).exists():
        (PACKAGE / room).symlink_to(Path("..") / room, target_is_directory=True)
