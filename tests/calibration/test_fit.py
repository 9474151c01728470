"""Fits: true values are found again or told to be unknowable, a stopped fit goes on, and files hold what was fitted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
from typer.testing import CliRunner

import parkflow as pf
from parkflow import calibration
from parkflow.analysis.calibration.fit import Task, _simulate, fit, replications_of
from parkflow.analysis.calibration.fitted_file import scenario_file
from parkflow.analysis.experiments.ranges import moved
from parkflow.analysis.store.calibration_folder import CalibrationFolder, Key, read_fit
from parkflow.analysis.store.files import StoreError
from parkflow.commands import app
from parkflow.scenarios.describe import difference

TRUTH = {"land_time": 1.4, "spread": 0.6, "window": 50.0, "review_spread": 0.4}


def simulated(folder: Path, levels: dict[str, float], replications: int = 40) -> np.ndarray[Any, Any]:
    """Every target at some levels, on draws that no fit sees; shape (replications, targets)."""
    problem = calibration.planned((), folder / "mine.toml").problem
    task = Task(Key(0, 0, "small"), levels, range(5000, 5000 + replications))
    return np.array(_simulate(problem.parks, problem.targets_by_park, 77, task)[1])


@pytest.mark.slow
def test_true_values_are_found_again_or_said_to_be_unknowable(folder: Path, table: dict[str, Any]) -> None:
    """Targets are what the model gives at the truth. What moves them is found; what does not is not identified."""
    seen = simulated(folder, TRUTH)
    for target, values in zip(table["target"], seen.T, strict=True):
        value, doubt = float(values.mean()), 4 * float(values.std()) / len(values) ** 0.5
        target |= {"value": value, "low": value - doubt, "high": value + doubt, "discrepancy": 0.0}
    table["replications"] = 6
    (folder / "mine.toml").write_text(tomlkit.dumps(table), encoding="utf-8")
    found = pf.calibrate((), folder / "mine.toml", workers=1, out=folder / "out")
    rows = {row["name"]: row for row in found.document["parameters"]}
    for name in ("land_time", "spread", "window"):
        assert rows[name]["identified"], name
        assert rows[name]["from"] <= TRUTH[name] <= rows[name]["to"], rows[name]
    assert not rows["review_spread"]["identified"]


@pytest.mark.slow
def test_what_is_told_only_together_is_said_so(folder: Path, table: dict[str, Any]) -> None:
    """One start rate cannot tell lead time from arrivals: neither is known, and they are told together."""
    table["target"] = [table["target"][2] | {"low": 0.38, "high": 0.42, "discrepancy": 0.0}]
    table["parameters"] = ["land_time", "window"]
    (folder / "mine.toml").write_text(tomlkit.dumps(table), encoding="utf-8")
    found = pf.calibrate((), folder / "mine.toml", workers=1, out=folder / "out")
    (pair,) = found.document["correlations"]
    assert {pair["first"], pair["second"]} == {"land_time", "window"} and pair["correlation"] < -0.8


class StoppedError(Exception):
    """Somebody stopped the fit."""


@pytest.mark.slow
def test_a_stopped_fit_goes_on_and_finds_the_same(folder: Path) -> None:
    plan = calibration.planned((), folder / "mine.toml", points=6, waves=2)
    whole = calibration.carry_out(plan, folder / "whole", 1)
    done: list[Task] = []

    def breaking(function: Any, tasks: Any, ordered: bool = True) -> Iterator[Any]:
        for task in tasks:
            if len(done) == 8:
                raise StoppedError
            done.append(task)
            yield function(task)

    store = CalibrationFolder(folder / "part", plan.problem.document())
    with pytest.raises(StoppedError):
        fit(plan.problem, store, breaking)  # type: ignore[arg-type]
    store.close()
    with (folder / "part" / "runs.jsonl").open("a", encoding="utf-8") as file:
        file.write('[1, 2, "small", [[3.0,')  # cut off while it was written
    told: list[int] = []
    part = calibration.carry_out(plan, folder / "part", 1, told.append)
    assert told[-1] == replications_of(plan.problem) and told[0] == 6 * plan.problem.replications
    assert {**part.document, "record": 0} == {**whole.document, "record": 0}
    assert read_fit(folder / "part")["targets"] == part.document["targets"]


def test_a_folder_of_another_fit_is_refused(folder: Path) -> None:
    one, other = (calibration.planned((), folder / "mine.toml", seed=seed).problem for seed in (1, 2))
    store = CalibrationFolder(folder / "out", one.document())
    with pytest.raises(StoreError, match="being written to by another process"):
        CalibrationFolder(folder / "out", one.document())
    store.close()
    with pytest.raises(StoreError, match="holds another calibration"):
        CalibrationFolder(folder / "out", other.document())
    with pytest.raises(StoreError, match="holds no finished calibration"):
        read_fit(folder / "out")


@pytest.mark.slow
def test_waves_end_once_a_check_agrees(folder: Path, table: dict[str, Any]) -> None:
    """Targets that can be met are, after a wave or two; one that nobody can meet is foretold to be missed."""
    (folder / "mine.toml").write_text(tomlkit.dumps({**table, "waves": 4}), encoding="utf-8")
    found = pf.calibrate((), folder / "mine.toml", workers=1, out=folder / "out").document
    assert found["agreed"] and len(found["waves"]) < 4 and found["targets_met"] == 3
    table["target"][0] |= {"value": 900, "low": 890, "high": 910}
    (folder / "far.toml").write_text(tomlkit.dumps({**table, "waves": 4}), encoding="utf-8")
    found = pf.calibrate((), folder / "far.toml", workers=1, out=folder / "far").document
    assert found["agreed"] and not found["targets"][0]["met"]


@pytest.mark.slow
def test_workers_change_nothing(folder: Path) -> None:
    plan = calibration.planned((), folder / "mine.toml", points=4, waves=1)
    one, two = (calibration.carry_out(plan, folder / str(workers), workers).document for workers in (1, 2))
    assert {**one, "record": 0} == {**two, "record": 0}


def written(parameters: dict[str, float], **row: Any) -> dict[str, Any]:
    """A result with these fitted levels."""
    usual = {"identified": True, "by": "value"} | row
    return {
        "title": "a test", "record": {"command": "parkflow calibrate"}, "targets_met": 1, "targets_in_all": 2,
        "parameters": [
            {"name": name, "fitted": level, "from": 0.9 * level, "to": 1.1 * level, **usual}
            for name, level in parameters.items()
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("park", "levels"),
    [
        ("yantai", {"land_time": 0.5, "project_spread": 0.3, "arrival_window": 60, "issue_rate": 0.4}),
        ("zhaoqing", {"stage_mix": 0.3, "joint_solves": 0.7, "stopping_issues": 0.8, "returns": 0.25}),
        ("guian", {"machine_output": 1.1, "night_output": 0.78, "department_solves": 0.9, "key_issues": 0.03}),
        (
            "baseline",
            {
                "building_time": 0.9,
                "raw_land": 0.5,
                "negotiation_time": 1.2,
                "treatment_time": 0.6,
                "later_rounds": 0.5,
            },
        ),
    ],
)
def test_a_file_of_fitted_values_extends_its_park(tmp_path: Path, park: str, levels: dict[str, float]) -> None:
    """It loads, says of every value that it is fitted, and differs from the park in nothing else."""
    scenario = pf.load(park)
    path = tmp_path / f"{park}.toml"
    path.write_text(scenario_file(scenario, park, written(levels)), encoding="utf-8")
    loaded, wanted = pf.load(path), moved(scenario, levels)
    texts = ("name", "title", "title_zh", "assumed", "source")
    different = [key for key, *_ in difference(wanted, loaded) if key.rpartition(".")[2] not in texts]
    assert not [key for key in different if not key.startswith("ranges.") and not _close(wanted, loaded, key)]
    assert {key.split(".")[1] for key in different if key.startswith("ranges.")} <= set(levels)
    for name, level in levels.items():
        about = {"factor": 1, "days": 0}.get(loaded.ranges[name].by, level)
        reach = 0.1 * (about or level)
        assert (loaded.ranges[name].low, loaded.ranges[name].high) == pytest.approx(
            (about - reach, about + reach), rel=1e-3
        )
    text = path.read_text(encoding="utf-8")
    assert all(f"fitted as {name} = " in text for name in levels)


def _close(one: pf.Scenario, other: pf.Scenario, key: str) -> bool:
    """Whether two scenarios hold about the same at a key: files round to four figures."""
    found = []
    for node in (one, other):
        table: Any = node.model_dump(mode="json", by_alias=True, exclude_none=True)
        for part in key.split("."):
            table = table[part]
        found.append(json.loads(json.dumps(table), parse_int=float))
    return (
        str(found[0].keys()) == str(found[1].keys())
        if isinstance(found[0], dict)
        else bool(np.allclose(found[0], found[1], rtol=1e-3))
    )


@pytest.mark.slow
def test_the_command_prints_tables_and_writes_the_park(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    asked = ["calibrate", "--targets", "mine.toml", "--points", "6", "--waves", "1", "--workers", "1", "--out", "out"]
    english, chinese, plain = (
        CliRunner().invoke(app, [*asked, *more]) for more in ([], ["--lang", "zh"], ["-f", "json"])
    )
    assert (english.exit_code, chinese.exit_code, plain.exit_code) == (0, 0, 0), english.output
    assert "of 3 targets are met" in english.stdout and "time of land" in english.stdout
    assert "3个目标中满足" in chinese.stdout and "用地工期" in chinese.stdout
    document = json.loads(plain.stdout)
    assert {row["id"] for row in document["targets"]} == {"land", "spread", "started"}
    fitted = pf.load(folder / "out" / "small.toml")
    assert fitted.activities["land"].duration.mean == pytest.approx(  # type: ignore[union-attr]
        100 * document["parameters"][0]["fitted"], rel=1e-3
    )


def test_a_dry_run_says_what_it_would_take(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(app, ["calibrate", "--targets", "mine.toml", "--dry-run"])
    assert done.stdout == "mine: 34 points, 282 replications of a park\n"


def test_errors_of_the_command_name_the_option(folder: Path) -> None:
    command = [sys.executable, "-m", "parkflow", "calibrate", "--targets", str(folder / "mine.toml"), "--waves", "0"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], env={**os.environ})
    assert done.returncode == 2 and done.stderr == "parkflow: --waves 0: give 1 or more\n"
