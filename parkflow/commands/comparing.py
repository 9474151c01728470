"""The commands that compare policies, run one, or weigh levers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parkflow import comparisons
from parkflow.analysis.experiments.comparison import MOST, Comparison
from parkflow.analysis.measures.measure import ALL
from parkflow.commands.answering import observed, show_comparisons
from parkflow.commands.endings import INTERRUPTED, Stopping
from parkflow.commands.grouping import grouped, grouped_without
from parkflow.commands.lever_options import levers_written
from parkflow.commands.listing import with_list
from parkflow.commands.options import (
    Cap,
    Engine,
    Force,
    HalfWidth,
    Lang,
    Language,
    Out,
    Park,
    Parks,
    Printing,
    Projects,
    Question,
    Replications,
    Seed,
    Workers,
)
from parkflow.commands.printing import Bar, progress_bar, show
from parkflow.commands.speaking import spoken
from parkflow.comparisons import DEFAULT_REPLICATIONS, Request, Watch
from parkflow.park import DEFAULT_PARK, said
from parkflow.park import Park as AnyPark
from parkflow.policies import BASELINE, Change, Site


class WorthFormat(StrEnum):
    """How the worth of levers is printed."""

    table = "table"
    csv = "csv"
    markdown = "markdown"


@grouped
def compare(
    park: Parks = None,
    *,
    projects: Projects = None,
    question: Question,
    replications: Replications = DEFAULT_REPLICATIONS,
    half_width: HalfWidth = None,
    cap: Cap = None,
    seed: Seed = 1,
    assumptions: Annotated[
        int, typer.Option(help="Points of the ranges of assumed numbers, for a second interval; 100 say much.")
    ] = 0,
    workers: Workers = None,
    engine: Engine = None,
    printing: Printing,
    out: Out = None,
    force: Force = False,
) -> None:
    """Print the answer of a comparison and its table, and keep it in a folder if one is named."""
    parks = [with_list(each, projects) for each in park or [DEFAULT_PARK]]
    request = Request(
        question.start,
        question.end,
        observed(printing, out),
        replications,
        half_width,
        cap,
        seed,
        workers,
        out,
        force,
    )
    policies, change = question.policy or [], Change.of(levers_written(question.lever or ()), question.without or ())
    baseline, most = question.baseline or BASELINE, None if half_width else replications + assumptions

    def one(name: AnyPark, asked: Request, watch: Watch) -> Comparison:
        return comparisons.compared(name, policies, baseline, change, asked, watch, assumptions)

    _carry_out(one, parks, request, most and most * len(parks), printing)


@grouped_without("baseline")
def run(
    park: Park = DEFAULT_PARK,
    *,
    projects: Projects = None,
    question: Question,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    printing: Printing,
    out: Out = None,
    force: Force = False,
) -> None:
    """Print what one policy comes to, and keep it in a folder if one is named."""
    policy = question.one_policy("run has one policy; parkflow compare sets several side by side") or BASELINE
    change = Change.of(levers_written(question.lever or ()), question.without or ())
    request = Request(
        question.start,
        question.end,
        observed(printing, out),
        replications,
        seed=seed,
        workers=workers,
        out=out,
        force=force,
    )

    def one(name: AnyPark, asked: Request, watch: Watch) -> Comparison:
        return comparisons.ran(name, policy, change, asked, watch)

    _carry_out(one, [with_list(park, projects)], request, replications, printing)


One = Callable[[AnyPark, Request, Watch], Comparison]
"""Simulates one park as it is asked, while somebody looks on."""


def _carry_out(one: One, parks: Sequence[AnyPark], request: Request, total: int | None, printing: Printing) -> None:
    """Simulate parks one after another, print what was found, and end with a status that says whether all was done."""
    stopping = Stopping()
    done: list[Comparison] = []
    with progress_bar(total) as bar, stopping.listening():
        for park in parks:
            asked = replace(request, out=_folder_of(park, request.out, len(parks)))
            done.append(one(park, asked, _watch(bar, stopping, request)))
            bar.next_park(done[-1].replications)
            if done[-1].interrupted:
                break
    show_comparisons(done, printing)
    for found in done if request.half_width else ():
        _tell_width(found, request.half_width or 0.0)
    if done[-1].interrupted:
        _tell_interrupted(done[-1], request)


def _watch(bar: Bar, stopping: Stopping, request: Request) -> Watch:
    """Shows how far the work is, and ends it where somebody asks for that."""
    stopping.done, stopping.most = 0, request.cap or MOST if request.half_width else request.replications

    def progress(done: int) -> None:
        stopping.done = done
        bar(done)

    return Watch(progress, bar.so_far, stopping)


def _folder_of(park: AnyPark, out: comparisons.Folder | None, parks: int) -> Path | None:
    """The folder of one park: the one named, or where there are several parks one of its own in it."""
    if out is None:
        return None
    return Path(out) if parks == 1 else Path(out) / Path(said(park)).stem


def _tell_width(found: Comparison, wanted: float) -> None:
    """Say where the days saved of a policy are not as sure as was asked."""
    for row in found.rows("days_saved", group=ALL):
        low, high = row["low"], row["high"]
        if low is None or high is None or (high - low) / 2 > wanted:
            reached = "unknown" if low is None or high is None else f"{(high - low) / 2:.2g}"
            message = f"{row['policy']}: the half-width of days saved is {reached}, not {wanted:g}, at the cap"
            typer.echo(f"parkflow: {spoken(message)}", err=True)


def _tell_interrupted(found: Comparison, request: Request) -> None:
    wanted = request.cap or MOST if request.half_width else request.replications
    kept = f"; they are kept in {request.out}" if request.out else ""
    message = f"stopped after {found.replications} of {wanted} replications, on which this rests{kept}"
    typer.echo(f"parkflow: {spoken(message)}", err=True)
    raise typer.Exit(INTERRUPTED)


@grouped_without("baseline")
def worth(
    park: Park = DEFAULT_PARK,
    *,
    question: Question,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    shape: Annotated[
        WorthFormat, typer.Option("--format", "-f", help="How results are printed or written.")
    ] = WorthFormat.table,
    lang: Lang = Language.en,
) -> None:
    """Print what each lever of a bundle is worth."""
    from parkflow import attributions
    from parkflow.analysis.language import words
    from parkflow.analysis.terminal.worth_tables import worth_markdown, worth_table

    site, change = Site.of(park), Change.of(levers_written(question.lever or ()), question.without or ())
    bundle = question.one_policy("the levers of one bundle are weighed") or "full"
    scenario, (policy,) = site.with_policies([bundle], change) if change else (site.scenario, (bundle,))
    with progress_bar(2 * replications) as progress:
        weighed = attributions.worth(
            scenario, policy, start=question.start, end=question.end, replications=replications, seed=seed,
            workers=workers, progress=progress,
        )  # fmt: skip
    if shape is WorthFormat.table:
        show(worth_table(weighed, words(lang.value).about(scenario)))
    elif shape is WorthFormat.markdown:
        typer.echo(worth_markdown(weighed), nl=False)
    else:
        typer.echo(weighed.frame().to_csv(index=False), nl=False)
