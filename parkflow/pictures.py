"""Charts and reports of what is stored, or of a park that is simulated for them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from parkflow.analysis.charts.chart import Ask, Chart
from parkflow.analysis.charts.drawing import (
    known_kind,
    ledger_chart,
    lever_chart,
    run_chart,
    scenario_chart,
    sweep_chart,
    table_chart,
)
from parkflow.analysis.charts.kinds import LEDGER_KINDS, LEVER_KINDS, SWEEP_KINDS
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.responses import is_sweep, responses
from parkflow.analysis.language import words
from parkflow.analysis.record.embedding import carried, embedded
from parkflow.analysis.report.comparison_page import comparison_page
from parkflow.analysis.report.page import Page, html
from parkflow.analysis.report.sweep_page import sweep_page
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.validation.ledger import Ledger
from parkflow.comparisons import DEFAULT_REPLICATIONS, Folder, Progress, compare, quiet, worth
from parkflow.park import DEFAULT_PARK, Park, load
from parkflow.policies import BASELINE, Site
from parkflow.scenarios.describe import difference
from parkflow.sim.scenario import Scenario
from parkflow.sweeps import SweepResult
from parkflow.validation import stored_ledger, validate

Source = Park | Run | SweepResult
"""What is shown: a run or sweep that was opened, the path of its folder, or a park, which is simulated first."""

Lang = Literal["en", "zh"]


@dataclass(frozen=True)
class _Simulated:
    """How a park is simulated where nothing is stored of it."""

    replications: int
    seed: int
    workers: int | None
    progress: Progress


@dataclass(frozen=True)
class Report:
    """A report: its title, its answer in a few sentences, and the page."""

    page: Page
    record: Mapping[str, Any] | None = None
    """How what it shows was made; None where its folder has no record."""

    @property
    def title(self) -> str:
        """What the report is about."""
        return self.page.title

    @property
    def answer(self) -> tuple[str, ...]:
        """The answer, sentence by sentence."""
        return tuple(self.page.answer)

    @property
    def html(self) -> str:
        """The whole report as one HTML page that needs no network, with its record in it."""
        return html(self.page) if self.record is None else embedded(html(self.page), self.record)

    def save(self, path: Folder) -> Path:
        """Write the report as one HTML file; returns its path."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.html, encoding="utf-8")
        return target


def open_run(folder: Folder) -> Run | SweepResult:
    """What a folder holds: a run, with its tables and measures, or a sweep.

    Raises `ParkflowError` where it holds neither.
    """
    path = Path(folder)
    if is_sweep(path):
        return SweepResult(path)
    run = Run(path)
    _ = run.document  # tells at once where there is none
    return run


def chart(
    kind: str,
    source: Source = DEFAULT_PARK,
    *,
    policy: str | None = None,
    project: str | None = None,
    measure: str | None = None,
    lang: Lang = "en",
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> Chart:
    """Draw one kind of chart of a run, a sweep, or a park that is simulated first.

    The result has a matplotlib `figure`, the `table` behind it, a `title` and a `caption`, and is written to a file by
    `save`, its table by `save_data`. `policy` is the one set beside the baseline, `project` whose schedule is drawn,
    `measure` that of a sweep. Where there is nothing to show, the picture says so, and the chart `is_empty`.
    Raises `ParkflowError` for an unknown kind, and for what a kind does not ask.
    """
    name, ask = known_kind(kind), Ask(words(lang), policy, project, measure)
    _refuse_unused(name, project, measure)
    how = _Simulated(replications, seed, workers, progress)
    folder = _folder(source)
    if name in SWEEP_KINDS:
        found = responses(_sweep_folder(source, folder))
        return sweep_chart(found, measure or found.asked, ask)
    if name in LEVER_KINDS:
        return _lever_chart(source, ask, how)
    if name in LEDGER_KINDS:
        return ledger_chart(_ledger(source, folder, how), ask)
    if name == "network" and folder is None:
        return scenario_chart(load(_park(source)), ask)
    with _run_of(source, how, policy) as run:
        return run_chart(name, run, ask)


def report(
    source: Source = DEFAULT_PARK,
    *,
    policy: str | None = None,
    measure: str | None = None,
    lang: Lang = "en",
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> Report:
    """Make a report that can be handed in, of a run, a sweep, or a park that is simulated first.

    `policy` is the one that the answer is about, `measure` that of a sweep. Raises `ParkflowError` for whatever does
    not fit.
    """
    ask, folder = Ask(words(lang), policy, measure=measure), _folder(source)
    if folder is not None and is_sweep(folder):
        return Report(sweep_page(responses(folder), ask), carried(folder))
    with _run_of(source, _Simulated(replications, seed, workers, progress), policy) as run:
        changes = {name: difference(run.scenario, run.scenarios[name]) for name in run.policies[1:]}
        return Report(comparison_page(run, ask, changes), carried(run.folder))


def _refuse_unused(kind: str, project: str | None, measure: str | None) -> None:
    """Nothing that is asked is ignored: raises `ArgumentError` for what a kind of chart has no use for."""
    if project is not None and kind != "gantt":
        raise ArgumentError("project", project, f"only the chart gantt shows one project, {kind} does not")
    if measure is not None and kind not in SWEEP_KINDS:
        raise ArgumentError("measure", measure, f"only the chart of a sweep shows one measure, {kind} does not")


def _folder(source: Source) -> Path | None:
    """The folder of what is stored; None for a park."""
    if isinstance(source, Run | SweepResult):
        return source.folder
    if isinstance(source, Scenario) or not Path(source).is_dir():
        return None
    return Path(source)


def _sweep_folder(source: Source, folder: Path | None) -> Path:
    if folder is not None:
        return folder
    if isinstance(source, Scenario):
        raise ArgumentError("source", source.name, "the response of a sweep is drawn from its folder, not from a park")
    return Path(_park(source))  # type: ignore[arg-type]


def _park(source: Source) -> Park:
    if isinstance(source, Run | SweepResult):
        raise ArgumentError("source", source.folder, "give a park: its name, a scenario file or a scenario")
    return source


def _lever_chart(source: Source, ask: Ask, how: _Simulated) -> Chart:
    """What the levers of a policy are worth in a park, or in the table that `parkflow worth --format csv` wrote."""
    park = _park(source)
    if not isinstance(park, Scenario) and os.fspath(park).endswith(".csv"):
        return table_chart(Path(park), ask)
    policy = ask.policy or Site.of(park).chosen((), BASELINE)[-1]
    weighed = worth(
        park, policy, replications=how.replications, seed=how.seed, workers=how.workers, progress=how.progress
    )
    return lever_chart(weighed, ask)


def _ledger(source: Source, folder: Path | None, how: _Simulated) -> Ledger:
    """The ledger of a folder of `parkflow validate`, or that of a park, which is simulated."""
    if folder is not None:
        return stored_ledger(folder)
    return validate(
        _park(source), replications=how.replications, seed=how.seed, workers=how.workers, progress=how.progress
    )


@contextmanager
def _run_of(source: Source, how: _Simulated, policy: str | None) -> Iterator[Run]:
    """The stored run of a folder, or a fresh one of a park, gone when the block is left."""
    if isinstance(source, Run):
        yield source
        return
    if (folder := _folder(source)) is not None:
        yield Run(folder)
        return
    with TemporaryDirectory() as made:
        compare(
            _park(source), policy or (), replications=how.replications, seed=how.seed, workers=how.workers,
            progress=how.progress, out=made,
        )  # fmt: skip
        yield Run(Path(made))
