"""A test of prediction: a park mined from the first part of a log foretells the rest, and so do two baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.families import kaplan_meier
from parkflow.analysis.mining.forecast import (
    History,
    Lives,
    empirical,
    empirical_by_class,
    gamma,
    simulated,
    still_open,
)
from parkflow.analysis.mining.log_files import RawLog, chosen, date_of
from parkflow.analysis.mining.log_mapping import LogError, LogMapping
from parkflow.analysis.mining.mined import Mined, mined
from parkflow.analysis.mining.monthly import counts_by_month, month_names
from parkflow.analysis.mining.pools import officers_by_month
from parkflow.analysis.mining.scores import crps, crps_followed, difference_between, pinball
from parkflow.analysis.mining.traces import CaseLog, traces

Floats = NDArray[np.float64]
LEVELS = (0.1, 0.5, 0.9)
WITHIN = 56.0
"""Days of the Dutch regular procedure: the share that is decided within them is told."""

LONGEST = 365.0
"""Days after its arrival up to which a case is scored."""


class Told(NamedTuple):
    """A number that is foretold, its 95% prediction interval, and what came."""

    median: float
    low: float
    high: float
    came: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the interval."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True)
class Scored:
    """How one way to foretell did: scores in days and cases (the less the better), and what it told."""

    name: str
    crps: float
    by_case: Floats
    pinball: tuple[float, ...]
    quantiles: tuple[Told, ...]
    within: Told
    asked: Told
    monthly_crps: float
    monthly: tuple[Told, ...]


@dataclass(frozen=True)
class Backtest:
    """What came of the forecasts for one log; `scored` begins with the simulation."""

    log: str
    split: str
    until: str
    cases: tuple[int, int, int]
    load: tuple[float, float]
    officers: tuple[float, float]
    supply: tuple[int, float, float]
    months: tuple[str, ...]
    scored: tuple[Scored, ...]
    untold: tuple[str, ...]
    within_days: float = WITHIN

    def rows(self) -> list[dict[str, str | float]]:
        """One row per way and number: what was told, its 95% prediction interval, and what came; scores stand alone."""
        found: list[dict[str, str | float]] = []
        for it in self.scored:
            found += [{"way": it.name, "number": name, "told": value} for name, value in
                      (("crps_days", it.crps), ("crps_cases_a_month", it.monthly_crps))]  # fmt: skip
            named = [(f"days_p{level * 100:.0f}", told) for level, told in zip(LEVELS, it.quantiles, strict=True)]
            named += [(f"share_within_{self.within_days:.0f}_days", it.within), ("share_that_came_back", it.asked)]
            named += [(f"cases_{month}", told) for month, told in zip(self.months, it.monthly, strict=True)]
            found += [{"way": it.name, "number": name, "told": told.median, "low": told.low, "high": told.high,
                       "came": told.came} for name, told in named]  # fmt: skip
        return found

    def beats(self, other: str) -> tuple[float, float, float]:
        """By how many days of the score the simulation is better than another way, and the 95% interval of that."""
        mine, theirs = (next(it for it in self.scored if it.name == name) for name in ("simulation", other))
        return theirs.crps - mine.crps, *difference_between(theirs.by_case, mine.by_case)


def backtest_log(raw: RawLog, mapping: LogMapping, share: float = 2 / 3, draws: int = 200, seed: int = 1) -> Backtest:
    """Mine a log on its first part of time and score what that foretells of the rest, cases arriving as they came."""
    log = traces(raw, mapping)
    first, last = float(np.nanmin(log.arrival)), log.until
    split = float(np.floor(first + share * (last - first)))
    known = mined(chosen(raw, raw.time < log.origin + split), _as_known(mapping, log.origin + split))
    history = History.of(log, known.goal, split)
    if not history.new.any() or not (history.days[history.new] < np.inf).any():
        raise LogError(f"{raw.name}: no case that came after {date_of(log.origin + split)} reached {known.goal!r}")
    ways = (simulated(known, history, draws, seed), *(it(history, draws, seed) for it in
            (empirical, gamma, empirical_by_class)))  # fmt: skip
    return _told(raw, known, history, [_scored(it, history, seed) for it in ways])


def _as_known(mapping: LogMapping, day: float) -> LogMapping:
    """The mapping as it holds on the day of the split."""
    return mapping.model_copy(update={"until": date_of(day)})


def _told(raw: RawLog, known: Mined, history: History, scored: list[Scored]) -> Backtest:
    log, split = history.log, history.split
    spans = ((float(np.nanmin(log.arrival)), split), (split, log.until))
    load = tuple(float((history.arrival < end).sum() - (history.arrival < begin).sum()) / ((end - begin) / 30.44)
                 for begin, end in spans)  # fmt: skip
    officers = tuple(officers_by_month(log, begin, end) for begin, end in spans)
    counts = (int((~history.new).sum()), int(history.open.sum()), int(history.new.sum()))
    return Backtest(
        raw.name, str(date_of(log.origin + split)), str(date_of(log.origin + log.until)), counts,
        load, officers, _supply(log), tuple(month_names(log.origin, split, log.until)), tuple(scored), known.untold,  # type: ignore[arg-type]
    )  # fmt: skip


def _supply(log: CaseLog) -> tuple[int, float, float]:
    """Requests for missing papers, and the median and nine-in-ten days to answer, those unanswered cut off."""
    days = np.array([(it.seen if np.isnan(it.answered) else it.answered) - it.asked for it in log.returns])
    cut = np.array([np.isnan(it.answered) for it in log.returns], dtype=bool)
    if not len(days) or cut.all():
        return len(days), np.nan, np.nan
    ended, share = kaplan_meier(np.maximum(days, 0.0), cut)
    at = [float(ended[share >= level][0]) if share[-1] >= level else np.nan for level in (0.5, 0.9)]
    return len(days), at[0], at[1]


def _scored(lives: Lives, history: History, seed: int) -> Scored:
    new = history.new
    days, came = lives.days[:, new], history.days[new]
    followed = np.minimum(history.followed[new], LONGEST)
    by_case = np.array([crps_followed(days[:, i], came[i], followed[i]) for i in range(len(came))])
    seen = np.where(days <= history.followed[new], days, np.nan)
    there = np.where(np.isfinite(came), came, np.nan)
    quantiles = tuple(_between(np.nanquantile(seen, level, axis=1), np.nanquantile(there, level)) for level in LEVELS)
    asked = _between(_mean(lives.returned[:, new], ~np.isnan(seen)), history.came_back[new][np.isfinite(came)].mean())
    within = _between(_mean(seen <= WITHIN, ~np.isnan(seen)), float((there <= WITHIN)[np.isfinite(came)].mean()))
    monthly, score = _monthly(lives, history, seed)
    losses = tuple(
        pinball(told.median, level, came[np.isfinite(came)]) for told, level in zip(quantiles, LEVELS, strict=True)
    )
    return Scored(lives.name, float(by_case.mean()), by_case, losses, quantiles, within, asked, score, monthly)


def _mean(values: NDArray[np.bool_], among: NDArray[np.bool_]) -> Floats:
    """The share of each row among some of its entries."""
    share: Floats = (values & among).sum(axis=1) / np.maximum(among.sum(axis=1), 1)
    return share


def _between(draws: Floats, came: float) -> Told:
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
    return Told(float(middle), float(low), float(high), float(came))


def _monthly(lives: Lives, history: History, seed: int) -> tuple[tuple[Told, ...], float]:
    """How many cases reach the goal in each month after the split, and the mean score of these numbers."""
    log, begin, end = history.log, history.split, history.log.until
    days = np.concatenate((lives.days[:, history.new], still_open(lives, history, seed)), axis=1)
    arrival = np.concatenate((history.arrival[history.new], history.arrival[history.open]))
    drawn = np.array([counts_by_month(one + arrival, log.origin, begin, end) for one in days])
    came = counts_by_month(history.days + history.arrival, log.origin, begin, end)
    told = tuple(_between(drawn[:, month], came[month]) for month in range(len(came)))
    return told, float(np.mean([crps(drawn[:, month].astype(np.float64), came[month]) for month in range(len(came))]))
