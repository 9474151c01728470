"""The command that finds what an answer hangs on."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow import sensitivities
from parkflow.analysis.experiments.sensitivity import Size
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Baseline,
    Engine,
    Format,
    From,
    Lang,
    Language,
    Levers,
    MeasuresAsked,
    Out,
    Park,
    Policies,
    Seed,
    Shape,
    To,
    Without,
    Workers,
    only,
)
from parkflow.commands.printing import progress_bar, say_paragraphs, show, show_json
from parkflow.park import DEFAULT_PARK, load
from parkflow.policies import BASELINE


def sensitivity(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    baseline: Baseline = None,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    measure: MeasuresAsked = None,
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
    one = only(measure, "measure", "one measure is looked at") or "days_saved"
    with progress_bar(None) as bar:
        found = sensitivities.sensitivity(
            park, policy or (), baseline=baseline or BASELINE, levers=levers_written(lever or ()),
            without=without or (),
            start=start, end=end, measure=one, lowest=lowest, trajectories=trajectories, inputs=inputs, rows=rows,
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
        say_paragraphs(sensitivity_sentences(found, say))
        for name in found.policies:
            show(sensitivity_table(found, name, say))
