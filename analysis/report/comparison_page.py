"""The report of a comparison: question, answer, charts, causes, who lost, what it rests on, and how to rerun it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from parkflow.analysis.charts.chart import Ask, NothingToDrawError, chosen_policy
from parkflow.analysis.charts.drawing import run_chart
from parkflow.analysis.formatting import plain
from parkflow.analysis.language import Words
from parkflow.analysis.measures.days import LOSES_BELOW
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.report.assumptions import assumptions
from parkflow.analysis.report.limits import limits_of, limits_of_levers, model_limits
from parkflow.analysis.report.page import Cell, Page, Picture, Section, Sheet, interval, number, picture, sheet, text
from parkflow.analysis.report.rerun import rerun
from parkflow.analysis.report.stress import stress_section, study_of
from parkflow.analysis.sentences import answers
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.store.project_days import saved
from parkflow.analysis.store.rows import each
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.terminal.comparison_tables import HEADLINE
from parkflow.sim.levers import bundle

CHARTS = ("days_saved", "s_curves", "issues", "land", "gantt", "desks")
MOST_LOSERS = 10
FEW = 10
"""With fewer replications than this, intervals are wide and the report says so."""

Progress = Callable[[str], None]
Changes = Mapping[str, Sequence[tuple[str, Any, Any]]]
"""What each policy changes in the park: key, before, after."""


def comparison_page(run: Run, ask: Ask, changes: Changes, progress: Progress = lambda what: None) -> Page:
    """The report of a run with two policies or more.

    Raises `NothingToDrawError` where there is only one policy.
    """
    ask = replace(ask, say=ask.say.about(run.scenario))
    policy, say, found = chosen_policy(run, ask), ask.say, Outcome.of_run(run)
    pictures, missing = _pictures(run, ask, progress)
    sections = (
        Section(say.pick("Results", "结果"), sheets=[_headline(run, say), *_doubts(run, say), *_by_group(run, say)]),
        Section(say.pick("Charts", "图表"), missing, [pictures[kind] for kind in CHARTS if kind in pictures]),
        Section(
            say.pick("Where the days go", "时间去向"), pictures=_one(pictures, "causes"),
            sheets=_sheets(run, say, ("cause_days", "cause_days_saved", "issues_solved_at")),
        ),
        Section(
            say.pick("Who lost", "谁受损"), [answers.balance(found, one, say) for one in found.compared],
            _one(pictures, "winners"), [*_losers(run, policy, say)],
        ),
        Section(say.pick("Desks", "窗口"), sheets=_sheets(run, say, ("utilisation", "wait", "overdue", "borrowed"))),
        _basis(run, changes, say),
        Section(say.pick("Limits", "局限"), points=[*_cut_off(run, say), *_stated(run, say), *model_limits(say)]),
        rerun(run.document, say),
        stress_section(study_of(run), say),
    )  # fmt: skip
    title, question = answers.title(found, say), answers.question(found, say)
    return Page(title, _subtitle(run, say), question, answer_about(found, policy, say), sections, say)


def answer_about(found: Outcome, policy: str, say: Words) -> list[str]:
    """The answer for every policy, and more about one."""
    return [*answers.answer(found, say), answers.more(found, policy, say)]


def _pictures(run: Run, ask: Ask, progress: Progress) -> tuple[dict[str, Picture], list[str]]:
    """The charts that can be drawn, by kind, and why others cannot."""
    found, missing = {}, []
    for kind in (*CHARTS, "causes", "winners"):
        progress(kind)
        try:
            found[kind] = picture(run_chart(kind, run, ask))
        except NothingToDrawError as error:
            missing.append(ask.say.pick(f"No chart of {kind.replace('_', ' ')}: {error}.", f"没有 {kind} 图:{error}。"))
    return found, missing


def _one(pictures: dict[str, Picture], kind: str) -> list[Picture]:
    return [pictures[kind]] if kind in pictures else []


def _subtitle(run: Run, say: Words) -> str:
    record = run.document["record"]
    return say.pick(
        f"{run.replications} replications, seed {run.document['seed']}; the same projects meet every policy. "
        f"Simulated with parkflow{(record['version'] and ' ' + record['version']) or ''}.",
        f"{run.replications} 次仿真重复,随机种子 {run.document['seed']};各政策面对同一批项目。由 parkflow "
        f"{record['version'] or ''} 仿真。",
    )


def _headline(run: Run, say: Words) -> Sheet:
    rows = []
    for name in HEADLINE:
        found = run.rows(name) if name == "start_rate" else run.rows(name, ALL)
        if len(found):
            unit = measure(name).unit
            rows.append([text(_labelled(name, say)), *_across(found, run.policies, unit)])
    columns = [say("measure"), *(say.policy(policy) for policy in run.policies)]
    return sheet(say.pick("Headline measures, with 95% intervals", "主要指标(95%置信区间)"), columns, rows)


def _doubts(run: Run, say: Words) -> Iterator[Sheet]:
    """Both intervals of the headline, where the run was asked about its assumptions."""
    told = run.document.get("assumptions", ())
    if not told:
        return
    rows = []
    for it in told:
        bounds = ((it[f"{kind}_low"], it[f"{kind}_high"]) for kind in ("sampling", "assumptions"))
        cells = (interval({"mean": it["mean"], "low": low, "high": high}, it["unit"]) for low, high in bounds)
        rows.append([text(_labelled(it["measure"], say)), text(say.policy(it["policy"])), *cells])
    columns = say.pick(
        ("measure", "policy", "over replications", "over assumptions"), ("指标", "政策", "抽样区间", "假设区间")
    )
    title = say.pick("Two kinds of doubt, each with its 95% interval", "两种不确定性(各为95%区间)")
    note = say.pick(
        f"Assumed numbers move together through their ranges, at {told[0]['points']} points of a Latin hypercube.",
        f"假设值在各自范围内同时变动,共 {told[0]['points']} 个拉丁超立方点。",
    )
    yield sheet(title, columns, rows, note)


def _labelled(name: str, say: Words) -> str:
    """A measure with its unit, where the unit does not go without saying."""
    title, unit = say.title(measure(name)), measure(name).unit
    return say.begin(title) + (f" ({say.unit(unit)})" if unit == "days" and "days" not in measure(name).title else "")


def _across(found: pd.DataFrame, policies: list[str], unit: str) -> list[Cell]:
    by_policy = {row["policy"]: row for _, row in found.iterrows()}
    return [interval(by_policy[policy], unit) if policy in by_policy else number(None) for policy in policies]


def _by_group(run: Run, say: Words) -> list[Sheet]:
    return [it for it in _sheets(run, say, ("days_saved", "net_days", "share_losing")) if len(it.rows) > 1]


def _sheets(run: Run, say: Words, names: tuple[str, ...]) -> list[Sheet]:
    """A table per measure: groups by policies."""
    found = []
    for name in names:
        rows = run.rows(name).dropna(subset=["mean"])
        policies = [policy for policy in run.policies if policy in set(rows["policy"])]
        parts = rows.groupby("group", sort=False)
        lines = _distinct(
            [text(say.row(name, str(group))), *_across(part, policies, measure(name).unit)] for group, part in parts
        )
        if lines:
            columns = [say.pick("group", "类别"), *(say.policy(policy) for policy in policies)]
            found.append(
                sheet(_labelled(name, say), columns, lines, say.pick(say.begin(measure(name).formula) + ".", ""))
            )
    return found


def _distinct(lines: Iterable[list[Cell]]) -> list[list[Cell]]:
    """The lines without those that repeat one before: a class may be a group under another name."""
    found: dict[tuple[str, ...], list[Cell]] = {}
    for line in lines:
        found.setdefault(tuple(cell.text for cell in line[1:]), line)
    return list(found.values())


def _losers(run: Run, policy: str, say: Words) -> Iterator[Sheet]:
    """The projects that lose most, over all replications."""
    projects = saved(run)
    losers = projects[(projects["policy"] == policy) & (projects["saved"] < LOSES_BELOW)].nsmallest(
        MOST_LOSERS, "saved"
    )
    if len(losers):
        columns = say.pick(("project", "group", "replication", "days lost"), ("项目", "类别", "重复", "损失天数"))
        rows = [
            [
                text(row.project),
                text(say.group(row.group)),
                number(row.replication, str(row.replication)),
                number(-row.saved),
            ]
            for row in each(losers)
        ]
        yield sheet(
            say.pick(
                f"Projects that lose most under {say.the_policy(policy)}", f"{say.policy(policy)}下损失最大的项目"
            ),
            columns,
            rows,
        )


def _basis(run: Run, changes: Changes, say: Words) -> Section:
    noted = assumptions(run.scenario)
    assumed = sum(it.assumed for it in noted)
    lead = say.pick(
        f"{len(noted)} entries of the scenario carry a note: {len(noted) - assumed} name a source, {assumed} "
        "are assumed. "
        "Identifiers such as f004-09, m12 and S41 are entries of scenarios/evidence.toml and of the process priors.",
        f"情景文件中有 {len(noted)} 项带有说明:{len(noted) - assumed} 项有来源,{assumed} 项为假设。",
    )
    return Section(
        say.pick("Assumptions and sources", "假设与来源"),
        [lead],
        sheets=[*_policy_sheets(run, changes, say), _noted_sheet(run, say)],
    )


def _policy_sheets(run: Run, changes: Changes, say: Words) -> Iterator[Sheet]:
    for policy, lines in changes.items():
        rows = [[text(key), text(plain(before)), text(plain(after))] for key, before, after in lines]
        if rows:
            given = run.scenario.policies.get(policy)
            columns = say.pick(("key", "before", "after"), ("键", "之前", "之后"))
            title = say.pick(f"What {say.the_policy(policy)} changes", f"{say.policy(policy)}改变了什么")
            yield sheet(title, columns, rows, (given.note or given.title) if given else "", folded=True)


def _noted_sheet(run: Run, say: Words) -> Sheet:
    columns = say.pick(("key", "value", "kind", "where it comes from"), ("键", "取值", "性质", "出处或理由"))
    kinds = say.pick(("source", "assumed"), ("来源", "假设"))
    rows = [[text(it.key), text(it.value), text(kinds[it.assumed]), text(it.note)] for it in assumptions(run.scenario)]
    return sheet(say.pick("Every noted number", "全部带说明的数值"), columns, rows, folded=True)


def _stated(run: Run, say: Words) -> Iterator[str]:
    """What the park, the levers of its policies and the measures of the first table say of themselves."""
    yield from limits_of(run.scenario)
    policies = [policy for policy in run.policies if policy in run.scenario.policies]
    yield from limits_of_levers((lever for policy in policies for lever in bundle(run.scenario, policy)), say)
    yield from dict.fromkeys(limit for name in HEADLINE for limit in limits_of(measure(name)))


def _cut_off(run: Run, say: Words) -> list[str]:
    """What this run in particular leaves open."""
    points = []
    censored = run.rows("days", ALL).set_index("policy")["censored"]
    if censored.sum():
        counts = ", ".join(f"{say.policy(str(policy))} {count}" for policy, count in censored.items())
        points.append(
            say.pick(
                f"Projects cut off, over all replications: {counts}; they count up to {say.horizon()}.",
                f"期末未完成的项目:{counts};计算至{say.horizon()}。",
            )
        )
    if run.replications < FEW:
        points.append(
            say.pick(
                f"Only {run.replications} replications: intervals are wide, and rare losers may be missed.",
                f"仅 {run.replications} 次重复,区间较宽。",
            )
        )
    return points
