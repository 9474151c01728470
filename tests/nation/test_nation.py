"""A nation: its zones are parks like any other, and what they show together does not depend on who ran them when."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.experiments import zones
from parkflow.analysis.experiments.executors import here
from parkflow.analysis.experiments.nation import NationPlan, nation_rows, planned_nation, run_nation
from parkflow.analysis.experiments.nation_file import available_nations, load_nation
from parkflow.analysis.experiments.sweeper import State
from parkflow.analysis.experiments.zones import blocks, zone_seed
from parkflow.analysis.replication.replication import replicate
from parkflow.analysis.store.sweep_folder import SweepFolder
from parkflow.commands import app
from parkflow.scenarios.load import InputError

Row = dict[str, Any]


def only(rows: list[Row], kind: str, measure: str, policy: str = "green_channel") -> Row:
    """The row of all projects."""
    (row,) = [r for r in rows if (r["kind"], r["measure"], r["policy"], r["group"]) == (kind, measure, policy, "all")]
    return row


@pytest.fixture(scope="module")
def rows(nation: Path) -> list[Row]:
    """What the nation shows, run here in one go."""
    return parkflow.nation(nation, workers=1).rows()


@pytest.mark.slow
def test_a_zone_is_a_park_with_a_seed_of_its_own(nation: Path, rows: list[Row]) -> None:
    """Run one by one by ordinary means, the zones have the same mean, the same interval, and the same ratio."""
    small = parkflow.load(nation.parent / "tiny.toml")
    large = small.with_changes({"portfolio.projects.count": 12, "desks.window.servers": 3})
    saved: dict[str, list[float]] = {"small": [], "large": []}
    for kind, park, count in (("small", small, 17), ("large", large, 3)):
        for zone in range(count):
            alone = parkflow.compare(park, "green_channel", replications=1, seed=zone_seed(1, kind, zone), workers=1)
            saved[kind].append(alone.rows("days_saved", "green_channel", "all")[0]["mean"] or 0.0)
    for kind, values in saved.items():
        row = only(rows, kind, "days_saved")
        half = {17: 2.1199, 3: 4.3027}[len(values)] * np.std(values, ddof=1) / np.sqrt(len(values))
        assert row["mean"] == pytest.approx(np.mean(values))
        assert row["high"] - row["mean"] == pytest.approx(half, rel=1e-4)
        assert row["zones"] == len(values)
    together = only(rows, "all", "days_saved")
    assert together["mean"] == pytest.approx(np.mean([*saved["small"], *saved["large"]]))
    assert together["low"] < together["mean"] < together["high"]


def test_the_interval_of_a_share_counts_what_it_is_a_share_of(nation: Path, rows: list[Row]) -> None:
    """A ratio of sums over zones, not a mean of ratios; between its bounds."""
    row = only(rows, "small", "share_losing")
    plan = planned_nation(load_nation(nation))
    seen = [one for zone in range(17) for one in plan.zones.observed("small", zone, 0) if one.measure == "share_losing"]
    seen = [one for one in seen if one.group == "all"]
    value, weight = (np.array([getattr(one, name) for one in seen]) for name in ("value", "weight"))
    assert row["mean"] == pytest.approx(value.sum() / weight.sum())
    rest = value - row["mean"] * weight
    half = 2.1199 * np.sqrt(17 / 16 * (rest**2).sum()) / weight.sum()
    assert row["high"] == pytest.approx(min(row["mean"] + half, 1.0), rel=1e-4)
    assert 0 <= row["low"] <= row["mean"]


def test_two_workers_store_what_one_does(nation: Path, rows: list[Row]) -> None:
    """To the last bit."""
    assert parkflow.nation(nation, workers=2).rows() == rows


class Stopped(Exception):  # noqa: N818  (an interruption, no error)
    """Somebody stops a run."""


def test_a_stopped_nation_goes_on_where_it_was(
    nation: Path, rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored is not run again, and in the end nothing tells that it was stopped."""

    def stop(state: State) -> None:
        if state.done:
            raise Stopped

    with pytest.raises(Stopped):
        parkflow.nation(nation, workers=1, out=tmp_path / "run", progress=stop)
    before = SweepFolder.open(tmp_path / "run", "nation").done.total()
    assert 0 < before < len(blocks({"small": 17, "large": 3}))
    seeds: list[int] = []

    def noted(layouts: Any, seed: int, replication: int) -> Any:
        seeds.append(seed)
        return replicate(layouts, seed, replication)

    monkeypatch.setattr(zones, "replicate", noted)
    assert parkflow.nation(nation, workers=1, out=tmp_path / "run").rows() == rows
    assert 0 < len(seeds) < 20


def test_more_zones_leave_those_before_as_they_were(nation: Path, rows: list[Row]) -> None:
    """A zone's draws depend on the seed, its kind and its number only."""
    few = parkflow.nation(nation, zones=3, workers=1).rows()
    assert only(few, "large", "days_saved") == only(rows, "large", "days_saved")
    assert only(few, "small", "days_saved")["zones"] == 3
    assert len({zone_seed(seed, kind, zone) for seed in (1, 2) for kind in ("a", "b") for zone in range(9)}) == 36


def test_replications_are_further_zones(nation: Path) -> None:
    """Each zone is met again with other draws."""
    twice = parkflow.nation(nation, zones=2, replications=2, workers=1).rows()
    assert only(twice, "small", "days_saved")["zones"] == 4


def test_a_zone_that_fails_is_told_and_tried_again(
    nation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other blocks are all there."""
    plan = planned_nation(load_nation(nation))

    def broken(layouts: Any, seed: int, replication: int) -> Any:
        if seed == zone_seed(1, "small", 16):
            raise RuntimeError("a broken zone")
        return replicate(layouts, seed, replication)

    monkeypatch.setattr(zones, "replicate", broken)
    folder = run(plan, tmp_path)
    (failure,) = folder.failures.values()
    assert failure.error == "RuntimeError: a broken zone"
    assert failure.inputs["values"] == {"kind": "small", "first": 16, "zones": 1}
    assert only(nation_rows(folder), "small", "days_saved")["zones"] == 16
    monkeypatch.undo()
    mended = run(plan, tmp_path, retry_failed=True)
    assert not mended.failures
    assert only(nation_rows(mended), "small", "days_saved")["zones"] == 17


def run(plan: NationPlan, out: Path, retry_failed: bool = False) -> SweepFolder:
    """Run a nation without a word."""
    return run_nation(plan, out, here, lambda state: None, "a test", retry_failed)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("zones = 17", "zones = 0", "kinds.small.zones: 0 does not fit"),
        ("zones = 17", "zone = 17", "kinds.small.zone: unknown key; did you mean 'zones'"),
        ('"green_channel"', '"green_chanel"', "has no policy 'green_chanel'; did you mean 'green_channel'"),
        ('"green_channel"', '"serial"', "policies: there is nothing to compare with serial"),
        ("portfolio.projects.count", "portfolio.project.count", "kinds.large.changes: "),
        ("tiny.toml", "none.toml", "none.toml"),
        ("[kinds.small]", "[kinds.small", "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(nation: Path, tmp_path: Path, old: str, new: str, words: str) -> None:
    """With the key and the remedy."""
    (tmp_path / "tiny.toml").write_text((nation.parent / "tiny.toml").read_text())
    (tmp_path / "nation.toml").write_text(nation.read_text().replace(old, new, 1))
    with pytest.raises(InputError) as error:
        load_nation(tmp_path / "nation.toml")
    assert words in str(error.value)
    with pytest.raises(InputError, match="did you mean 'national'"):
        load_nation("nationl")


@pytest.mark.slow
def test_the_shipped_nation_has_the_zones_of_the_catalogue() -> None:
    """Every kind says where its numbers come from, or what is assumed; each zone has two hundred projects."""
    for name in available_nations():
        found = load_nation(name)
        assert sum(kind.zones for kind in found.file.kinds.values()) == 2543
        for kind, by_policy in found.scenarios.items():
            assert found.file.kinds[kind].note
            groups = by_policy["serial"].portfolio.values()
            assert sum(group.count for group in groups if group.process == "project") == 200


@pytest.mark.slow
def test_the_command_forecasts_runs_and_prints(nation: Path, tmp_path: Path) -> None:
    """A forecast stores nothing; tables, CSV and the folder's summary hold the same; the folder is no sweep's."""

    def call(*words: str) -> str:
        answer = CliRunner().invoke(app, [*words])
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    run = ("nation", str(nation), "--workers", "1", "--out", str(tmp_path / "run"))
    assert "20 zones × 1 under 2 policies" in call(*run, "--dry-run")
    assert not (tmp_path / "run").exists()
    assert "│ large │" in call(*run)
    rows = pd.read_csv(io.StringIO(call(*run, "--format", "csv")))
    pd.testing.assert_frame_equal(rows, pd.read_parquet(tmp_path / "run" / "summary.parquet"), check_dtype=False)
    assert "complete" in call("status", str(tmp_path / "run"))
    refused = CliRunner().invoke(app, ["results", str(tmp_path / "run")])
    assert refused.exit_code == 2
    assert "holds a nation, and a sweep is meant" in refused.output
