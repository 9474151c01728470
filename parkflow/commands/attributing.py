"""The command that says which lever of a policy did it."""

from __future__ import annotations

from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow import attributions
from parkflow.analysis.experiments.attribution import Attribution
from parkflow.analysis.language import Words, words
from parkflow.analysis.measures.measure import ALL
from parkflow.attributions import DEFAULT_POLICY, HEADLINE
from parkflow.commands.endings import stored_if_stopped
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
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
    Replications,
    Seed,
    Shape,
    To,
    Without,
    Workers,
    only,
)
from parkflow.commands.printing import say_paragraphs, show, show_json
from parkflow.comparisons import DEFAULT_REPLICATIONS
from parkflow.park import DEFAULT_PARK, load


class How(StrEnum):
    """How Shapley's value is found: from every set of levers, or from orders that are drawn."""

    exact = "exact"
    sampled = "sampled"


def attribute(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    measure: MeasuresAsked = None,
    group: Annotated[str, typer.Option(help="The group of projects that is asked about.")] = ALL,
    order: Annotated[
        str | None, typer.Option(help="Levers in the order in which they join: NAME,NAME,…; others follow.")
    ] = None,
    method: Annotated[
        How | None, typer.Option(help="Every set of levers, or drawn orders; all sets of up to ten if not said.")
    ] = None,
    pairs: Annotated[
        bool | None, typer.Option(help="What every two levers change beyond each; as a rule where all sets are run.")
    ] = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://host:8786.")] = None,
    workers: Workers = None,
    engine: Engine = None,
    chart: Annotated[Path | None, typer.Option(help="Draw it too: PNG, SVG or PDF by the suffix.")] = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
    out: Out = None,
) -> None:
    """Print each lever's share of what a policy changes."""
    from parkflow.analysis.terminal.progress import shown

    one = only(policy, "policy", "the levers of one policy are asked about") or DEFAULT_POLICY
    with stored_if_stopped(out) if out else nullcontext(), shown(one) as progress:
        found = attributions.attribute(
            park, one, levers=levers_written(lever or ()), without=without or (), start=start, end=end,
            measures=measure or HEADLINE, group=group, order=tuple(order.split(",")) if order else (),
            method=method.value if method else None, pairs=pairs, replications=replications, seed=seed,
            workers=workers, cluster=cluster, out=out, progress=progress,
        )  # fmt: skip
    say = words(lang.value).about(load(park))
    if chart is not None:
        from parkflow.analysis.charts.stacking import share_chart

        share_chart(found, say).save(chart)
    _show(found, shape, say, bool(order))


def _show(found: Attribution, shape: Format, say: Words, in_turn: bool) -> None:
    if shape is Format.json:
        show_json(found.document())
    elif shape is Format.csv:
        typer.echo(found.frame().to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.sentences.shares import depends, how, shares
        from parkflow.analysis.terminal.share_tables import share_tables

        for joint in found.joint:
            say_paragraphs([shares(found, joint["measure"], say)])
        for table in share_tables(found, say, in_turn):
            show(table)
        for line in (*depends(found.dependences, say), how(found, say)):
            typer.echo(line)
