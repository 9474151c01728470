"""The command that finds what an answer hangs on."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow import sensitivities
from parkflow.analysis.experiments.sensitivity import Size
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Engine,
    Format,
    From,
    Lang,
    Language,
    Levers,
    Out,
    Park,
    Policies,
    Seed,
    Shape,
    To,
    Without,
    Workers,
)
from parkflow.commands.printing import progress_bar, show, show_json
from parkflow.park import DEFAULT_PARK, load
from parkflow.policies import BASELINE


def sensitivity(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    baseline: Annotated[str, typer.Option(help="Policy to compare with.")] = BASELINE,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    measure: Annotated[str, typer.Option("--measure", "-m", help="The measure that is looked at.")] = "days_saved",
    lowest: Annotated[bool, typer.Option("--lowest", help="Less of the measure is better.")] = False,
    trajectories: Annotated[
        int, typer.Option(help="Times that all assumed numbers are moved, one by one, to screen them.")
    ] = Size.trajectories,
    inputs: Annotated[int, typer.Option(help="Assumed numbers that get indices of variance.")] = Size.inputs,
    rows: Annotated[int, typer.Option(help="Rows of the design of these indices, a power of two.")] = Size.rows,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
    out: Out = None,
) -> None:
    """Print what an answer hangs on."""
    with progress_bar(None) as bar:
        found = sensitivities.sensitivity(
            park, policy or (), baseline=baseline, levers=levers_written(lever or ()), without=without or (),
            start=start, end=end, measure=measure, lowest=lowest, trajectories=trajectories, inputs=inputs, rows=rows,
            seed=seed, workers=workers, out=out, progress=bar,
        )  # fmt: skip
    if shape is Format.json:
        show_json(found.document())
    elif shape is Format.csv:
        typer.echo(found.frame().to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.sensitivity_tables import sensitivity_sentences, sensitivity_table

        say = words(lang.value).about(load(park))
        typer.echo("\n".join(sensitivity_sentences(found, say)))
        for name in found.policies:
            show(sensitivity_table(found, name, say))
