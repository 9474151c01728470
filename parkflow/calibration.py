"""Fitting the assumed numbers of parks to what was reported: what `parkflow calibrate` does."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parkflow.analysis.calibration.fit import Fitted, Progress, fit, replications_of
from parkflow.analysis.calibration.fitted_file import scenario_file
from parkflow.analysis.calibration.problem import Problem, problem_of
from parkflow.analysis.calibration.result import document
from parkflow.analysis.calibration.target_file import load_targets
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.provenance import record
from parkflow.analysis.record.run_record import keep_record
from parkflow.analysis.record.stopwatch import Cost, Stopwatch
from parkflow.analysis.store.calibration_folder import FIT, CalibrationFolder
from parkflow.asked import as_asked
from parkflow.catalogue import load_offers
from parkflow.comparisons import Folder, quiet
from parkflow.park import Park, load, said
from parkflow.policies import at_least, cores
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Targets = str | os.PathLike[str]
"""The path of a target file."""

FOLDER = "calibrations"


@dataclass(frozen=True)
class Calibration:
    """A finished fit: its folder, its scenario files by park, and everything it found as plain values."""

    folder: Path
    files: Mapping[str, Path]
    document: Mapping[str, Any]

    @property
    def levels(self) -> dict[str, float]:
        """The fitted levels by parameter."""
        return {row["name"]: row["fitted"] for row in self.document["parameters"]}

    def frame(self, what: str = "parameters") -> pd.DataFrame:
        """The parameters, targets or correlations as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.document[what])


@dataclass(frozen=True)
class Plan:
    """A checked calibration: its problem, what its parks were called, and the name of its folder."""

    problem: Problem
    given: Mapping[str, str]
    name: str

    @property
    def replications(self) -> int:
        """Replications of a park that it takes in all."""
        return replications_of(self.problem)

    @property
    def points(self) -> int:
        """Points of as many waves as there may be, the centre of each, and the parks as they were and are fitted."""
        return sum(self.problem.sizes) + len(self.problem.sizes) + 2


def planned(parks: Sequence[Park] = (), targets: Targets | None = None, **settings: int | None) -> Plan:
    """The checked calibration of some parks, or of those that the target file names; raises `ParkflowError`.

    `settings` are seed, replications, points and waves, which overrule the file's own.
    """
    load_offers()
    name, file = load_targets(targets)
    for key, value in settings.items():
        if value is not None:
            file = file.with_changes({key: at_least(_LEAST[key], value, key)})
    wanted: Sequence[Park] = parks or file.parks or ("baseline",)
    loaded = [load(park) for park in wanted]
    problem = problem_of(name, file, loaded, chosen=bool(parks))
    given = {park.name: said(asked) for park, asked in zip(loaded, wanted, strict=True)}
    folder = "-".join(given) if parks else Path(name).stem
    return Plan(problem, given, folder)


_LEAST = {"seed": 0, "replications": 2, "points": 2, "waves": 1}


def folder_of(plan: Plan) -> Path:
    """Where a calibration is kept if nobody says otherwise."""
    return Path(FOLDER) / plan.name


def carry_out(plan: Plan, out: Folder | None, workers: int | None, progress: Progress = quiet) -> Calibration:
    """Carry out a planned calibration into a folder, or go on with it there."""
    watch = Stopwatch()
    folder = CalibrationFolder(Path(out) if out is not None else folder_of(plan), plan.problem.document())
    try:
        found = fit(plan.problem, folder, local(cores(workers)), progress)
        return _written(plan, folder, found, watch.cost(cores(workers)))
    finally:
        folder.close()


def _written(plan: Plan, folder: CalibrationFolder, found: Fitted, cost: Cost) -> Calibration:
    first = next(iter(plan.problem.whole.values()))
    made = record(first, as_asked("calibrate"))
    whole = document(found, {key: it for key, it in made.items() if key != "scenario_hash"})
    files = {
        name: folder.write(f"{name}.toml", scenario_file(park, _extended(plan.given[name], folder.path), whole))
        for name, park in plan.problem.whole.items()
    }
    folder.write(FIT, json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    call = {"kind": "calibrate", "parks": list(plan.problem.whole), "name": plan.name}
    keep_record(folder.path, call, first, str(made["command"]), cost)
    return Calibration(folder.path, files, whole)


def _extended(given: str, folder: Path) -> str:
    """What a file in the folder extends: a shipped park by its name, a file by its path from there."""
    return os.path.relpath(given, folder) if given.endswith(".toml") else given


def calibrate(
    parks: Park | Sequence[Park] = (),
    targets: Targets | None = None,
    *,
    replications: int | None = None,
    points: int | None = None,
    waves: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Folder | None = None,
    progress: Progress = quiet,
) -> Calibration:
    """Fit assumed numbers of parks to targets, by simulation, with one value of each parameter for all parks.

    Without `targets` the shipped ones are fitted to; without `parks` those that the target file names are fitted.
    Parameters are `ranges` of the parks, which say how far a number may be off. The result tells fitted values with
    intervals, what the targets do not tell, and the simulated targets beside the reported ones. The folder `out`
    (calibrations/NAME if not given) keeps all that was simulated, so that the same call goes on after a stop, and a
    scenario file for each park that extends it by the fitted values. `progress` is told the replications done. Targets
    of the kind validation are never read. Raises `ParkflowError` for whatever does not fit.
    """
    several = [parks] if isinstance(parks, str | os.PathLike | Scenario) else list(parks)
    plan = planned(several, targets, replications=replications, points=points, waves=waves, seed=seed)
    return carry_out(plan, out, workers, progress)
