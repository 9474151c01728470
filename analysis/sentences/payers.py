"""Who pays for a policy, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parkflow.analysis.experiments.displaced import Displacement
from parkflow.analysis.formatting import interval, percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.displacement import COVERED, OTHERS

Kind = Mapping[str, Any]


def payers(found: Displacement, say: Words) -> str:
    """Days gained and lost in the park, and of those whom the policy covers and whom not."""
    whole, cover = found.of("all")["all"], found.of("cover")
    policy, end = say.the_policy(found.policy), say.activity(found.question[1])
    gained, lost, net = (rounded(whole[part]) for part in ("gained", "lost", "net"))
    first = say.pick(
        f"Under {policy} {rounded(whole['projects'])} projects that have {end} ahead gain {gained} days in sum and "
        f"lose {lost}: {net} net{_sure(whole, say)}.",
        f"{policy}下，尚待到达{end}的 {rounded(whole['projects'])} 个项目合计提前 {gained} 天、推迟 {lost} 天，"
        f"净提前 {net} 天{_sure(whole, say)}。",
    )
    return say.pick(" ", "").join([first, _covered(cover, say) if cover else _nobody_picked(say)])


def _sure(row: Kind, say: Words) -> str:
    """The interval of what is moved net."""
    if row["net_low"] is None:
        return ""
    low, high = rounded(row["net_low"]), rounded(row["net_high"])
    return say.pick(f" (95% interval {low} to {high})", f"（95% 区间 {low} 至 {high}）")


def _covered(cover: Mapping[str, Kind], say: Words) -> str:
    """What those covered gain, against what the others do."""
    parts = []
    if COVERED in cover:
        parts.append(_each(say.pick("those that it covers", "其覆盖的项目"), cover[COVERED], say))
    if OTHERS in cover:
        parts.append(_each(say.pick("all others", "其他项目"), cover[OTHERS], say))
    return say.begin(say.pick("; ", "；").join(parts)) + say.pick(".", "。")


def _each(who: str, row: Kind, say: Words) -> str:
    count, gained, lost = (rounded(row[part]) for part in ("projects", "gained", "lost"))
    return say.pick(
        f"{who} ({count}) gain {gained} and lose {lost}", f"{who}（{count} 个）提前 {gained} 天、推迟 {lost} 天"
    )


def _nobody_picked(say: Words) -> str:
    return say.pick("The policy picks nobody out: all projects meet it alike.", "该政策不区分项目，所有项目同等适用。")


def check(found: Displacement, say: Words) -> str:
    """Kleinrock's conservation law, as this run keeps it."""
    if found.check is None:
        return say.pick(
            "Conservation of waits cannot be checked: no desk served all its files by itself.",
            "无法检验等待守恒：没有窗口独立办完全部事项。",
        )
    mean, low, high, turn = (found.check[name] for name in ("mean", "low", "high", "in_turn"))
    added, part = interval(mean, low, high, digits=4), percent(abs(mean) / turn, 1) if turn else "0%"
    kept = low is None or low <= 0 <= high
    return say.pick(
        f"Check: with the same files and officers the order of service adds {added} days to a wait of "
        f"{rounded(turn, 3)}, weighted by work ({part}). {_kept(kept)}",
        f"检验：在相同事项和人员下，办理次序使加权等待（{rounded(turn, 3)} 天）增加 {added} 天（{part}）。"
        f"{'等待守恒：优先办理只转移等待，不减少等待。' if kept else '区间不含零：多人窗口在如此少的重复下可能偏离。'}",
    )


def _kept(kept: bool) -> str:
    if kept:
        return "It is conserved: priority moves waits, and saves none."
    return "The interval does not contain zero, which desks of several officers may show in few replications."
