"""Results as text tables for a terminal: everything that a comparison found, or some measures of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from parkflow.analysis.experiments.comparison import Comparison
from parkflow.analysis.formatting import NONE, interval
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import Measure
from parkflow.analysis.measures.registry import MEASURES, measure
from parkflow.analysis.measures.summary import Row

HEADLINE = tuple(one.name for one in MEASURES if one.headline)
"""Measures of the first table, in its order."""

NARROW = 28
"""Cells that are enough for the first column of a table, whose words may go on in a second line."""

_BY_GROUP = {
    "days_saved": ("Days saved, by group of projects", "各类项目节省天数"),
    "net_days": (
        "Net of the park: days by which {end} comes earlier, every project",
        "全园净提前天数：所有项目的{end}",
    ),
    "cause_days": ("Where the days go, {begin} → {end}: days per project", "时间去向（{begin} → {end}）：每个项目天数"),
    "cause_days_saved": ("Days saved, by cause", "按原因节省天数"),
    "issue_days": ("Days to resolve an issue, by severity", "问题化解天数（按严重程度）"),
    "issues_open_90": ("Issues still open after 90 days, by severity", "90天后仍未化解的问题（按严重程度）"),
    "issues_solved_at": ("Issues solved, by tier", "各层级化解问题占比"),
    "utilisation": ("Utilisation of desks", "窗口利用率"),
    "wait": ("Days waited at desks", "窗口等待天数"),
    "overdue": ("Attempts at desks that took longer than their limit", "超过时限的办件占比"),
}
"""The tables behind the first, by measure, each with its title in both languages."""

PRINTED = tuple(dict.fromkeys((*HEADLINE, *_BY_GROUP, "closed_days")))
"""The measures that the tables show."""


def comparison_tables(comparison: Comparison, say: Words, width: int | None = None) -> list[Table]:
    """All that a comparison found: the headline, days by group, causes, tiers and desks."""
    titles = {name: say.pick(*pair) for name, pair in _BY_GROUP.items()}
    begin, end = (say.activity(name) for name in comparison.question)
    tables = [*_headline(comparison, say, f"{comparison.scenario}: {begin} → {end}", width), _doubts(comparison, say)]
    for name, title in titles.items():
        tables += _by_group(comparison, say, name, title.format(begin=begin, end=end), width)
    return [table for table in tables if table.row_count]


def tables_of_measures(comparison: Comparison, names: Sequence[str], say: Words, width: int | None) -> list[Table]:
    """A table of each measure named: a row for each group that it tells of, a column for each policy."""
    found = [
        _by_group(comparison, say, name, _label(measure(name), comparison.replications, say), width) for name in names
    ]
    return [table for tables in found for table in tables if table.row_count]


def _table(title: str, first: str, policies: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column(first, overflow="fold")
    for policy in policies:
        table.add_column(policy, justify="right", no_wrap=True)
    return table


Line = tuple[str, list[str]]
"""What a row is about, and a cell for each policy."""


def _in_parts(title: str, first: str, heads: Sequence[str], lines: Sequence[Line], width: int | None) -> list[Table]:
    """A table of some policies, or several below each other where all side by side would be too wide."""
    table = _table(title, first, heads)
    for name, cells in lines:
        table.add_row(name, *cells)
    if len(heads) == 1 or width is None or _least(table) <= width:
        return [table]
    half = (len(heads) + 1) // 2
    parts = ((title, slice(None, half)), ("", slice(half, None)))
    return [
        part
        for named, some in parts
        for part in _in_parts(named, first, heads[some], [(name, cells[some]) for name, cells in lines], width)
    ]


def _least(table: Table) -> int:
    """The cells that a table takes at least, the words of its first column broken into lines."""
    console = Console(width=10_000)
    widths = [
        Measurement.get(console, console.options, "\n".join(map(str, column.cells)) or "").maximum
        for column in table.columns
    ]
    heads = [Measurement.get(console, console.options, str(column.header) or "").maximum for column in table.columns]
    columns = list(map(max, zip(widths, heads, strict=True)))
    return min(columns[0], NARROW) + sum(columns[1:]) + 3 * len(columns) + 1


def _headline(comparison: Comparison, say: Words, title: str, width: int | None) -> list[Table]:
    policies, lines = _policies(comparison), list[Line]()
    for name in HEADLINE:
        group = None if name == "start_rate" else "all"
        rows = {row["policy"]: row for row in comparison.rows(name, group=group)}
        if rows:
            label = _label(measure(name), comparison.replications, say)
            lines.append((label, [_cell(rows.get(policy)) for policy in policies]))
    censored = {row["policy"]: row["censored"] for row in comparison.rows("days", group="all")}
    cut_off = say.pick(f"projects cut off, counted up to {say.horizon()}", f"期末未完成项目（计算至{say.horizon()}）")
    lines.append((cut_off, [str(censored.get(policy, "")) for policy in policies]))
    first = say.pick("measure [95% interval]", "指标[95% 区间]")
    heads = [say.policy(policy) for policy in policies]
    return _in_parts(f"{title} ({_made(comparison, say)})", first, heads, lines, width)


def _doubts(comparison: Comparison, say: Words) -> Table:
    """The two intervals of the headline side by side; no rows where assumptions were not asked about."""
    points = max((it.points for it in comparison.doubts), default=0)
    title = say.pick(
        f"Two kinds of doubt: over replications, and over the ranges of assumed numbers ({points} points)",
        f"两种不确定性：仿真重复，以及假设数值的范围（{points} 个点）",
    )
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column(say.pick("measure [95% interval]", "指标[95% 区间]"), overflow="fold")
    columns = (("policy", "over replications", "over assumptions"), ("政策", "抽样区间", "假设区间"))
    for number, column in enumerate(say.pick(*columns)):
        table.add_column(column, justify="right" if number else "left", no_wrap=bool(number))
    for it in comparison.doubts:
        intervals = (interval(it.mean, *bounds, it.unit) for bounds in (it.sampling, it.assumptions))
        table.add_row(say.title(measure(it.measure)), say.policy(it.policy), *intervals)
    return table


def _label(one: Measure, replications: int, say: Words) -> str:
    """The title of a measure, with its unit where that is days and it does not say so; `≈` marks rough bounds."""
    unit = f" ({say.unit('days')})" if one.unit == "days" and "days" not in one.title else ""
    return f"{say.title(one)}{unit}{' ≈' if one.rough(replications) else ''}"


def _by_group(comparison: Comparison, say: Words, name: str, title: str, width: int | None) -> list[Table]:
    """The table of a measure, group by group; days by cause have those on which the office was closed below them."""
    policies = [policy for policy in _policies(comparison) if comparison.rows(name, policy)]
    cells = {(row["group"], row["policy"]): row for row in comparison.rows(name)}
    lines: list[Line] = []
    for group in dict.fromkeys(group for group, _ in cells):
        line = [_cell(cells.get((group, policy))) for policy in policies]
        if any(cell["mean"] for (of, _), cell in cells.items() if of == group) and line not in [it for _, it in lines]:
            lines.append((say.row(name, group), line))
    if name == "cause_days" and lines:
        lines += _closed(comparison, policies, say)
    return _in_parts(title, "", [say.policy(policy) for policy in policies], lines, width) if lines else []


def _closed(comparison: Comparison, policies: Sequence[str], say: Words) -> list[Line]:
    closed = {row["policy"]: row for row in comparison.rows("closed_days")}
    cells = [_cell(closed.get(policy)) for policy in policies]
    return [(say.title(measure("closed_days")), cells)] if closed else []


def _policies(comparison: Comparison) -> list[str]:
    return list(dict.fromkeys(row["policy"] for row in comparison.measures))


def _made(comparison: Comparison, say: Words) -> str:
    baseline, runs = say.policy(comparison.baseline), comparison.replications
    return say.pick(
        f"{runs} replications, seed {comparison.seed}, baseline {baseline}",
        f"{runs} 次仿真重复，随机种子 {comparison.seed}，对照 {baseline}",
    )


def _cell(row: Row | None) -> str:
    return NONE if row is None else interval(row["mean"], row["low"], row["high"], row["unit"])
