"""The command that says who pays for a policy."""

from __future__ import annotations

import typer

from parkflow import displacements
from parkflow.commands.grouping import grouped
from parkflow.commands.options import (
    Engine,
    Format,
    Lang,
    Language,
    Park,
    Question,
    Replications,
    Seed,
    Shape,
    Workers,
)
from parkflow.commands.printing import progress_bar, show, show_answer
from parkflow.comparisons import DEFAULT_REPLICATIONS
from parkflow.park import DEFAULT_PARK, load


@grouped
def displacement(
    park: Park = DEFAULT_PARK,
    *,
    question: Question,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
) -> None:
    """Print who gains and who pays."""
    policy = question.one_policy("who pays is asked of one policy") or "reported"
    with progress_bar(replications) as progress:
        found = displacements.displacement(
            park, policy, **question.given(), replications=replications, seed=seed, workers=workers, progress=progress,
        )  # fmt: skip

    def tell() -> None:
        from parkflow.analysis.language import words
        from parkflow.analysis.sentences.payers import check, payers
        from parkflow.analysis.terminal.payer_table import payer_table

        say = words(lang.value).about(load(park))
        typer.echo(payers(found, say))
        show(payer_table(found, say))
        typer.echo(check(found, say))

    show_answer(found, shape, tell)
