"""Files that come back: how often, how many times, and how long the applicant takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.families import Fitted, fit
from parkflow.analysis.mining.office_days import OfficeDays
from parkflow.analysis.mining.traces import CaseLog, Return

Floats = NDArray[np.float64]
MOST_ATTEMPTS = 6
FEWEST = 10
"""Cases that came back below which nothing is said of further rounds."""


@dataclass(frozen=True)
class Returned:
    """How often a first attempt comes back (`back` of `cases`), how often a second, and how long applicants take."""

    cases: int
    back: int
    back_again: int
    decay: float | None
    attempts: int
    fix: Fitted | None
    unit: str

    @property
    def share(self) -> float:
        """Share of first attempts that came back."""
        return self.back / self.cases

    @property
    def between(self) -> tuple[float, float]:
        """95% interval of the share."""
        return share_between(self.back, self.cases)

    @property
    def words(self) -> str:
        """What the numbers rest on."""
        low, high = self.between
        fix = f"; days to answer ({self.unit}): {self.fix.words}" if self.fix else ""
        again = ""
        if self.decay is not None:
            least, most = share_between(self.back_again, self.back)
            again = f"; {self.back_again} of them again (95% {least:.3g} to {most:.3g})"
        return f"{self.back} of {self.cases} cases came back (95% {low:.3g} to {high:.3g}){again}{fix}"


def share_between(events: int, cases: int) -> tuple[float, float]:
    """95% interval of a share (Wilson, 1927)."""
    if not cases:
        return 0.0, 1.0
    z, share = 1.96, events / cases
    middle = (share + z**2 / (2 * cases)) / (1 + z**2 / cases)
    width = z / (1 + z**2 / cases) * np.sqrt(share * (1 - share) / cases + z**2 / (4 * cases**2))
    return max(0.0, float(middle - width)), min(1.0, float(middle + width))


def returned(
    log: CaseLog, name: str, days: OfficeDays, cases: NDArray[np.bool_], only_cd: bool = False
) -> Returned | None:
    """How the files of some cases come back at an activity; None where none does.

    `cases` has one entry per case; `only_cd` where the activity has no calendar to count by. A request
    without an answer is cut off where the case was last followed.
    """
    number = log.number(name)
    mine = [it for it in log.returns if it.activity == number and cases[it.case]]
    if not mine:
        return None
    over = {it.case for it in log.of(name) if cases[it.case] and (it.number > 1 or not np.isnan(it.end))}
    over |= {it.case for it in mine}
    rounds = np.bincount([it.round for it in mine], minlength=MOST_ATTEMPTS + 1)
    fix, unit = _fix(mine, days, only_cd)
    return Returned(len(over), int(rounds[1]), int(rounds[2]), _decay(rounds, len(over)), _most(rounds), fix, unit)


def _decay(rounds: NDArray[np.int64], cases: int) -> float | None:
    """How much rarer a second round is than a first, None where too few came back once."""
    if rounds[1] < FEWEST:
        return None
    return float(min(1.0, (rounds[2] / rounds[1]) / (rounds[1] / cases)))


def _most(rounds: NDArray[np.int64]) -> int:
    """Attempts of which the last passes: the most that were seen, one more where hardly anybody went so far."""
    last = int(np.flatnonzero(rounds)[-1])
    return min(MOST_ATTEMPTS, last + 1 + int(rounds[last] < 3))


def _fix(mine: list[Return], days: OfficeDays, only_cd: bool) -> tuple[Fitted | None, str]:
    """How long applicants take, in working days where they never answer on a closed day."""
    asked = np.array([it.asked for it in mine])
    answered = np.array([it.answered for it in mine])
    cut = np.isnan(answered)
    if cut.all():
        return None, "cd"
    end = np.where(cut, np.array([it.seen for it in mine]), answered)
    unit = "cd" if only_cd else unit_of(answered[~cut], asked[~cut], days)
    spent = days.work(asked, end) if unit == "wd" else end - asked
    known = ~(cut & (spent <= 0))
    return fit(spent[known], cut[known]), unit


def unit_of(ends: Floats, begins: Floats, days: OfficeDays) -> str:
    """Working days where next to nothing ends on a closed day though a share of the time lies there, else calendar."""
    closed = 1 - days.curve.rate.clip(0, 1).mean()
    lasting = (ends - begins) > 1 / 24
    expected = closed * lasting.sum()
    shut = (~days.is_open(ends[lasting])).sum()
    return "wd" if expected >= 3 and shut <= 0.2 * expected else "cd"
