"""What was learned from a log, and how well it foretold, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from parkflow.analysis.language import Words
from parkflow.analysis.mining.backtest import Backtest, Told
from parkflow.analysis.mining.mined import Mined


def findings(found: Mined, say: Words) -> Iterator[str]:
    """What was found beside the numbers, and what the log cannot tell, line by line."""
    for text in found.findings:
        yield say.pick(f"found: {text}", f"发现:{text}")
    for text in found.untold:
        yield say.pick(f"not told by the log: {text}", f"日志未能说明:{text}")


def backtest_table(done: Backtest, say: Words) -> Table:
    """One column per way to foretell: scores, and what was told with its prediction interval beside what came."""
    learned, under_way, new = done.cases
    title = say.pick(
        f"{done.log}: learned from {learned} cases before {done.split} ({under_way} still open), {new} foretold",
        f"{done.log}:学习 {done.split} 之前的 {learned} 个案件({under_way} 个未结),预测 {new} 个",
    )
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in ("", say.pick("came", "实际"), *(it.name for it in done.scored)):
        table.add_column(column, justify="right" if column else "left")
    table.add_row(
        say.pick("score of days, CRPS (days)", "天数得分 CRPS(天)"), "", *(f"{it.crps:.2f}" for it in done.scored)
    )
    table.add_row(
        say.pick("score of cases a month, CRPS", "每月案件数得分 CRPS"),
        "",
        *(f"{it.monthly_crps:.2f}" for it in done.scored),
    )
    for level, name in enumerate(("p10", "p50", "p90")):
        came, told = done.scored[0].quantiles[level].came, [it.quantiles[level] for it in done.scored]
        table.add_row(say.pick(f"days, {name}", f"天数,{name}"), f"{came:.1f}", *(_days(it) for it in told))
    within = say.pick(f"within {done.within_days:.0f} days", f"{done.within_days:.0f} 天内办结")
    for name, what in (("within", within), ("asked", say.pick("came back", "退回补正"))):
        told = [getattr(it, name) for it in done.scored]
        table.add_row(what, f"{told[0].came:.0%}", *(f"{it.median:.0%} [{it.low:.0%}, {it.high:.0%}]" for it in told))
    inside = (f"{sum(month.inside for month in it.monthly)} / {len(it.monthly)}" for it in done.scored)
    table.add_row(say.pick("months inside the interval", "落入区间的月份"), "", *inside)
    return table


def _days(told: Told) -> str:
    return f"{told.median:.1f} [{told.low:.1f}, {told.high:.1f}]"
