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

from parkflow.analysis.charts.theme import INK, MUTED, themed
from parkflow.analysis.errors import AnalysisError, ArgumentError
from parkflow.analysis.language import Language, Words
from parkflow.analysis.store.run_folder import Run

TALL, TALL_DPI = 9.0, 120
"""Pictures higher than so many inches have fewer dots an inch."""

LETTERS_PER_INCH: dict[Language, float] = {"en": 11.5, "zh": 7.0}
"""How many letters of a title stand on an inch."""

SUFFIXES = (".png", ".svg", ".pdf")


class NothingToDrawError(AnalysisError):
    """The tables hold nothing that this chart could show; the message says what is missing."""


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

    def save(self, path: str | PathLike[str], titled: bool = True) -> None:
        """Write the figure, under its title, as PNG, SVG or PDF by the suffix of the path.

        Raises `ArgumentError` for any other suffix.
        """
        target = Path(path)
        if target.suffix not in SUFFIXES:
            raise ArgumentError("out", path, f"give a name that ends in {', '.join(SUFFIXES)}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.bytes(target.suffix[1:], titled))

    def bytes(self, suffix: str, titled: bool = False) -> bytes:
        """The figure as `png`, `svg` or `pdf`; the same figure gives the same bytes."""
        undated: dict[str, dict[str, Any]] = {
            "svg": {"Date": None, "Description": self.caption},
            "pdf": {"CreationDate": None, "Subject": self.caption},
            "png": {"Description": self.caption},
        }
        written = BytesIO()
        with themed(self.language):
            self.figure.suptitle(
                self._wrapped_title() if titled else "", x=0.01, ha="left", fontsize=9.5, fontweight="bold"
            )
            self.figure.savefig(
                written,
                format=suffix,
                dpi=TALL_DPI if self.figure.get_figheight() > TALL else 200,
                metadata={"Title": self.title} | undated[suffix],
            )
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
            f"the run has one policy only, {run.baseline}; a comparison needs two: parkflow compare PARK --policy NAME"
        )
    return ask.policy or others[0]


def some(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """The table, if it has rows.

    Raises `NothingToDrawError` that names what is missing.
    """
    if not len(table):
        raise NothingToDrawError(f"there is nothing to draw: {what}")
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
