"""Parks as text tables for a terminal: which there are, what a policy changes in one, and its network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table

from parkflow.analysis.formatting import NONE, distribution, plain
from parkflow.scenarios.load import Heading
from parkflow.sim.network import network
from parkflow.sim.scenario import Activity, Scenario


def catalogue(parks: Iterable[Heading]) -> Table:
    """The shipped parks: their projects, start and policies."""
    table = Table(title="Shipped parks", title_justify="left", title_style="bold", header_style="bold")
    for column in ("park", "title", "projects", "start", "policies"):
        table.add_column(column, justify="right" if column == "projects" else "left")
    for park in parks:
        table.add_row(park.name, park.title, str(park.projects), park.start or NONE, ", ".join(park.policies))
    return table


def changes_table(policy: str, changes: Sequence[tuple[str, Any, Any]]) -> Table:
    """What a policy changes in a scenario, key by key."""
    table = Table(title=f"What {policy} changes", title_justify="left", title_style="bold", header_style="bold")
    for column in ("key", "before", "after"):
        table.add_column(column)
    for key, before, after in changes:
        table.add_row(key, plain(before), plain(after))
    return table


def network_of(scenario: Scenario) -> Group:
    """The resolved network of every process: each step, where it takes place, how long it takes and what it awaits."""
    processes = dict.fromkeys(process for a in scenario.activities.values() for process in a.processes)
    return Group(*(_process_table(scenario, process) for process in processes))


def _process_table(scenario: Scenario, process: str) -> Table:
    net = network(scenario, process)
    table = Table(title=f"{scenario.name}: {process}", title_justify="left", title_style="bold", header_style="bold")
    for column in ("activity", "step", "where", "duration", "waits for", "waived by"):
        table.add_column(column)
    for (name, _), before in list(zip(net.nodes, net.predecessors, strict=True))[1:]:
        activity = scenario.activities[name]
        names = ", ".join(net.nodes[node][0] for node in before)
        waived = ", ".join(f"{other}: {practice}" for other, practice in activity.after.items())
        table.add_row(name, activity.step, _where(activity), _duration(activity), names, waived)
    return table


def _where(activity: Activity) -> str:
    return activity.desk or activity.meeting or activity.stock or ""


def _duration(activity: Activity) -> str:
    if activity.duration is None:
        return ""
    text = distribution(activity.duration.model_dump(exclude_none=True))
    return " × ".join([text, *activity.times]) + (f" ÷ {activity.crew}" if activity.crew else "")
