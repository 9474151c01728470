"""Which lever did it: levers that join one after another, as tables of tax reforms stack them, beside their shares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Chart, zero_line
from parkflow.analysis.charts.theme import BASE, GAIN, INK, LOSS, MUTED, figure, themed
from parkflow.analysis.experiments.attribution import SHARE, TURN, Attribution
from parkflow.analysis.formatting import amount
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure as known_measure
from parkflow.analysis.sentences.shares import shares


def share_chart(found: Attribution, say: Words, measure: str | None = None) -> Chart:
    """The waterfall of one measure, the first asked about if none is named: bars in order, dots for the shares."""
    name = measure or str(found.joint[0]["measure"])
    with themed(say.language):
        drawn = draw(found, name, say)
    said = say.title(known_measure(name))
    title = say.pick(f"Which lever did it: {said}, {say.policy(found.policy)} ({found.park})",
                     f"哪项措施起了作用：{say.policy(found.policy)}的{said}（{found.park}）")  # fmt: skip
    table = found.frame()
    mine = table[(table["measure"] == name) & table["way"].isin((SHARE, TURN))]
    return replace(Chart("shares", title, shares(found, name, say), drawn, mine), language=say.language)


def draw(found: Attribution, measure: str, say: Words) -> Figure:
    """Draw what each lever adds in its turn, from nothing to the joint effect, and its share with the interval."""
    (joint,) = (row["mean"] for row in found.joint if row["measure"] == measure)
    turns, mine = found.of(measure, TURN), found.of(measure, SHARE)
    drawn = figure(1.1 + 0.3 * (len(found.order) + 1))
    axes = drawn.subplots()
    steps = np.array([turns[name]["mean"] for name in found.order])
    before = np.concatenate(([0.0], np.cumsum(steps)[:-1]))
    places = np.arange(len(steps))
    axes.barh(places, steps, 0.6, left=before, color=[GAIN if step >= 0 else LOSS for step in steps],
              label=say.pick("in its turn", "按顺序加入"))  # fmt: skip
    axes.barh(len(steps), joint, 0.6, color=BASE)
    _connect(axes, before + steps)
    _shares(axes, [mine[name] for name in found.order], before, say)
    _write(axes, [*steps, joint], [*np.maximum(before, before + steps), max(joint, 0)], known_measure(measure).unit)
    axes.set_yticks(range(len(steps) + 1), [*map(say.lever, found.order), say.pick("together", "合计")])
    axes.set_ylim(len(steps) + 0.5, -0.5)
    axes.set_xlabel(say.first(say.title(known_measure(measure))))
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    zero_line(axes)
    axes.legend(loc="upper right" if joint >= 0 else "upper left")
    return drawn


def _connect(axes: Axes, levels: np.ndarray) -> None:
    for place, level in enumerate(levels):
        axes.plot([level, level], [place + 0.3, place + 0.7], color=MUTED, linewidth=0.7)


def _shares(axes: Axes, rows: list[dict[str, Any]], before: np.ndarray, say: Words) -> None:
    """The shares with their intervals, measured from where the lever's bar begins."""
    means = np.array([row["mean"] for row in rows])
    low, high = (np.array([row[bound] for row in rows], dtype=float) for bound in ("low", "high"))
    error = np.nan_to_num([means - low, high - means])
    label = say.pick("Shapley share, 95% together", "沙普利分摊值，95% 联合区间")
    axes.errorbar(
        before + means, range(len(rows)), xerr=error, fmt="o", color=INK, markersize=3.5, capsize=2, linewidth=0.9,
        label=label,
    )  # fmt: skip


def _write(axes: Axes, values: list[float], right: list[float], unit: str) -> None:
    """The value of each bar, to the right of it."""
    for place, (value, at) in enumerate(zip(values, right, strict=True)):
        axes.annotate(amount(value, unit), (at, place - 0.3), (3, 0), textcoords="offset points", va="bottom",
                      fontsize=7)  # fmt: skip
