"""The ledger as text tables that fit 80 columns: a table per park, the reports' arithmetic, and the counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from parkflow.analysis.formatting import NONE, amount, percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.validation.arithmetic import CHECKS
from parkflow.analysis.validation.definition import Definition
from parkflow.analysis.validation.ledger import Ledger
from parkflow.analysis.validation.line import Line
from parkflow.analysis.words.names import VERDICTS

COLUMNS = (
    ("what is reported", "报道内容", 26), ("reported", "报道", 12), ("simulated", "模拟", 15), ("at", "分位", 7),
    ("verdict", "结论", 14),
)  # fmt: skip
"""Titles of the columns in both languages, and their widths: 80 in all with the gaps."""

UNITS = {"days": ("d", "天"), "count": ("", ""), "mu": ("mu", "亩"), "month": ("mo", "月"), "ratio": ("", "")}
UNITS |= {"m3/day": ("m3/d", "方/天"), "working days": ("wd", "工作日"), "log-sd": ("", ""), "rank": ("", "")}


def ledger_tables(ledger: Ledger, say: Words) -> Iterator[Table]:
    """All tables of a ledger, in their order."""
    for park in ledger.parks:
        yield _park(ledger, park, say)
    if ledger.robustness:
        yield robustness_table(ledger, say)
    yield arithmetic_table(say)
    yield _counts(ledger, say)


def _park(ledger: Ledger, park: str, say: Words) -> Table:
    size = say.pick(
        f"{ledger.replications} replications, seed {ledger.seed}",
        f"{ledger.replications}次仿真重复，种子{ledger.seed}",
    )
    table = _table(f"{park} ({size})")
    for english, chinese, width in COLUMNS:
        table.add_column(say.pick(english, chinese), width=width, overflow="fold")
    for line in ledger.of_park(park):
        table.add_row(*cells(line, say))
    return table


def cells(line: Line, say: Words) -> tuple[str, ...]:
    """A line of the ledger as texts, in the order of `COLUMNS`."""
    one = line.definition
    what = f"{one.line.removesuffix(f' {one.park}')} {say.pick(one.title, one.title_zh)}"
    return what, reported(one, say), simulated(line), quantiles(line), verdict(line, say)


def reported(one: Definition, say: Words) -> str:
    """What is reported: a value, or the least and the greatest that its words allow."""
    least, most = one.reported
    unit = say.pick(*UNITS.get(one.unit, ("", "")))
    text = _amount(least, one) if least == most else f"{_amount(least, one)}–{_amount(most, one)}"
    return f"{text} {unit}".strip()


def simulated(line: Line) -> str:
    """The median of what the model predicts, and its central 95%."""
    if np.isnan(line.predicted):
        return NONE
    return f"{_amount(line.predicted, line.definition)} " + "[{}, {}]".format(
        *(_amount(bound, line.definition) for bound in (line.low, line.high))
    )


def quantiles(line: Line) -> str:
    """Where the reported value lies in what is simulated, as P8, or P8–15 for one with bounds."""
    low, high = line.quantiles
    if np.isnan(low):
        return NONE
    first, last = rounded(100 * low), rounded(100 * high)
    return f"P{first}" if first == last else f"P{first}–{last}"


def verdict(line: Line, say: Words) -> str:
    """The verdict, and whether a target is within its tolerance."""
    text = say.verdict(line.verdict)
    if line.met is None:
        return text
    inside, outside = say.pick("tolerance: yes", "容差内"), say.pick("tolerance: no", "超出容差")
    return f"{text}\n{inside if line.met else outside}"


def arithmetic_table(say: Words) -> Table:
    """What the reports' own numbers come to."""
    table = _table(say.pick("Arithmetic of the reports, and of the law", "报道自身算术与法定时限"))
    table.add_column("")
    table.add_column(say.pick("computed", "计算"), overflow="fold")
    table.add_column(say.pick("contradicts", "矛盾"))
    for name, check in CHECKS.items():
        found = check()
        table.add_row(name, found.told(say), say.pick("yes", "是") if found.contradicts else say.pick("no", "否"))
    return table


def robustness_table(ledger: Ledger, say: Words) -> Table:
    """How often each verdict is given on the headline claims while assumed numbers move."""
    points = max(it.points for it in ledger.robustness)
    table = _table(
        say.pick(
            f"Headline verdicts over the ranges of assumed numbers ({points} points)",
            f"主要结论在假设范围内的稳健性（{points}个点）",
        )
    )
    given = [name for name in VERDICTS if any(it.share(name) for it in ledger.robustness)]
    table.add_column("", overflow="fold")
    for name in given:
        table.add_column(say.verdict(name), justify="right")
    titles = {line.definition.line: line.definition for line in ledger.lines}
    for it in ledger.robustness:
        one = titles[it.line]
        table.add_row(f"{it.line} {say.pick(one.title, one.title_zh)}", *(percent(it.share(name)) for name in given))
    return table


def _counts(ledger: Ledger, say: Words) -> Table:
    """How many usable facts have which verdict, and how many targets are within tolerance."""
    counts, table = ledger.counts(), _table(say.pick("Usable facts and targets", "可用事实与目标"))
    table.add_column("")
    table.add_column(say.pick("number", "数量"), justify="right")
    table.add_column(say.pick("share", "占比"), justify="right")
    total = sum(counts["facts"].values())
    for name in VERDICTS:
        if number := counts["facts"].get(name, 0):
            table.add_row(say.verdict(name), f"{number}", percent(number / total))
    for kind, titles in (("calibration", ("calibration targets within tolerance", "校准目标在容差内")),
                         ("validation", ("validation targets within tolerance", "验证目标在容差内"))):  # fmt: skip
        of = counts["targets"][kind]
        if of["of"]:
            table.add_row(say.pick(*titles), f"{of['within']}/{of['of']}", percent(of["within"] / of["of"]))
    return table


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def _amount(value: float, one: Definition) -> str:
    if one.unit == "share":
        return amount(value, "share", 0)
    return rounded(value, (2 if abs(value) < 1 else 1) if abs(value) < 10 and value != round(value) else 0)
