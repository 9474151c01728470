"""The command that writes a park's first file."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from parkflow.commands.endings import stop
from parkflow.commands.options import Force, Lang, Language
from parkflow.scenarios.errors import InputError

Start = Annotated[str | None, typer.Option("--start", help="Day 0, as 2026-01-01; the parent's if not given.")]
Officers = Annotated[
    list[str] | None,
    typer.Option("--officers", help="Officers of a desk from a staff list; several times.", metavar="DESK=N"),
]


def new(
    name: Annotated[str, typer.Argument(help="The name of the park, and of its file.")],
    parent: Annotated[str | None, typer.Option("--parent", help="A shipped park, or a file beside it.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="What readers see.")] = None,
    start: Start = None,
    projects: Annotated[
        str | None,
        typer.Option("--projects", help="A list, CSV or XLSX, which is copied beside the file; example: forty rows."),
    ] = None,
    count: Annotated[int | None, typer.Option("--count", help="So many projects in the first year, unnamed.")] = None,
    officers: Officers = None,
    size_desks: Annotated[
        bool | None, typer.Option("--size-desks/--keep-desks", help="Size the other desks by a pilot run.")
    ] = None,
    force: Force = False,
    lang: Lang = Language.en,
) -> None:
    """Write a commented file; on a terminal, ask what no option says."""
    from parkflow.starter import Asked, started

    given = (parent, start, projects, count, officers, size_desks)
    if sys.stdin.isatty() and all(one is None for one in given):
        parent, start, projects, count, size_desks = _answers(lang.value)
    folder = Path.cwd()
    asked = Asked(
        name.removesuffix(".toml"), parent or "baseline", title, _day(start), projects, count, _numbers(officers or ()),
        bool(size_desks),
    )  # fmt: skip
    starter, files = started(asked, folder, lang.value)
    _write(folder, files, force)
    typer.echo("\n".join(files))
    typer.echo(f"parkflow check {starter.name}.toml")


def _answers(lang: str) -> tuple[str, str | None, str | None, int | None, bool]:
    """What somebody at a terminal wants."""
    from parkflow.analysis.language import words
    from parkflow.scenarios.load import available

    say = words("zh" if lang == "zh" else "en")
    parks = ", ".join(available())
    parent = typer.prompt(
        say.pick(f"Which park is it like? ({parks})", f"与哪个园区相似？({parks})"), default="baseline"
    )
    start = typer.prompt(say.pick("From which day on?", "自哪一天起？"), default=f"{dt.date.today().year + 1}-01-01")
    where = say.pick(
        "A list of projects (CSV or XLSX; example; empty: none)", "项目名单（CSV 或 XLSX；example；空：无）"
    )
    projects = typer.prompt(where, default="", show_default=False) or None
    count = (
        None
        if projects
        else typer.prompt(
            say.pick("How many projects in the first year?", "第一年有多少个项目？"), type=int, default=40
        )
    )
    sized = typer.confirm(say.pick("Size the desks by a pilot run?", "按试运行核定各部门人数？"), default=True)
    return parent, start, projects, count, sized


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--start {text}: is no date; write it as 2026-01-01") from None


def _numbers(officers: Iterable[str]) -> dict[str, int] | None:
    """Officers by desk from options such as planning=3; None where there are none."""
    found: dict[str, int] = {}
    for text in officers:
        desk, _, number = text.partition("=")
        if not number.isdigit() or int(number) < 1:
            raise InputError(f"--officers {text}: cannot be read; write --officers planning=3")
        found[desk.strip()] = int(number)
    return found or None


def _write(folder: Path, files: dict[str, bytes], force: bool) -> None:
    """Write the files, or none of them: what is there stays, unless it is the same or is to be written over."""
    there = [
        name for name, content in files.items() if (folder / name).exists() and (folder / name).read_bytes() != content
    ]
    ours = [name for name in there if name.endswith(".schema.json")]
    if (lost := [name for name in there if name not in ours]) and not force:
        stop(f"{lost[0]}: there is such a file already; give --force to write over it, or another name")
    for name, content in files.items():
        (folder / name).write_bytes(content)
