"""From a kind of chart to the chart: the one place that knows all kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from parkflow.analysis.charts import (
    curves,
    desk_days,
    gantt,
    land,
    levers,
    network,
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
from parkflow.analysis.experiments.responses import Responses
from parkflow.analysis.experiments.worth import LeverWorth
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
    "s_curves": curves.chart,
    "start_curves": start_curves.chart,
    "issues": resolution.chart,
    "desks": desk_days.chart,
    "land": land.chart,
    "network": lambda run, ask: network.chart(run.scenario, ask),
}


def run_chart(kind: str, run: Run, ask: Ask) -> Chart:
    """The chart of this kind for a run.

    Raises `NothingToDrawError` where the run has nothing that it could show, `FontError` where no font speaks the
    language.
    """
    with themed(ask.say.language):
        ask = replace(ask, say=ask.say.about(run.scenario))
        return replace(_OF_RUN[kind](run, ask), language=ask.say.language)


def scenario_chart(scenario: Scenario, ask: Ask) -> Chart:
    """The network of a park, which needs no run."""
    with themed(ask.say.language):
        ask = replace(ask, say=ask.say.about(scenario))
        return replace(network.chart(scenario, ask), language=ask.say.language)


def sweep_chart(found: Responses, measure: str, ask: Ask) -> Chart:
    """The chart of how one measure responds to the factors of a sweep."""
    with themed(ask.say.language):
        drawn = response.chart(
            found.of(measure),
            list(found.factors),
            measure,
            found.unit(measure),
            ask.say.about(found.scenario),
            found.name,
        )
    return replace(drawn, language=ask.say.language)


def lever_chart(worth: LeverWorth, ask: Ask) -> Chart:
    """The chart of what levers are worth."""
    with themed(ask.say.language):
        size = ask.say.pick(f"{worth.replications} replications", f"{worth.replications} 次仿真重复")
        size = size if worth.group == ALL else f"{ask.say.group(worth.group)}, {size}"
        return replace(levers.chart(worth.frame(), worth.park, worth.policy, ask.say, size), language=ask.say.language)


def ledger_chart(ledger: Ledger, ask: Ask) -> Chart:
    """The chart of what was reported beside what is predicted."""
    with themed(ask.say.language):
        return replace(reported.chart(ledger, ask), language=ask.say.language)


def table_chart(path: Path, ask: Ask) -> Chart:
    """The chart of what levers are worth, from the CSV file that `parkflow worth --format csv` writes.

    Raises `NothingToDrawError` for a file without the columns lever, way, mean, low and high.
    """
    table = pd.read_csv(path)
    missing = {"lever", "way", "mean", "low", "high"} - set(table.columns)
    if missing:
        raise NothingToDrawError(f"{path}: has no column {', '.join(sorted(missing))}; make it with parkflow worth")
    with themed(ask.say.language):
        drawn = levers.chart(table, path.stem, ask.policy or "bundle", ask.say)
    return replace(drawn, language=ask.say.language)


def known_kind(kind: str) -> str:
    """The name of a kind, with dashes for underscores allowed.

    Raises `NothingToDrawError` that suggests the nearest one.
    """
    name = kind.replace("-", "_")
    if name not in KINDS:
        raise NothingToDrawError(f"no chart is called {kind!r}; {nearest(name, KINDS)} (kinds: {', '.join(KINDS)})")
    return name
