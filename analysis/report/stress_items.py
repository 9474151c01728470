"""What each item of STRESS-DES says of a study, in English and Chinese."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parkflow.analysis.formatting import plain, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import Measure
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.provenance import versions
from parkflow.analysis.report.assumptions import assumptions
from parkflow.analysis.report.limits import limits_of, model_limits
from parkflow.analysis.terminal.comparison_tables import HEADLINE
from parkflow.sim.levers import bundle
from parkflow.sim.scenario import Activity, Cohort, Dated, Desk, Group, Named, Ordered, Renewal, Scenario

MISSING = "MISSING"
"""Stands where only a person can go on."""


@dataclass(frozen=True)
class Study:
    """What the sheet is about: a park under some policies, and the run that was made of it, if one was."""

    scenario: Scenario
    policies: Sequence[str]
    question: tuple[str, str]
    replications: int
    seed: int
    command: str
    environment: Mapping[str, Any] | None = None
    cost: Mapping[str, Any] | None = None


def _listed(names: Sequence[str], say: Words) -> str:
    return say.pick(", ", "、").join(names)


def _purpose(study: Study, say: Words) -> str:
    start, end = (say.activity(name) for name in study.question)
    return say.pick(
        f"The model asks how many days projects take from {start} to {end}, what each policy saves, and who pays. "
        f"{MISSING}: why this study was made, for whom, and what was to be decided.",
        f"模型考察项目从{start}到{end}需要多少天、各政策能节省多少、由谁承担代价。"
        f"{MISSING}：研究的背景、对象与所要作出的决策。",
    )


def _outputs(study: Study, say: Words) -> str:
    return "\n".join(_measured(measure(name), say) for name in HEADLINE)


def _measured(one: Measure, say: Words) -> str:
    between = say.pick("95% interval over replications", "按仿真重复计算95%置信区间")
    return f"* {say.title(one)} ({say.unit(one.unit)}): {one.formula}; {between} ({one.interval})."


def _aims(study: Study, say: Words) -> str:
    scenario = study.scenario
    lines = [say.pick("Policies of one park, on the same projects:", "同一批项目下比较一个园区的各项政策：")]
    for policy in study.policies:
        given = scenario.policies.get(policy)
        why = (given and (given.description or given.note)) or ""
        levers = [say.lever(name) for name in bundle(scenario, policy)] if policy in scenario.policies else []
        what = _listed(levers, say) or say.pick("no lever", "不采取任何措施")
        lines.append(f"* {say.policy(policy)}: {what}. {why}".rstrip())
    return "\n".join(lines)


def _diagram(study: Study, say: Words) -> str:
    lines = [
        say.pick(
            f"Drawn by `parkflow chart network {study.scenario.name}`. Activities by stage, in the file's order:",
            f"网络图：`parkflow chart network {study.scenario.name}`。各阶段的活动：",
        )
    ]
    for stage in study.scenario.stages:
        names = [say.activity(name) for name, it in study.scenario.activities.items() if it.stage == stage]
        lines.append(f"* {say.stage(stage)}: {' → '.join(names)}")
    return "\n".join(lines)


def _logic(study: Study, say: Words) -> str:
    activities = study.scenario.activities.values()
    needs, after = sum(len(it.needs) for it in activities), sum(len(it.after) for it in activities)
    return say.pick(
        "A case goes through a directed acyclic network of steps. A step begins when all that it waits for is over; "
        "desks serve files by the desk's queue rule, meetings hear cases at their next sitting with a free place, "
        "stocks give out units in store. A file may come back for correction and queues again. Issues interrupt work "
        f"or block its completion until they are solved. {needs} links hold by law or technique, {after} by custom, "
        "which a practice may waive.",
        "项目依次通过一个有向无环的步骤网络；所等待的步骤全部结束后方可开始。窗口按排队规则受理，会议在有空位的最近一次召开时审议，"
        "储备按存量发放；材料可能退回补正。难点堵点会中断作业或阻碍完成。"
        f"法律或技术要求的先后关系 {needs} 条，惯例 {after} 条，后者可由措施免除。",
    )


def _scenario_logic(study: Study, say: Words) -> str:
    return say.pick(
        f"A policy is a set of levers, each a change of the scenario's keys; the engine knows none of them. "
        f"`parkflow show {study.scenario.name} --policy NAME --diff` lists what each changes. Every policy meets the "
        "same projects, corrections and issues.",
        "政策是一组措施，每项措施只改动情景中的键；引擎不识别措施。"
        f"`parkflow show {study.scenario.name} --policy NAME --diff` 列出改动。"
        "各政策面对同样的项目、补正与问题。",
    )


def _algorithms(study: Study, say: Words) -> str:
    return say.pick(
        "Durations are drawn beforehand by inverting distributions, and mapped to dates by the cumulative curve of a "
        "calendar. Queue rules are first come first served, class priority, or least slack to the deadline. Days are "
        "split into causes along the realised critical path, to which they sum exactly.",
        "工期由分布的分位函数事先抽取，并按日历的累计曲线换算为日期。排队规则为先到先办、按类别优先或按距期限的余量。"
        "天数沿实际关键路径分解为各原因，其和与总天数完全一致。",
    )


def _entities(study: Study, say: Words) -> str:
    groups = study.scenario.portfolio.items()
    lines = [
        f"* {say.group(name)}: {it.count} ({say.pick('class', '类别')} {it.of}, {it.process})" for name, it in groups
    ]
    drawn = _listed(list(study.scenario.attributes), say) or say.pick("none", "无")
    return "\n".join((*lines, say.pick(f"Attributes drawn for each: {drawn}.", f"逐个抽取的属性：{drawn}。")))


def _activities(study: Study, say: Words) -> str:
    return "\n".join(f"* {say.activity(name)}: {_activity(it, say)}" for name, it in study.scenario.activities.items())


def _activity(it: Activity, say: Words) -> str:
    where = it.desk or it.meeting or it.stock
    taken = plain(it.duration.model_dump(exclude_unset=True)) if it.duration else ""
    return ", ".join(filter(None, (say.step(it.step), where, taken)))


def _resources(study: Study, say: Words) -> str:
    scenario = study.scenario
    lines = [f"* {say.desk(name)}: {_desk(desk, say)}" for name, desk in scenario.desks.items()]
    lines += [f"* {say.meeting(name)}: {plain(_stated(it))}" for name, it in scenario.meetings.items()]
    lines += [f"* {say.stock(name)}: {plain(_stated(it)) or _empty(say)}" for name, it in scenario.stocks.items()]
    return "\n".join(lines) or say.pick("None: nothing is waited for.", "无。")


def _desk(desk: Desk, say: Words) -> str:
    calendar, others = desk.calendar or say.pick("always open", "全天候"), f"{rounded(100 * desk.outside)}%"
    return say.pick(
        f"officers {desk.servers}, calendar {calendar}, {others} of their time taken by applicants outside the list",
        f"{desk.servers} 人，日历 {calendar}，名单外业务占 {others}",
    )


def _empty(say: Words) -> str:
    return say.pick("nothing in store on day 0", "第0天无存量")


def _stated(thing: Any) -> dict[str, Any]:
    """What a part of a scenario sets, without its words."""
    given = thing.model_dump(mode="json", exclude_defaults=True)
    return {key: value for key, value in given.items() if key not in ("title", "title_zh", "source", "assumed")}


def _queues(study: Study, say: Words) -> str:
    rules = {
        "fifo": ("first come, first served", "先到先办"),
        "class": ("by class, not interrupting", "按类别，不打断"),
    }
    rules["slack"] = ("least slack first", "余量最小者先办")
    scenario = study.scenario
    places: dict[str, str] = {name: it.rule for name, it in scenario.desks.items()}
    places |= {name: it.rule for name, it in scenario.meetings.items()}
    places |= {name: it.rule for name, it in scenario.stocks.items()}
    lines = []
    for rule, words_ in rules.items():
        here = [name for name, of in places.items() if of == rule]
        if here:
            lines.append(f"* {say.pick(*words_)}: {_listed(here, say)}")
    unlimited = say.pick("Lines have no limit; ties are broken by a draw.", "队列不设上限；同时到达者由抽签决定先后。")
    return "\n".join((*lines, unlimited))


def _entry(study: Study, say: Words) -> str:
    lines = [f"* {say.group(name)}: {_arrivals(it, say)}" for name, it in study.scenario.portfolio.items()]
    leave = say.pick("Cases leave when their last step is over, or where they withdraw.", "完成最后一步或退出时离开。")
    return "\n".join((*lines, leave))


def _arrivals(group: Group, say: Words) -> str:
    match group.arrivals:
        case Renewal() as it:
            every = plain(it.every.model_dump(exclude_unset=True))
            return say.pick(f"one every {every}", f"每隔 {every} 一个")
        case Cohort() as it:
            return say.pick(f"spread over {plain(it.between)}", f"分布于 {plain(it.between)}")
        case Dated() as it:
            return say.pick(f"on {plain(it.on)}", f"于 {plain(it.on)}")
        case Named() as it:
            return say.pick(f"{len(it.projects)} projects of a list", f"名单所列的 {len(it.projects)} 个项目")
        case Ordered() as it:
            return say.pick(f"when {it.by} orders them", f"由 {it.by} 下单时")
    return ""


def _data(study: Study, say: Words) -> str:
    noted = assumptions(study.scenario)
    sourced = [one for one in noted if not one.assumed]
    return say.pick(
        f"{len(sourced)} entries of the scenario name a source (facts of five published reports, law, papers): see the "
        "annex. Identifiers are those of `scenarios/evidence.toml` and `scenarios/sources.toml`.",
        f"情景中有 {len(sourced)} 项写明来源（五篇公开报道中的事实、法规、论文），见附录；"
        f"编号见 `scenarios/evidence.toml`"
        " 与 `scenarios/sources.toml`。",
    )


def _preprocessing(study: Study, say: Words) -> str:
    return say.pick(
        f"{MISSING}: what was done to raw data before it became a number of the scenario. (The scenario holds none.)",
        f"{MISSING}：原始数据成为情景数值之前经过哪些处理。（情景本身不含原始数据。）",
    )


def _inputs(study: Study, say: Words) -> str:
    noted = assumptions(study.scenario)
    return say.pick(
        f"{len(noted)} noted entries, all in the annex with value and origin; `parkflow show {study.scenario.name}` "
        "prints the whole scenario.",
        f"共 {len(noted)} 项带说明的输入，取值与出处见附录；`parkflow show {study.scenario.name}` 输出完整情景。",
    )


def _assumed(study: Study, say: Words) -> str:
    assumed = sum(one.assumed for one in assumptions(study.scenario))
    own = say.pick(limits_of(study.scenario), study.scenario.limits_zh)
    lines = [f"* {limit}" for limit in (*own, *model_limits(say))]
    lead = say.pick(
        f"{assumed} entries are assumed, each with its reason in the annex. What the model leaves out:",
        f"{assumed} 项为假设，理由见附录。模型未包括：",
    )
    return "\n".join((lead, *lines))


def _initialisation(study: Study, say: Words) -> str:
    at_work = {name: sum(map(bool, it.stages)) for name, it in study.scenario.portfolio.items()}
    named = _listed([f"{say.group(name)} ({count})" for name, count in at_work.items() if count], say)
    return say.pick(
        f"Terminating, without warm-up. At work on day 0: {named or 'nobody'}; they are placed within their stage, and "
        "what lies before is over.",
        f"终止型仿真，无预热期。第0天在办：{named or '无'}；按所处阶段放置，此前步骤视为完成。",
    )


def _run_length(study: Study, say: Words) -> str:
    begin = study.scenario.start.isoformat() if study.scenario.start else say.pick("day 0", "第0天")
    return say.pick(
        f"From {begin} to {say.horizon()}; time is continuous, in days. What is unfinished then is censored.",
        f"自 {begin} 至 {say.horizon()}；时间连续，以天计。届时未完成者按删失处理。",
    )


def _estimation(study: Study, say: Words) -> str:
    return say.pick(
        f"{study.replications} independent replications per policy with common random numbers, seed {study.seed}; one "
        "replication is one observation. Intervals are Student's t corrected for skewness (Hall 1992), and "
        "mid-P binomial for shares seen, or missed, fewer than ten times.",
        f"每项政策 {study.replications} 次独立重复，采用公共随机数，种子 {study.seed}；一次重复为一个观测。"
        "区间为偏度校正的 t 区间（Hall 1992），出现或未出现不足十次的比例用二项分布中位 P 区间。",
    )


def _software(study: Study, say: Words) -> str:
    made = _environment(study)
    packages = ", ".join(f"{name} {number}" for name, number in made["packages"].items())
    return f"parkflow {made.get('parkflow') or ''}; Python {made['python']}; {packages}."


def _sampling(study: Study, say: Words) -> str:
    return say.pick(
        "NumPy's PCG64, one stream for each seed, replication and purpose (hashed by BLAKE2b); all is drawn before the "
        "run, by inversion, so that policies share draws and an added project changes no other.",
        "NumPy 的 PCG64；每个种子、重复与用途各有独立的流（BLAKE2b 散列）；"
        "全部在运行前以反函数法抽取，各政策共用，增加项目不影响其他抽样。",
    )


def _execution(study: Study, say: Words) -> str:
    return say.pick(
        "Event by event on SimPy's agenda; of events at one instant, that of the case with the lesser draw is first. "
        f"Command: `{study.command}`.",
        f"以 SimPy 事件表逐事件推进；同一时刻按事先抽取的次序处理。命令：`{study.command}`。",
    )


def _system(study: Study, say: Words) -> str:
    made, cost = _environment(study), study.cost
    took = say.pick("not run yet", "尚未运行")
    if cost:
        seconds, workers = cost["seconds"], cost["workers"] or say.pick("many", "多")
        took = say.pick(f"{seconds} s, processes: {workers}", f"{workers} 个进程，{seconds} 秒")
    return f"{made['platform']}, {made['machine']}: {took}."


def _sharing(study: Study, say: Words) -> str:
    return say.pick(
        "parkflow is free software under the MIT licence; a run folder holds the resolved scenario, all results and "
        f"`run-record.json`, and is repeated by `parkflow rerun FOLDER`. {MISSING}: where this folder is published.",
        "parkflow 以 MIT 许可证开放；运行文件夹含完整情景、全部结果与 `run-record.json`，"
        "可用 `parkflow rerun FOLDER` 重做。"
        f"{MISSING}：该文件夹的公开地址。",
    )


def _environment(study: Study) -> Mapping[str, Any]:
    """What it was made with; of what has not been run, what it would be made with here."""
    here = {"python": platform.python_version(), "packages": versions(), "parkflow": ""}
    return study.environment or {**here, "platform": platform.platform(), "machine": platform.machine()}


ITEMS: tuple[tuple[str, tuple[str, str], Callable[[Study, Words], str]], ...] = (
    ("1.1", ("Purpose of the model", "模型目的"), _purpose),
    ("1.2", ("Model outputs", "模型输出"), _outputs),
    ("1.3", ("Experimentation aims", "试验目的"), _aims),
    ("2.1", ("Base model overview diagram", "基础模型概览图"), _diagram),
    ("2.2", ("Base model logic", "基础模型逻辑"), _logic),
    ("2.3", ("Scenario logic", "情景逻辑"), _scenario_logic),
    ("2.4", ("Algorithms", "算法"), _algorithms),
    ("2.5.1", ("Components: entities", "组成：实体"), _entities),
    ("2.5.2", ("Components: activities", "组成：活动"), _activities),
    ("2.5.3", ("Components: resources", "组成：资源"), _resources),
    ("2.5.4", ("Components: queues", "组成：队列"), _queues),
    ("2.5.5", ("Components: entry and exit points", "组成：进入与离开"), _entry),
    ("3.1", ("Data sources", "数据来源"), _data),
    ("3.2", ("Pre-processing", "数据预处理"), _preprocessing),
    ("3.3", ("Input parameters", "输入参数"), _inputs),
    ("3.4", ("Assumptions", "假设"), _assumed),
    ("4.1", ("Initialisation", "初始化"), _initialisation),
    ("4.2", ("Run length", "运行长度"), _run_length),
    ("4.3", ("Estimation approach", "估计方法"), _estimation),
    ("5.1", ("Software or programming language", "软件"), _software),
    ("5.2", ("Random sampling", "随机抽样"), _sampling),
    ("5.3", ("Model execution", "模型执行"), _execution),
    ("5.4", ("System specification", "系统规格"), _system),
    ("6.1", ("Computer model sharing statement", "模型共享声明"), _sharing),
)
