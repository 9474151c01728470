"""The command that finds what would be enough."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from parkflow import needs
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.sweep_file import factor_written
from parkflow.commands.grouping import grouped_without
from parkflow.commands.options import (
    Engine,
    Format,
    Lang,
    Language,
    Park,
    Question,
    Seed,
    Shape,
    Workers,
)
from parkflow.commands.printing import progress_bar, show, show_answer
from parkflow.needs import CONFIDENCE, MOST
from parkflow.park import DEFAULT_PARK, load
from parkflow.policies import BASELINE


@grouped_without("lever", "without")
def need(
    park: Park = DEFAULT_PARK,
    *,
    question: Question,
    vary: Annotated[
        list[str] | None, typer.Option(help="A key and its levels, the least first: key=low:high or key=2,3,5.")
    ] = None,
    target: Annotated[str, typer.Option(help="MEASURE>=VALUE or MEASURE<=VALUE.")] = "start_rate>=0.9",
    group: Annotated[str | None, typer.Option(help="The group of projects that is asked about.")] = None,
    chance: Annotated[
        float | None, typer.Option(help="Share of replications that must reach the target; their mean if not given.")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Probability that all verdicts are right, at least.")] = CONFIDENCE,
    cap: Annotated[int, typer.Option(help="Replications after which a combination stays open.")] = MOST,
    cost: Annotated[list[str] | None, typer.Option(help="Cost of one unit of a key: key=2.5.")] = None,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Shape = Format.table,
    lang: Lang = Language.en,
) -> None:
    """Print what would be enough to reach a target."""
    levels: dict[str, Any] = dict(factor_written(park, text) for text in vary or ())
    with progress_bar(None) as bar:
        found = needs.need(
            park, vary=levels, target=target, policy=question.one_policy("one policy is asked about") or BASELINE,
            baseline=question.baseline or BASELINE, start=question.start, end=question.end, group=group,
            chance=chance, confidence=confidence, cap=cap, costs=dict(_cost(text) for text in cost or ()), seed=seed,
            workers=workers, progress=bar,
        )  # fmt: skip

    def tell() -> None:
        from parkflow.analysis.language import words
        from parkflow.analysis.terminal.need_tables import need_sentences, need_table

        say = words(lang.value).about(load(park))
        typer.echo("\n".join(need_sentences(found, say)))
        show(need_table(found, say))

    show_answer(found, shape, tell)


def _cost(text: str) -> tuple[str, float]:
    key, _, number = text.partition("=")
    try:
        return key.strip(), float(number)
    except ValueError:
        raise ArgumentError("cost", text, "write key=2.5, the cost of one unit") from None
