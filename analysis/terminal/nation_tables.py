"""What the zones of a nation show, and what running them takes, as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.nation import NationForecast, Row
from parkflow.analysis.formatting import NONE, duration, interval, plain, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measures

SAVED = "days_saved"

MANY_WORKERS = 100
"""Workers for which a forecast is given besides those that there are."""


def nation_tables(manifest: Mapping[str, Any], rows: Sequence[Row], say: Words) -> list[Table]:
    """The measures of all zones by policy, and by kind of zone what each policy changes."""
    kinds = manifest["nation"]["zones"]
    name, many = manifest["title"] or manifest["name"], rounded(sum(kinds.values()))
    zones = say.pick(f"{name}: {many} zones", f"{name}:{many} 个园区")
    shown = [row for row in rows if row["group"] == ALL]
    whole = ALL if len(kinds) > 1 else next(iter(kinds))
    tables = [_table(zones, say("measure"), [row for row in shown if row["kind"] == whole], "measure", say)]
    if len(kinds) > 1:
        saved = [row for row in shown if row["measure"] == SAVED]
        titles = say.pick(
            (f"{_titles(say)[SAVED]}, by kind of zone", "zones"), (f"{_titles(say)[SAVED]}(按园区类型)", "园区")
        )
        tables.append(_table(*titles, saved, "kind", say))
    return tables


def _table(title: str, head: str, rows: Sequence[Row], by: str, say: Words) -> Table:
    """One line for each value of `by`, one column for each policy."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column(head, overflow="fold")
    policies = dict.fromkeys(row["policy"] for row in rows)
    for policy in policies:
        table.add_column(say.policy(policy), justify="right", no_wrap=True)
    cells = {(row[by], row["policy"]): interval(row["mean"], row["low"], row["high"], row["unit"]) for row in rows}
    for name in dict.fromkeys(row[by] for row in rows):
        table.add_row(_titles(say).get(name, name), *(cells.get((name, policy), NONE) for policy in policies))
    return table


def _titles(say: Words) -> dict[str, str]:
    return {one.name: say.title(one) for one in measures()}


def nation_forecast(name: str, found: NationForecast, workers: int) -> str:
    """What a nation will take, in words."""
    whole = found.zones * found.replications * found.seconds
    many = found.seconds * -(-found.zones * found.replications // MANY_WORKERS)
    return (
        f"{name}: {rounded(found.zones)} zones × {found.replications} under {found.policies} policies, "
        f"{plain(found.seconds, 2)} s of one core each; about {duration(whole / workers)} on {workers} workers and "
        f"{duration(many)} on {MANY_WORKERS}"
    )
