"""Options and arguments that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow.commands.speaking import VARIABLE, speak


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


class Language(StrEnum):
    """The languages of tables, charts, reports and messages."""

    en = "en"
    zh = "zh"


class EngineName(StrEnum):
    """The engines: the compiled one where it is installed, one that SimPy runs, one that numba compiles."""

    auto = "auto"
    simpy = "simpy"
    compiled = "compiled"


def _speak(language: Language) -> Language:
    """Let errors and notes of the command speak its language too."""
    speak(language.value)
    return language


def _use_engine(command: typer.Context, name: EngineName | None) -> None:
    """Let the command run with an engine, up to its end."""
    if name is not None and not command.resilient_parsing:
        from parkflow.sim.choosing import using_engine

        command.with_resource(using_engine(name.value))


Park = Annotated[str, typer.Argument(help="A shipped park, or the path of a scenario file.", metavar="PARK|FILE")]
Policies = Annotated[list[str] | None, typer.Option("--policy", "-p", help="A policy; may be given several times.")]
Levers = Annotated[
    list[str] | None, typer.Option("--lever", "-l", help="Add NAME or NAME:PARAMETER=VALUE,… to the policies.")
]
Without = Annotated[list[str] | None, typer.Option("--without", help="Leave this lever out of the policies.")]
From = Annotated[str | None, typer.Option("--from", help="Milestone at which the days start to count.")]
To = Annotated[str | None, typer.Option("--to", help="Milestone at which they end.")]
Replications = Annotated[int, typer.Option("--replications", "-n", help="Independent runs of each policy.")]
Seed = Annotated[int, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")]
Workers = Annotated[int | None, typer.Option("--workers", "-w", help="Processes; all cores if not given.")]
Engine = Annotated[
    EngineName | None,
    typer.Option("--engine", help="What runs the steps; the numbers are the same.", callback=_use_engine),
]
Shape = Annotated[Format, typer.Option("--format", "-f", help="How results are printed.")]
Source = Annotated[str, typer.Argument(help="A run or sweep folder, or a park to simulate.", metavar="SOURCE")]
Lang = Annotated[
    Language,
    typer.Option(
        "--lang",
        help="Language of tables, charts, pages and messages.",
        envvar=VARIABLE,
        callback=_speak,
        is_eager=True,
    ),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for Parquet tables and measures.")]
Force = Annotated[bool, typer.Option("--force", help="Write over the run that the folder has.")]
Repair = Annotated[bool, typer.Option("--repair", help="Drop what is damaged in the folder, and run it again.")]
SweepFolder = Annotated[Path, typer.Argument(help="Folder of a sweep.", metavar="DIR")]
