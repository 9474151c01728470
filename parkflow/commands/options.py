"""Options and arguments that several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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
Parks = Annotated[
    list[str] | None,
    typer.Argument(
        help="Shipped parks, or paths of scenario files; yantai if none is named.", metavar="[PARK|FILE]..."
    ),
]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", "-p", help="A policy of the park; several times where policies are compared."),
]
Baseline = Annotated[
    str | None, typer.Option("--baseline", help="The policy that others are compared with; serial if not given.")
]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--lever",
        "-l",
        help="Add a lever to the policies: NAME, NAME=VALUE where it has one parameter, or "
        "NAME:PARAMETER=VALUE,PARAMETER=VALUE. `parkflow levers NAME` lists parameters.",
        metavar="NAME[=VALUE]",
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", help="Leave this lever out of the policies; several times.", metavar="NAME"),
]
From = Annotated[str | None, typer.Option("--from", help="Milestone at which the days start to count.")]
To = Annotated[str | None, typer.Option("--to", help="Milestone at which they end.")]
Replications = Annotated[
    int, typer.Option("--replications", "-n", help="Independent runs of each policy, park, point or zone.")
]
MaybeReplications = Annotated[
    int | None, typer.Option("--replications", "-n", help="Independent runs of each policy, park, point or zone.")
]
"""The same where what is asked says how many if nobody does."""

MaybeSeed = Annotated[int | None, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")]
Seed = Annotated[int, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")]
Workers = Annotated[int | None, typer.Option("--workers", "-w", help="Processes; all cores if not given.")]
Engine = Annotated[
    EngineName | None,
    typer.Option("--engine", help="What runs the steps; the numbers are the same.", callback=_use_engine),
]
MeasuresAsked = Annotated[
    list[str] | None,
    typer.Option("--measure", "-m", help="Observe, print or draw only this measure; several times where several fit."),
]
HalfWidth = Annotated[
    float | None, typer.Option("--half-width", help="Replicate until days saved are this sure, in days.")
]
Cap = Annotated[int | None, typer.Option("--cap", help="Most replications with --half-width.")]
Shape = Annotated[Format, typer.Option("--format", "-f", help="How results are printed or written.")]
Full = Annotated[bool, typer.Option("--full", help="Print every table, not only the answer.")]
Projects = Annotated[
    Path | None,
    typer.Option(
        "--projects",
        help="A list of projects, CSV or XLSX, in the place of the park's own: one row per project.",
        metavar="FILE",
    ),
]
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
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Where it is kept: a folder, or the file of a chart or a page.")
]
Force = Annotated[bool, typer.Option("--force", help="Write over the run that the folder has.")]
Repair = Annotated[bool, typer.Option("--repair", help="Drop what is damaged in the folder, and run it again.")]
SweepFolder = Annotated[Path, typer.Argument(help="Folder of a sweep.", metavar="DIR")]


def only(names: list[str] | None, field: str, why: str) -> str | None:
    """The one that is named, None if none is; raises `ArgumentError` with the reason where several are."""
    if names and len(names) > 1:
        from parkflow.analysis.errors import ArgumentError

        raise ArgumentError(field, ", ".join(names), why)
    return names[0] if names else None


@dataclass(frozen=True)
class Question:
    """What is asked of a park: which policies, changed how, against what, and between which milestones."""

    policy: Policies = None
    baseline: Baseline = None
    lever: Levers = None
    without: Without = None
    start: From = None
    end: To = None

    def one_policy(self, why: str) -> str | None:
        """The policy that is named, None if none is; raises `ArgumentError` with the reason where several are."""
        return only(self.policy, "policy", why)

    def given(self) -> dict[str, Any]:
        """All but the policies, as functions of the Python face are given it."""
        from parkflow.commands.lever_options import levers_written

        given = {"levers": levers_written(self.lever or ()), "without": self.without or ()}
        return {"start": self.start, "end": self.end} | ({"baseline": self.baseline} if self.baseline else {}) | given


@dataclass(frozen=True)
class Printing:
    """How results are printed."""

    measure: MeasuresAsked = None
    full: Full = False
    lang: Lang = Language.en
    shape: Shape = Format.table
