"""The command that finds what an answer hangs on."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow import sensitivities
from parkflow.analysis.experiments.sensitivity import Size
from parkflow.commands.grouping import grouped
from parkflow.commands.options import (
    Engine,
    Format,
    Lang,
    Language,
    MeasuresAsked,
    Out,
    Park,
    Question,
    Seed,
    Shape,
    Workers,
    only,
)
from parkflow.commands.printing import progress_bar, say_paragraphs, show, show_answer
from parkflow.park import DEFAULT_PARK, load


@grouped
def sensitivity(
    park: Park = DEFAULT_PARK,
    *,
    question: Question,
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
            park, question.policy or (), **question.given(), measure=one, lowest=lowest,
            trajectories=trajectories, inputs=inputs, rows=rows, seed=seed, workers=workers, out=out, progress=bar,
        )  # fmt: skip

    def tell() -> None:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.sensitivity_tables import sensitivity_sentences, sensitivity_table

        say = words(lang.value).about(load(park))
        say_paragraphs(sensitivity_sentences(found, say))
        for name in found.policies:
            show(sensitivity_table(found, name, say))

    show_answer(found, shape, tell)
