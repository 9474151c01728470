"""What every kind of chart shares: the chart itself, what is asked of it, axes of dates, and marks in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from os import PathLike
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure

from parkflow.analysis.charts.look import BARE, Look
from parkflow.analysis.charts.theme import INK, MUTED, themed, writable
from parkflow.analysis.errors import AnalysisError, ArgumentError
from parkflow.analysis.formatting import plain
from parkflow.analysis.language import Language, Words
from parkflow.analysis.store.files import write_pieces
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.store.table_text import WRITTEN

LETTERS_PER_INCH: dict[Language, float] = {"en": 11.5, "zh": 7.0}
"""How many letters of a title stand on an inch."""

SUFFIXES = (".png", ".svg", ".pdf")


class NothingToDrawError(AnalysisError):
    """The tables hold nothing that this chart could show; both messages say what is missing."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(why)
        self.why, self.why_zh = why, why_zh


@dataclass(frozen=True)
class Ask:
    """What is asked of a chart: the language, and where it matters the policy, the project, the measure."""

    say: Words = field(default_factory=Words)
    policy: str | None = None
    project: str | None = None
    measure: str | None = None


@dataclass(frozen=True)
class Chart:
    """A figure, the table behind it, what to see in it, and a text that stands for it where it cannot be seen."""

    kind: str
    title: str
    caption: str
    figure: Figure
    table: pd.DataFrame
    language: Language = "en"

    @property
    def alternative(self) -> str:
        """The text alternative of the picture."""
        return f"{self.title}. {self.caption}"

    @property
    def heading(self) -> str:
        """The title without the park, which stands in brackets at its end."""
        return self.title.rpartition(" (")[0] or self.title

    @property
    def is_empty(self) -> bool:
        """Whether the picture only says that there is nothing to show."""
        return not len(self.table)

    def save(
        self,
        path: str | PathLike[str],
        *,
        titled: bool = True,
        width: float | None = None,
        height: float | None = None,
        dpi: int | None = None,
        font: str | None = None,
    ) -> None:
        """Write the figure as PNG, SVG or PDF by the suffix of the path, under its title unless that is not wanted.

        Width and height are in inches; letters keep their size, so a picture of 3.5 inches fits a journal's column as
        it is. `font` is the name of an installed font. Raises `ArgumentError` for another suffix or an impossible
        size, `FontError` where a font is not installed or cannot write what stands in the figure.
        """
        target = Path(path)
        if target.suffix not in SUFFIXES:
            raise ArgumentError("out", path, f"give a name that ends in {', '.join(SUFFIXES)}")
        look = Look(width, height, dpi, font, titled)
        write_pieces(target, [self.bytes(target.suffix[1:], look)])

    def save_data(self, path: str | PathLike[str]) -> None:
        """Write the table behind the figure as CSV, Markdown or LaTeX by the suffix of the path.

        Raises `ArgumentError` for any other suffix.
        """
        target = Path(path)
        if target.suffix == ".csv":
            write_pieces(target, [self.table.to_csv(index=False)])
        elif target.suffix in WRITTEN:
            rows = (list(map(plain, row)) for row in self.table.itertuples(index=False))
            write_pieces(target, [WRITTEN[target.suffix](self.heading, [*map(str, self.table.columns)], rows)])
        else:
            raise ArgumentError("data", path, "give a name that ends in .csv, .md or .tex")

    def bytes(self, suffix: str, look: Look = BARE) -> bytes:
        """The figure as `png`, `svg` or `pdf`; the same figure gives the same bytes."""
        undated: dict[str, dict[str, Any]] = {
            "svg": {"Date": None, "Description": self.caption},
            "pdf": {"CreationDate": None, "Subject": self.caption},
            "png": {"Description": self.caption},
        }
        written, metadata = BytesIO(), {"Title": self.title} | undated[suffix]
        with themed(self.language, look.font), look.sized(self.figure), writable(self.figure, suffix):
            title = self._wrapped_title() if look.titled else ""
            self.figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
            self.figure.savefig(written, format=suffix, dpi=look.dots(self.figure), metadata=metadata)
        return written.getvalue()

    def _wrapped_title(self) -> str:
        """The title on as many lines as the width of the figure asks for."""
        letters = int(self.figure.get_figwidth() * LETTERS_PER_INCH[self.language])
        return "\n".join(wrap(self.title, letters))


def chosen_policy(run: Run, ask: Ask) -> str:
    """The policy that is set beside the baseline: the one asked for, or the first.

    Raises `NothingToDrawError` where the run has no other policy, `ArgumentError` where it has not this one.
    """
    others = [policy for policy in run.policies if policy != run.baseline]
    if ask.policy is not None and ask.policy not in others:
        raise ArgumentError("policy", ask.policy, f"the run has {', '.join(others) or 'only ' + run.baseline}")
    if not others:
        raise NothingToDrawError(
            f"the run has one policy only, {run.baseline}; a comparison needs two: parkflow compare PARK --policy NAME",
            f"本次仿真只有一种政策（{ask.say.policy(run.baseline)}）；"
            f"比较需要两种：parkflow compare PARK --policy NAME",
        )
    return ask.policy or others[0]


def some(table: pd.DataFrame, what: str, what_zh: str) -> pd.DataFrame:
    """The table, if it has rows.

    Raises `NothingToDrawError` that names in both languages what is missing.
    """
    if not len(table):
        raise NothingToDrawError(what, what_zh)
    return table


def sample(run: Run, say: Words, projects: int | None = None) -> str:
    """The sample size of a run, for titles and captions."""
    if projects is None:
        return say.pick(f"{run.replications} replications", f"{run.replications} 次仿真重复")
    return say.pick(
        f"{projects} projects × {run.replications} replications", f"{projects} 个项目 × {run.replications} 次仿真重复"
    )


def dates(run: Run, days: Any) -> Any:
    """Days since the start as dates, where the park has a start date."""
    values = np.asarray(days, dtype=np.float64)
    if run.scenario.start is None:
        return values
    return np.datetime64(run.scenario.start, "s") + (values * 86_400).astype("timedelta64[s]")


def date_axis(run: Run, axes: Axes, say: Words) -> None:
    """Mark the years and months on the horizontal axis, or name the days where the park has no start date."""
    if run.scenario.start is None:
        axes.set_xlabel(say("day"))
        return
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m"))  # type: ignore[no-untyped-call]
    axes.set_xlabel(say("date"))


def zero_line(axes: Axes, label: str = "") -> None:
    """A vertical line at zero."""
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1, label=label or None)


def note(axes: Axes, text: str) -> None:
    """A remark below the panel's title, in small letters."""
    axes.annotate(
        text,
        (0, 1),
        (0, 2),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=7.5,
        color=MUTED,
        va="bottom",
    )
