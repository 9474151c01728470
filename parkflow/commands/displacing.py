"""The command that says who pays for a policy."""

from __future__ import annotations

import typer

from parkflow import displacements
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Baseline,
    Engine,
    Format,
    From,
    Lang,
    Language,
    Levers,
    Park,
    Policies,
    Replications,
    Seed,
    Shape,
    To,
    Without,
    Workers,
    only,
)
from parkflow.commands.printing import progress_bar, show, show_json
from parkflow.comparisons import DEFAULT_REPLICATIONS
from parkflow.park import DEFAULT_PARK, load
from parkflow.policies import BASELINE


def displacement(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    baseline: Baseline = None,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
) -> None:
    """Print who gains and who pays."""
    one = only(policy, "policy", "who pays is asked of one policy") or "reported"
    with progress_bar(replications) as progress:
        found = displacements.displacement(
            park, one, baseline=baseline or BASELINE, levers=levers_written(lever or ()), without=without or (),
            start=start, end=end, replications=replications, seed=seed, workers=workers, progress=progress,
        )  # fmt: skip
    if shape is Format.json:
        show_json(found.document())
    elif shape is Format.csv:
        typer.echo(found.frame().to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.language import words
        from parkflow.analysis.sentences.payers import check, payers
        from parkflow.analysis.terminal.payer_table import payer_table

        say = words(lang.value).about(load(park))
        typer.echo(payers(found, say))
        show(payer_table(found, say))
        typer.echo(check(found, say))
