"""Charts and reports of what is stored, or of a park that is simulated for them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pandas as pd

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
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.responses import is_sweep, responses
from parkflow.analysis.experiments.worth import LeverWorth, lever_worth
from parkflow.analysis.language import words
from parkflow.analysis.record.embedding import carried, embedded
from parkflow.analysis.report.basis import Changes
from parkflow.analysis.report.comparison_page import comparison_page
from parkflow.analysis.report.page import Page, Sheet, html
from parkflow.analysis.report.parks_page import ParkPage, parks_page
from parkflow.analysis.report.sweep_page import sweep_page
from parkflow.analysis.store.files import write_pieces
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.store.table_text import WRITTEN
from parkflow.analysis.validation.ledger import Ledger
from parkflow.attributions import worth
from parkflow.catalogue import Levers
from parkflow.comparisons import DEFAULT_REPLICATIONS, Folder, Progress, compare, quiet
from parkflow.park import DEFAULT_PARK, Names, Park, load, several
from parkflow.policies import BASELINE, Site, at_least, cores
from parkflow.scenarios.describe import difference
from parkflow.sim.scenario import Scenario
from parkflow.sweeps import SweepResult
from parkflow.validation import stored_ledger, validate

Source = Park | Run | SweepResult
"""What is shown: a run or sweep that was opened, the path of its folder, or a park, which is simulated first."""

Lang = Literal["en", "zh"]


@dataclass(frozen=True)
class _Simulated:
    """How a park is simulated where nothing is stored of it, and under what."""

    replications: int
    seed: int
    workers: int | None
    progress: Progress
    policies: tuple[str, ...] = ()
    baseline: str | None = None
    levers: Levers = ()
    without: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None

    def compare(self, park: Park, out: Folder) -> None:
        """Compare policies of a park, and keep all in a folder."""
        compare(
            park, self.policies, baseline=self.baseline or BASELINE, levers=self.levers, without=self.without,
            start=self.start, end=self.end, replications=self.replications, seed=self.seed, workers=self.workers,
            progress=self.progress, out=out,
        )  # fmt: skip

    def shown(self, run: Run) -> str | None:
        """The policy of a run that is shown, if one is named: of a fresh run the first, of a stored one the only one.

        Raises `ArgumentError` for what a stored run cannot be asked any more.
        """
        asked = {
            "baseline": self.baseline, "levers": self.levers, "without": self.without, "start": self.start,
            "end": self.end, "policy": self.policies[1:],
        }  # fmt: skip
        for name, value in asked.items():
            if value:
                raise ArgumentError(name, value, f"{run.folder} is stored as it was asked; compare its park again")
        return self.policies[0] if self.policies else None


@dataclass(frozen=True)
class Report:
    """A report: its title, its answer in a few sentences, and the page."""

    page: Page
    measures: pd.DataFrame
    """Every row of measures behind it, as numbers."""

    record: Mapping[str, Any] | None = None
    """How what it shows was made; None where its folder has no record."""

    annex: bool = False
    """Whether the annex is printed too."""

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
        page = html(self.page, self.annex)
        return page if self.record is None else embedded(page, self.record)

    def save(self, path: Folder) -> Path:
        """Write the report as HTML, PDF, Word document or Excel workbook, by the suffix; returns the path.

        A PDF is printed by an installed browser, on A4; a workbook holds all tables and every measure; ``.md`` and
        ``.tex`` hold the tables alone. Raises
        `ParkflowError` for another suffix, and where a browser or a library is missing.
        """
        target = Path(path)
        if target.suffix in WRITTEN:
            tables = (it for it in self.page.sheets if self.annex or not it.folded)
            write_pieces(target, [self._written(it, target.suffix) for it in tables])
            return target
        write = {".html": self._as_html, ".pdf": self._as_pdf, ".docx": self._as_document, ".xlsx": self._as_workbook}
        if target.suffix not in write:
            raise ArgumentError("out", path, f"give a name that ends in {', '.join((*write, *WRITTEN))}")
        write_pieces(target, [write[target.suffix]()])
        return target

    def _written(self, table: Sheet, suffix: str) -> str:
        rows = ([cell.text for cell in row] for row in table.rows)
        return WRITTEN[suffix](table.title, table.columns, rows) + "\n"

    def _as_html(self) -> bytes:
        return self.html.encode()

    def _as_pdf(self) -> bytes:
        from parkflow.analysis.report.browser import printed

        return printed(self.html)

    def _as_document(self) -> bytes:
        from parkflow.analysis.report.document import document

        return document(self.page, self.annex)

    def _as_workbook(self) -> bytes:
        from parkflow.analysis.report.workbook import workbook

        return workbook(self.page, self.measures)


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
    policy: Names = (),
    project: str | None = None,
    measure: str | None = None,
    baseline: str | None = None,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    lang: Lang = "en",
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> Chart:
    """Draw one kind of chart of a run, a sweep, or a park that is simulated first.

    The result has a matplotlib `figure`, the `table` behind it, a `title` and a `caption`, and is written to a file by
    `save`, its table by `save_data`. `policy` is the one set beside the baseline, `project` whose schedule is drawn,
    `measure` that of a sweep. A park is compared as `compare` does with several policies, `baseline`, `levers`,
    `without`, `start` and `end`; of a stored run one policy can be named. Where there is nothing to show, the picture
    says so, and the chart `is_empty`. Raises `ParkflowError` for an unknown kind, and for what a kind does not ask.
    """
    name, ask = known_kind(kind), Ask(words(lang), None, project, measure)
    _refuse_unused(name, project, measure)
    how = _Simulated(
        replications, seed, workers, progress, several(policy), baseline, levers, several(without), start, end
    )
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
    with _run_of(source, how) as (run, shown):
        return run_chart(name, run, replace(ask, policy=shown))


def report(
    source: Source | list[Source] | tuple[Source, ...] = DEFAULT_PARK,
    *,
    policy: Names = (),
    measure: str | None = None,
    baseline: str | None = None,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    lang: Lang = "en",
    annex: bool = False,
    worth: int = 0,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> Report:
    """Make a report that can be handed in, of a run, a sweep, or a park that is simulated first; or of several parks.

    A park is compared as `compare` does with the policies, `baseline`, `levers`, `without`, `start` and `end` given;
    of a stored run one policy can be named, which the charts are then of. `measure` is that of a sweep. With `annex`
    the annex is printed too. With `worth`, each lever of the policy is weighed by so many replications. `source` may be
    a list of runs and parks, which then stand side by side. Raises `ParkflowError` for whatever does not fit.
    """
    ask, how = (
        Ask(words(lang), measure=measure),
        _Simulated(
            replications, seed, workers, progress, several(policy), baseline, levers, several(without), start, end
        ),
    )
    if isinstance(source, list | tuple):
        return _of_parks(source, ask, annex, how)
    folder = _folder(source)
    if folder is not None and is_sweep(folder):
        found = responses(folder)
        return Report(sweep_page(found, ask), found.rows, carried(folder), annex)
    with _run_of(source, how) as (run, shown):
        weighed = _weighed(run, shown, at_least(0, worth, "worth"), how) if worth else None
        page = comparison_page(run, replace(ask, policy=shown), _changes(run), worth=weighed)
        return Report(page, run.measures, carried(run.folder), annex)


def _of_parks(sources: Sequence[Source], ask: Ask, annex: bool, how: _Simulated) -> Report:
    """The report of several parks, each with the policies of its own."""
    parks, measures = [], []
    with ExitStack() as opened:
        for source in sources:
            run, _ = opened.enter_context(_run_of(source, how))
            parks.append(ParkPage(run, comparison_page(run, ask, _changes(run))))
            measures.append(run.measures.assign(park=run.document["scenario"]))
        return Report(parks_page(parks, ask.say), pd.concat(measures, ignore_index=True), None, annex)


def _changes(run: Run) -> Changes:
    return {name: difference(run.scenario, run.scenarios[name]) for name in run.policies[1:]}


def _weighed(run: Run, policy: str | None, replications: int, how: _Simulated) -> LeverWorth:
    """What each lever of a policy of a run is worth; raises `ArgumentError` where its baseline has levers too."""
    if run.baseline != BASELINE:
        raise ArgumentError("worth", replications, f"levers are weighed against {BASELINE}, not against {run.baseline}")
    name = policy or next(iter(run.policies[1:]), "")
    seed, executor = int(run.document["seed"]), local(cores(how.workers))
    return lever_worth(run.scenario, name, run.question, seed, range(replications), executor, how.progress)


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
        return table_chart(Path(park), replace(ask, policy=next(iter(how.policies), None)))
    policy = next(iter(how.policies), None) or Site.of(park).chosen((), BASELINE)[-1]
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
def _run_of(source: Source, how: _Simulated) -> Iterator[tuple[Run, str | None]]:
    """The stored run of a folder, or a fresh one of a park, gone when the block is left; and the policy to show."""
    if (folder := _folder(source)) is not None:
        run = source if isinstance(source, Run) else Run(folder)
        yield run, how.shown(run)
        return
    with TemporaryDirectory() as made:
        how.compare(_park(source), made)
        yield Run(Path(made)), None
