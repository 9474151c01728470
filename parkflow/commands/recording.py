"""The commands that hand a run on to others: as an event log, repeated, or checked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

RunFolder = Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN")]


class LogFormat(StrEnum):
    """The formats of event logs."""

    xes = "xes"
    ocel = "ocel"
    csv = "csv"
    parquet = "parquet"


def export(
    run: RunFolder,
    to: Annotated[LogFormat, typer.Option("--to", help="XES, OCEL 2.0 (JSON), CSV or Parquet.")] = LogFormat.xes,
    policy: Annotated[str | None, typer.Option("--policy", "-p", help="The policy told of; else the baseline.")] = None,
    replication: Annotated[int, typer.Option("--replication", help="Which replication, counted from 0.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file; else it lies here.")] = None,
) -> None:
    """Write an event log into a file."""
    from parkflow import exports

    typer.echo(exports.export(run, to.value, policy=policy, replication=replication, out=out))
