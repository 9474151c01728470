"""The commands that run sweeps and tell what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow.analysis.experiments import sweep as experiments
from parkflow.analysis.experiments.results import Found
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.store.sweep_folder import SweepFolder as Stored
from parkflow.catalogue import load_offers
from parkflow.commands.endings import FAILED, stored_if_stopped
from parkflow.commands.grouping import grouped
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Cap,
    Engine,
    Format,
    HalfWidth,
    Lang,
    Language,
    MaybeReplications,
    MaybeSeed,
    Out,
    Printing,
    Question,
    Repair,
    SweepFolder,
    Workers,
)
from parkflow.commands.printing import rows_of_terminal, say_paragraphs, show, show_json
from parkflow.policies import Change, cores
from parkflow.registration import measures_of
from parkflow.sim.scenario import Scenario
from parkflow.sweeps import carry_out_sweep, precision, settings, sweep_of


class Detail(StrEnum):
    """What a sweep stores of every replication besides its measures."""

    summary = "summary"
    projects = "projects"
    events = "events"


class Compared(StrEnum):
    """Whose baseline the policies of a point are compared with."""

    point = "point"
    park = "park"


class Design(StrEnum):
    """How the points of a sweep are chosen."""

    grid = "grid"
    random = "random"
    lhs = "lhs"
    sobol = "sobol"


@grouped
def sweep(
    file: Annotated[str, typer.Argument(help="A shipped sweep, a sweep file, or a park.", metavar="FILE|PARK")],
    *,
    vary: Annotated[list[str] | None, typer.Option(help="A factor: key=2,3,4 or key=low:high:points.")] = None,
    question: Question,
    against: Annotated[
        Compared | None, typer.Option(help="Compare with the baseline of each point, or of the park as it is.")
    ] = None,
    design: Annotated[Design | None, typer.Option(help="How points are chosen.")] = None,
    size: Annotated[int | None, typer.Option(help="Points of a random, lhs or sobol design.")] = None,
    replications: MaybeReplications = None,
    half_width: HalfWidth = None,
    cap: Cap = None,
    seed: MaybeSeed = None,
    detail: Annotated[Detail | None, typer.Option(help="What is stored besides the measures.")] = None,
    latin_hypercube: Annotated[bool | None, typer.Option(help="Draw replications in Latin hypercube blocks.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    extend: Annotated[int, typer.Option(help="So many replications more of every point.", min=0)] = 0,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed.")] = False,
    repair: Repair = False,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://host:8786.")] = None,
    workers: Workers = None,
    engine: Engine = None,
    printing: Printing,
    out: Out = None,
) -> None:
    """Run a sweep and print what it found."""
    given = {
        "policies": tuple(question.policy) if question.policy else None, "baseline": question.baseline,
        "against": against.value if against else None,
        "from": question.start, "to": question.end, "size": size,
        "design": design.value if design else None, "replications": replications,
        "precision": precision(half_width, cap), "seed": seed,
        "detail": detail.value if detail else None, "latin_hypercube": latin_hypercube,
    }  # fmt: skip
    load_offers()
    change = Change.of(levers_written(question.lever or ()), question.without or ())
    checked = sweep_of(file, change, settings(given), tuple(vary or ()))
    plan = experiments.planned(checked, measures_of(printing.measure) if printing.measure else None)
    if dry_run:
        _forecast(plan, cores(workers))
        return
    folder = out or Path("sweeps") / plan.name
    with stored_if_stopped(folder):
        _run(plan, folder, workers, cluster, extend, retry_failed, repair)
    failed = _show(folder, tuple(printing.measure or ()), printing)
    raise typer.Exit(FAILED if failed else 0)


@grouped
def results(
    folder: SweepFolder,
    *,
    groups: Annotated[bool, typer.Option("--groups", help="Of every group of projects.")] = False,
    printing: Printing,
) -> None:
    """Print the results of a sweep's folder."""
    _show(folder, tuple(printing.measure or ()), replace(printing, full=printing.full or groups), groups)


def status(folder: SweepFolder, lang: Lang = Language.en) -> None:
    """Print how far a sweep's folder is."""
    from parkflow.analysis.language import words
    from parkflow.analysis.terminal.sweep_tables import standing_text

    typer.echo(standing_text(str(folder), experiments.standing(folder), words(lang.value)))


def _forecast(plan: experiments.Plan, workers: int) -> None:
    from parkflow.analysis.terminal.sweep_tables import forecast_text

    typer.echo(forecast_text(plan.name, experiments.forecast(plan), workers))


def _run(
    plan: experiments.Plan,
    folder: Path,
    workers: int | None,
    cluster: str | None,
    extend: int,
    retry_failed: bool,
    repair: bool,
) -> None:
    from parkflow.analysis.terminal.progress import shown

    with shown(plan.name, plan.wanted) as progress:
        carry_out_sweep(plan, folder, workers, cluster, progress, extend, retry_failed, repair)


def _show(out: Path, measures: tuple[str, ...], printing: Printing, groups: bool = False) -> bool:
    """Print the results of a sweep; returns whether any point failed."""
    from parkflow.analysis.terminal.sweep_tables import notes

    asked = measures or ((experiments.asked_for(out),) if printing.shape is Format.table else ())
    folder, rows = experiments.results(out, asked, groups)
    if printing.shape is Format.json:
        show_json(experiments.document(folder, rows))
    elif printing.shape is Format.csv:
        import pandas as pd

        typer.echo(pd.DataFrame(rows).to_csv(index=False), nl=False)
    else:
        _show_answer(folder, rows, asked, printing)
    for note in notes(folder, rows):
        typer.echo(f"parkflow: {note}", err=True)
    return bool(folder.failures)


def _show_answer(folder: Stored, rows: Sequence[Found], asked: Sequence[str], printing: Printing) -> None:
    """For each measure its sentences, and the table of points that fits; all tables where they are asked for."""
    from parkflow.analysis.experiments.responses import responses_of
    from parkflow.analysis.language import words
    from parkflow.analysis.sentences import sweep_answers
    from parkflow.analysis.terminal.point_table import point_table
    from parkflow.analysis.terminal.sweep_tables import results_tables

    say = words(printing.lang.value).about(Scenario.model_validate(folder.manifest["scenario"]))
    whole = [row for row in rows if row["group"] == ALL or measure(row["measure"]).of_cohort]
    found = [row for row in whole if row["mean"] is not None and row["policy"] != folder.manifest["baseline"]]
    told = [name for name in asked if any(row["measure"] == name for row in found)]
    for name in told:
        responses = responses_of(folder, whole)
        say_paragraphs(sweep_answers.warning(responses, name, say))
        typer.echo(sweep_answers.heading(responses, say))
        say_paragraphs([say.pick(" ", "").join(sweep_answers.answer(responses, name, say))])
        show(point_table(responses, name, say, rows_of_terminal()))
    if printing.full or not told:
        for table in results_tables(folder, rows, say):
            show(table)
