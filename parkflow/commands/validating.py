"""The command that judges the model by what was reported."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow.commands.options import Engine, Format, Lang, Language, Out, Replications, Seed, Shape, Workers
from parkflow.commands.printing import progress_bar, show, show_json
from parkflow.validation import DEFAULT_REPLICATIONS, reports
from parkflow.validation import validate as judged

WIDTH = 80


def validate(
    parks: Annotated[
        list[str] | None,
        typer.Argument(help="Parks that something is reported of; all if none is named.", metavar="[PARK|FILE]..."),
    ] = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    assumptions: Annotated[
        int, typer.Option(help="Points of the ranges of assumed numbers at which the headline claims are judged too.")
    ] = 0,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    out: Out = None,
    lang: Lang = Language.en,
) -> None:
    """Print the ledger."""
    chosen = tuple(parks or ())
    total = (replications + assumptions) * (len(chosen) or len(reports()))
    with progress_bar(total) as progress:
        ledger = judged(
            chosen,
            replications=replications,
            seed=seed,
            assumptions=assumptions,
            workers=workers,
            out=out,
            progress=progress,
        )
    if shape is Format.json:
        show_json(ledger.document())
    elif shape is Format.csv:
        typer.echo(ledger.frame().to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.ledger_tables import ledger_tables

        for table in ledger_tables(ledger, words(lang.value)):
            show(table, width=WIDTH)
