"""What was learned from a log, and how well it foretold, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from parkflow.analysis.mining.backtest import Backtest, Told
from parkflow.analysis.mining.mined import Mined


def findings(found: Mined) -> Iterator[str]:
    """What was found beside the numbers, and what the log cannot tell, line by line."""
    for text in found.findings:
        yield f"found: {text}"
    for text in found.untold:
        yield f"not told by the log: {text}"


def backtest_table(done: Backtest) -> Table:
    """One column per way to foretell: scores, and what was told with its prediction interval beside what came."""
    learned, under_way, new = done.cases
    title = f"{done.log}: learned from {learned} cases before {done.split} ({under_way} still open), {new} foretold"
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in ("", "came", *(it.name for it in done.scored)):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("score of days, CRPS (days)", "", *(f"{it.crps:.2f}" for it in done.scored))
    table.add_row("score of cases a month, CRPS", "", *(f"{it.monthly_crps:.2f}" for it in done.scored))
    for level, name in enumerate(("p10", "p50", "p90")):
        came, told = done.scored[0].quantiles[level].came, [it.quantiles[level] for it in done.scored]
        table.add_row(f"days, {name}", f"{came:.1f}", *(_days(it) for it in told))
    for name, what in (("within", f"within {done.within_days:.0f} days"), ("asked", "came back")):
        told = [getattr(it, name) for it in done.scored]
        table.add_row(what, f"{told[0].came:.0%}", *(f"{it.median:.0%} [{it.low:.0%}, {it.high:.0%}]" for it in told))
    inside = (f"{sum(month.inside for month in it.monthly)} of {len(it.monthly)}" for it in done.scored)
    table.add_row("months inside the interval", "", *inside)
    return table


def _days(told: Told) -> str:
    return f"{told.median:.1f} [{told.low:.1f}, {told.high:.1f}]"
