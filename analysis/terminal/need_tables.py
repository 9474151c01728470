"""What would be enough: the answer in sentences, and a table of the combinations that were tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.need import Attempt, Need
from parkflow.analysis.experiments.seeking import Verdict
from parkflow.analysis.formatting import amount, interval, percent, plain, rounded
from parkflow.analysis.language import Words

CAUSES_TOLD = 3
"""Causes named where nothing is enough."""


def need_sentences(need: Need, say: Words) -> list[str]:
    """The answer, what it rests on, and what to beware of."""
    told = [_enough(need, need.enough, say), *_less(need, say)] if need.enough else [_nothing(need, say)]
    sure, runs = percent(need.confidence), rounded(need.runs)
    told.append(
        say.pick(
            f"All verdicts are right with a probability of {sure} or more; they took {runs} replications at "
            f"{len(need.attempts)} combinations.",
            f"全部判断同时正确的概率不低于{sure}；共试验{len(need.attempts)}种组合，{runs}次重复。",
        )
    )
    if not need.is_monotone:
        told.append(
            say.pick(
                "Beware: a combination with more fails where one with less is enough, so more does harm here, and a "
                "cheaper one may have been passed over: list the levels and compare them with a sweep.",
                "注意：投入更多的组合未达标，而较少者达标，说明增加投入可能有害，更省的组合可能被略过："
                "请列出各水平，以批量试验逐一比较。",
            )
        )
    return told


def need_table(need: Need, say: Words) -> Table:
    """The combinations that were tried, the cheapest first."""
    table = Table(header_style="bold")
    for dial in need.dials:
        table.add_column(dial.key, justify="right", overflow="fold")
    if len(need.dials) > 1:
        table.add_column(say.pick("cost", "成本"), justify="right", no_wrap=True)
    table.add_column(_heading(need, say), justify="right", no_wrap=True)
    table.add_column(say.pick("runs", "次数"), justify="right", no_wrap=True)
    table.add_column(say.pick("verdict", "判断"), no_wrap=True)
    for it in need.attempts:
        cost = [rounded(it.cost, 1)] if len(need.dials) > 1 else []
        verdict = say.pick(*VERDICTS[it.verdict]) + (" *" if it is need.enough else "")
        levels = [plain(value) for value in it.levels.values()]
        table.add_row(*levels, *cost, _seen(need, it), str(it.seen.count), verdict)
    return table


VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.enough: ("enough", "足够"),
    Verdict.short: ("too little", "不足"),
    Verdict.open: ("not told", "尚难判断"),
}


def _heading(need: Need, say: Words) -> str:
    name = say.title(need.measure)
    return name if need.wanted.aim.chance is None else say.pick(f"chance of {_aimed(need, say)}", "达标概率")


def _seen(need: Need, attempt: Attempt) -> str:
    unit = need.measure.unit if need.wanted.aim.chance is None else "share"
    return interval(attempt.seen.mean, attempt.seen.low, attempt.seen.high, unit)


def _aimed(need: Need, say: Words) -> str:
    """The target, as ``start rate of the cohort ≥ 90%``."""
    aim, name, unit = need.wanted.aim, say.title(need.measure), need.measure.unit
    value = amount(aim.value, unit, 0) + ("" if unit == "share" else say.pick(f" {unit}", say.unit(unit)))
    return f"{name} {'≥' if aim.at_least else '≤'} {value}"


def _target(need: Need, say: Words) -> str:
    """The target with its chance, where it has one."""
    chance = need.wanted.aim.chance
    if chance is None:
        return _aimed(need, say)
    share = percent(chance)
    return say.pick(f"{_aimed(need, say)} in {share} of runs or more", f"“{_aimed(need, say)}”的概率不低于{share}")


def _levels(levels: Mapping[str, Any], say: Words) -> str:
    return say.pick(", ", "、").join(f"{key} = {plain(value)}" for key, value in levels.items())


def _enough(need: Need, found: Attempt, say: Words) -> str:
    under = say.under(need.wanted.policy)
    least = say.pick("the least", "最少") if len(need.dials) == 1 else say.pick("the cheapest", "最省")
    return say.begin(
        say.pick(
            f"{under}, {_levels(found.levels, say)} is {least} that brings {_target(need, say)}: {_seen(need, found)}.",
            f"{under}，{_levels(found.levels, say)}是达到{_target(need, say)}的{least}投入：{_seen(need, found)}。",
        )
    )


def _less(need: Need, say: Words) -> list[str]:
    """What is known of combinations that are cheaper: that the nearest is too little, or may be enough."""
    cheaper = [it for it in need.attempts if need.enough and it.cost < need.enough.cost]
    if not cheaper:
        return [say.pick("It is the least that was to be tried.", "这已是所试范围的下限。")]
    near = max(cheaper, key=lambda it: it.cost)
    what = f"{_levels(near.levels, say)}: {_seen(need, near)}"
    if near.verdict is Verdict.open:
        return [
            say.pick(
                f"Less may be enough, {near.seen.count} replications do not tell: {what}.",
                f"更少或许也够，{near.seen.count}次重复尚难判断：{what}。",
            )
        ]
    return [say.pick(f"Less is too little: {what}.", f"再少则不足：{what}。")]


def _nothing(need: Need, say: Words) -> str:
    """That no combination reaches the target, how near the greatest comes, and what holds it up."""
    greatest = max(need.attempts, key=lambda it: it.cost)
    told = say.pick(
        f"No level reaches {_target(need, say)}: with {_levels(greatest.levels, say)} it is {_seen(need, greatest)}.",
        f"任何水平都达不到{_target(need, say)}：{_levels(greatest.levels, say)}时为{_seen(need, greatest)}。",
    )
    if need.obstacles is None:
        return told
    causes = [(say.the_cause(name), rounded(days)) for name, days in need.obstacles.causes[:CAUSES_TOLD]]
    desks = [f"{say.desk(name)} {percent(share)}" for name, share in need.obstacles.desks]
    days = say.pick(", ", "、").join(say.pick(f"{name} {n} days", f"{name}{n}天") for name, n in causes)
    told += say.pick(f" What holds projects up there: {days}.", f"主要耗时：{days}。")
    full = say.pick(", ", "、").join(desks) or say.pick("none", "无")
    return told + say.pick(f" Desks above 95% of their time: {full}.", f"利用率超过95%的窗口：{full}。")
