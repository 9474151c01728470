"""The commands that run sweeps and tell what they found."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow.analysis.experiments import sweep as experiments
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.catalogue import load_offers
from parkflow.commands.endings import FAILED, stored_if_stopped
from parkflow.commands.options import Engine, Format, From, Policies, Repair, Shape, SweepFolder, To, Workers
from parkflow.commands.printing import show, show_json
from parkflow.policies import cores
from parkflow.registration import measures_of
from parkflow.sweeps import carry_out_sweep, precision, settings


class Detail(StrEnum):
    """What a sweep stores of every replication besides its measures."""

    summary = "summary"
    projects = "projects"
    events = "events"


class Design(StrEnum):
    """How the points of a sweep are chosen."""

    grid = "grid"
    random = "random"
    lhs = "lhs"
    sobol = "sobol"


def sweep(
    file: Annotated[str, typer.Argument(help="A shipped sweep, a sweep file, or a park.", metavar="FILE|PARK")],
    vary: Annotated[list[str] | None, typer.Option(help="A factor: key=2,3,4 or key=low:high:points.")] = None,
    policy: Policies = None,
    baseline: Annotated[str | None, typer.Option(help="Policy to compare with.")] = None,
    start: From = None,
    end: To = None,
    design: Annotated[Design | None, typer.Option(help="How points are chosen.")] = None,
    size: Annotated[int | None, typer.Option(help="Points of a random, lhs or sobol design.")] = None,
    replications: Annotated[int | None, typer.Option("--replications", "-n", help="Of every point.")] = None,
    half_width: Annotated[float | None, typer.Option(help="Replicate until days saved are this sure.")] = None,
    cap: Annotated[int | None, typer.Option(help="Most replications of a point with --half-width.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")] = None,
    detail: Annotated[Detail | None, typer.Option(help="What is stored besides the measures.")] = None,
    latin_hypercube: Annotated[bool | None, typer.Option(help="Draw replications in Latin hypercube blocks.")] = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", "-m", help="Observe only this; several times.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    extend: Annotated[int, typer.Option(help="So many replications more of every point.", min=0)] = 0,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed.")] = False,
    repair: Repair = False,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://host:8786.")] = None,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the sweep; else sweeps/NAME.")] = None,
) -> None:
    """Run a sweep and print what it found."""
    given = {
        "policies": tuple(policy) if policy else None, "baseline": baseline, "from": start, "to": end, "size": size,
        "design": design.value if design else None, "replications": replications,
        "precision": precision(half_width, cap), "seed": seed,
        "detail": detail.value if detail else None, "latin_hypercube": latin_hypercube,
    }  # fmt: skip
    load_offers()
    plan = experiments.planned(
        load_sweep(file, tuple(vary or ()), settings(given)), measures_of(measure) if measure else None
    )
    if dry_run:
        _forecast(plan, cores(workers))
        return
    folder = out or Path("sweeps") / plan.name
    with stored_if_stopped(folder):
        _run(plan, folder, workers, cluster, extend, retry_failed, repair)
    failed = _show(folder, (), shape)
    raise typer.Exit(FAILED if failed else 0)


def results(
    folder: SweepFolder,
    measure: Annotated[list[str] | None, typer.Option("--measure", "-m", help="A measure; several times.")] = None,
    groups: Annotated[bool, typer.Option("--groups", help="Of every group of projects.")] = False,
    shape: Shape = Format.table,
) -> None:
    """Print the results of a sweep's folder."""
    _show(folder, tuple(measure or ()), shape, groups)


def status(folder: SweepFolder) -> None:
    """Print how far a sweep's folder is."""
    from parkflow.analysis.terminal.sweep_tables import standing_text

    typer.echo(standing_text(str(folder), experiments.standing(folder)))


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


def _show(out: Path, measures: tuple[str, ...], shape: Format, groups: bool = False) -> bool:
    """Print the results of a sweep; returns whether any point failed."""
    from parkflow.analysis.terminal.sweep_tables import notes, results_tables

    asked = measures or ((experiments.asked_for(out),) if shape is Format.table else ())
    folder, rows = experiments.results(out, asked, groups)
    if shape is Format.json:
        show_json(experiments.document(folder, rows))
    elif shape is Format.csv:
        import pandas as pd

        typer.echo(pd.DataFrame(rows).to_csv(index=False), nl=False)
    else:
        for table in results_tables(folder, rows):
            show(table)
    for note in notes(folder, rows):
        typer.echo(f"parkflow: {note}", err=True)
    return bool(folder.failures)
