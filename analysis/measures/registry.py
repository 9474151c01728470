"""The measures: one registry of what they mean, and their summary over replications with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal, NamedTuple, TypedDict

from parkflow.analysis.measures.intervals import Estimate, bootstrap, bootstrap_ratio, student

ALL = "all"
"""The group of all projects."""

LOSES_BELOW = -0.5
"""A project that saves less than this many days loses; smaller differences are nobody's loss."""

RESOLVED_WITHIN = (30, 70, 90)
"""Days from finding to solution that are reported."""

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

Interval = Literal["student", "bootstrap", "bootstrap ratio"]


@dataclass(frozen=True)
class Measure:
    """What a measure means: its formula in one replication, its unit, and how its interval over replications is made.

    `paired` measures compare a policy with the baseline, project by project.
    """

    name: str
    title: str
    title_zh: str
    formula: str
    unit: str
    interval: Interval = "student"
    paired: bool = False


_RESTRICTED = "a project that has not reached 'to' when the run is over counts up to then"
_LEFT_OUT = "projects that have not reached 'from', withdrew before 'to', or have either behind them, are left out"
_SAVED = "days under the baseline - days under the policy, of one project"

MEASURES: tuple[Measure, ...] = (
    Measure("days", "lead time", "历时", f"mean over projects of to - from; {_RESTRICTED}; {_LEFT_OUT}", "days"),
    *(
        Measure(
            f"days_{name}",
            f"lead time, {name}",
            f"历时{name}分位",
            f"{share:.0%} quantile over projects",
            "days",
            "bootstrap",
        )
        for name, share in QUANTILES.items()
    ),
    Measure(
        "days_saved",
        "days saved",
        "节省天数",
        f"mean over projects of {_SAVED}; {_RESTRICTED}",
        "days",
        "student",
        True,
    ),
    *(
        Measure(
            f"days_saved_{name}",
            f"days saved, {name}",
            f"节省天数{name}分位",
            f"{share:.0%} quantile over projects of {_SAVED}",
            "days",
            "bootstrap",
            True,
        )
        for name, share in QUANTILES.items()
    ),
    Measure(
        "share_losing",
        "share of projects that lose",
        "受损项目占比",
        "projects that lose more than half a day ÷ projects compared",
        "share",
        "bootstrap ratio",
        True,
    ),
    Measure(
        "project_days_gained",
        "project-days gained",
        "受益项目天数",
        "sum over projects that gain of days saved",
        "days",
        "student",
        True,
    ),
    Measure(
        "project_days_lost",
        "project-days lost",
        "受损项目天数",
        "sum over projects that lose of days lost",
        "days",
        "student",
        True,
    ),
    Measure("started", "projects started", "开工项目数", "projects that reach groundbreaking during the run", "count"),
    Measure(
        "completed", "projects in production", "投产项目数", "projects that reach production during the run", "count"
    ),
    Measure(
        "start_rate",
        "start rate of the cohort",
        "开工率",
        "projects of the cohort that reach its milestone by its date ÷ projects of the cohort",
        "share",
        "bootstrap ratio",
    ),
    Measure(
        "withdrawn",
        "share of projects withdrawn",
        "退出项目占比",
        "projects that withdraw or are turned away during the run ÷ projects",
        "share",
        "bootstrap ratio",
    ),
    Measure("issues_raised", "issues raised", "产生问题数", "issues that arise during the run", "count"),
    Measure("issues_found", "issues found", "发现问题数", "issues found during the run", "count"),
    Measure(
        "issues_resolved",
        "issues resolved",
        "问题化解率",
        "issues solved when the run is over ÷ issues found",
        "share",
        "bootstrap ratio",
    ),
    *(
        Measure(
            f"issues_resolved_{days}",
            f"issues resolved within {days} days",
            f"{days}日化解率",
            f"issues solved within {days} days of being found ÷ issues found at least {days} days before the end",
            "share",
            "bootstrap ratio",
        )
        for days in RESOLVED_WITHIN
    ),
    Measure(
        "issue_days",
        "days to resolve an issue",
        "问题化解天数",
        "mean over found issues of solved - found; an open issue counts up to the end of the run",
        "days",
    ),
    Measure(
        "issues_solved_at",
        "issues solved, by tier",
        "各级化解占比",
        "solved issues that this activity solved ÷ solved issues",
        "share",
        "bootstrap ratio",
    ),
    Measure(
        "issues_reopened",
        "issues reopened",
        "问题反复率",
        "issues taken up again after their solution ÷ solved issues",
        "share",
        "bootstrap ratio",
    ),
    Measure(
        "utilisation",
        "utilisation of a desk",
        "窗口利用率",
        "busy server-days in opening hours ÷ (servers × open days), over the busiest 365 days of the desk",
        "share",
        "bootstrap ratio",
    ),
    Measure(
        "wait",
        "wait at a desk",
        "窗口等待",
        "mean over attempts of start - ready, closed days included; who still waits counts up to the end of the run",
        "days",
    ),
    Measure(
        "cause_days",
        "days by cause",
        "各因素天数",
        "mean over projects that reached both milestones of the days of this cause on the realised critical path",
        "days",
    ),
    Measure(
        "cause_days_saved",
        "days saved by cause",
        "各因素节省天数",
        "mean over projects that reached both milestones under both policies of baseline - policy",
        "days",
        "student",
        True,
    ),
)

_BY_NAME = {measure.name: measure for measure in MEASURES}


def measure(name: str) -> Measure:
    """The measure of this name; raises `KeyError` if there is none."""
    return _BY_NAME[name]


class Observation(NamedTuple):
    """What one replication shows of a measure: a value, or for a ratio its numerator with the denominator as weight.

    `start` and `end` are milestones, empty where the measure has none. NaN where there was nothing to measure.
    `censored` counts the projects or issues that were not finished.
    """

    policy: str
    measure: str
    start: str
    end: str
    group: str
    value: float
    weight: float = 1.0
    censored: int = 0


Row = TypedDict(
    "Row",
    {
        "policy": str,
        "measure": str,
        "from": str,
        "to": str,
        "group": str,
        "unit": str,
        "mean": float | None,
        "low": float | None,
        "high": float | None,
        "replications": int,
        "censored": int,
    },
)
"""One line of results. A number is None where it is not defined, as an interval is from one replication."""


def summarise(observations_by_replication: Sequence[Sequence[Observation]]) -> list[Row]:
    """One row for each policy, measure, pair and group, with its interval over replications; `censored` is a sum."""
    gathered: dict[tuple[str, str, str, str, str], list[Observation]] = {}
    for observations in observations_by_replication:
        for seen in observations:
            gathered.setdefault(seen[:5], []).append(seen)
    return [_row(*key, together) for key, together in gathered.items()]


def _row(policy: str, name: str, start: str, end: str, group: str, together: Sequence[Observation]) -> Row:
    estimate = _estimate(measure(name).interval, together)
    return {
        "policy": policy,
        "measure": name,
        "from": start,
        "to": end,
        "group": group,
        "unit": measure(name).unit,
        "mean": _defined(estimate.mean),
        "low": _defined(estimate.low),
        "high": _defined(estimate.high),
        "replications": estimate.count,
        "censored": sum(seen.censored for seen in together),
    }


def _estimate(interval: Interval, together: Sequence[Observation]) -> Estimate:
    values = [seen.value for seen in together]
    if interval == "bootstrap ratio":
        return bootstrap_ratio(values, [seen.weight for seen in together])
    return student(values) if interval == "student" else bootstrap(values)


def _defined(number: float) -> float | None:
    return None if isnan(number) else number
