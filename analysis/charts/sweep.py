"""The response of a measure to the factors of a sweep: a line for one factor, a heat map for two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.api.types import is_numeric_dtype

from analysis.charts.chart import Chart, some
from analysis.theme import DASHES, HEAT, MARKERS, POLICY_COLOURS, figure, on_dark
from analysis.words import Words

LEAST_CELLS = 3
"""Two factors with at least so many values each are drawn as a heat map."""


def chart(table: pd.DataFrame, factors: list[str], measure: str, unit: str, say: Words, name: str = "") -> Chart:
    """The response of one measure; `table` has a row a point, with its factors, mean, low and high.

    Beyond two factors the first two are drawn, and the mean is taken over the others.
    """
    some(table.dropna(subset=["mean"]), f"no point of the sweep has the measure {measure}")
    shown = factors[:2]
    points = averaged(table, shown)
    drawn = draw(points, shown, f"{say(measure)} ({say(unit)})", say)
    title = say.pick(f"Response of {say(measure)}", f"{say(measure)}的响应") + (f" ({name})" if name else "")
    return Chart("sweep", title, _caption(points, shown, measure, unit, factors[2:], say), drawn, points)


def averaged(table: pd.DataFrame, factors: list[str]) -> pd.DataFrame:
    """The points by the factors shown: mean, low and high over whatever else varies."""
    kept = table.dropna(subset=["mean"])
    if not factors:
        return kept
    return kept.groupby(factors, sort=True, dropna=False)[["mean", "low", "high"]].mean().reset_index()


def draw(points: pd.DataFrame, factors: list[str], label: str, say: Words) -> Figure:
    """Draw points (factors, mean, low, high) as lines, or as a heat map of two factors with three values or more each."""
    if len(factors) == 2 and all(points[factor].nunique() >= LEAST_CELLS for factor in factors):
        return _heat(points, factors, label, say)
    drawn = figure(3.1)
    _lines(drawn.subplots(), points, factors, label, say)
    return drawn


def _heat(points: pd.DataFrame, factors: list[str], label: str, say: Words) -> Figure:
    cells = points.pivot_table(index=factors[0], columns=factors[1], values="mean").sort_index(ascending=False)
    drawn = figure(1.5 + 0.32 * len(cells))
    axes = drawn.subplots()
    sns.heatmap(cells, ax=axes, cmap=HEAT, cbar_kws={"label": label}, linewidths=0.8)
    _numbers(axes, cells)
    axes.set_yticks(np.arange(len(cells)) + 0.5, [_short(value) for value in cells.index], rotation=0)
    axes.set_xticks(np.arange(len(cells.columns)) + 0.5, [_short(value) for value in cells.columns], rotation=0)
    axes.set_ylabel(_factor(factors[0], say))
    axes.set_xlabel(_factor(factors[1], say))
    return drawn


def _numbers(axes: Axes, cells: pd.DataFrame) -> None:
    if cells.shape[1] > 10:
        return
    least, most = float(np.nanmin(cells)), float(np.nanmax(cells))
    for (row, column), value in np.ndenumerate(cells.to_numpy()):
        if not np.isnan(value):
            colour = on_dark((value - least) / (most - least) if most > least else 0.0)
            axes.text(column + 0.5, row + 0.5, _plain(value), ha="center", va="center", fontsize=7.5, color=colour)


def _lines(axes: Axes, points: pd.DataFrame, factors: list[str], label: str, say: Words) -> None:
    x, by = (factors[0] if factors else None), (factors[1] if len(factors) > 1 else None)
    parts = list(points.groupby(by, sort=True)) if by else [("", points)]
    for number, (value, mine) in enumerate(parts):
        name = f"{_factor(str(by), say)} = {_short(value)}" if by else None
        at = mine[x] if x and is_numeric_dtype(mine[x]) and mine[x].dtype != bool else np.arange(len(mine))
        error = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        axes.errorbar(
            at, mine["mean"], yerr=error, color=POLICY_COLOURS[number % 6], linestyle=DASHES[number % 6],
            marker=MARKERS[number % 6], markersize=4, capsize=2.5, linewidth=1.4, elinewidth=0.9, label=name,
        )  # fmt: skip
    if x and not is_numeric_dtype(points[x]) or (x and points[x].dtype == bool):
        names = list(dict.fromkeys(points[x]))
        axes.set_xticks(range(len(names)), [_short(name) for name in names])
    axes.set_xlabel(_factor(x, say) if x else "")
    axes.set_ylabel(label)
    axes.set_title(say.first("estimate and 95% interval of the mean"), fontweight="normal")
    axes.grid(axis="y")
    if by:
        axes.legend()


def _factor(key: str, say: Words) -> str:
    """A factor's key as a label: ``levers.parallel_approvals.share`` as ``parallel approvals: share``."""
    parts = [
        part for part in key.split(".") if part not in ("levers", "policies", "desks", "meetings", "stocks", "crews")
    ]
    return ": ".join(say(part) for part in parts[-2:])


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _plain(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 2 else f"{value:.0f}"


def _caption(points: pd.DataFrame, factors: list[str], measure: str, unit: str, others: list[str], say: Words) -> str:
    best, worst = points.loc[points["mean"].idxmax()], points.loc[points["mean"].idxmin()]

    def where(row: pd.Series) -> str:
        return ", ".join(f"{_factor(factor, say)} = {_short(row[factor])}" for factor in factors)

    text = say.pick(
        f"{say(measure)} is highest, {_plain(best['mean'])} {unit}, at {where(best)}, and lowest, {_plain(worst['mean'])}, at {where(worst)}.",
        f"{say(measure)}最高为 {_plain(best['mean'])}({where(best)}),最低为 {_plain(worst['mean'])}({where(worst)})。",
    )
    if others:
        text += (
            say.pick(" Means over ", "对以下因素取平均:")
            + ", ".join(_factor(other, say) for other in others)
            + say.pick(".", "。")
        )
    return text
