"""The command that selects the best of several policies."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow import selection
from parkflow.analysis.experiments.choice import EFFORT
from parkflow.analysis.measures.measure import ALL
from parkflow.commands.grouping import grouped
from parkflow.commands.options import (
    Engine,
    Format,
    Lang,
    Language,
    MeasuresAsked,
    Park,
    Question,
    Seed,
    Shape,
    Workers,
    only,
)
from parkflow.commands.printing import progress_bar, say_paragraphs, show, show_answer
from parkflow.park import DEFAULT_PARK, load
from parkflow.selection import CONFIDENCE, MOST, ZONE


@grouped
def choose(
    park: Park = DEFAULT_PARK,
    *,
    question: Question,
    measure: MeasuresAsked = None,
    lowest: Annotated[bool, typer.Option("--lowest", help="The lowest is best, not the highest.")] = False,
    effort: Annotated[str, typer.Option(help="The measure that says what a policy costs.")] = EFFORT,
    group: Annotated[str, typer.Option(help="The group of projects that is asked about.")] = ALL,
    zone: Annotated[float, typer.Option(help="The least difference that matters, in the measure's unit.")] = ZONE,
    confidence: Annotated[float, typer.Option(help="Probability of selecting the best, at least.")] = CONFIDENCE,
    cap: Annotated[int, typer.Option("--cap", help="Replications at which it stops without a promise.")] = MOST,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
) -> None:
    """Print which policy is best, and what it took to know."""
    decides = only(measure, "measure", "one measure decides") or "days_saved"
    with progress_bar(cap) as bar:
        found = selection.choose(
            park, question.policy or (), **question.given(), measure=decides, lowest=lowest, effort=effort,
            group=group, zone=zone, confidence=confidence, cap=cap, seed=seed, workers=workers,
            progress=lambda done, left: bar(done),
        )  # fmt: skip

    def tell() -> None:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.choice_tables import choice_sentence, choice_table

        say = words(lang.value).about(load(park))
        say_paragraphs([choice_sentence(found, say)])
        show(choice_table(found, say))

    show_answer(found, shape, tell)
