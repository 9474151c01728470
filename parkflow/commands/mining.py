"""The commands that learn a park from an event log, and test what it foretells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from parkflow.commands.options import Format, Lang, Language, Out, Seed, Shape
from parkflow.commands.printing import show, show_json

Log = Annotated[str, typer.Argument(help="An XES or CSV file, or a shipped log.", metavar="LOG")]
MappingFile = Annotated[
    str | None, typer.Option("--mapping", "-m", help="What columns and activities mean: a TOML file or a shipped name.")
]


def mine(
    log: Log,
    mapping: MappingFile = None,
    extends: Annotated[
        str | None, typer.Option("--extends", help="Only give this park the numbers of what it calls by the same name.")
    ] = None,
    lang: Lang = Language.en,
    out: Out = None,
) -> None:
    """Write the park that a log shows, and say what the log cannot tell; without a file, print the park."""
    from parkflow import mining
    from parkflow.analysis.language import words
    from parkflow.analysis.terminal.mining_tables import findings

    with _events() as progress:
        found = mining.mine(log, mapping, extends=extends, out=out, progress=progress)
    checked = found.scenario
    if out is None:
        typer.echo(found.text, nl=False)
    else:
        typer.echo(
            f"{out}: {len(checked.activities)} activities, {len(checked.desks)} desks, {len(found.log.arrival)} cases"
        )
    for line in findings(found, words(lang.value)):
        typer.echo(line, err=out is None)


def backtest(
    log: Log,
    mapping: MappingFile = None,
    share: Annotated[float, typer.Option("--share", help="Share of the log's time that is learned from.")] = 2 / 3,
    draws: Annotated[int, typer.Option("--draws", help="Simulated lives of every case.")] = 200,
    seed: Seed = 1,
    lang: Lang = Language.en,
    shape: Shape = Format.table,
) -> None:
    """Print how well the first part of a log foretells the rest."""
    from parkflow import mining

    with _events() as progress:
        done = mining.backtest(log, mapping, share=share, draws=draws, seed=seed, progress=progress)
    if shape is Format.json:
        show_json({"log": done.log, "split": done.split, "until": done.until, "ways": done.rows()})
    elif shape is Format.csv:
        import pandas as pd

        typer.echo(pd.DataFrame(done.rows()).to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.mining_tables import backtest_table

        show(backtest_table(done, words(lang.value)))


@contextmanager
def _events() -> Iterator[Callable[[int], None]]:
    """How many events are read, told on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    yield lambda done: print(f"\r{done} events read", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
