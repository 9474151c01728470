"""The command that tells what happened to one project."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow.commands.lever_options import levers_written
from parkflow.commands.options import Engine, Lang, Language, Levers, Park, Policies, Projects, Seed, Without, only
from parkflow.commands.printing import show

BASELINE = "serial"


def diary(
    park: Park,
    project: Annotated[str, typer.Option("--project", help="The project, as new-8.")],
    projects: Projects = None,
    policy: Policies = None,
    lever: Levers = None,
    without: Without = None,
    replication: Annotated[int, typer.Option("--replication", help="Which replication, counted from 0.")] = 0,
    seed: Seed = 1,
    lang: Lang = Language.en,
    engine: Engine = None,
) -> None:
    """Print the diary of a project."""
    from parkflow.analysis.language import words
    from parkflow.analysis.replication import diary as of
    from parkflow.analysis.terminal.diary_table import diary_table
    from parkflow.commands.listing import with_list
    from parkflow.replications import simulate

    one = only(policy, "policy", "a project meets one policy at a time") or BASELINE
    levers = levers_written(lever or ())
    found = simulate(
        with_list(park, projects), one, levers=levers, without=without or (), seed=seed, replication=replication
    )
    say = words(lang.value).about(found.scenario)
    title = f"{project}, {found.scenario.name}, {say.policy(found.policy)}"
    show(diary_table(title, of.diary(found.tables, project), found.scenario, say), width=80)
