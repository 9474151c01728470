"""Making the page of the ledger: what it needs is run once and kept, so that a second call goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import parkflow
from docs.making.making import IMAGES, PARKS, Making, mark
from docs.making.validation import Judged, Shape, validation_page
from parkflow.analysis.charts import start_curves
from parkflow.analysis.charts.chart import Ask, Chart
from parkflow.analysis.charts.drawing import ledger_chart, run_chart
from parkflow.analysis.formatting import duration
from parkflow.analysis.provenance import scenario_hash
from parkflow.analysis.store.files import write_text
from parkflow.analysis.store.run_folder import COMPARISON, Run
from parkflow.scenarios.evidence import programmes
from parkflow.sim.levers import SERIAL

KEPT = Path("build") / "validation"
"""Where replications and runs are kept; what is there is not run again."""

REPLICATIONS, POINTS = 60, 24
SHAPE_REPLICATIONS, DOUBT_REPLICATIONS, DOUBT_POINTS = 12, 40, 64
POLICIES = ("reported", "green_channel", "full")
DOUBTED = ("days_saved", "net_days", "days", "start_rate", "issues_resolved_90")
SECONDS_BETWEEN_LINES = 15.0
SHOWN = dict.fromkeys(PARKS, (SERIAL, *POLICIES))
"""Policies by park that the page rests on."""

NAME = "validation.md"


def make_validation(making: Making) -> Iterator[str]:
    """Run what is missing, and write the page with its pictures."""
    ledger = parkflow.validate(
        PARKS, replications=REPLICATIONS, seed=making.seed, assumptions=POINTS, workers=making.workers,
        out=KEPT / "ledger", progress=Told("ledger", (REPLICATIONS + POINTS) * len(PARKS)),
    )  # fmt: skip
    picture = _saved(making, ledger_chart(ledger, Ask()), "validation.png")
    doubts = {park: _doubts(making, park) for park in PARKS}
    shapes = [_shape(making, park) for park in PARKS]
    text = validation_page(Judged(ledger, doubts, shapes, *picture), mark(SHOWN), "python -m docs.making validation")
    write_text(making.folder / NAME, text)
    yield NAME


def _doubts(making: Making, park: str) -> Sequence[Mapping[str, Any]]:
    """Both intervals of the headline of a park under its reported policy."""
    run = _stored(making, park, "doubt", ("reported",), DOUBT_REPLICATIONS, DOUBT_POINTS)
    return [row for row in run.document["assumptions"] if row["measure"] in DOUBTED and row["policy"] == "reported"]


def _shape(making: Making, park: str) -> Shape:
    """The start curves of a park under every policy."""
    run = _stored(making, park, "shape", POLICIES, SHAPE_REPLICATIONS, 0)
    signed, chart = start_curves.signed(run), run_chart("start_curves", run, Ask())
    curves = start_curves.shares(signed)
    policies = {}
    for policy in run.policies:
        curve, months = curves[curves["policy"] == policy], signed.loc[signed["policy"] == policy, "months"]
        at = [float(np.interp(it["months"][1], curve["month"], curve["mean"])) for it in programmes()]
        policies[policy] = (at, float(np.log(months[months > 0]).std()))
    return Shape(park, policies, *_saved(making, chart, f"validation-{park}-starts.png"))


def _stored(making: Making, park: str, what: str, policies: Sequence[str], replications: int, points: int) -> Run:
    """A comparison that is kept: that of the park as it is now, run if it is not there yet."""
    folder = KEPT / f"{what}-{park}-{scenario_hash(parkflow.load(park))[:12]}-{replications}-{points}-{making.seed}"
    if not (folder / COMPARISON).exists() or (points and "assumptions" not in Run(folder).document):
        parkflow.compare(
            park, policies, replications=replications, seed=making.seed, assumptions=points, workers=making.workers,
            out=folder, progress=Told(f"{what} {park}", replications + points),
        )  # fmt: skip
    return Run(folder)


def _saved(making: Making, chart: Chart, name: str) -> tuple[str, str]:
    """Where a chart was saved, and its caption."""
    chart.save(making.folder / IMAGES / name)
    return f"{IMAGES}/{name}", chart.caption


class Told:
    """Tells on standard error, now and then, how much is done and how long the rest takes."""

    def __init__(self, what: str, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.what, self.total, self.clock = what, total, clock
        self.begun = self.last = clock()
        self.known: int | None = None

    def __call__(self, done: int) -> None:
        """Print a line, if it is time to."""
        self.known = done if self.known is None else self.known
        now, fresh = self.clock(), done - self.known
        if fresh > 0 and (now - self.last >= SECONDS_BETWEEN_LINES or done >= self.total):
            self.last = now
            left = duration((self.total - done) * (now - self.begun) / fresh)
            print(f"{self.what}: {done}/{self.total}, {left} left", file=sys.stderr, flush=True)
