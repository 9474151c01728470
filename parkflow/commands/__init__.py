"""The command line, one file for each group of commands, loaded when one of them is called."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow.commands.group import LazyGroup
from parkflow.commands.streams import spell_what_is_lacking

app = typer.Typer(
    cls=LazyGroup,
    help="Simulate how industrial parks develop: what each practice saves, in days and issues resolved.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from parkflow import __version__

        typer.echo(f"parkflow {__version__}")
        raise typer.Exit


@app.callback()
def _parkflow(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = (
        False
    ),
) -> None:
    pass


def main() -> None:
    """Entry point of the console script."""
    spell_what_is_lacking()
    app(prog_name="parkflow")
