"""What each case of a log was to expect on a day in the past: by simulation of the mined park, and by two baselines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.families import fit
from parkflow.analysis.mining.mined import Mined
from parkflow.analysis.mining.park_text import dated
from parkflow.analysis.mining.traces import CaseLog
from parkflow.analysis.replication.replication import laid_out, run
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
FEWEST = 20
"""Simulated lives of a case still open on the day below which those of its class are asked."""


@dataclass(frozen=True)
class Lives:
    """Possible lives of every case of a log: days to the goal (infinite: never), and whether its file came back.

    Both have shape (draws, cases); the cases are those of the whole log, in its order.
    """

    name: str
    days: Floats
    returned: Bools


@dataclass(frozen=True)
class History:
    """The cases of a log as they came, and what was known of them on the day of the split.

    `days` from arrival to the goal are infinite where it was not reached by the end of the log; `open` are the cases
    that had come and not gone on the day of the split, `new` those that came later; `kind` is the class by number.
    """

    log: CaseLog
    split: float
    arrival: Floats
    days: Floats
    kind: Ints
    open: Bools
    new: Bools
    came_back: Bools

    @classmethod
    def of(cls, log: CaseLog, goal: str, split: float) -> History:
        """What the whole log tells of its cases."""
        day = log.reached(goal)
        days = np.where(np.isnan(day), np.inf, np.maximum(day - log.arrival, 0.0))
        gone = np.fmin(np.where(np.isnan(day), np.inf, day), np.where(np.isnan(log.left), np.inf, log.left))
        came = log.arrival < split
        back = np.zeros(len(days), dtype=bool)
        back[[it.case for it in log.returns]] = True
        return cls(log, split, log.arrival, days, log.kind, came & (gone >= split), ~came, back)

    @property
    def over(self) -> Bools:
        """The cases that had reached the goal on the day of the split: all that a baseline learns from."""
        return self.arrival + self.days < self.split

    @property
    def followed(self) -> Floats:
        """For how many days each case was watched."""
        return self.log.until - self.arrival


# Simulation


def simulated(mined: Mined, history: History, draws: int, seed: int) -> Lives:
    """Lives in the park that was mined from what was known on the day, with the arrivals of the whole log as they came.

    It runs from the first arrival on, so that the work in progress on the day of the split is simulated as well; a case
    that was open on the day is then told by those of its lives in which it still is.
    """
    kinds = _kinds(mined, history)
    layout = laid_out(_with_arrivals(mined, history, kinds))
    row = np.concatenate([np.flatnonzero(kinds == k)[np.argsort(history.arrival[kinds == k], kind="stable")]
                          for k in range(len(mined.log.classes)) if (kinds == k).any()])  # fmt: skip
    days, back = np.full((draws, len(row)), np.inf), np.zeros((draws, len(row)), dtype=bool)
    for number in range(draws):
        one = run(layout, seed, number)
        reached = one.reached(mined.goal).day - one.reached("arrival").day
        days[number, row] = np.where(np.isnan(reached), np.inf, reached)
        steps = one.tables(("arrival", mined.goal)).steps
        names = {f"{group}-{turn}": case for (group, turn), case in zip(_turns(one.groups), row.tolist(), strict=True)}
        back[number, [names[name] for name in set(steps["project"][steps["attempt"] > 1].tolist())]] = True
    return Lives("simulation", days, back)


def _turns(groups: NDArray[np.str_]) -> list[tuple[str, int]]:
    """The group of each project and its number in it."""
    seen: dict[str, int] = {}
    turns = []
    for group in groups.tolist():
        seen[group] = seen.get(group, 0) + 1
        turns.append((group, seen[group]))
    return turns


def _kinds(mined: Mined, history: History) -> Ints:
    """The class of each case by its number in the mined park; one that was not met before counts as the largest."""
    largest = int(np.bincount(mined.log.kind).argmax())
    known = {name: number for number, name in enumerate(mined.log.classes)}
    return np.array([known.get(history.log.classes[kind], largest) for kind in history.kind], dtype=np.int64)


def _with_arrivals(mined: Mined, history: History, kinds: Ints) -> Scenario:
    """The mined park, to which the cases of the whole log come."""
    portfolio = {}
    for number, name in enumerate(mined.log.classes):
        arrival = np.sort(history.arrival[kinds == number])
        if len(arrival):
            arrivals = {"on": dated(arrival, mined.log.origin), "assumed": "as they came"}
            portfolio[name] = {"of": name, "count": len(arrival), "arrivals": arrivals}
    horizon = float(np.ceil(history.log.until)) + 1825
    return Scenario.model_validate({**mined.park, "portfolio": portfolio, "horizon": horizon})


# Baselines


def empirical(history: History, draws: int, seed: int) -> Lives:
    """Each case takes as long as some case that was over on the day of the split, whichever it is."""
    durations = history.days[history.over]
    return _drawn("empirical", history, draws, seed, lambda uniform: np.quantile(durations, uniform, method="hazen"))


def gamma(history: History, draws: int, seed: int) -> Lives:
    """The same by a gamma distribution fitted to these durations."""
    durations = history.days[history.over]
    distribution = fit(durations, np.zeros(len(durations), dtype=bool), "gamma").distribution
    return _drawn("gamma", history, draws, seed, distribution.quantile)


def empirical_by_class(history: History, draws: int, seed: int) -> Lives:
    """Each case takes as long as some case of its class that was over, or of any class where there were few."""
    days = empirical(history, draws, seed).days
    random = np.random.default_rng(seed + 1)
    for kind in np.unique(history.kind):
        mine, known = history.kind == kind, history.days[history.over & (history.kind == kind)]
        if len(known) >= FEWEST:
            drawn = np.quantile(known, random.random((draws, int(mine.sum()))), method="hazen")
            never = random.random(drawn.shape) < _left_share(history, mine)
            days[:, mine] = np.where(never, np.inf, drawn)
    return Lives("empirical by class", days, _returns(history, draws, seed))


def _drawn(name: str, history: History, draws: int, seed: int, quantile: Callable[[Floats], Floats]) -> Lives:
    random = np.random.default_rng(seed)
    shape = (draws, len(history.days))
    days = quantile(random.random(shape))
    never = random.random(shape) < _left_share(history, np.ones(len(history.days), dtype=bool))
    return Lives(name, np.where(never, np.inf, days), _returns(history, draws, seed))


def _left_share(history: History, cases: Bools) -> float:
    """Share of some cases that had left early by the day of the split, of those that were over one way or the other."""
    left = int(((history.log.left < history.split) & cases).sum())
    return left / max(1, left + int((history.over & cases).sum()))


def _returns(history: History, draws: int, seed: int) -> Bools:
    """Files that come back as often as before."""
    share = history.came_back[history.over].mean()
    drawn: Bools = np.random.default_rng(seed + 2).random((draws, len(history.days))) < share
    return drawn


def still_open(lives: Lives, history: History, seed: int) -> Floats:
    """Lives of the cases that were open on the day of the split, given that they were; shape (draws, open cases)."""
    random = np.random.default_rng(seed + 3)
    columns = [_given_open(lives, history, int(case), random) for case in np.flatnonzero(history.open)]
    return np.array(columns).T if columns else np.empty((len(lives.days), 0))


def _given_open(lives: Lives, history: History, case: int, random: np.random.Generator) -> Floats:
    elapsed = history.split - history.arrival[case]
    for pool in (lives.days[:, case], lives.days[:, history.kind == history.kind[case]].ravel(), lives.days.ravel()):
        later = pool[pool > elapsed]
        if len(later) >= FEWEST:
            return random.choice(later, len(lives.days))
    return np.full(len(lives.days), np.inf)
