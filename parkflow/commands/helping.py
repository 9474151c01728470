"""The command that prints the help of another."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow.commands.endings import stop
from parkflow.commands.group import COMMANDS, loaded


def help(command: Annotated[str | None, typer.Argument(help="The command.", metavar="[COMMAND]")] = None) -> None:
    """Print the help of a command, or the list of commands."""
    from parkflow.commands import app
    from parkflow.sim.names import nearest

    if command is None:
        typer.main.get_command(app).main(["--help"], "parkflow", standalone_mode=False)
    elif command not in COMMANDS:
        stop(f"help {command}: there is no such command; {nearest(command, list(COMMANDS))}")
    else:
        loaded(command).main(["--help"], f"parkflow {command}", standalone_mode=False)
