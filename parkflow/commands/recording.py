"""The commands that hand a run on to others: as an event log, repeated, or checked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow.commands.endings import FAILED
from parkflow.commands.options import Engine, Lang, Language, Out, Policies, Workers, only
from parkflow.commands.printing import progress_bar, show_json

RunFolder = Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN")]


class LogFormat(StrEnum):
    """The formats of event logs."""

    xes = "xes"
    ocel = "ocel"
    csv = "csv"
    parquet = "parquet"


def export(
    run: RunFolder,
    policy: Policies = None,
    replication: Annotated[int, typer.Option("--replication", help="Which replication, counted from 0.")] = 0,
    shape: Annotated[
        LogFormat, typer.Option("--format", "-f", help="How results are printed or written.")
    ] = LogFormat.xes,
    lang: Lang = Language.en,
    out: Out = None,
) -> None:
    """Write an event log into a file."""
    from parkflow import exports

    one = only(policy, "policy", "a log tells of one policy")
    typer.echo(exports.export(run, shape.value, policy=one, replication=replication, out=out))


class Shape(StrEnum):
    """How what was found is printed."""

    text = "text"
    json = "json"


Result = Annotated[Path, typer.Argument(help="Folder of a run or a sweep, or a report.", metavar="FOLDER")]
Printed = Annotated[Shape, typer.Option("--format", "-f", help="How results are printed or written.")]


def verify(folder: Result, shape: Printed = Shape.text, lang: Lang = Language.en) -> None:
    """Print which files are not as they were written."""
    from parkflow import records
    from parkflow.analysis.language import words
    from parkflow.analysis.record.wording import of_verification

    found = records.verify(folder)
    if shape is Shape.json:
        show_json({"whole": found.whole, "damaged": [one._asdict() for one in found.damaged], "unknown": found.unknown})
    else:
        typer.echo("\n".join(of_verification(found, words(lang.value))))
    raise typer.Exit(FAILED if found.damaged else 0)


def rerun(
    folder: Result,
    workers: Workers = None,
    engine: Engine = None,
    out: Out = None,
    shape: Printed = Shape.text,
    lang: Lang = Language.en,
) -> None:
    """Print whether a run is identical when it is repeated, or which numbers moved."""
    from parkflow import records
    from parkflow.analysis.language import words
    from parkflow.analysis.record.wording import of_repetition

    with progress_bar(records.replications(folder)) as progress:
        found = records.rerun(folder, workers=workers, out=out, progress=progress)
    if shape is Shape.json:
        show_json(records.document(found))
    else:
        typer.echo("\n".join(of_repetition(found, words(lang.value))))
    raise typer.Exit(0 if found.identical else FAILED)


def stress(
    source: Annotated[str, typer.Argument(help="A run folder, or a park.", metavar="RUN|PARK")] = "yantai",
    out: Out = None,
    lang: Lang = Language.en,
) -> None:
    """Print the reporting sheet, or write it into a file."""
    from parkflow import reporting
    from parkflow.analysis.store.files import write_pieces

    sheet = reporting.stress(source, lang=lang.value)
    if out is None:
        typer.echo(sheet, nl=False)
    else:
        write_pieces(out, [sheet])
        typer.echo(out)
