"""Which lever did it, in sentences: what a policy changes, each lever's share of that, and how levers overlap."""

from __future__ import annotations

from collections.abc import Sequence

from parkflow.analysis.experiments.attribution import FIRST, Attribution
from parkflow.analysis.experiments.dependence import Dependence
from parkflow.analysis.formatting import percent, plain
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure as known_measure
from parkflow.analysis.sentences.sureness import Row, figure, sign, within

NAMED = 3
"""Levers that the sentence names."""

SIGNIFICANT = 0.05
"""An overlap below this share of the joint effect is none."""


def shares(found: Attribution, measure: str, say: Words) -> str:
    """The answer for one measure: the joint effect, the levers with the greatest shares, what is sure, the overlap."""
    (joint,) = (row for row in found.joint if row["measure"] == measure)
    parts = [_joint(found, joint, say), _greatest(found, joint, say), _sure(found, measure, say)]
    parts.append(_overlap(found, joint, say))
    return say.pick(" ", "").join(part for part in parts if part)


def _joint(found: Attribution, joint: Row, say: Words) -> str:
    """What all levers change together."""
    name, amount = say.title(known_measure(joint["measure"])), figure(joint["mean"], joint)
    of = "" if found.group == ALL else say.pick(f" of {say.group(found.group)}", f"({say.group(found.group)})")
    policy = say.the_policy(found.policy)
    sure = within(joint, say, first=True)
    return say.pick(
        f"{say.begin(policy)} against the serial park, {name}{of}: {amount} {_unit(joint, say)}{sure}.",
        f"{policy}与串行审批相比，{name}{of}为 {amount} {_unit(joint, say)}{sure}。",
    )


def _unit(row: Row, say: Words) -> str:
    return "" if row["unit"] == "share" else say.pick(str(row["unit"]), say.unit(str(row["unit"])))


def _greatest(found: Attribution, joint: Row, say: Words) -> str:
    """The levers with the greatest shares, each with its part of the whole."""
    rows = sorted(_rows(found, joint["measure"]), key=lambda row: -abs(row["mean"]))[:NAMED]
    if len(rows) == 1:
        only = say.lever(rows[0]["lever"])
        return say.pick(f"All of it is {only}.", f"全部来自{only}。")
    named = [f"{say.lever(row['lever'])} {figure(row['mean'], row)}{_part(row, joint, say)}" for row in rows]
    return say.pick(
        f"Shared out among {len(found.levers)} levers: {', '.join(named)}{_rest(found)}.",
        f"在 {len(found.levers)} 项措施间分摊：{'、'.join(named)}{'等' if len(found.levers) > NAMED else ''}。",
    )


def _rest(found: Attribution) -> str:
    left = len(found.levers) - NAMED
    return f", and {left} more" if left > 0 else ""


def _rows(found: Attribution, measure: str) -> list[Row]:
    """The shares of the levers."""
    return list(found.of(measure).values())


def _part(row: Row, joint: Row, say: Words) -> str:
    if not sign(joint):
        return ""
    part = percent(row["mean"] / joint["mean"])
    return say.pick(f" ({part})", f"({part})")


def _sure(found: Attribution, measure: str, say: Words) -> str:
    """Which levers' shares are not chance, all intervals taken together."""
    rows = _rows(found, measure)
    unsure = [say.lever(row["lever"]) for row in rows if not sign(row) and row["low"] != row["high"]]
    nothing = [say.lever(row["lever"]) for row in rows if row["low"] == row["high"] == 0]
    told = []
    if unsure:
        told.append(
            say.pick(
                f"Of {', '.join(unsure)} nothing is sure: the interval contains zero.",
                f"{'、'.join(unsure)}的作用无法确定：区间包含零。",
            )
        )
    if nothing:
        told.append(
            say.pick(
                f"{say.begin(', '.join(nothing))}: no effect at all here.", f"{'、'.join(nothing)}在此没有任何作用。"
            )
        )
    return say.pick(" ", "").join(told)


def _overlap(found: Attribution, joint: Row, say: Words) -> str:
    """Whether the levers alone would sum to more than they change together."""
    if not sign(joint):
        return ""
    alone = sum(row["mean"] for row in found.of(joint["measure"], FIRST).values())
    if abs(alone - joint["mean"]) < SIGNIFICANT * abs(joint["mean"]):
        return ""
    summed, more = figure(alone, joint), abs(alone) > abs(joint["mean"])
    why = say.pick(
        "they overlap" if more else "they need each other", "措施之间相互重叠" if more else "措施之间相互依赖"
    )
    return say.pick(
        f"Each alone, the levers would change {summed} in sum: {why}.", f"若各自单独采用，合计为 {summed}：{why}。"
    )


def how(found: Attribution, say: Words) -> str:
    """How the shares were made, and what their intervals say."""
    made = say.pick(
        f"Shapley's value of all {2 ** len(found.levers)} sets of levers"
        if found.method == "exact"
        else "Shapley's value from a random order of joining and its reverse in each replication",
        f"沙普利值，由全部 {2 ** len(found.levers)} 个措施组合计算"
        if found.method == "exact"
        else "沙普利值，由每次重复中一个随机加入顺序及其逆序估计",
    )
    return say.pick(
        f"{made}; {found.replications} replications, seed {found.seed}. The intervals of one measure hold together "
        "with 95% (max-t). First: the lever alone; last: what the policy lacks without it.",
        f"{made}；{found.replications} 次仿真重复，随机种子 {found.seed}。"
        "同一指标的各区间以 95% 的把握同时成立（max-t 法）。"
        "首位：单独采用该措施；末位：从政策中去掉它所失去的。",
    )


def depends(found: Sequence[Dependence], say: Words) -> list[str]:
    """A line for every key that two levers do not set independently."""
    return [_depends(one, say) for one in found]


def _depends(one: Dependence, say: Words) -> str:
    row = one.row()
    alone, other, both = (plain(row[key]) for key in ("alone", "other_alone", "together"))
    lever, second = say.lever(one.lever), say.lever(one.other)
    return say.pick(
        f"{say.begin(lever)} and {second} do not set {one.key} independently: {alone} and {other} alone, "
        f"{both} together.",
        f"{lever}与{second}对 {one.key} 的设定相互影响：单独为 {alone} 和 {other}，同时采用为 {both}。",
    )
