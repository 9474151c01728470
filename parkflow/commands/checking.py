"""The command that looks at a scenario file before anything is made of it."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow.commands.options import Lang, Language, Park, Projects
from parkflow.commands.printing import show as printed

DOUBTFUL = 1
"""The exit status of a file that is right and doubtful, where that is asked for."""


def check(
    file: Park,
    projects: Projects = None,
    network: Annotated[bool, typer.Option("--network", help="Print the resolved network instead.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 where there is a warning.")] = False,
    lang: Lang = Language.en,
) -> None:
    """Print what a scenario file comes to, and what is doubtful in it."""
    from parkflow.analysis.language import words

    if network:
        from parkflow.analysis.terminal.park_tables import network_of
        from parkflow.park import load

        scenario = load(file, projects)
        printed(network_of(scenario, words(lang.value).about(scenario)))
        return
    from parkflow.analysis.terminal.check_lines import differing, heading, of_a_list, of_a_pilot, warned
    from parkflow.checking import checked

    found = checked(file, projects)
    say = words(lang.value).about(found.scenario)
    lines = [*heading(found.said, found.scenario, found.asked, say)]
    lines += [differing(found.parent, found.difference, say)] if found.parent else []
    lines += [of_a_list(found.listing, say)] if found.listing else []
    lines += [of_a_pilot(found.pilot, say), *(warned(doubt, say) for doubt in found.doubts)]
    typer.echo("\n".join(lines if found.doubts else [*lines, say.pick("no warnings", "没有警告")]))
    if strict and found.doubts:
        raise typer.Exit(DOUBTFUL)
