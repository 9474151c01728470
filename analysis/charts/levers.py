"""What each lever is worth alone, and what is lost when it is removed from the bundle."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Chart, some, zero_line
from parkflow.analysis.charts.theme import figure
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words

SIDES = {"alone": ("#0072B2", "o"), "removed": ("#E69F00", "s")}
NAMED = {"alone": ("saved alone", "单独采用时节省"), "removed": ("lost when removed", "去掉后损失")}


def chart(table: pd.DataFrame, park: str, bundle: str, say: Words, size: str = "") -> Chart:
    """Levers alone and removed; `table` has a row per lever and `way` (alone, removed), mean, low and high in days."""
    some(table.dropna(subset=["mean"]), f"the policy {bundle} of {park} has no levers", "该政策不含任何措施")
    drawn = draw(table, say, size)
    title = say.pick(f"What each lever of {say.the_policy(bundle)} is worth", f"{say.policy(bundle)}各项措施的作用")
    return Chart("levers", f"{title} ({park})", _caption(table, say), drawn, table)


def draw(table: pd.DataFrame, say: Words, size: str = "") -> Figure:
    """Draw the worth of levers (lever, way, mean, low, high), that of most worth alone at the top."""
    order = list(table[table["way"] == "alone"].sort_values("mean", ascending=False)["lever"])
    order += [lever for lever in dict.fromkeys(table["lever"]) if lever not in order]
    drawn = figure(1.2 + 0.25 * len(order))
    axes = drawn.subplots()
    for number, (way, (colour, marker)) in enumerate(SIDES.items()):
        _points(axes, table[table["way"] == way], order, (number - 0.5) * 0.3, colour, marker, say.pick(*NAMED[way]))
    axes.set_yticks(range(len(order)), [say.lever(lever) for lever in order])
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.set_xlabel(say("days per project"))
    axes.set_title(
        say.first("estimate and 95% interval of the mean") + (f" ({size})" if size else ""), fontweight="normal"
    )
    axes.grid(axis="x")
    zero_line(axes)
    axes.legend(loc="lower right")
    return drawn


def _points(
    axes: Axes, mine: pd.DataFrame, order: list[str], shift: float, colour: str, marker: str, label: str
) -> None:
    at = [order.index(lever) + shift for lever in mine["lever"]]
    error = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
    axes.errorbar(
        mine["mean"], at, xerr=error, fmt=marker, color=colour, markersize=4.5, capsize=2.5, linewidth=1.3, label=label
    )


def _caption(table: pd.DataFrame, say: Words) -> str:
    alone = table[table["way"] == "alone"].sort_values("mean", ascending=False)
    removed = table[table["way"] == "removed"].sort_values("mean", ascending=False)
    parts = []
    if len(alone):
        best = alone.iloc[0]
        parts.append(
            say.pick(
                f"Alone, {say.lever(best['lever'])} saves most ({rounded(best['mean'])} days).",
                f"单独采用时{say.lever(best['lever'])}节省最多（{rounded(best['mean'])} 天）。",
            )
        )
        parts.append(
            say.pick(
                f"The levers alone sum to {rounded(alone['mean'].sum())} days.",
                f"各项单独之和为 {rounded(alone['mean'].sum())} 天。",
            )
        )
    if len(removed):
        most = removed.iloc[0]
        parts.append(
            say.pick(
                f"From the bundle, {say.lever(most['lever'])} is missed most ({rounded(most['mean'])} days).",
                f"去掉{say.lever(most['lever'])}损失最大（{rounded(most['mean'])} 天）。",
            )
        )
    return say.pick(" ", "").join(parts)
