"""Project lists on the command line: which commands take one, and for what."""

from __future__ import annotations

from pathlib import Path

from parkflow.analysis.errors import ArgumentError
from parkflow.park import Park, load


def with_list(source: str, projects: Path | None) -> Park:
    """The park of this name or file with a project list, if one is given, in the place of its own projects.

    Raises `ParkflowError` where the list does not fit, or where the source is a folder: what was run is run.
    """
    if projects is None:
        return source
    if Path(source).is_dir():
        why = f"{source} holds what was run, with its own projects; give a park or a scenario file"
        raise ArgumentError("projects", projects, why)
    return load(source, projects)
