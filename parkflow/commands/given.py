"""What was really given on the command line, so that nothing that was is ignored."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import typer

from parkflow.commands.endings import option, stop

OF_A_RUN = ("start", "end", "baseline", "lever", "without", "replications", "seed", "workers")
"""Options that say how a park is simulated; a folder was made with its own."""


def was_given(context: typer.Context, name: str) -> bool:
    """Whether an option of the command, by the name of its parameter, stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def refuse_unused(context: typer.Context, unused: Mapping[str, Iterable[str]]) -> None:
    """End the command, with status 2, where an option was given that it has no use for; `unused` by the reason."""
    for why, names in unused.items():
        for name in names:
            if was_given(context, name):
                stop(f"{option(name)}: {why}")


def check_file(path: Path, suffixes: Collection[str]) -> None:
    """End the command before anything is run where a file of this name could not be written at the end."""
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if path.suffix not in suffixes:
        stop(f"--out {path}: give a name that ends in {', '.join(suffixes)}")
    if path.is_dir():
        stop(f"--out {path}: there is a folder of this name; give a file")
    if not above.is_dir() or not os.access(above, os.W_OK):
        stop(f"--out {path}: {above} is no folder that can be written into")


def refuse_of_folders(context: typer.Context, sources: Iterable[str]) -> None:
    """End the command where a folder is shown and something was given that says how a park is simulated."""
    for folder in filter(lambda one: Path(one).is_dir(), sources):
        refuse_unused(context, {f"{folder} was run before, and is shown as it is": OF_A_RUN})
