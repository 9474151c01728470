"""Ratios of a release, kept as JSON beside the benchmarks: one file a release, one entry a benchmark."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "releases"


def keep(benchmark: str, ratio: float, against: str, **more: Any) -> None:
    """Keep how many times faster this release is than `against`, with what else is worth knowing: seconds, rounds."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{version('parkflow')}.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    known[benchmark] = {"ratio": round(ratio, 3), "against": against, **more}
    file.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
