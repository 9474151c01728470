"""What `parkflow check` says of a file that is right, in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from parkflow.analysis.experiments.pilot import Pilot
from parkflow.analysis.formatting import percent
from parkflow.analysis.language import Words
from parkflow.scenarios.project_list import ProjectList
from parkflow.sim.checks import Problem
from parkflow.sim.scenario import Scenario

MOST_NAMES = 3
"""Names of one kind that a line lists."""

KINDS = {
    "start": "起始日", "horizon": "期末", "stages": "阶段", "calendars": "日历", "attributes": "属性",
    "classes": "类别", "portfolio": "项目组", "desks": "窗口", "meetings": "会议", "stocks": "储备",
    "crews": "机械", "practices": "做法", "activities": "事项", "issues": "难点问题", "policies": "政策",
    "ranges": "取值范围", "question": "所问", "cohort": "批次",
}  # fmt: skip
"""The Chinese names of the tables of a file."""

LEFT_OUT = ("name", "title", "title_zh", "limits", "limits_zh", "source", "assumed")
"""Keys at the top of a file whose change nobody asks about."""


def heading(said: str, scenario: Scenario, asked: Sequence[str], say: Words) -> Iterator[str]:
    """What the file is: its title, its projects, its first day, and what it asks."""
    title = say.pick(scenario.title, scenario.title_zh or scenario.title)
    yield f"{said}: {title}" if title else said
    groups = [group for group in scenario.portfolio.values() if group.process == "project"]
    count, start, end = sum(group.count for group in groups), *map(say.activity, asked)
    begin = scenario.start.isoformat() if scenario.start else say.pick("day 0", "第0天")
    yield say.pick(
        f"{count} projects in {len(groups)} groups from {begin} on; days are counted from {start} to {end}",
        f"{len(groups)}组共{count}个项目，自{begin}起；天数自“{start}”计至“{end}”",
    )


def of_a_list(listing: ProjectList, say: Words) -> str:
    """What was read of a project list, and which of its columns nobody reads."""
    read = say.pick(f"{listing.name}: {len(listing.rows)} projects", f"{listing.name}：{len(listing.rows)}个项目")
    if not listing.ignored:
        return read
    columns = say.pick(", ", "、").join(listing.ignored)
    return read + say.pick(f"; columns that are not read: {columns}", f"；未读取的列：{columns}")


def differing(parent: str, changes: Iterable[tuple[str, Any, Any]], say: Words) -> str:
    """What differs from the parent, kind by kind."""
    kinds: dict[str, dict[str, None]] = {}
    for path, _, _ in changes:
        kind, _, rest = path.partition(".")
        if kind not in LEFT_OUT:
            kinds.setdefault(kind, {})[rest.partition(".")[0]] = None
    parts = [_kind(kind, [name for name in names if name], say) for kind, names in kinds.items()]
    told = say.pick("; ", "；").join(parts) or say.pick("nothing", "无")
    return say.pick(f"extends {parent}, and differs in {told}", f"继承{parent}，不同之处：{told}")


def _kind(kind: str, names: list[str], say: Words) -> str:
    """A table of the file, with the names in it that differ."""
    title = say.pick(kind, KINDS.get(kind, kind))
    if not names or kind in ("question", "cohort"):
        return title
    shown, more = names[:MOST_NAMES], len(names) - MOST_NAMES
    if more > 0:
        return say.pick(
            f"{title} ({', '.join(shown)} and {more} more)", f"{title}（{'、'.join(shown)}等{len(names)}项）"
        )
    return say.pick(f"{title} ({', '.join(shown)})", f"{title}（{'、'.join(shown)}）")


def of_a_pilot(tried: Pilot, say: Words) -> str:
    """How many projects the horizon cut off, and which desk was busiest."""
    worst = max(tried.cut_off, key=tried.cut_off.__getitem__)
    cut, count = percent(tried.cut_off[worst], 1), len(tried.cut_off)
    told = say.pick(
        f"pilot run of {count} policies: at most {cut} of the projects unfinished at the horizon",
        f"试运行{count}项政策：期末未完成的项目最多占{cut}",
    )
    if not tried.utilisation:
        return told
    (policy, desk), share = max(tried.utilisation.items(), key=lambda pair: pair[1])
    busy = f"{say.desk(desk)} {percent(share)}"
    where = say.pick(f"{busy} ({say.policy(policy)})", f"{busy}（{say.policy(policy)}）")
    return told + say.pick(f"; busiest desk: {where}", f"；最忙窗口：{where}")


def warned(problem: Problem, say: Words) -> str:
    """A doubt, as one line."""
    return say.pick("warning: ", "警告：") + say.sentence(str(problem))
