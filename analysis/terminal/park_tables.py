"""Parks as text tables for a terminal: which there are, what a policy changes in one, and its network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table

from parkflow.analysis.formatting import NONE, distribution, plain
from parkflow.analysis.language import Words
from parkflow.analysis.terminal.listing import listing
from parkflow.scenarios.load import Heading
from parkflow.sim.network import network
from parkflow.sim.scenario import Activity, Scenario


def catalogue(parks: Iterable[Heading], say: Words) -> Table:
    """The shipped parks: their projects, start and policies."""
    columns = say.pick(
        ("park", "title", "projects", "start", "policies"), ("园区", "名称", "项目数", "起始日期", "政策")
    )
    rows = [
        [park.name, say.title(park), str(park.projects), park.start or NONE, ", ".join(park.policies)] for park in parks
    ]
    return listing(say.pick("Shipped parks", "自带园区"), columns, rows)


def changes_table(policy: str, changes: Sequence[tuple[str, Any, Any]], say: Words) -> Table:
    """What a policy changes in a scenario, key by key."""
    columns = say.pick(("key", "before", "after"), ("键", "之前", "之后"))
    rows = [[key, plain(before), plain(after)] for key, before, after in changes]
    title = say.pick(f"What {say.the_policy(policy)} changes", f"{say.policy(policy)}改变了什么")
    return listing(title, columns, rows)


def network_of(scenario: Scenario, say: Words) -> Group:
    """The resolved network of every process, by keys and titles: where a step is, how long it takes, what it awaits."""
    processes = dict.fromkeys(process for a in scenario.activities.values() for process in a.processes)
    return Group(*(_process_table(scenario, process, say) for process in processes))


def _process_table(scenario: Scenario, process: str, say: Words) -> Table:
    net = network(scenario, process)
    table = _table(
        f"{scenario.name}: {process}",
        *say.pick(
            ("activity", "title", "step", "where", "duration", "waits for", "waived by"),
            ("键", "事项", "步骤", "地点", "时长", "前置", "可放宽的次序"),
        ),
    )
    for (name, _), before in list(zip(net.nodes, net.predecessors, strict=True))[1:]:
        activity = scenario.activities[name]
        names = ", ".join(net.nodes[node][0] for node in before)
        waived = ", ".join(f"{other}: {practice}" for other, practice in activity.after.items())
        what = (name, say.activity(name), say.step(activity.step), _where(activity), _duration(activity))
        table.add_row(*what, names, waived)
    return table


def _where(activity: Activity) -> str:
    return activity.desk or activity.meeting or activity.stock or ""


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _duration(activity: Activity) -> str:
    if activity.duration is None:
        return ""
    text = distribution(activity.duration.model_dump(exclude_none=True))
    return " × ".join([text, *activity.times]) + (f" ÷ {activity.crew}" if activity.crew else "")
