"""The command that runs the zones of a nation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parkflow.analysis.experiments.nation import NationPlan, forecast_nation, nation_rows, planned_nation
from parkflow.analysis.experiments.nation_file import load_nation
from parkflow.catalogue import load_offers
from parkflow.commands.endings import FAILED, stored_if_stopped
from parkflow.commands.options import (
    Engine,
    Format,
    Lang,
    Language,
    MeasuresAsked,
    Out,
    Policies,
    Repair,
    Replications,
    Seed,
    Shape,
    Workers,
)
from parkflow.commands.printing import show, show_json
from parkflow.nations import DEFAULT_NATION, carry_out_nation
from parkflow.policies import at_least, cores
from parkflow.registration import measures_of


def nation(
    file: Annotated[str, typer.Argument(help="A shipped nation, or a nation file.", metavar="NATION|FILE")] = (
        DEFAULT_NATION
    ),
    policy: Policies = None,
    measure: MeasuresAsked = None,
    zones: Annotated[int | None, typer.Option(help="So many zones of each kind at most.", min=1)] = None,
    replications: Replications = 1,
    seed: Seed = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed.")] = False,
    repair: Repair = False,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://host:8786.")] = None,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
    out: Out = None,
) -> None:
    """Run the zones of a nation and print what they show together."""
    load_offers()
    asked = at_least(0, seed, "seed"), at_least(1, replications, "replications")
    found = load_nation(file, tuple(policy or ()), zones)
    plan = planned_nation(found, *asked, measures_of(measure) if measure else None)
    if dry_run:
        _forecast(plan, cores(workers))
        return
    folder = out or Path("nations") / plan.name
    with stored_if_stopped(folder):
        from parkflow.analysis.terminal.progress import shown

        with shown(plan.name, words=("zones", "runs")) as progress:
            stored = carry_out_nation(plan, folder, workers, cluster, progress, retry_failed, repair)
    rows = nation_rows(stored)
    if shape is Format.json:
        show_json({**stored.manifest, "measures": rows})
    elif shape is Format.csv:
        import pandas as pd

        typer.echo(pd.DataFrame(rows).to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.nation_tables import nation_tables

        for table in nation_tables(stored.manifest, rows, words(lang.value)):
            show(table)
    for failure in stored.failures.values():
        typer.echo(f"parkflow: block {failure.point}: {failure.error}", err=True)
    raise typer.Exit(FAILED if stored.failures else 0)


def _forecast(plan: NationPlan, workers: int) -> None:
    from parkflow.analysis.terminal.nation_tables import nation_forecast

    typer.echo(nation_forecast(plan.name, forecast_nation(plan), workers))
