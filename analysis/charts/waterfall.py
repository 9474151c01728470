"""Where the days go: causes under each policy, and the waterfall from the baseline to one policy."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Ask, Chart, chosen_policy, sample, some
from parkflow.analysis.charts.theme import BASE, GAIN, LOSS, MUTED, figure, policy_colours
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.replication.critical_path import CAUSES
from parkflow.analysis.store.rows import each
from parkflow.analysis.store.run_folder import Run

NOBODY = ("no project reached both milestones", "没有项目到达两个节点")
LEAST = 0.5
"""Causes of fewer days than this under every policy are not shown."""

ROOM_BELOW, LEAST_CUT = 0.4, 0.3
"""The axis of the waterfall leaves so much of its span below the lowest level, and is cut where that is worth it."""

HATCHES = ("", "///", "xxx", "...", "\\\\\\", "++")


def chart(run: Run, ask: Ask) -> Chart:
    """Days by cause of every policy of a run, and what one of them saves by cause."""
    levels = some(run.rows("cause_days").dropna(subset=["mean"]), *NOBODY)
    others = [policy for policy in run.policies if policy != run.baseline]
    policy = chosen_policy(run, ask) if others else None
    moved = run.rows("cause_days_saved")
    moved = moved[moved["policy"] == policy]
    question = " → ".join(ask.say.activity(name) for name in run.question)
    title = ask.say.pick(f"Where the days go, {question}", f"时间去向：{question}")
    drawn = draw(levels, moved, run.baseline, ask.say, sample(run, ask.say))
    table = pd.concat([levels, moved])[["policy", "measure", "group", "mean", "low", "high"]]
    return Chart("causes", f"{title} ({run.document['scenario']})", _caption(levels, moved, run, ask.say), drawn, table)


def draw(levels: pd.DataFrame, moved: pd.DataFrame, baseline: str, say: Words, size: str = "") -> Figure:
    """Draw days by cause (policy, group, mean, low, high), and below them the waterfall of what is saved (same).

    Causes of next to no days are left out; without anything saved there is no waterfall.
    """
    means = pd.concat([levels, moved]).groupby("group")["mean"]
    seen: list[str] = [cause for cause in CAUSES if means.apply(lambda days: days.abs().max()).get(cause, 0.0) >= LEAST]
    policies = list(dict.fromkeys(levels["policy"]))
    bars = 0.5 + len(seen) * (0.11 + 0.1 * len(policies))
    if not len(moved.dropna(subset=["mean"])):
        drawn = figure(bars + 0.6)
        _levels(drawn.subplots(), levels, seen, policies, baseline, say, size)
        return drawn
    drawn = figure(bars + 2.9)
    above, below = drawn.subplots(2, 1, height_ratios=[bars, 2.3])
    _levels(above, levels, seen, policies, baseline, say, size)
    _waterfall(below, levels, moved, seen, baseline, say)
    return drawn


def _levels(
    axes: Axes, levels: pd.DataFrame, seen: list[str], policies: list[str], baseline: str, say: Words, size: str
) -> None:
    colours = policy_colours(policies, baseline)
    height = 0.8 / len(policies)
    for number, policy in enumerate(policies):
        mine = levels[levels["policy"] == policy].set_index("group").reindex(seen)
        at = np.arange(len(seen)) + (number - (len(policies) - 1) / 2) * height
        error = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        axes.barh(
            at, mine["mean"], height, xerr=error, color=colours[policy], hatch=HATCHES[number % len(HATCHES)],
            edgecolor="white", linewidth=0.4, label=say.policy(policy),
            error_kw={"elinewidth": 0.8, "ecolor": "#1a1a1a"},
        )  # fmt: skip
    axes.set_yticks(range(len(seen)), [say.cause(cause) for cause in seen])
    axes.invert_yaxis()
    axes.set_xlabel(say("days per project"))
    axes.set_title(say.first("where the days go") + (f" ({size})" if size else ""), fontweight="normal")
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.legend(loc="lower right")


def _waterfall(
    axes: Axes, levels: pd.DataFrame, moved: pd.DataFrame, seen: list[str], baseline: str, say: Words
) -> None:
    policy = str(moved["policy"].iloc[0])
    steps = moved.set_index("group")["mean"].reindex(seen).fillna(0.0)
    total = float(levels.loc[levels["policy"] == baseline, "mean"].sum())
    before = total - np.concatenate(([0.0], np.cumsum(steps)[:-1]))
    colour = [GAIN if step >= 0 else LOSS for step in steps]
    axes.bar(0, total, 0.7, color=BASE)
    bars = axes.bar(np.arange(1, len(seen) + 1), -steps, 0.7, bottom=before, color=colour)
    for bar, step in zip(bars, steps, strict=True):
        bar.set_hatch("" if step >= 0 else "///")
    axes.bar(len(seen) + 1, total - steps.sum(), 0.7, color=policy_colours([policy], baseline)[policy])
    _connect(axes, np.append(before, total - steps.sum()))
    _write(axes, total, before, steps.to_numpy())
    names = [say.policy(baseline), *map(say.cause, seen), say.policy(policy)]
    axes.set_xticks(range(len(names)), names, rotation=38, ha="right", rotation_mode="anchor")
    axes.set_ylabel(say("days per project"))
    change = f"{say.policy(baseline)} → {say.policy(policy)}"
    title = say.pick(f"What is saved, {change}", f"节省了什么：{change}")
    if begin := _begin(axes, np.append(before, total - steps.sum())):
        title += say.pick(f" (axis from {rounded(begin)})", f"（纵轴始于 {rounded(begin)}）")
    axes.set_title(title, fontweight="normal", wrap=True)


def _begin(axes: Axes, levels: np.ndarray) -> float:
    """Let the axis begin where the story is: at a round number below the lowest level, or at zero if that is near."""
    least, most = float(levels.min()), float(levels.max())
    room = most - least or most
    step = 10.0 ** np.floor(np.log10(room)) if room > 0 else 1.0
    begin = max(0.0, np.floor((least - ROOM_BELOW * room) / step) * step)
    begin = begin if begin > LEAST_CUT * most else 0.0
    axes.set_ylim(begin, most + 0.1 * (most - begin or 1.0))
    if begin:
        axes.plot([0, 0], [0.02, 0.05], "_", transform=axes.transAxes, color=MUTED, markersize=9, clip_on=False)
    return begin


def _connect(axes: Axes, levels: np.ndarray) -> None:
    for place, level in enumerate(levels):
        axes.plot([place + 0.35, place + 0.65], [level, level], color=MUTED, linewidth=0.7)


def _write(axes: Axes, total: float, before: np.ndarray, steps: np.ndarray) -> None:
    """The days above each bar."""
    tops = [total, *np.maximum(before, before - steps), total - steps.sum()]
    changes = (rounded(-step, sign=True) for step in steps)
    texts = [rounded(total), *changes, rounded(total - steps.sum())]
    for place, (top, text) in enumerate(zip(tops, texts, strict=True)):
        axes.annotate(text, (place, top), (0, 2), textcoords="offset points", ha="center", fontsize=7.5)


def _caption(levels: pd.DataFrame, moved: pd.DataFrame, run: Run, say: Words) -> str:
    of = levels[levels["policy"] == run.baseline].sort_values("mean", ascending=False)
    most = [f"{say.the_cause(row.group)} ({rounded(row.mean)})" for row in each(of.head(3))]
    text = say.pick(
        f"{say.begin(say.under(run.baseline))} most days go to {', '.join(most)}.",
        f"{say.policy(run.baseline)}下耗时最多的是{'、'.join(most)}。",
    )
    if len(moved.dropna(subset=["mean"])):
        gains = moved.sort_values("mean", ascending=False).head(3)
        named = [f"{say.the_cause(row.group)} ({rounded(row.mean)})" for row in each(gains) if row.mean >= 0.5]
        policy = say.the_policy(str(moved["policy"].iloc[0]))
        text += say.pick(
            f" {say.begin(policy)} saves most in {', '.join(named)} days per project."
            if named
            else f" {say.begin(policy)} saves in no cause.",
            f"{policy}主要节省在{'、'.join(named)}。" if named else f"{policy}没有节省。",
        )
    return text + say.pick(
        " Days are those of the realised critical path; the causes sum to the lead time.",
        "天数取自实际关键路径，各因素之和等于历时。",
    )
