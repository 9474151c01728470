"""Results as text tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from parkflow.analysis.experiments.comparison import Comparison
from parkflow.analysis.formatting import NONE, interval
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import Measure
from parkflow.analysis.measures.registry import MEASURES, measure
from parkflow.analysis.measures.summary import Row

HEADLINE = tuple(one.name for one in MEASURES if one.headline)
"""Measures of the first table, in its order."""


_BY_GROUP = {
    "days_saved": "Days saved, by group of projects",
    "net_days": "Net of the park: days by which {end} comes earlier, every project",
    "cause_days": "Where the days go, {begin} → {end}: days per project",
    "cause_days_saved": "Days saved, by cause",
    "issue_days": "Days to resolve an issue, by severity",
    "issues_open_90": "Issues still open after 90 days, by severity",
    "issues_solved_at": "Issues solved, by tier",
    "utilisation": "Utilisation of desks",
    "wait": "Days waited at desks",
    "overdue": "Attempts at desks that took longer than their limit",
}
"""The tables behind the first, by measure, each with its title."""

PRINTED = tuple(dict.fromkeys((*HEADLINE, *_BY_GROUP, "closed_days")))
"""The measures that the tables show."""


def comparison_tables(comparison: Comparison) -> list[Table]:
    """What a comparison found: the headline, days by group, causes, tiers and desks."""
    say = _words(comparison)
    begin, end = (say.activity(name) for name in comparison.question)
    tables = [_headline(comparison, say, f"{comparison.scenario}: {begin} → {end}"), _doubts(comparison, say)]
    for name, title in _BY_GROUP.items():
        show = _causes if name == "cause_days" else _by_group
        tables.append(show(comparison, say, name, title.format(begin=begin, end=end)))
    return [table for table in tables if table.row_count]


def _words(comparison: Comparison) -> Words:
    """English, with the titles of the park."""
    return Words().about(comparison.scenarios[comparison.baseline]) if comparison.scenarios else Words()


def _table(title: str, first: str, policies: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column(first, no_wrap=True)
    for policy in policies:
        table.add_column(policy, justify="right")
    return table


def _headline(comparison: Comparison, say: Words, title: str) -> Table:
    policies = _policies(comparison)
    table = _table(f"{title} ({_made(comparison, say)})", "measure [95% interval]", map(say.policy, policies))
    for name in HEADLINE:
        group = None if name == "start_rate" else "all"
        rows = {row["policy"]: row for row in comparison.rows(name, group=group)}
        if rows:
            table.add_row(
                _label(measure(name), comparison.replications), *(_cell(rows.get(policy)) for policy in policies)
            )
    censored = {row["policy"]: row["censored"] for row in comparison.rows("days", group="all")}
    table.add_row(
        f"projects cut off, counted up to {say.horizon()}", *(str(censored.get(policy, "")) for policy in policies)
    )
    return table


def _doubts(comparison: Comparison, say: Words) -> Table:
    """The two intervals of the headline side by side; no rows where assumptions were not asked about."""
    points = max((it.points for it in comparison.doubts), default=0)
    table = Table(
        title=f"Two kinds of doubt: over replications, and over the ranges of assumed numbers ({points} points)",
        title_justify="left", title_style="bold", header_style="bold",
    )  # fmt: skip
    table.add_column("measure [95% interval]")
    for column in ("policy", "over replications", "over assumptions"):
        table.add_column(column, justify="left" if column == "policy" else "right")
    for it in comparison.doubts:
        intervals = (interval(it.mean, *bounds, it.unit) for bounds in (it.sampling, it.assumptions))
        table.add_row(measure(it.measure).title, say.policy(it.policy), *intervals)
    return table


def _label(one: Measure, replications: int) -> str:
    """The title of a measure, with its unit where that is days and it does not say so; `≈` marks rough bounds."""
    unit = " (days)" if one.unit == "days" and "days" not in one.title else ""
    return f"{one.title}{unit}{' ≈' if one.rough(replications) else ''}"


def _by_group(comparison: Comparison, say: Words, name: str, title: str) -> Table:
    policies = [policy for policy in _policies(comparison) if comparison.rows(name, policy)]
    table = _table(title, "", map(say.policy, policies))
    cells = {(row["group"], row["policy"]): row for row in comparison.rows(name)}
    seen: list[list[str]] = []
    for group in dict.fromkeys(group for group, _ in cells):
        line = [_cell(cells.get((group, policy))) for policy in policies]
        if any(cell["mean"] for (of, _), cell in cells.items() if of == group) and line not in seen:
            table.add_row(say.row(name, group), *line)
            seen.append(line)
    return table


def _causes(comparison: Comparison, say: Words, name: str, title: str) -> Table:
    """Days by cause, and as a memo below them those on which the office was closed."""
    table = _by_group(comparison, say, name, title)
    closed = {row["policy"]: row for row in comparison.rows("closed_days")}
    if table.row_count and closed:
        cells = (_cell(closed[policy]) for policy in _policies(comparison))
        table.add_row(measure("closed_days").title, *cells)
    return table


def _policies(comparison: Comparison) -> list[str]:
    return list(dict.fromkeys(row["policy"] for row in comparison.measures))


def _made(comparison: Comparison, say: Words) -> str:
    baseline = say.policy(comparison.baseline)
    return f"{comparison.replications} replications, seed {comparison.seed}, baseline {baseline}"


def _cell(row: Row | None) -> str:
    return NONE if row is None else interval(row["mean"], row["low"], row["high"], row["unit"])
