"""The commands that draw charts and write reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parkflow.commands.options import Engine, Lang, Language, Replications, Seed, Source, Workers
from parkflow.commands.printing import progress_bar

DEFAULT_PARK = "yantai"
DEFAULT_REPLICATIONS = 40


def chart(
    kind: Annotated[str, typer.Argument(help="What to draw; --list shows the kinds.", metavar="KIND")] = "",
    source: Source = DEFAULT_PARK,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File: PNG, SVG or PDF by its suffix.")] = None,
    policy: Annotated[str | None, typer.Option("--policy", "-p", help="The policy set beside the baseline.")] = None,
    project: Annotated[str | None, typer.Option(help="The project of a schedule, as new-8.")] = None,
    measure: Annotated[str | None, typer.Option(help="The measure of a sweep.")] = None,
    width: Annotated[float | None, typer.Option(help="Inches; letters keep their size.")] = None,
    height: Annotated[float | None, typer.Option(help="Inches.")] = None,
    dpi: Annotated[int | None, typer.Option(help="Dots per inch of a PNG.")] = None,
    font: Annotated[str | None, typer.Option(help="The name of an installed font.")] = None,
    no_title: Annotated[bool, typer.Option("--no-title", help="Leave the title to the text around it.")] = False,
    data: Annotated[Path | None, typer.Option(help="Write the numbers behind the chart too: a CSV file.")] = None,
    lang: Lang = Language.en,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
    show_kinds: Annotated[bool, typer.Option("--list", help="List the kinds of chart.")] = False,
) -> None:
    """Draw a chart into a file."""
    if show_kinds or not kind:
        _list_kinds()
        return
    from parkflow import pictures

    with progress_bar(replications) as progress:
        drawn = pictures.chart(
            kind,
            source,
            policy=policy,
            project=project,
            measure=measure,
            lang=lang.value,
            replications=replications,
            seed=seed,
            workers=workers,
            progress=progress,
        )
    target = out or Path(f"{drawn.kind}.png")
    drawn.save(target, titled=not no_title, width=width, height=height, dpi=dpi, font=font)
    if data is not None:
        drawn.save_data(data)
    typer.echo(f"{target}: {drawn.title}\n{drawn.caption}")


def report(
    source: Source = DEFAULT_PARK,
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file.")] = Path("report.html"),
    policy: Annotated[str | None, typer.Option("--policy", "-p", help="The policy that the answer is about.")] = None,
    measure: Annotated[str | None, typer.Option(help="The measure of a sweep.")] = None,
    lang: Lang = Language.en,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
) -> None:
    """Write a report into a file."""
    from parkflow import pictures

    with progress_bar(replications) as progress:
        made = pictures.report(
            source,
            policy=policy,
            measure=measure,
            lang=lang.value,
            replications=replications,
            seed=seed,
            workers=workers,
            progress=progress,
        )
    typer.echo(f"{made.save(out)}: {made.title}\n" + "\n".join(made.answer))


def _list_kinds() -> None:
    from parkflow.analysis.charts.kinds import KINDS

    for name, what in KINDS.items():
        typer.echo(f"{name:12} {what}")
