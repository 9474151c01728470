"""The commands that describe parks, scenario files and levers, and run nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from parkflow.commands.options import Lang, Language, Levers, Park, Policies, Without, only
from parkflow.commands.printing import show as printed
from parkflow.commands.printing import show_json, width_of_terminal

BASELINE = "serial"


def scenarios(lang: Lang = Language.en) -> None:
    """Print the parks and their policies."""
    from parkflow.analysis.language import words
    from parkflow.analysis.terminal.park_tables import catalogue
    from parkflow.scenarios.load import available, heading

    printed(catalogue([heading(name) for name in available()], words(lang.value)))


def show(
    park: Park,
    policy: Policies = None,
    lever: Levers = None,
    without: Without = None,
    diff: Annotated[bool, typer.Option("--diff", help="Only what the policy changes.")] = False,
    lang: Lang = Language.en,
) -> None:
    """Print a scenario under a policy, or what the policy changes."""
    from parkflow.analysis.language import words
    from parkflow.analysis.terminal.park_tables import changes_table
    from parkflow.commands.lever_options import levers_written
    from parkflow.policies import Change, Site
    from parkflow.scenarios.describe import difference, dumped

    site = Site.of(park)
    one = only(policy, "policy", "a park is shown under one policy at a time") or BASELINE
    change = Change.of(levers_written(lever or ()), without or ())
    changed = site.layout(one, change).scenario
    if diff:
        printed(changes_table(change.name(one), difference(site.scenario, changed), words(lang.value).about(changed)))
    else:
        show_json(dumped(changed), indent=2)


def levers(
    name: Annotated[str | None, typer.Argument(help="Explain this lever.")] = None,
    mechanisms: Annotated[bool, typer.Option("--mechanisms", help="Which lever carries each mechanism.")] = False,
    lang: Lang = Language.en,
) -> None:
    """Print the list of levers, the page of one, or the mechanisms."""
    from parkflow.analysis.language import words
    from parkflow.analysis.terminal.lever_tables import lever_page, levers_table, mechanisms_table
    from parkflow.catalogue import load_offers
    from parkflow.scenarios.evidence import mechanisms as described
    from parkflow.sim.levers import kind_of

    load_offers()
    say, width = words(lang.value), width_of_terminal()
    if mechanisms:
        printed(mechanisms_table(described(), say))
    else:
        printed(levers_table(say, width) if name is None else lever_page(kind_of(name), say))


def schema() -> None:
    """Print the JSON Schema."""
    from parkflow.scenarios.describe import schema as of_files

    show_json(of_files(), indent=2)
