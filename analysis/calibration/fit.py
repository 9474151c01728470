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
from parkflow.analysis.calibration.targets import Target, doubt_of, middle_of
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.ranges import moved
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.store.calibration_folder import CalibrationFolder, Key
from parkflow.sim.levers import bundle, with_levers
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]
Progress = Callable[[int], None]
"""Is told how many replications are done."""

CHECKS = 16
"""How many times the replications of a point are spent on a check, each with draws of its own."""

CHECKED_FROM, VERIFIED_FROM = 1_000_000, 2_000_000
"""Number of the first of these replications, and of the first of those that show how well the fit did."""

OWN, FITTED, CENTRE = -1, -2, -3
"""In place of a wave: the parks as they were, with the fitted levels, and (further down) the centre of each wave."""

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
    have one row per replication, one column per target, on draws that no wave and no check of a wave used.
    """

    problem: Problem
    waves: int
    """Waves until the surfaces foretold which targets are met, or as many as there may be."""
    agreed: bool
    sample: Floats
    shares: Floats
    before: Floats
    after: Floats


def fit(
    problem: Problem, folder: CalibrationFolder, executor: Executor, progress: Progress = lambda done: None
) -> Fitted:
    """Fit the levels of a problem to its targets; what the folder holds already is not simulated again.

    Each wave looks where the ones before left hope, and ends with a check on new draws in the middle of the levels that
    should meet the targets. Once every target that should be met is, that is the fit; where waves run out before, the
    surfaces are shifted to agree with the last check, and the middle is sought once more.
    """
    runner = _Runner(problem, folder, executor, progress)
    number, waves = len(problem.parameters), list(_waves(problem, runner))
    judge, centre, agreed = waves[-1]
    shares = centre if agreed else middle(judge, number, problem.seed)
    sample = sampled(judge, number, problem.seed)
    before = runner.check(OWN, {}, VERIFIED_FROM)
    after = runner.check(FITTED, problem.levels(shares), VERIFIED_FROM)
    progress(replications_of(problem))
    return Fitted(problem, len(waves), agreed, sample, shares, before, after)


def _waves(problem: Problem, runner: _Runner) -> Iterator[tuple[Judge, Floats, bool]]:
    """After each wave the judge, the middle of the levels that should fit, and whether the check there agreed."""
    number, seen, checks = len(problem.parameters), _Seen(), _Checks()
    points = design(number, problem.sizes[0], problem.seed)
    for wave in range(len(problem.sizes)):
        seen.add(points, runner.wave(wave, points))
        surfaces = _judge(problem, seen)
        judge = checks.centre(surfaces)
        centre = middle(judge, number, problem.seed)
        found = runner.check(CENTRE - wave, problem.levels(centre), wave * CHECKS * problem.replications + CHECKED_FROM)
        checks.add(centre, found)
        agreed = _agree(judge, centre, found)
        judge = checks.centre(surfaces)
        yield judge, centre, agreed
        if agreed or wave + 1 == len(problem.sizes):
            return
        points = _refocused(judge, problem, wave + 1)


def replications_of(problem: Problem) -> int:
    """Replications of a park that a whole fit takes at most."""
    return len(problem.parks) * (sum(problem.sizes) + (len(problem.sizes) + 2) * CHECKS) * problem.replications


class _Seen:
    """Points that were simulated, and the middle and doubt of every target there."""

    def __init__(self) -> None:
        self.points, self.middles, self.doubts = (list[Floats](), list[Floats](), list[Floats]())

    def add(self, points: Floats, values: Floats) -> None:
        """Points of shape (points, parameters), and values of shape (points, replications, targets)."""
        self.points.append(points)
        self.middles.append(np.stack([middle_of(each) for each in values]))
        self.doubts.append(np.stack([doubt_of(each) for each in values]))


class _Checks:
    """Centres of waves, and what was found there."""

    def __init__(self) -> None:
        self.centres, self.middles, self.noise = (list[Floats](), list[Floats](), list[Floats]())

    def add(self, centre: Floats, found: Floats) -> None:
        """A centre of shape (parameters,), and values of shape (replications, targets)."""
        self.centres.append(centre)
        self.middles.append(middle_of(found))
        self.noise.append(doubt_of(found) ** 2)

    def centre(self, surfaces: Judge) -> Judge:
        """The surfaces, shifted to agree with all checks so far."""
        if not self.centres:
            return surfaces
        return surfaces.centred(np.stack(self.centres), np.stack(self.middles), np.stack(self.noise))


def _refocused(judge: Judge, problem: Problem, wave: int) -> Floats:
    """Points of a later wave: the later, the nearer to what agrees with the targets."""
    heat = max(1.0, HEAT / 2 ** (wave - 1))
    return next_wave(judge, len(problem.parameters), problem.sizes[wave], heat, problem.seed + wave)


def _agree(judge: Judge, centre: Floats, found: Floats) -> bool:
    """Whether every target that is foretold to be met is found to be, by a standard error of the check at least."""
    rows = zip(judge.predicted(centre[None]), middle_of(found), doubt_of(found), strict=True)
    return all(
        (target.holds(now - error) and target.holds(now + error)) or not target.holds(float(mean[0]))
        for (target, mean, _), now, error in rows
    )


def _judge(problem: Problem, seen: _Seen) -> Judge:
    """What judges levels by all points so far and what was simulated there."""
    points, values = np.concatenate(seen.points), np.concatenate(seen.middles)
    noise = np.nanmean(np.concatenate(seen.doubts) ** 2, axis=0)
    emulators = [_emulator(points, column) for column in values.T]
    noise = np.nan_to_num(noise)
    return Judge(problem.targets, emulators, noise, np.sqrt(noise / CHECKS))


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

    def check(self, what: int, levels: Mapping[str, float], begin: int) -> Floats:
        """Every target at some levels, on the draws from a number on; shape (replications, targets)."""
        return next(self._simulated(what, [levels], range(begin, begin + CHECKS * self.problem.replications)))

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
