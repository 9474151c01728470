"""The commands that draw charts and write reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Engine,
    From,
    Lang,
    Language,
    Levers,
    Policies,
    Projects,
    Replications,
    Seed,
    Source,
    To,
    Without,
    Workers,
)
from parkflow.commands.printing import progress_bar

DEFAULT_PARK = "yantai"
DEFAULT_REPLICATIONS = 40


def chart(
    kind: Annotated[str, typer.Argument(help="What to draw; --list shows the kinds.", metavar="KIND")] = "",
    source: Source = DEFAULT_PARK,
    projects: Projects = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File: PNG, SVG or PDF by its suffix.")] = None,
    policy: Policies = None,
    baseline: Annotated[str | None, typer.Option(help="Policy to compare with.")] = None,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
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
    from parkflow.commands.listing import with_list

    with progress_bar(replications) as progress:
        drawn = pictures.chart(
            kind,
            with_list(source, projects),
            policy=policy or (),
            baseline=baseline,
            levers=levers_written(lever or ()),
            without=without or (),
            start=start,
            end=end,
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
    source: Annotated[
        list[str] | None,
        typer.Argument(help="A run or sweep folder, or a park to simulate; or several parks.", metavar="SOURCE..."),
    ] = None,
    projects: Projects = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file: HTML, PDF, DOCX or XLSX by its suffix.")] = Path(
        "report.html"
    ),
    xlsx: Annotated[Path | None, typer.Option(help="All tables and measures as an Excel workbook too.")] = None,
    annex: Annotated[bool, typer.Option("--annex", help="Print assumptions and everything else behind it.")] = False,
    worth: Annotated[int, typer.Option(help="Weigh each lever of the policy by so many replications.")] = 0,
    policy: Policies = None,
    baseline: Annotated[str | None, typer.Option(help="Policy to compare with.")] = None,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    measure: Annotated[str | None, typer.Option(help="The measure of a sweep.")] = None,
    lang: Lang = Language.en,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
) -> None:
    """Write a report into a file."""
    from parkflow import pictures
    from parkflow.commands.listing import with_list

    sources = tuple(with_list(each, projects) for each in source or [DEFAULT_PARK])
    with progress_bar(replications) as progress:
        made = pictures.report(
            sources if len(sources) > 1 else sources[0],
            policy=policy or (),
            measure=measure,
            baseline=baseline,
            levers=levers_written(lever or ()),
            without=without or (),
            start=start,
            end=end,
            annex=annex,
            worth=worth,
            lang=lang.value,
            replications=replications,
            seed=seed,
            workers=workers,
            progress=progress,
        )
    typer.echo(f"{made.save(out)}: {made.title}\n" + "\n".join(made.answer))
    if xlsx is not None:
        typer.echo(str(made.save(xlsx)))


def _list_kinds() -> None:
    from parkflow.analysis.charts.kinds import KINDS

    for name, what in KINDS.items():
        typer.echo(f"{name:12} {what}")
