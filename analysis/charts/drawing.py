"""From a kind of chart to the chart: the one place that knows all kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from parkflow.analysis.charts import (
    curves,
    desk_days,
    gantt,
    land,
    levers,
    network,
    nothing,
    portfolio,
    reported,
    resolution,
    response,
    savings,
    start_curves,
    waterfall,
    winners,
)
from parkflow.analysis.charts.chart import Ask, Chart, NothingToDrawError
from parkflow.analysis.charts.kinds import KINDS
from parkflow.analysis.charts.theme import themed
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.responses import Responses
from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.validation.ledger import Ledger
from parkflow.sim.names import nearest
from parkflow.sim.scenario import Scenario

_OF_RUN: dict[str, Callable[[Run, Ask], Chart]] = {
    "days_saved": savings.chart,
    "causes": waterfall.chart,
    "winners": winners.chart,
    "gantt": gantt.chart,
    "portfolio": portfolio.chart,
    "s_curves": curves.chart,
    "start_curves": start_curves.chart,
    "issues": resolution.chart,
    "desks": desk_days.chart,
    "land": land.chart,
    "network": lambda run, ask: network.chart(run.scenario, ask),
}


def run_chart(kind: str, run: Run, ask: Ask) -> Chart:
    """The chart of this kind for a run.

    Where the run has nothing that it could show, the picture says so. Raises `FontError` where no font speaks the
    language.
    """
    ask = replace(ask, say=ask.say.about(run.scenario))
    return _drawn(kind, lambda: _OF_RUN[kind](run, ask), str(run.document["scenario"]), ask.say)


def scenario_chart(scenario: Scenario, ask: Ask) -> Chart:
    """The network of a park, which needs no run."""
    ask = replace(ask, say=ask.say.about(scenario))
    return _drawn("network", lambda: network.chart(scenario, ask), scenario.name, ask.say)


def sweep_chart(found: Responses, measure: str, ask: Ask) -> Chart:
    """The chart of how one measure responds to the factors of a sweep."""
    say, factors = ask.say.about(found.scenario), list(found.factors)
    return _drawn(
        "sweep",
        lambda: response.chart(found.of(measure), factors, measure, found.unit(measure), say, found.name),
        found.name, say,
    )  # fmt: skip


def lever_chart(worth: LeverWorth, ask: Ask) -> Chart:
    """The chart of what levers are worth."""
    size = ask.say.pick(f"{worth.replications} replications", f"{worth.replications} 次仿真重复")
    size = size if worth.group == ALL else f"{ask.say.group(worth.group)}, {size}"
    draw = partial(levers.chart, worth.frame(), worth.park, worth.policy, ask.say, size)
    return _drawn("levers", draw, worth.park, ask.say)


def ledger_chart(ledger: Ledger, ask: Ask) -> Chart:
    """The chart of what was reported beside what is predicted."""
    return _drawn("ledger", lambda: reported.chart(ledger, ask), ", ".join(ledger.parks), ask.say)


def _drawn(kind: str, draw: Callable[[], Chart], place: str, say: Words) -> Chart:
    """What is drawn in the look and language asked for; where there is nothing to draw, a picture that says so."""
    with themed(say.language):
        try:
            made = draw()
        except NothingToDrawError as error:
            made = nothing.chart(kind, error, place, say)
    return replace(made, language=say.language)


def table_chart(path: Path, ask: Ask) -> Chart:
    """The chart of what levers are worth, from the CSV file that `parkflow worth --format csv` writes.

    Raises `ArgumentError` for a file without the columns lever, way, mean, low and high.
    """
    table = pd.read_csv(path)
    missing = {"lever", "way", "mean", "low", "high"} - set(table.columns)
    if missing:
        raise ArgumentError("source", path, f"has no column {', '.join(sorted(missing))}; make it with parkflow worth")
    draw = partial(levers.chart, table, path.stem, ask.policy or "bundle", ask.say)
    return _drawn("levers", draw, path.stem, ask.say)


def known_kind(kind: str) -> str:
    """The name of a kind, with dashes for underscores allowed.

    Raises `ArgumentError` that suggests the nearest one.
    """
    name = kind.replace("-", "_")
    if name not in KINDS:
        raise ArgumentError("kind", kind, f"no chart is called so; {nearest(name, KINDS)} (kinds: {', '.join(KINDS)})")
    return name
