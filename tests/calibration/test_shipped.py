"""The shipped parks carry what the fit's command found, and their ranges are what the fit left open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from docs.making.calibration import BEGIN, fit_tables, shipped_fit
from parkflow import calibration
from parkflow.analysis.calibration.target_file import load_targets
from parkflow.analysis.experiments.ranges import keys_of, moved
from parkflow.scenarios.load import load
from parkflow.sim.scenario import Scenario

DOCS = Path(__file__).parents[2] / "docs"
FIT = shipped_fit()
FITTED = {row["name"]: row for row in FIT["parameters"]}
PARKS = load_targets()[1].parks


def numbers(park: Scenario, key: str) -> Any:
    """The value at a key, as plain numbers, lists and texts."""
    node: Any = park.model_dump(mode="json", by_alias=True, exclude_none=True)
    for part in key.split("."):
        node = node[part]
    return node


def close(one: Any, other: Any) -> bool:
    """Whether plain values agree to three figures; notes do not count."""
    if isinstance(one, dict):
        kept = [key for key in one if key not in ("assumed", "source")]
        return all(close(one[key], other[key]) for key in kept)
    return bool(np.isclose(one, other, rtol=2e-3)) if isinstance(one, float | int) else one == other


@pytest.mark.parametrize("park", PARKS)
def test_a_shipped_park_holds_the_fitted_values(park: str) -> None:
    """Every number that the fit moves is in the park as `calibrate` without arguments found it."""
    assert FIT["record"]["command"] == "parkflow calibrate"
    shipped, begun = load(park), calibration.planned().problem.whole[park]
    levels = {name: row["fitted"] for name, row in FITTED.items() if name in begun.ranges}
    wanted = moved(begun, levels)
    keys = [key for name in levels for key in keys_of(begun, begun.ranges[name])]
    assert len(keys) > 20
    assert [key for key in keys if not close(numbers(wanted, key), numbers(shipped, key))] == []


@pytest.mark.parametrize("park", PARKS)
def test_a_fitted_range_is_what_the_fit_left_open(park: str) -> None:
    """Its ends are the interval of 90%, about the fitted value; factors and days count from that."""
    for name, it in load(park).ranges.items():
        if name not in FITTED:
            continue
        row = FITTED[name]
        low, high = {
            "factor": (row["from"] / row["fitted"], row["to"] / row["fitted"]),
            "days": (round(row["from"] - row["fitted"]), round(row["to"] - row["fitted"])),
        }.get(it.by, (row["from"], row["to"]))
        assert (it.low, it.high) == pytest.approx((low, high), rel=5e-3, abs=1)


def test_the_fit_is_to_the_targets_of_the_file() -> None:
    """Same tolerances, same parameters searched as far, and the counts of its rows."""
    file = load_targets()[1]
    assert [(row["id"], row["part"], row["low"], row["high"]) for row in FIT["targets"]] == [
        (it.id, it.part, it.low, it.high) for it in file.target
    ]
    assert {name: (row["low"], row["high"]) for name, row in FITTED.items()} == file.search
    assert tuple(FITTED) == file.parameters
    missed = {row["id"] for row in FIT["targets"] if not row["met"]}
    assert FIT["targets_met"] == FIT["targets_in_all"] - len(missed)
    assert len(missed) <= 1, "at least nine of ten"


def test_the_page_shows_the_shipped_fit() -> None:
    text = (DOCS / "calibration.md").read_text(encoding="utf-8")
    assert BEGIN + fit_tables(FIT) in text
