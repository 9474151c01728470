"""The text of a starter file: what was asked for, and beside every part what it is and how to go on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parkflow.analysis.language import Language, Words, words
from parkflow.scenarios.toml_text import toml_text
from parkflow.sim.levers import CATALOGUE
from parkflow.sim.scenario import Scenario

SCHEMA = "parkflow.schema.json"
"""The file beside a starter by which editors complete and check its keys."""

LEVERS = ("parallel_approvals", "start_on_land", "commissioners", "agency_service", "service_cap")
"""The levers that the starter's policy shows; the first is in force."""


@dataclass(frozen=True)
class Starter:
    """What a starter file says.

    `moved` are inherited dates that move with the start; `without` are keys that are not inherited; `officers` are the
    sizes of desks, of which those in `told` come from a staff list and the others from a pilot run.
    """

    name: str
    parent: str
    title: str
    start: dt.date
    before: dt.date
    projects: str | None = None
    count: int | None = None
    moved: Mapping[str, Any] | None = None
    without: tuple[str, ...] = ()
    officers: Mapping[str, int] | None = None
    told: tuple[str, ...] = ()


def starter_text(starter: Starter, scenario: Scenario, language: Language) -> str:
    """The file; `scenario` is the park whose desks and titles it names."""
    say = words(language).about(scenario)
    parts = (_head(starter, say), _projects(starter, say), _moved(starter, say), _desks(starter, scenario, say))
    return "\n".join([line for part in (*parts, _policy(say), _approval(say)) for line in part]) + "\n"


def _head(starter: Starter, say: Words) -> Iterator[str]:
    yield f"#:schema ./{SCHEMA}"
    yield say.pick(
        "# The line above lets editors with a TOML language server complete and check the keys.",
        "# 上一行供支持 TOML 的编辑器补全和检查各键。",
    )
    yield say.pick(
        f"# Check this file with: parkflow check {starter.name}.toml",
        f"# 检查本文件：parkflow check {starter.name}.toml",
    )
    yield ""
    yield say.pick(
        "# The park that this file differs from; all that it does not state is taken over.",
        "# 所继承的园区；本文件未写明的内容一律沿用。",
    )
    yield f"extends = {_text(starter.parent)}"
    yield f"{say.pick('title', 'title_zh')} = {_text(starter.title)}"
    yield say.pick(
        "# Day 0. Weekends, public holidays and the Spring Festival follow from the date.",
        "# 第0天。周末、法定节假日和春节由日期推定。",
    )
    yield f"start = {starter.start.isoformat()}"
    yield ""


def _projects(starter: Starter, say: Words) -> Iterator[str]:
    if starter.projects:
        yield say.pick(
            "# The list of projects, which takes the place of the parent's: one row per project, CSV or XLSX.",
            "# 项目名单，取代上级园区的项目：每行一个项目，CSV 或 XLSX 格式。",
        )
        yield f"projects = {_text(starter.projects)}"
        yield say.pick(
            '# Days count from the first day on, for projects at work too; or ask from "agreement".',
            '# 天数自起始日计,在办项目亦然;也可改为自 "agreement"(签约)计。',
        )
        yield 'question = { from = "arrival", to = "groundbreaking" }'
    if starter.without:
        yield say.pick(
            "# Not taken over: the parent's projects, and what is said of them.",
            "# 不沿用：上级园区的项目及与之有关的内容。",
        )
        yield f"without = {json.dumps(list(starter.without))}"
        yield ""
    if starter.count is not None:
        yield say.pick("# Who comes: so many projects over the first year.", "# 项目：第一年内陆续到来。")
        last = starter.start.replace(month=12, day=31) if (starter.start.month, starter.start.day) == (1, 1) else None
        end = last or starter.start.replace(year=starter.start.year + 1, day=min(starter.start.day, 28))
        yield from _toml({"portfolio": {"projects": {
            "of": "ordinary", "count": starter.count, "assumed": say.pick("a number to begin with", "起步用的数目"),
            "arrivals": {"between": [starter.start, end], "assumed": say.pick("evenly over a year", "一年内均匀到来")},
        }}})  # fmt: skip


def _moved(starter: Starter, say: Words) -> Iterator[str]:
    """Inherited dates, as far from the new start as they were from the old one."""
    if not starter.moved:
        return
    yield ""
    yield say.pick(
        f"# Dates of {starter.parent}, moved from its start ({starter.before}) to this one; mend what you know.",
        f"# {starter.parent}的日期，由其起始日（{starter.before}）移至本文件的起始日。请按实际情况修改。",
    )
    table: dict[str, Any] = {}
    for path, value in starter.moved.items():
        here, (*way, last) = table, path.split(".")
        for key in way:
            here = here.setdefault(key, {})
        here[last] = value
    yield from _toml(table)


def _desks(starter: Starter, scenario: Scenario, say: Words) -> Iterator[str]:
    """One line per desk with its officers."""
    yield ""
    if starter.officers is None:
        yield say.pick(
            "# Officers by department, as inherited. Take the # away and write your own numbers.",
            "# 各部门人数，现沿用上级园区。去掉 # 并填写实际人数。",
        )
    else:
        yield say.pick(
            "# Officers by department: replace the assumed numbers by those of your staff list.",
            "# 各部门人数：请将假设值换成编制人数。",
        )
    yield ("# " if starter.officers is None else "") + "[desks]"
    officers = starter.officers or {}
    for name, desk in scenario.desks.items():
        note = _note(name, starter, say)
        line = f"{name} = {{ servers = {officers.get(name, desk.servers)}, {note} }} # {say.desk(name)}"
        yield line if name in officers else f"# {line}"


def _note(name: str, starter: Starter, say: Words) -> str:
    if name in starter.told or name not in (starter.officers or {}):
        return f"source = {_text(say.pick('staff list', '编制表'))}"
    return "assumed = " + _text(
        say.pick("the fewest who are busy for at most 85% of their time", "忙碌时间不超过85%的最少人数")
    )


def _policy(say: Words) -> Iterator[str]:
    yield ""
    yield say.pick(
        "# A policy is a bundle of levers; parkflow levers lists all, parkflow levers NAME their parameters.",
        "# 政策是若干措施的组合；parkflow levers 列出全部措施，parkflow levers NAME 说明其参数。",
    )
    yield "[policies.plan]"
    yield f"title = {_text('draft plan')}"
    yield f"title_zh = {_text('方案草案')}"
    yield f"assumed = {_text(say.pick('to be decided', '待定'))}"
    yield ""
    yield "[policies.plan.levers]"
    for number, name in enumerate(LEVERS):
        title = say.pick(CATALOGUE[name].title, CATALOGUE[name].title_zh)
        yield f"{'# ' if number else ''}{name} = {{}} # {title}"


APPROVAL = """[desks.port_authority]
servers = 1
calendar = "office"
source = "staff list"

[activities.port_review]
stage = "approvals"
step = "desk"
desk = "port_authority"
duration = "pert(3, 6, 15) wd"
needs = ["filing"]
after = { planning_permit = "parallel_approvals", land_contract = "start_on_land" }
tags = ["submission"]
source = "statute of the port"

[activities.drawings.after]
port_review = "parallel_approvals"

[activities.permit_review]
needs = ["permit_handover", "port_review"]
"""
"""An approval of one's own that really comes behind another, and that levers really reach; the docs tell of it."""


def _approval(say: Words) -> Iterator[str]:
    yield ""
    yield say.pick(
        "# An approval of your own, if there is one: take the # away. Custom puts it between the planning permit and\n"
        "# the drawings; parallel approval and start upon land waive that: only the construction permit waits for it.",
        "# 如另有审批事项，去掉 # 即可。按惯例排在规划许可与施工图设计之间；并联审批和拿地即开工可免除这一顺序，\n"
        "# 届时只有施工许可等待它。",
    )
    yield from (f"# {line}".rstrip() for line in APPROVAL.splitlines())


def _toml(table: Mapping[str, Any]) -> Iterator[str]:
    return iter(toml_text(dict(table)).rstrip("\n").split("\n"))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
