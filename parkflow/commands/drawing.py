"""The commands that draw charts and write reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from parkflow.commands.given import check_file, refuse_of_folders, refuse_unused
from parkflow.commands.grouping import grouped
from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import (
    Engine,
    Lang,
    Language,
    MeasuresAsked,
    Out,
    Projects,
    Question,
    Replications,
    Seed,
    Source,
    Workers,
    only,
)
from parkflow.commands.printing import progress_bar

DEFAULT_PARK = "yantai"
DEFAULT_REPLICATIONS = 40

REPORT = Path("report.html")
REPORTS = (".html", ".pdf", ".docx", ".xlsx")
CHARTS = (".png", ".svg", ".pdf")
"""The suffixes of the files that can be written."""

ONE = "one measure of a sweep is shown"

_QUESTION = ("start", "end", "policy", "baseline", "lever", "without")
UNUSED: dict[str, dict[str, tuple[str, ...]]] = {
    "network": {"a network is drawn of the park as it is": (*_QUESTION, "replications", "seed", "workers")},
    "levers": {"levers are weighed against the serial park": ("start", "end", "baseline", "lever", "without")},
    "reported": {"each reported fact says under which policy and between which milestones it holds": _QUESTION},
}
"""Options that some kinds of chart have no use for, by the reason."""


@dataclass(frozen=True)
class Picture:
    """How a chart is written into its file."""

    width: Annotated[float | None, typer.Option(help="Inches; letters keep their size.")] = None
    height: Annotated[float | None, typer.Option(help="Inches.")] = None
    dpi: Annotated[int | None, typer.Option(help="Dots per inch of a PNG.")] = None
    font: Annotated[str | None, typer.Option(help="The name of an installed font.")] = None
    no_title: Annotated[bool, typer.Option("--no-title", help="Leave the title to the text around it.")] = False


@grouped
def chart(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="What to draw; --list shows the kinds.", metavar="KIND")] = "",
    source: Source = DEFAULT_PARK,
    *,
    projects: Projects = None,
    out: Out = None,
    data: Annotated[Path | None, typer.Option(help="Write its numbers too: CSV, MD or TEX by the suffix.")] = None,
    question: Question,
    project: Annotated[str | None, typer.Option(help="The project of a schedule, as new-8.")] = None,
    measure: MeasuresAsked = None,
    picture: Picture,
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

    check_file(out or Path(f"{kind}.png"), CHARTS)
    refuse_unused(context, UNUSED.get(kind, {}))
    refuse_of_folders(context, [source])
    one = only(measure, "measure", ONE)
    with progress_bar(replications) as progress:
        drawn = pictures.chart(
            kind, with_list(source, projects), project=project, measure=one, lang=lang.value,
            replications=replications, seed=seed, workers=workers, progress=progress, **_asked(question),
        )  # fmt: skip
    target = out or Path(f"{drawn.kind}.png")
    look, titled = picture, not picture.no_title
    drawn.save(target, titled=titled, width=look.width, height=look.height, dpi=look.dpi, font=look.font)
    if data is not None:
        drawn.save_data(data)
    typer.echo(f"{target}: {drawn.title}\n{drawn.caption}")


@grouped
def report(
    context: typer.Context,
    source: Annotated[
        list[str] | None,
        typer.Argument(help="A run or sweep folder, or a park to simulate; or several of them.", metavar="SOURCE..."),
    ] = None,
    *,
    projects: Projects = None,
    out: Out = None,
    xlsx: Annotated[Path | None, typer.Option(help="All tables and measures as an Excel workbook too.")] = None,
    annex: Annotated[bool, typer.Option("--annex", help="Print assumptions and all else that is behind it.")] = False,
    worth: Annotated[int, typer.Option(help="Weigh each lever of the policy by so many replications.")] = 0,
    question: Question,
    measure: MeasuresAsked = None,
    lang: Lang = Language.en,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = None,
) -> None:
    """Write a report into a file."""
    from parkflow import pictures
    from parkflow.analysis.errors import ArgumentError
    from parkflow.analysis.experiments.responses import is_sweep
    from parkflow.commands.listing import with_list

    shown, one = source or [DEFAULT_PARK], only(measure, "measure", ONE)
    check_file(out or REPORT, REPORTS)
    refuse_of_folders(context, shown)
    if one is not None and not all(is_sweep(Path(it)) for it in shown):
        raise ArgumentError("measure", one, "a report of policies has its measures; only that of a sweep is about one")
    sources = tuple(with_list(each, projects) for each in shown)
    with progress_bar(replications * len(shown)) as progress:
        made = pictures.report(
            sources[0] if len(sources) == 1 else sources, measure=one, lang=lang.value, annex=annex, worth=worth,
            replications=replications, seed=seed, workers=workers, progress=progress, **_asked(question),
        )  # fmt: skip
    typer.echo(f"{made.save(out or REPORT)}: {made.title}\n" + "\n".join(made.answer))
    if xlsx is not None:
        typer.echo(str(made.save(xlsx)))


def _asked(question: Question) -> dict[str, Any]:
    """What is asked of a park, as the Python face takes it."""
    return {
        "policy": question.policy or (), "baseline": question.baseline, "levers": levers_written(question.lever or ()),
        "without": question.without or (), "start": question.start, "end": question.end,
    }  # fmt: skip


def _list_kinds() -> None:
    from parkflow.analysis.charts.kinds import KINDS

    for name, what in KINDS.items():
        typer.echo(f"{name:12} {what}")
