"""Issues: how many arise and are found, how many are solved, how fast, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.measures.measure import ALL, NO_PAIR, Measure, Seen, View, mean
from parkflow.analysis.replication.milestones import Pair
from parkflow.analysis.replication.once import once

Floats = NDArray[np.float64]

RESOLVED_WITHIN = (30, 70, 90)
"""Days from finding to solution that are reported."""

MOST_DAYS = 365
"""An issue counts no longer than this: one that is never solved would count for as long as the run goes on."""

HANDLING: Pair = ("issue_found", "issue_solved")


def _has_issues(view: View) -> bool:
    """Whether issues can arise in the park and somebody handles them."""
    return view.run.expects_issues and all(view.run.has(name) for name in HANDLING)


@once
def _times(view: View) -> tuple[tuple[str, Floats, Floats], ...]:
    """Days on which issues were found and solved (NaN: still open), of all that were found and by severity."""
    found, solved = (view.run.issue_days(name) for name in HANDLING)
    known = ~np.isnan(found)
    severity = view.run.issue_severity
    present = {name: severity == name for name in view.run.scenario.issues.severities}
    of = {f"severity:{name}": known & mine for name, mine in present.items() if mine.any()}
    parts = {ALL: known} | (of if len(of) > 1 else {})
    return tuple((group, found[mine], solved[mine]) for group, mine in parts.items())


def raised(view: View) -> Iterator[Seen]:
    """Issues that arise during the run."""
    if _has_issues(view):
        yield Seen(_arisen(view))


def found(view: View) -> Iterator[Seen]:
    """Issues found during the run, by severity; those that arose and were not are censored."""
    if _has_issues(view):
        for group, found, _ in _times(view):
            yield Seen(len(found), group, censored=_arisen(view) - len(found) if group == ALL else 0)


def _arisen(view: View) -> int:
    return int(np.count_nonzero(~np.isnan(view.run.issue_days("arrival"))))


def resolved(view: View) -> Iterator[Seen]:
    """Issues solved when the run is over, of those found, by severity."""
    if _has_issues(view):
        for group, _, solved in _times(view):
            still_open = np.count_nonzero(np.isnan(solved))
            yield Seen(len(solved) - still_open, group, len(solved), still_open)


@dataclass(frozen=True)
class After:
    """Observes the issues solved within so many days, or `still_open` then, of those found as long before the end."""

    days: int
    still_open: bool = False

    def __call__(self, view: View) -> Iterator[Seen]:
        """The counts by severity; issues that are open and were found too late to judge are censored."""
        if _has_issues(view):
            for group, found, solved in _times(view):
                watched = found <= view.run.over - self.days
                within = np.count_nonzero(solved[watched] - found[watched] <= self.days)
                judged = np.count_nonzero(watched)
                too_late = np.count_nonzero(np.isnan(solved) & ~watched)
                yield Seen(judged - within if self.still_open else within, group, judged, too_late)


def days_to_resolve(view: View) -> Iterator[Seen]:
    """Mean days from finding to solution, at most a year, by severity; an open issue is censored."""
    if _has_issues(view):
        for group, found, solved in _times(view):
            still_open = np.isnan(solved)
            days = np.where(still_open, view.run.over, solved) - found
            yield Seen(mean(np.minimum(days, MOST_DAYS)), group, censored=still_open.sum())


def solved_at(view: View) -> Iterator[Seen]:
    """Issues that each activity solved, of those solved; one group per activity that can solve one."""
    if _has_issues(view):
        for name, count in view.run.solutions.items():
            yield Seen(count, name, view.run.solved)


def reopened(view: View) -> Iterator[Seen]:
    """Issues taken up again after their solution, of those solved, where the park has that."""
    if _has_issues(view) and view.run.has("reopened"):
        yield Seen(view.run.times_begun("reopened"), weight=view.run.solved)


_LIVED_WITH = "an issue that nobody solves and that is lived with stays open"

MEASURES = (
    Measure(
        "issues_raised", "issues raised", "产生问题数", "issues that arise during the run", "count", raised,
        between=NO_PAIR, least=0.0,
    ),
    Measure(
        "issues_found", "issues found", "发现问题数", "issues found during the run", "count", found,
        between=NO_PAIR, least=0.0, headline=True, in_sweeps=True,
    ),
    Measure(
        "issues_resolved",
        "issues resolved",
        "问题化解率",
        "issues solved when the run is over ÷ issues found",
        "share",
        resolved,
        "share",
        least=0.0,
        most=1.0,
        between=HANDLING,
        limits=("issues found shortly before the end of the run had little time to be solved",),
        headline=True,
        in_sweeps=True,
    ),
    *(
        Measure(
            f"issues_resolved_{days}",
            f"issues resolved within {days} days",
            f"{days}日化解率",
            f"issues solved within {days} days of being found ÷ issues found at least {days} days before the end",
            "share",
            After(days),
            "share",
            least=0.0,
            most=1.0,
            between=HANDLING,
            limits=(f"issues found in the last {days} days of the run are not judged",),
            headline=True,
            in_sweeps=True,
        )
        for days in RESOLVED_WITHIN
    ),
    *(
        Measure(
            f"issues_open_{days}",
            f"issues still open after {days} days",
            f"{days}日未化解率",
            f"issues not solved within {days} days of being found ÷ issues found at least {days} days before the end",
            "share",
            After(days, still_open=True),
            "share",
            least=0.0,
            most=1.0,
            between=HANDLING,
            limits=(f"issues found in the last {days} days of the run are not judged", _LIVED_WITH),
        )
        for days in RESOLVED_WITHIN
    ),
    Measure(
        "issue_days",
        "days to resolve an issue",
        "问题化解天数",
        f"mean over found issues of solved - found, at most {MOST_DAYS}; an open issue counts up to then or to the end",
        "days",
        days_to_resolve,
        least=0.0,
        between=HANDLING,
        limits=(
            f"what an issue takes beyond {MOST_DAYS} days is not in it, nor are the days before it is found",
            _LIVED_WITH,
        ),
        headline=True,
        in_sweeps=True,
    ),
    Measure(
        "issues_solved_at",
        "issues solved, by tier",
        "各级化解占比",
        "solved issues that this activity solved ÷ solved issues",
        "share",
        solved_at,
        "share",
        least=0.0,
        most=1.0,
        between=HANDLING,
    ),
    Measure(
        "issues_reopened",
        "issues reopened",
        "问题反复率",
        "issues taken up again after their solution ÷ solved issues",
        "share",
        reopened,
        "share",
        least=0.0,
        most=1.0,
        between=HANDLING,
    ),
)  # fmt: skip
