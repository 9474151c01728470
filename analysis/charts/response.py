"""The response of a measure to the factors of a sweep: a line for one factor, a heat map for two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.api.types import is_numeric_dtype

from parkflow.analysis.charts.chart import Chart, some
from parkflow.analysis.charts.theme import DASHES, HEAT, MARKERS, POLICY_COLOURS, figure, on_dark
from parkflow.analysis.formatting import amount, percent
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure as registered
from parkflow.analysis.sentences.points import is_listed, level, point_name
from parkflow.analysis.store.rows import greatest, least

MOST_LEVELS = 12
"""A factor of more levels than this is spread, as by a Latin hypercube, and drawn as a cloud."""

MOST_PANELS = 6

LEAST_CELLS = 3
"""Two factors with at least so many values each are drawn as a heat map."""


def chart(table: pd.DataFrame, factors: list[str], measure: str, unit: str, say: Words, name: str = "") -> Chart:
    """The response of one measure; `table` has a row per point, with its factors, mean, low and high.

    Beyond two factors the first two are drawn, and the mean is taken over the others.
    """
    named = say.begin(say.title(registered(measure)))
    some(table.dropna(subset=["mean"]), f"no point of the sweep has the measure {measure}", "参数扫描中没有该指标")
    label = f"{named} ({say.unit(unit)})" if unit == "days" and "days" not in named.lower() else named
    kept = table.dropna(subset=["mean"])
    if is_spread(kept, factors):
        shown = factors[:MOST_PANELS]
        drawn = clouds(kept, shown, label, say)
    elif is_listed(kept, factors):
        shown = factors
        drawn = listed(kept, factors, label, say, unit)
    else:
        shown = factors[:2]
        drawn = draw(averaged(kept, shown), shown, label, say, unit)
    points = kept if shown == factors else averaged(kept, shown)
    title = say.pick(f"Response of {named.lower()}", f"{named}的响应") + (f" ({name})" if name else "")
    return Chart("sweep", title, _caption(points, shown, named, unit, factors[len(shown) :], say), drawn, points)


def is_spread(table: pd.DataFrame, factors: list[str]) -> bool:
    """Whether the points fill a space, so that no two share a level."""
    return len(factors) > 1 and any(table[factor].nunique() > MOST_LEVELS for factor in factors)


def averaged(table: pd.DataFrame, factors: list[str]) -> pd.DataFrame:
    """The points by the factors shown: mean, low and high over whatever else varies."""
    kept = table.dropna(subset=["mean"])
    if not factors:
        return kept
    return kept.groupby(factors, sort=True, dropna=False)[["mean", "low", "high"]].mean().reset_index()


def draw(points: pd.DataFrame, factors: list[str], label: str, say: Words, unit: str = "") -> Figure:
    """Draw points (factors, mean, low, high) as lines, or as a heat map of two factors with three values each."""
    if len(factors) == 2 and all(points[factor].nunique() >= LEAST_CELLS for factor in factors):
        return _heat(points, factors, label, say, unit)
    drawn = figure(3.1)
    axes = drawn.subplots()
    _lines(axes, points, factors, label, say)
    if unit == "share":
        axes.yaxis.set_major_formatter(lambda value, _: percent(value))
    return drawn


def listed(points: pd.DataFrame, factors: list[str], label: str, say: Words, unit: str) -> Figure:
    """Draw points (factors, mean, low, high) one below the other, named by what is not as at most points."""
    ordered = points.sort_values("mean", ascending=False)
    names = [point_name(row, points, factors, say) for _, row in ordered.iterrows()]
    drawn = figure(1.0 + 0.24 * len(ordered))
    axes = drawn.subplots()
    error = np.nan_to_num([ordered["mean"] - ordered["low"], ordered["high"] - ordered["mean"]])
    axes.errorbar(
        ordered["mean"], range(len(ordered)), xerr=error, fmt="o", color=POLICY_COLOURS[0], markersize=4.5, capsize=2.5
    )
    axes.set_yticks(range(len(ordered)), names)
    axes.set_ylim(len(ordered) - 0.5, -0.5)
    axes.set_xlabel(label)
    if unit == "share":
        axes.xaxis.set_major_formatter(lambda value, _: percent(value))
    axes.set_title(say.first("estimate and 95% interval of the mean"), fontweight="normal")
    axes.grid(axis="x")
    return drawn


def clouds(points: pd.DataFrame, factors: list[str], label: str, say: Words) -> Figure:
    """Draw points (factors, mean) as a cloud over each factor."""
    rows = (len(factors) + 1) // 2
    drawn = figure(0.3 + 2.0 * rows)
    panels = drawn.subplots(rows, min(2, len(factors)), sharey=True, squeeze=False).flatten()
    for axes, factor in zip(panels, factors, strict=False):
        _cloud(axes, points, factor)
        axes.set_xlabel(say.factor(factor))
        axes.set_ylabel(label if axes in panels[::2] else "")
        axes.grid(axis="y")
    for axes in panels[len(factors) :]:
        axes.axis("off")
    return drawn


def _cloud(axes: Axes, points: pd.DataFrame, factor: str) -> None:
    """The points over one factor, with a curve of second order through them where it is a number."""
    if not is_numeric_dtype(points[factor]) or points[factor].nunique() < LEAST_CELLS:
        sns.stripplot(x=points[factor].astype(str), y=points["mean"], ax=axes, size=3, color=POLICY_COLOURS[0])
        return
    sns.regplot(
        x=points[factor], y=points["mean"], ax=axes, order=2, ci=None, color=POLICY_COLOURS[0],
        scatter_kws={"s": 10, "alpha": 0.6}, line_kws={"color": POLICY_COLOURS[5], "linewidth": 1.4},
    )  # fmt: skip


def _heat(points: pd.DataFrame, factors: list[str], label: str, say: Words, unit: str) -> Figure:
    cells = points.pivot_table(index=factors[0], columns=factors[1], values="mean").sort_index(ascending=False)
    drawn = figure(max(2.7, 1.5 + 0.32 * len(cells)))
    axes = drawn.subplots()
    shown = {"label": label} | ({"format": lambda share, _: percent(share, 1)} if unit == "share" else {})
    sns.heatmap(cells, ax=axes, cmap=HEAT, cbar_kws=shown, linewidths=0.8)
    _numbers(axes, cells, unit)
    axes.set_yticks(np.arange(len(cells)) + 0.5, [level(value) for value in cells.index], rotation=0)
    axes.set_xticks(np.arange(len(cells.columns)) + 0.5, [level(value) for value in cells.columns], rotation=0)
    axes.set_ylabel(say.factor(factors[0]))
    axes.set_xlabel(say.factor(factors[1]))
    return drawn


def _numbers(axes: Axes, cells: pd.DataFrame, unit: str) -> None:
    if cells.shape[1] > 10:
        return
    least, most = float(np.nanmin(cells)), float(np.nanmax(cells))
    for (row, column), value in np.ndenumerate(cells.to_numpy()):
        if not np.isnan(value):
            colour = on_dark((value - least) / (most - least) if most > least else 0.0)
            axes.text(
                column + 0.5, row + 0.5, _short(value, unit), ha="center", va="center", fontsize=7.5, color=colour
            )


def _lines(axes: Axes, points: pd.DataFrame, factors: list[str], label: str, say: Words) -> None:
    x, by = (factors[0] if factors else None), (factors[1] if len(factors) > 1 else None)
    parts = list(points.groupby(by, sort=True)) if by else [("", points)]
    for number, (value, mine) in enumerate(parts):
        name = f"{say.factor(str(by))} = {level(value)}" if by else None
        apart = 0.08 * (number - (len(parts) - 1) / 2)  # levels without a scale leave room to stand beside each other
        at = mine[x] if x and _is_scale(mine[x]) else np.arange(len(mine)) + apart
        error = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        axes.errorbar(
            at, mine["mean"], yerr=error, color=POLICY_COLOURS[number % 6], linestyle=DASHES[number % 6],
            marker=MARKERS[number % 6], markersize=4, capsize=2.5, linewidth=1.4, elinewidth=0.9, label=name,
        )  # fmt: skip
    if x and not _is_scale(points[x]):
        names = list(dict.fromkeys(points[x]))
        axes.set_xticks(range(len(names)), [level(name) for name in names])
    axes.set_xlabel(say.factor(x) if x else "")
    axes.set_ylabel(label)
    axes.set_title(say.first("estimate and 95% interval of the mean"), fontweight="normal")
    axes.grid(axis="y")
    if by:
        axes.legend()


def _is_scale(levels: pd.Series) -> bool:
    """Whether levels are numbers with distances between them."""
    return is_numeric_dtype(levels) and levels.dtype != bool


def _short(value: float, unit: str) -> str:
    return amount(value, unit, 1 if unit == "share" else 2 if abs(value) < 2 else 0)


def _caption(points: pd.DataFrame, factors: list[str], named: str, unit: str, others: list[str], say: Words) -> str:
    best, worst = greatest(points, "mean"), least(points, "mean")

    high, low = (point_name(row, points, factors, say) for row in (best, worst))
    text = say.pick(
        f"{named} is highest, {_short(best['mean'], unit)}{'' if unit == 'share' else ' ' + unit}, at "
        f"{high}, and lowest, {_short(worst['mean'], unit)}, at {low}.",
        f"{named}最高为 {_short(best['mean'], unit)}（{high}），最低为 {_short(worst['mean'], unit)}（{low}）。",
    )
    if others:
        text += (
            say.pick(" Means over ", "对以下因素取平均：")
            + ", ".join(say.factor(other) for other in others)
            + say.pick(".", "。")
        )
    return text
