"""A chart that has nothing to show says so on the picture, and why."""

from __future__ import annotations

from textwrap import fill

import pandas as pd

from parkflow.analysis.charts.chart import LETTERS_PER_INCH, Chart, NothingToDrawError
from parkflow.analysis.charts.kinds import TITLES
from parkflow.analysis.charts.theme import COLUMN, MUTED, figure
from parkflow.analysis.language import Words


def chart(kind: str, error: NothingToDrawError, place: str, say: Words) -> Chart:
    """The picture of this kind that says what is missing at a place, a park or a sweep; its table is empty."""
    why = say.pick(f"Nothing to show: {error.why}.", f"没有可显示的内容：{error.why_zh}。")
    drawn = figure(1.2)
    axes = drawn.subplots()
    axes.axis("off")
    lines = fill(why, int(COLUMN * LETTERS_PER_INCH[say.language]), break_on_hyphens=False)
    axes.text(0.02, 0.5, lines, va="center", color=MUTED, transform=axes.transAxes)
    return Chart(kind, f"{say.pick(*TITLES.get(kind, (kind, kind)))} ({place})", why, drawn, pd.DataFrame())
