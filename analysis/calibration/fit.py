"""A fit from its targets to fitted levels: waves of simulations, emulators, a sample, and a check on new draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.calibration.emulator import Emulator, fitted
from parkflow.analysis.calibration.matching import Judge, design, middle, next_wave, sampled
from parkflow.analysis.calibration.observables import observed
from parkflow.analysis.calibration.problem import Problem
from parkflow.analysis.calibration.targets import Target
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.ranges import moved
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.store.calibration_folder import CalibrationFolder, Key
from parkflow.sim.levers import bundle, with_levers
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]
Progress = Callable[[int], None]
"""Is told how many replications are done."""

CHECKS = 4
"""How many times the replications of a point are spent where levels fit, and then on a check with other draws."""

CHECKED_FROM = 1_000_000
"""Number of the first of these replications."""

OWN, FITTED, CENTRE = -1, -2, -3
"""In place of a wave: the parks as they are, with the fitted levels, and where these were sought at last."""

HEAT = 4.0
"""How much wider than the sample the points of a wave lie, so that the surface is known around it too."""


@dataclass(frozen=True)
class Task:
    """One point to be simulated in one park: the levels there, and the numbers of the replications."""

    key: Key
    levels: Mapping[str, float]
    replications: range


@dataclass(frozen=True)
class Fitted:
    """What came out: a sample of shares of the way through the ranges, and the targets simulated before and after.

    `sample` has shape (points, parameters), `shares` (the fitted ones) has shape (parameters,); `before` and `after`
    have one row per replication, one column per target.
    """

    problem: Problem
    sample: Floats
    shares: Floats
    before: Floats
    after: Floats


def fit(
    problem: Problem, folder: CalibrationFolder, executor: Executor, progress: Progress = lambda done: None
) -> Fitted:
    """Fit the levels of a problem to its targets; what the folder holds already is not simulated again."""
    runner = _Runner(problem, folder, executor, progress)
    number = len(problem.parameters)
    points = design(number, problem.sizes[0], problem.seed)
    seen: list[tuple[Floats, Floats]] = []
    for wave, _ in enumerate(problem.sizes):
        seen.append((points, runner.wave(wave, points)))
        judge = _judge(problem.targets, seen)
        if wave + 1 < len(problem.sizes):
            points = next_wave(judge, number, problem.sizes[wave + 1], HEAT, problem.seed + wave + 1)
    centre = middle(judge, number, problem.seed)
    seen_there = runner.check(CENTRE, problem.levels(centre), 0)
    judge = judge.centred(centre, np.nanmean(seen_there, axis=0), CHECKS)
    sample, shares = sampled(judge, number, problem.seed), middle(judge, number, problem.seed)
    before, after = runner.check(OWN, {}, 0), runner.check(FITTED, problem.levels(shares), 1)
    return Fitted(problem, sample, shares, before, after)


def replications_of(problem: Problem) -> int:
    """Replications of a park that a whole fit takes."""
    return len(problem.parks) * (sum(problem.sizes) + 3 * CHECKS) * problem.replications


def _judge(targets: Sequence[Target], seen: Sequence[tuple[Floats, Floats]]) -> Judge:
    """What judges levels by the points of all waves so far and what was simulated there."""
    points = np.concatenate([each for each, _ in seen])
    values = np.concatenate([each for _, each in seen])
    means, noise = np.nanmean(values, axis=1), np.nanvar(values, axis=1, ddof=1).mean(axis=0) / values.shape[1]
    emulators = [_emulator(points, column) for column in means.T]
    return Judge(targets, emulators, np.nan_to_num(noise))


def _emulator(points: Floats, values: Floats) -> Emulator:
    """The emulator of one target, of the points where it could be measured."""
    known = ~np.isnan(values)
    return fitted(points[known], values[known])


@dataclass
class _Runner:
    """Simulates points, and keeps count."""

    problem: Problem
    folder: CalibrationFolder
    executor: Executor
    progress: Progress
    count: int = 0

    def wave(self, wave: int, points: Floats) -> Floats:
        """Every target at every point of a wave; shape (points, replications, targets)."""
        numbers = range(self.problem.replications)
        levels = [self.problem.levels(point) for point in points]
        return np.stack(list(self._simulated(wave, levels, numbers)))

    def check(self, what: int, levels: Mapping[str, float], block: int) -> Floats:
        """Every target at some levels, on a block of draws of its own; shape (replications, targets)."""
        size = CHECKS * self.problem.replications
        begin = CHECKED_FROM + block * size
        return next(self._simulated(what, [levels], range(begin, begin + size)))

    def _simulated(self, wave: int, levels: Sequence[Mapping[str, float]], numbers: range) -> Iterator[Floats]:
        wanted = [Key(wave, point, park) for point in range(len(levels)) for park in self.problem.parks]
        self._tell(sum(key in self.folder.done for key in wanted) * len(numbers))
        tasks = [Task(key, levels[key.point], numbers) for key in wanted if key not in self.folder.done]
        self._run(tasks)
        for point in range(len(levels)):
            yield self._columns({park: self.folder.done[Key(wave, point, park)] for park in self.problem.parks})

    def _run(self, tasks: Iterable[Task]) -> None:
        work = partial(_simulate, self.problem.parks, self.problem.targets_by_park, self.problem.seed)
        for task, values in self.executor(work, tasks, False):
            self.folder.add(task.key, values)
            self._tell(len(task.replications))

    def _tell(self, more: int) -> None:
        self.count += more
        self.progress(self.count)

    def _columns(self, found: Mapping[str, list[list[float]]]) -> Floats:
        """What the parks gave, one row per replication and one column per target, in the order of the targets."""
        taken = {park: iter(np.array(values, dtype=np.float64).T) for park, values in found.items()}
        return np.stack([next(taken[park]) for park in self.problem.park_of_target], axis=1)


def _simulate(
    parks: Mapping[str, Scenario], targets: Mapping[str, Sequence[Target]], seed: int, task: Task
) -> tuple[Task, list[list[float]]]:
    """The task, and for every replication the value of every target of its park; NaN is written as it is."""
    mine = targets[task.key.park]
    park = parks[task.key.park]
    scenario = moved(park, {name: level for name, level in task.levels.items() if name in park.ranges})
    policies = dict.fromkeys(target.policy for target in mine)
    layouts = {policy: laid_out(with_levers(scenario, bundle(scenario, policy))) for policy in policies}
    values = []
    for replication in task.replications:
        runs = replicate(layouts, seed, replication)
        values.append([observed(runs[target.policy], target.policy, target) for target in mine])
    return task, values
