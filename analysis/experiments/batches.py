"""Batches of a sweep: what a worker is given, runs and sends back."""

from __future__ import annotations

import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import Measure, Observation
from parkflow.analysis.measures.registry import observe
from parkflow.analysis.replication.controls import Controls
from parkflow.analysis.replication.replication import LaidOut, Replication, chance_of, laid_out, run, tables_of
from parkflow.analysis.replication.tables import stacked
from parkflow.analysis.store.arrow import observations_table, table_of
from parkflow.analysis.store.sweep_folder import CONTROLS, OBSERVATIONS, WHOLE_POINT, Batch, Failure
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import BLOCK, Streams

Floats = NDArray[np.float64]
Point = Mapping[str, Any]
Pair = tuple[int, int]
"""A point and a replication, by number."""

TABLES_OF = {"summary": (), "projects": ("projects",), "events": ("projects", "steps", "issues", "desks")}
"""Tables that are stored of every replication, by the detail asked for."""


@dataclass(frozen=True)
class Experiment:
    """What a sweep runs at its points. `key` tells one sweep from another.

    `variation` gives the scenarios of a point by policy, the baseline among them. `measures` are those observed; they
    travel as objects, for a worker does not know what its user has registered. None stands for all that it knows.
    """

    key: str
    variation: Callable[[Point], Mapping[str, Scenario]]
    baseline: str
    question: Question
    seed: int
    latin_hypercube: bool = False
    controls: bool = True
    detail: str = "summary"
    measures: tuple[Measure, ...] | None = None

    @property
    def block(self) -> int:
        """Replications of one Latin hypercube block; 1 where they are independent."""
        return BLOCK if self.latin_hypercube else 1


@dataclass(frozen=True)
class Work:
    """A batch: pairs of point and replication, and the factors of the points among them."""

    pairs: tuple[Pair, ...]
    points: Mapping[int, Point]


def carry_out(experiment: Experiment, work: Work) -> Batch:
    """Run a batch; what fails is told, and does not keep the rest from being run."""
    begun = time.perf_counter()
    found = _Found(experiment)
    for pair in work.pairs:
        try:
            found.take(pair, _built(experiment, work.points[pair[0]]))
        except _PointError as error:
            found.fail((pair[0], WHOLE_POINT), work.points[pair[0]], error.__cause__ or error)
        except Exception as error:
            found.fail(pair, work.points[pair[0]], error)
    return found.batch(work.pairs, time.perf_counter() - begun)


class _PointError(Exception):
    """The scenarios of a point cannot be built."""


@dataclass(frozen=True)
class _Built:
    """A point, ready to run."""

    layouts: Mapping[str, LaidOut]
    controls: Controls | None


_BUILT: dict[tuple[str, str], _Built] = {}
"""Points that this worker built last, by experiment and factors: their numbers may be others in another folder."""

SIDE_BY_SIDE = 8
"""Points that are run side by side, for they may share a baseline."""

MOST_BUILT = 2 * SIDE_BY_SIDE


def _built(experiment: Experiment, point: Point) -> _Built:
    key = (experiment.key, repr(point))
    if key not in _BUILT:
        while len(_BUILT) >= MOST_BUILT:
            del _BUILT[next(iter(_BUILT))]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # whoever planned the experiment has been told
                scenarios = experiment.variation(point)
            layouts = {policy: _layout(policy, scenario) for policy, scenario in scenarios.items()}
        except Exception as error:
            raise _PointError from error
        _BUILT[key] = _Built(layouts, Controls(layouts[experiment.baseline]) if experiment.controls else None)
    return _BUILT[key]


def _layout(policy: str, scenario: Scenario) -> LaidOut:
    """The layout of a policy's scenario; that of another point if it is the same, as baselines often are."""
    for built in _BUILT.values():
        known = built.layouts.get(policy)
        if known is not None and known.scenario == scenario:
            return known
    return laid_out(scenario)


class _Found:
    """What a batch finds, gathered as columns."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.done: list[Pair] = []
        self.failures: list[Failure] = []
        self.seen: list[tuple[Pair, list[Observation]]] = []
        self.controls: list[tuple[Pair, tuple[str, ...], Floats]] = []
        self.detail: dict[str, list[pa.Table]] = {}
        self._last: dict[int, tuple[LaidOut, Replication]] = {}
        self._drawn: dict[int, Streams] = {}

    def take(self, pair: Pair, built: _Built) -> None:
        """Run a replication of a point and observe it."""
        experiment = self.experiment
        others = {policy: layout for policy, layout in built.layouts.items() if policy != experiment.baseline}
        runs = {experiment.baseline: self._baseline(built.layouts[experiment.baseline], pair[1])}
        runs |= {policy: self._run(layout, pair[1]) for policy, layout in others.items()}
        seen = observe(runs, experiment.baseline, experiment.question, experiment.measures)
        detail = self._detail(pair, runs)
        if built.controls is not None:
            values = runs[experiment.baseline].controls(built.controls)
            self.controls.append((pair, built.controls.names, values))
        self.seen.append((pair, seen))
        for name, table in detail.items():
            self.detail.setdefault(name, []).append(table)
        self.done.append(pair)

    def fail(self, pair: Pair, point: Point, error: BaseException) -> None:
        """Keep an error with its inputs."""
        inputs = {"values": dict(point), "seed": self.experiment.seed, "replication": pair[1]}
        trace = "".join(traceback.format_exception(error))
        self.failures.append(Failure(*pair, f"{type(error).__name__}: {error}", trace, inputs))

    def batch(self, pairs: tuple[Pair, ...], seconds: float) -> Batch:
        """All of it, as Arrow tables."""
        found = {name: pa.concat_tables(parts, promote_options="default") for name, parts in self.detail.items()}
        if self.seen:
            found[OBSERVATIONS] = _observations(self.seen)
        if self.controls:
            found[CONTROLS] = _controls(self.controls)
        failures = list({(failure.point, failure.replication): failure for failure in self.failures}.values())
        return Batch(pairs, found, self.done, failures, seconds)

    def _baseline(self, layout: LaidOut, replication: int) -> Replication:
        """The baseline's run, which points side by side share if it is the same layout."""
        known = self._last.get(replication)
        if known is None or known[0] is not layout:
            self._last = {replication: (layout, self._run(layout, replication))}
        return self._last[replication][1]

    def _run(self, layout: LaidOut, replication: int) -> Replication:
        return run(layout, self.experiment.seed, replication, self._chance)

    def _chance(self, seed: int, replication: int) -> Streams:
        """The draws of a replication, which its policies and points side by side share."""
        if replication not in self._drawn:
            self._drawn = {replication: chance_of(self.experiment.latin_hypercube)(seed, replication)}
        return self._drawn[replication]

    def _detail(self, pair: Pair, runs: Mapping[str, Replication]) -> dict[str, pa.Table]:
        names = TABLES_OF[self.experiment.detail]
        kept = tables_of(runs, self.experiment.baseline, self.experiment.question) if names else {}
        return {
            name: table_of(stacked({policy: getattr(it, name) for policy, it in kept.items()}, pair[1]), pair[0])
            for name in names
        }


def _observations(seen: Sequence[tuple[Pair, list[Observation]]]) -> pa.Table:
    lengths = [len(observations) for _, observations in seen]
    numbered = _numbered([pair for pair, _ in seen], lengths)
    return observations_table(numbered, list(chain.from_iterable(observations for _, observations in seen)))


def _controls(read: Sequence[tuple[Pair, tuple[str, ...], Floats]]) -> pa.Table:
    numbered = _numbered([pair for pair, _, _ in read], [len(names) for _, names, _ in read])
    names = pa.array(chain.from_iterable(names for _, names, _ in read), pa.string())
    return pa.table(numbered | {"control": names, "value": pa.array(np.concatenate([values for *_, values in read]))})


def _numbered(pairs: Sequence[Pair], lengths: Sequence[int]) -> dict[str, pa.Array]:
    point, replication = (np.repeat(np.array(part, dtype=np.int32), lengths) for part in zip(*pairs, strict=True))
    return {"point": pa.array(point), "replication": pa.array(replication)}
