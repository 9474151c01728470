"""The diary of a project as a table for a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rich.table import Table

from parkflow.analysis.language import Words
from parkflow.analysis.replication.diary import Entry
from parkflow.sim.scenario import Scenario

_DOES = {
    "preparation": ("the firm and its consultants are at work", "企业及中介机构准备"),
    "correction": ("the firm corrects its file", "企业补正"),
    "service": ("it passes round the offices", "部门内部流转"),
    "notice": ("a statutory notice runs", "法定公示期"),
    "land": ("the land is being made ready", "征地整备"),
    "works": ("contractors are at work", "施工"),
    "issue": ("the issue is being dealt with", "处理难点堵点"),
    "meeting": ("on its way to a meeting", "会前安排"),
}
"""What is going on while a step takes its own time, by the cause that it counts under."""


def diary_table(title: str, entries: Sequence[Entry], scenario: Scenario, say: Words) -> Table:
    """One line per stretch: from when, for how many days, where the file is, and why."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for column, justify in zip(
        say.pick(("from", "days", "what", "who has it, and why"), ("起", "天", "事项", "谁在办、为何")),
        ("left", "right", "left", "left"),
        strict=True,
    ):
        table.add_column(column, justify="right" if justify == "right" else "left", no_wrap=justify == "right")
    for entry in entries:
        style = "bold" if entry.what == "milestone" and not entry.issue else ""
        table.add_row(_date(scenario, entry.begin), _days(entry), _what(entry, say), _why(entry, say), style=style)
    return table


def _date(scenario: Scenario, day: float) -> str:
    """The date of a day, without breaks; its number where the park has no calendar."""
    if scenario.start is None:
        return f"{day:.1f}"
    return (scenario.start + dt.timedelta(days=int(day // 1))).isoformat().replace("-", "\u2011")


def _days(entry: Entry) -> str:
    if entry.what == "milestone":
        return ""
    return "…" if entry.end != entry.end else f"{entry.end - entry.begin:.1f}"


def _what(entry: Entry, say: Words) -> str:
    name = say.activity(entry.activity) + (f" {entry.copy}" if entry.copy > 1 else "")
    return f"{say.pick('issue', '问题')} {entry.issue.rpartition('/')[2]}: {name}" if entry.issue else name


def _why(entry: Entry, say: Words) -> str:
    if entry.what == "milestone":
        return say.pick("reached", "达到")
    if entry.what == "corrects":
        return say.pick("sent back: the applicant corrects it", "退回补正：申请人修改")
    if entry.what == "waits":
        return _waits(entry, say)
    again = say.pick(f", attempt {entry.attempt}", f"，第{entry.attempt}次") if entry.attempt > 1 else ""
    if entry.step == "desk":
        return say.desk(entry.place) + say.pick(": an officer has it", "：办理") + again
    if entry.step == "meeting":
        return say.meeting(entry.place) + say.pick(": it sits", "：开会研究")
    return say.pick(*_DOES.get(entry.cause, (entry.step, entry.step))) + again


def _waits(entry: Entry, say: Words) -> str:
    if entry.step == "meeting":
        return say.pick("waits for a place at ", "等待上会：") + say.meeting(entry.place)
    if entry.step == "stock":
        return say.pick("waits until there is enough: ", "等待储备：") + say.stock(entry.place)
    if entry.ahead == 0:
        return say.desk(entry.place) + say.pick(
            ": next in line, until an officer is at the desk", "：排在首位，等待窗口开放或空闲"
        )
    return say.desk(entry.place) + say.pick(f": in line, {entry.ahead} ahead", f"：排队，前面{entry.ahead}件")
