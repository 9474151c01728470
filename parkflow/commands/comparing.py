"""The commands that compare policies or weigh levers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow import comparisons
from parkflow.analysis.experiments.comparison import Comparison
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Engine,
    Force,
    Format,
    From,
    Levers,
    Out,
    Park,
    Policies,
    Replications,
    Seed,
    Shape,
    To,
    Without,
    Workers,
)
from parkflow.commands.printing import progress_bar, show, show_json
from parkflow.comparisons import DEFAULT_REPLICATIONS
from parkflow.park import DEFAULT_PARK
from parkflow.policies import BASELINE


class WorthFormat(StrEnum):
    """How the worth of levers is printed."""

    table = "table"
    csv = "csv"
    markdown = "markdown"


def compare(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    baseline: Annotated[str, typer.Option(help="Policy to compare with.")] = BASELINE,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    assumptions: Annotated[
        int, typer.Option(help="Points of the ranges of assumed numbers, for a second interval; 100 say much.")
    ] = 0,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    out: Out = None,
    force: Force = False,
) -> None:
    """Print a comparison, and keep it in a folder if one is named."""
    with progress_bar(replications + assumptions) as progress:
        result = comparisons.compare(
            park,
            policy or (),
            baseline=baseline,
            levers=levers_written(lever or ()),
            without=without or (),
            start=start,
            end=end,
            measures=_printed(shape, out),
            replications=replications,
            seed=seed,
            assumptions=assumptions,
            workers=workers,
            out=out,
            force=force,
            progress=progress,
            so_far=progress.so_far,
        )
    _show(result, shape)


def run(
    park: Park = DEFAULT_PARK,
    policy: Annotated[str, typer.Option("--policy", "-p", help="The policy to run.")] = BASELINE,
    start: From = None,
    end: To = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    out: Out = None,
    force: Force = False,
) -> None:
    """Print what one policy comes to, and keep it in a folder if one is named."""
    with progress_bar(replications) as progress:
        result = comparisons.run(
            park,
            policy,
            start=start,
            end=end,
            measures=_printed(shape, out),
            replications=replications,
            seed=seed,
            workers=workers,
            out=out,
            force=force,
            progress=progress,
        )
    _show(result, shape)


def worth(
    park: Park = DEFAULT_PARK,
    policy: Annotated[str, typer.Option("--policy", "-p", help="The bundle whose levers are weighed.")] = "full",
    start: From = None,
    end: To = None,
    replications: Replications = 6,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Annotated[WorthFormat, typer.Option("--format", "-f", help="How the table is printed.")] = WorthFormat.table,
) -> None:
    """Print what each lever of a bundle is worth."""
    from parkflow.analysis.terminal.worth_tables import worth_markdown, worth_table

    with progress_bar(2 * replications) as progress:
        weighed = comparisons.worth(
            park, policy, start=start, end=end, replications=replications, seed=seed, workers=workers, progress=progress
        )
    if shape is WorthFormat.table:
        show(worth_table(weighed))
    elif shape is WorthFormat.markdown:
        typer.echo(worth_markdown(weighed), nl=False)
    else:
        typer.echo(weighed.frame().to_csv(index=False), nl=False)


def _printed(shape: Format, out: Path | None) -> tuple[str, ...] | None:
    """The measures that tables show, where nothing else is asked for; else all."""
    if shape is not Format.table or out is not None:
        return None
    from parkflow.analysis.terminal.comparison_tables import PRINTED

    return PRINTED


def _show(result: Comparison, shape: Format) -> None:
    if shape is Format.json:
        show_json(result.document())
    elif shape is Format.csv:
        typer.echo(result.frame().to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.terminal.comparison_tables import comparison_tables

        for table in comparison_tables(result):
            show(table)
