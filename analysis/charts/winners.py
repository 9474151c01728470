"""Winners and losers: every project from the greatest loss to the greatest gain, and the balance of each group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Ask, Chart, chosen_policy, sample, some
from parkflow.analysis.charts.theme import GAIN, INK, LOSS, figure, policy_colours, policy_dashes
from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.days import LOSES_BELOW
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.store.project_days import projects_a_run, saved
from parkflow.analysis.store.rows import each, greatest
from parkflow.analysis.store.run_folder import Run


def chart(run: Run, ask: Ask) -> Chart:
    """Who gains and who pays under the policies of a run."""
    policy = chosen_policy(run, ask)
    projects = some(
        saved(run), "no project reached the first milestone under two policies", "没有项目在两种政策下都到达起始节点"
    )
    groups = balance(projects[projects["policy"] == policy])
    drawn = draw(projects, groups, policy, run.baseline, ask.say, sample(run, ask.say, projects_a_run(projects)))
    title = ask.say.pick("Winners and losers against {}", "相对{}的得与失").format(ask.say.the_policy(run.baseline))
    caption = _caption(groups, policy, ask.say)
    return Chart("winners", f"{title} ({run.document['scenario']})", caption, drawn, groups)


def balance(projects: pd.DataFrame) -> pd.DataFrame:
    """By group, all first: mean days gained and lost per project, and the share of projects that lose."""
    found = [_balance(ALL, projects)]
    if projects["group"].nunique() > 1:
        found += [_balance(str(name), part) for name, part in projects.groupby("group", sort=False)]
    return pd.DataFrame(found)


def _balance(name: str, part: pd.DataFrame) -> dict[str, object]:
    days = part["saved"].to_numpy()
    return {
        "group": name,
        "gained": float(np.maximum(days, 0).mean()),
        "lost": float(np.maximum(-days, 0).mean()),
        "share_losing": float((days < LOSES_BELOW).mean()),
        "projects": projects_a_run(part),
    }


def draw(
    projects: pd.DataFrame, groups: pd.DataFrame, policy: str, baseline: str, say: Words, size: str = ""
) -> Figure:
    """Draw projects (policy, saved) in order of what they gain, and the balance of groups (`balance`) of one policy."""
    drawn = figure(3.2 + 0.26 * len(groups))
    above, below = drawn.subplots(2, 1, height_ratios=[2.2, 0.5 + 0.26 * len(groups)])
    _ordered(above, projects, baseline, say, size)
    _groups(below, groups, policy, say)
    return drawn


def _ordered(axes: Axes, projects: pd.DataFrame, baseline: str, say: Words, size: str) -> None:
    policies = list(dict.fromkeys(projects["policy"]))
    colours, dashes = policy_colours(policies, baseline), policy_dashes(policies, baseline)
    for policy in policies:
        days = np.sort(projects.loc[projects["policy"] == policy, "saved"].to_numpy())
        share = (np.arange(len(days)) + 0.5) / len(days)
        axes.plot(share, days, color=colours[policy], linestyle=dashes[policy], label=say.policy(policy))
        axes.fill_between(share, days, 0, where=list(days < 0), color=LOSS, alpha=0.35, linewidth=0, step=None)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value))
    axes.set_xlabel(say("projects, from the greatest loss to the greatest gain"))
    axes.set_ylabel(say("days saved per project"))
    axes.set_title(size, fontweight="normal")
    axes.grid(axis="y")
    axes.legend(loc="upper left")


def _groups(axes: Axes, groups: pd.DataFrame, policy: str, say: Words) -> None:
    at = np.arange(len(groups))
    axes.barh(at, groups["gained"], 0.65, color=GAIN, label=say("days gained"))
    axes.barh(at, -groups["lost"], 0.65, color=LOSS, hatch="///", edgecolor="white", label=say("days lost"))
    for place, row in enumerate(each(groups)):
        text = say.pick(f"{percent(row.share_losing)} lose", f"{percent(row.share_losing)} 受损")
        axes.annotate(text, (row.gained, place), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(at, [f"{say.group(row.group)} ({row.projects})" for row in each(groups)])
    axes.invert_yaxis()
    axes.margins(x=0.16)
    axes.set_xlabel(say("days per project"))
    axes.set_title(say.pick(f"By group: {say.policy(policy)}", f"按类别：{say.policy(policy)}"), fontweight="normal")
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, -0.12), ncols=2, columnspacing=1.0, handlelength=1.4)


def _caption(groups: pd.DataFrame, policy: str, say: Words) -> str:
    whole, parts = groups.iloc[0], groups.iloc[1:]
    text = say.pick(
        f"{say.begin(say.under(policy))} {percent(whole['share_losing'])} of projects lose more than half a day; "
        f"a project gains {rounded(whole['gained'])} days and loses {rounded(whole['lost'], 1)} on average.",
        f"{say.policy(policy)}下 {percent(whole['share_losing'])} 的项目受损超过半天；"
        f"平均每个项目节省 {rounded(whole['gained'])} 天、损失 {rounded(whole['lost'], 1)} 天。",
    )
    if len(parts):
        worst = greatest(parts, "share_losing")
        text += say.pick(
            f" The group that loses most often is {say.group(worst['group'])} ({percent(worst['share_losing'])}).",
            f"受损最多的是{say.group(worst['group'])}（{percent(worst['share_losing'])}）。",
        )
    return text
