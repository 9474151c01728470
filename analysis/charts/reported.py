"""The ledger as a chart: what the model predicts for every reported number, as a multiple of what is reported."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from parkflow.analysis.charts.chart import Ask, Chart, NothingToDrawError
from parkflow.analysis.charts.theme import INK, MUTED, PAGE, RULE, figure
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.validation.ledger import Ledger
from parkflow.analysis.validation.line import Line

MARKS = {"reproduced": ("o", "#0072B2"), "best_case": ("D", "#E69F00"), "not_reproduced": ("X", "#D55E00")}
"""Marker and colour of each verdict that rests on a prediction; told apart in grey by the marker."""

LEAST, MOST = 0.1, 10.0
"""Ends of the axis; what lies beyond is drawn at the end."""

INCHES_PER_LINE = 0.19


def chart(ledger: Ledger, ask: Ask) -> Chart:
    """One row per line that is simulated: the predicted median and central 95%, and the bounds of what is reported."""
    lines = [line for line in ledger.lines if not np.isnan(line.predicted) and _scale(line) > 0]
    if not lines:
        raise NothingToDrawError(
            "no line of the ledger is simulated; name a park that something is reported of",
            "对照表中没有可仿真的条目；请选择有报道数字的园区",
        )
    say = ask.say
    drawn = figure(1.2 + INCHES_PER_LINE * len(lines), PAGE)
    axes = drawn.subplots()
    for place, line in enumerate(lines):
        _draw(axes, -place, line)
    axes.set_yticks([-place for place in range(len(lines))], [_label(line, say) for line in lines], fontsize=7.5)
    axes.set(xscale="log", xlim=(LEAST, MOST), ylim=(-len(lines), 1))
    axes.set_xticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    axes.minorticks_off()
    axes.set_xlabel(say.pick("simulated ÷ reported (median and central 95%)", "模拟 ÷ 报道（中位数与95%区间）"))
    axes.axvline(1, color=INK, linewidth=0.8, zorder=1)
    axes.grid(axis="x", color=RULE)
    drawn.legend(handles=_legend(say), loc="outside lower center", ncols=4, fontsize=7.5)
    title = say.pick("What was reported beside what the model predicts", "报道与模型预测对照")
    return Chart("ledger", f"{title} ({', '.join(ledger.parks)})", _caption(lines, say), drawn, ledger.frame())


def _draw(axes: Axes, place: float, line: Line) -> None:
    """One row: the bounds of what is reported as a grey bar, the prediction as a line with a marker."""
    scale, (least, most) = _scale(line), line.definition.reported
    axes.plot(
        _within(np.array([least, most]) / scale),
        (place, place),
        color=RULE,
        linewidth=7,
        solid_capstyle="butt",
        zorder=0,
    )
    marker, colour = MARKS.get(line.verdict, ("o", MUTED))
    axes.plot(_within(np.array([line.low, line.high]) / scale), (place, place), color=colour, linewidth=1.4)
    axes.plot(_within(np.array([line.predicted]) / scale), (place,), marker=marker, color=colour, markersize=5)


def _within(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(values, LEAST, MOST))


def _scale(line: Line) -> float:
    """The reported value, or the middle of its bounds."""
    one = line.definition
    return one.value if one.value is not None else sum(one.reported) / 2


def _label(line: Line, say: Words) -> str:
    one = line.definition
    name = one.line if one.park in one.line else f"{one.park} {one.line}"
    return f"{say.pick(one.title, one.title_zh)}  {name}"


def _legend(say: Words) -> list[Line2D]:
    made = [
        Line2D([], [], marker=marker, color=colour, linewidth=1.4, markersize=5, label=say.verdict(verdict))
        for verdict, (marker, colour) in MARKS.items()
    ]
    return [*made, Line2D([], [], color=RULE, linewidth=7, label=say.pick("bounds of the report", "报道取值范围"))]


def _caption(lines: list[Line], say: Words) -> str:
    counts = {verdict: sum(line.verdict == verdict for line in lines) for verdict in MARKS}
    told = [f"{rounded(count)} {say.verdict(verdict)}" for verdict, count in counts.items()]
    return say.pick(
        f"Of {len(lines)} reported numbers that the model predicts: {', '.join(told)}. Beyond tenfold either way a "
        "mark stands at the edge.",
        f"模型给出预测的 {len(lines)} 项报道数字中：{'，'.join(told)}。超过十倍者标于边缘。",
    )
