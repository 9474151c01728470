"""The command that fits parks to targets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

# The matrices of a fit are small: threads that wait for each other make it thirty times as dear. Read by numpy, once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import typer

from parkflow.commands.endings import stored_if_stopped
from parkflow.commands.options import (
    Engine,
    Format,
    Lang,
    Language,
    MaybeReplications,
    MaybeSeed,
    Out,
    Shape,
    Workers,
)
from parkflow.commands.printing import show, show_json

if TYPE_CHECKING:
    from parkflow.calibration import Calibration, Plan


def calibrate(
    park: Annotated[list[str] | None, typer.Argument(help="Parks or files; those of the targets if none.")] = None,
    targets: Annotated[Path | None, typer.Option(help="File of targets; the shipped one if not given.")] = None,
    points: Annotated[int | None, typer.Option(help="Points of the first wave.")] = None,
    waves: Annotated[int | None, typer.Option(help="Waves of points.")] = None,
    replications: MaybeReplications = None,
    seed: MaybeSeed = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    workers: Workers = None,
    engine: Engine = None,
    lang: Lang = Language.en,
    shape: Shape = Format.table,
    out: Out = None,
) -> None:
    """Fit parks and print what was found."""
    from parkflow import calibration

    plan = calibration.planned(park or (), targets, points=points, waves=waves, replications=replications, seed=seed)
    if dry_run:
        typer.echo(f"{plan.name}: {plan.points} points, {plan.replications} replications of a park")
        return
    folder = out or calibration.folder_of(plan)
    with stored_if_stopped(folder), _progress(plan) as progress:
        found = calibration.carry_out(plan, folder, workers, progress)
    _show(found, shape, lang.value)


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int], None]]:
    """Shows how far the fit is, with the time left."""
    from parkflow.analysis.experiments.sweeper import State
    from parkflow.analysis.terminal.progress import shown

    with shown(plan.name) as tell:
        share = plan.points / plan.replications
        yield lambda done: tell(State(plan.points, plan.replications, done, int(done * share)))


def _show(found: Calibration, shape: Format, language: str) -> None:
    if shape is Format.json:
        show_json(found.document)
    elif shape is Format.csv:
        typer.echo(found.frame("parameters").to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.calibration_tables import calibration_tables, told_together

        say = words("zh" if language == "zh" else "en")
        for table in calibration_tables(found.document, say):
            show(table)
        for sentence in told_together(found.document, say):
            typer.echo(sentence)
    for path in found.files.values():
        typer.echo(f"parkflow: {path}", err=True)
