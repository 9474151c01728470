"""Values that are asked for one by one: each point of an experiment is run once per replication, and remembered.

Goal seeking, attribution and the like do not know beforehand which points they need. What they asked for lies in the
store of a sweep, so that an interrupted question goes on where it stopped, and another question about the same
experiment begins with what is known.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.experiments.batches import SIDE_BY_SIDE, Experiment, Pair, Point, carry_out
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.sweeper import Progress, Sweeper
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import written_definitions
from parkflow.analysis.provenance import record, scenario_hash
from parkflow.analysis.store.sweep_folder import FORMAT, SweepFolder
from parkflow.scenarios.describe import dumped
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]

Wanted = Mapping[int, Iterable[int]]
"""The replications that are wanted of each point, by its number."""


class Remembered:
    """The points of an experiment that were asked for so far, and what each replication of them showed."""

    def __init__(self, experiment: Experiment, folder: SweepFolder, executor: Executor, progress: Progress) -> None:
        self.experiment, self.folder = experiment, folder
        self.points: list[Point] = list(folder.points())
        self._numbers = {_key(point): number for number, point in enumerate(self.points)}
        function = partial(carry_out, experiment)
        self._sweeper = Sweeper(function, experiment.seed, self.points, folder, executor, progress)

    def numbers(self, points: Sequence[Point]) -> list[int]:
        """The number of each point; points that were never asked for are given one, and written down."""
        before = len(self.points)
        for point in points:
            if _key(point) not in self._numbers:
                self._numbers[_key(point)] = len(self.points)
                self.points.append(point)
        if len(self.points) > before:
            self.folder.write_points(self.points)
        return [self._numbers[_key(point)] for point in points]

    def run(self, wanted: Wanted) -> None:
        """Run the replications wanted that are not known yet.

        Raises `AnalysisError` with the first failure among them, and what the executor raises.
        """
        self._sweeper.to_pairs(list(_in_order(wanted)))
        for failure in self.folder.failures.values():
            if failure.point in wanted:
                remedy = "take out what does not fit, or try again with the same folder once it is mended"
                raise AnalysisError(f"{dict(self.points[failure.point])}: {failure.error}; {remedy}")

    def values(self, measure: str, policy: str, group: str = ALL) -> Floats:
        """What a measure shows of a policy, by point and replication; shape (points, replications).

        A ratio is that of the replication itself. NaN stands where a replication was not run, or there was nothing to
        measure.
        """
        where = (pc.field("measure") == measure) & (pc.field("policy") == policy) & (pc.field("group") == group)
        table = self.folder.read(columns=["point", "replication", "value", "weight"], where=where)
        found = np.full((len(self.points), self._replications), np.nan)
        if table.num_columns:
            point, replication, value, weight = (column.to_numpy() for column in table.columns)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[point, replication] = np.where(weight == 0, np.nan, value / weight)
        return found

    @property
    def _replications(self) -> int:
        return max((self.folder.done.last(number) + 1 for number in range(len(self.points))), default=0)


@contextmanager
def remembering(
    experiment: Experiment, said: Mapping[str, Any], scenario: Scenario, out: Path | None, executor: Executor,
    progress: Progress, command: str,
) -> Iterator[Remembered]:  # fmt: skip
    """The memory of an experiment about a park that is kept in a folder, begun or gone on with, or else forgotten.

    `said` are further keys of the folder's manifest: its `name`, `policies` and whatever tells how it was asked for.
    Raises `StoreError` where the folder holds something else.
    """
    manifest = {**_manifest(experiment, scenario), **said}
    with _place(out) as path, SweepFolder.begin(path, manifest, ()) as folder:
        session = {"started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **record(scenario, command)}
        sessions = [*folder.manifest["sessions"], session]
        folder.write_manifest({**manifest, "sessions": sessions, "complete": False})
        folder.forget_failures()  # what failed is tried again
        memory = Remembered(experiment, folder, executor, progress)
        yield memory
        folder.flush()
        folder.write_manifest({**folder.manifest, "points": len(memory.points), "complete": True})


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    """The folder that is given, or one that goes when the answer is there."""
    if out is not None:
        yield out
        return
    with TemporaryDirectory(prefix="parkflow-") as made:
        yield Path(made) / "kept"


def _manifest(experiment: Experiment, scenario: Scenario) -> dict[str, Any]:
    """What the folder says of an experiment."""
    asked = experiment.measures or ()
    setting = {
        "controls": experiment.controls,
        "latin_hypercube": experiment.latin_hypercube,
        "block": experiment.block,
    }
    return {
        "format": FORMAT,
        "title": "",
        "park": scenario.name,
        "design_hash": experiment.key,
        "scenario_hash": scenario_hash(scenario),
        "baseline": experiment.baseline,
        "question": list(experiment.question),
        "seed": experiment.seed,
        "points": 0,
        "setting": {**setting, "detail": experiment.detail, "precision": None},
        "observed": [one.name for one in asked],
        "measures": written_definitions(asked),
        "extended": 0,
        "scenario": dumped(scenario),
    }


def _key(point: Point) -> str:
    return json.dumps(dict(point), sort_keys=True, default=str)


def _in_order(wanted: Wanted) -> Iterator[Pair]:
    """Points of several replications side by side, for they are built once; then the others, by replication.

    Whoever runs neighbours in this order shares the baseline of a replication among them.
    """
    several = {number: sorted(set(some)) for number, some in wanted.items()}
    once = {number: some[0] for number, some in several.items() if len(some) == 1}
    often = [number for number, some in several.items() if len(some) > 1]
    for begin in range(0, len(often), SIDE_BY_SIDE):
        some = often[begin : begin + SIDE_BY_SIDE]
        for replication in sorted(set().union(*(several[number] for number in some))):
            yield from ((number, replication) for number in some if replication in several[number])
    yield from ((number, once[number]) for number in sorted(once, key=lambda each: (once[each], each)))
