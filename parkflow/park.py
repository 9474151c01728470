"""Which park is meant: a shipped one by name, a scenario file by path, or a scenario as it is."""

from __future__ import annotations

import os
from collections.abc import Iterable

from parkflow.analysis.errors import ArgumentError
from parkflow.scenarios import load as files
from parkflow.sim.scenario import Scenario

Park = str | os.PathLike[str] | Scenario
"""A shipped park's name, the path of a scenario file, or a scenario."""

Names = str | Iterable[str]
"""One name, or several."""

DEFAULT_PARK = "yantai"


def parks() -> tuple[str, ...]:
    """Names of the shipped parks."""
    return files.available()


def load(park: Park, projects: str | os.PathLike[str] | None = None) -> Scenario:
    """The scenario of a shipped park, or of a file whose name ends in ``.toml``, checked.

    With `projects`, the list in this CSV or XLSX file takes the place of all its groups of projects.

    It is a frozen value; ``with_changes({"desks.planning.servers": 3})`` gives a changed copy. A scenario is returned
    as it is. Raises `ParkflowError` with everything that is wrong with the file.
    """
    if not isinstance(park, Scenario):
        return files.load(park, projects)
    if projects is not None:
        raise ArgumentError("projects", projects, "a list is read with a park's name or file, not with a scenario")
    return park


def said(park: Park) -> str:
    """What to call a park in messages: as it was given."""
    return park.name if isinstance(park, Scenario) else os.fspath(park)


def several(names: Names) -> tuple[str, ...]:
    """Names as a tuple; a text is one name."""
    return (names,) if isinstance(names, str) else tuple(names)
