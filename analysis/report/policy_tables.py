"""Tables with one column per policy: the headline, both kinds of doubt, measures by group, and effort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.report.page import Cell, Sheet, interval, number, sheet, text
from parkflow.analysis.sentences.calendar_dates import iso
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.terminal.comparison_tables import HEADLINE

DAY = "day"
"""The unit of a measure that is a date."""


def headline(run: Run, say: Words) -> Sheet:
    """The measures of the first table, for all projects."""
    rows = []
    for name in HEADLINE:
        found = run.rows(name) if name == "start_rate" else run.rows(name, ALL)
        if len(found.dropna(subset=["mean"])):
            rows.append([text(labelled(name, say)), *_across(found, run, run.policies)])
    columns = [say("measure"), *(say.policy(policy) for policy in run.policies)]
    return sheet(say.pick("Headline measures, with 95% intervals", "主要指标（95%置信区间）"), columns, rows)


def doubts(run: Run, say: Words) -> Iterator[Sheet]:
    """Both intervals of the headline, where the run was asked about its assumptions."""
    told = run.document.get("assumptions", ())
    if not told:
        return
    rows = []
    for it in told:
        bounds = ((it[f"{kind}_low"], it[f"{kind}_high"]) for kind in ("sampling", "assumptions"))
        cells = (interval({"mean": it["mean"], "low": low, "high": high}, it["unit"]) for low, high in bounds)
        rows.append([text(labelled(it["measure"], say)), text(say.policy(it["policy"])), *cells])
    columns = say.pick(
        ("measure", "policy", "over replications", "over assumptions"), ("指标", "政策", "抽样区间", "假设区间")
    )
    title = say.pick("Two kinds of doubt, each with its 95% interval", "两种不确定性（各为95%区间）")
    note = say.pick(
        f"Assumed numbers move together through their ranges, at {told[0]['points']} points of a Latin hypercube.",
        f"假设值在各自范围内同时变动，共 {told[0]['points']} 个拉丁超立方点。",
    )
    yield sheet(title, columns, rows, note)


def labelled(name: str, say: Words) -> str:
    """A measure with its unit, where the unit does not go without saying."""
    title, unit = say.title(measure(name)), measure(name).unit
    return say.begin(title) + (f" ({say.unit(unit)})" if unit == "days" and "days" not in measure(name).title else "")


def by_group(run: Run, say: Words, names: Iterable[str]) -> list[Sheet]:
    """A table per measure that has something to tell: groups of projects, causes or desks by policies."""
    return [made for name in names if (made := _grouped(run, say, name)).rows]


def _grouped(run: Run, say: Words, name: str) -> Sheet:
    rows = run.rows(name).dropna(subset=["mean"])
    policies = [policy for policy in run.policies if policy in set(rows["policy"])]
    parts = rows.groupby("group", sort=False)
    lines = _distinct([text(say.row(name, str(group))), *_across(part, run, policies)] for group, part in parts)
    columns = [say.pick("group", "类别"), *(say.policy(policy) for policy in policies)]
    return sheet(labelled(name, say), columns, lines, say.pick(say.begin(measure(name).formula) + ".", ""))


def totals(run: Run, say: Words, names: Iterable[str], title: str) -> Iterator[Sheet]:
    """One table of several measures over all projects or desks; none where nothing is known of them."""
    found = ((name, run.rows(name, ALL).dropna(subset=["mean"])) for name in names)
    rows = [[text(labelled(name, say)), *_across(mine, run, run.policies)] for name, mine in found if len(mine)]
    if rows:
        yield sheet(title, [say("measure"), *(say.policy(policy) for policy in run.policies)], rows)


def _across(found: pd.DataFrame, run: Run, policies: list[str]) -> list[Cell]:
    """A cell for each policy; a day of the park is a date where the park has one."""
    by_policy = {row["policy"]: row for _, row in found.iterrows()}
    return [_cell(by_policy.get(policy), run) for policy in policies]


def _cell(row: pd.Series | None, run: Run) -> Cell:
    if row is None:
        return number(None)
    if row["unit"] != DAY or row["mean"] != row["mean"]:
        return interval(row, row["unit"])
    ends = [iso(row[end], run.scenario) for end in ("low", "high") if row[end] == row[end]]
    bounds = f" [{', '.join(ends)}]" if ends else ""
    return number(row["mean"], iso(row["mean"], run.scenario) + bounds)


def _distinct(lines: Iterable[list[Cell]]) -> list[list[Cell]]:
    """The lines without those that repeat one before: a class may be a group under another name."""
    found: dict[tuple[str, ...], list[Cell]] = {}
    for line in lines:
        found.setdefault(tuple(cell.text for cell in line[1:]), line)
    return list(found.values())
