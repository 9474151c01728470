"""Days saved by each policy: estimates with intervals above, the distribution over projects below."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Ask, Chart, chosen_policy, sample, some, zero_line
from parkflow.analysis.charts.theme import LOSS, figure, policy_colours, policy_dashes, policy_markers
from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.store.project_days import projects_a_run, saved
from parkflow.analysis.store.rows import each
from parkflow.analysis.store.run_folder import Run

BINS = 40


def chart(run: Run, ask: Ask) -> Chart:
    """Days saved of every policy of a run, by group of projects and by project."""
    chosen_policy(run, ask)
    estimates, projects = estimates_of(run), saved(run)
    some(projects, "no project reached the first milestone under two policies", "没有项目在两种政策下都到达起始节点")
    title = ask.say.pick("Days saved, {} → {}", "节省天数：{} → {}").format(
        *(ask.say.activity(name) for name in run.question)
    )
    drawn = draw(estimates, projects, run.baseline, ask.say, sample(run, ask.say, projects_a_run(projects)))
    return Chart(
        "days_saved", f"{title} ({run.document['scenario']})", _caption(run, projects, ask.say), drawn, estimates
    )


def estimates_of(run: Run) -> pd.DataFrame:
    """One row per policy and group: mean days saved and its interval, all projects first."""
    found = run.rows("days_saved")
    found = found.assign(first=found["group"] != ALL).sort_values(["first"], kind="stable")
    kept = found.drop_duplicates(["policy", "mean", "low", "high"])  # a class may be a group under another name
    return kept[["policy", "group", "mean", "low", "high", "replications", "censored"]].reset_index(drop=True)


def draw(estimates: pd.DataFrame, projects: pd.DataFrame, baseline: str, say: Words, size: str = "") -> Figure:
    """Draw the estimates (policy, group, mean, low, high) above the projects (policy, saved)."""
    policies = list(dict.fromkeys(estimates["policy"]))
    rows = len(estimates)
    drawn = figure(2.9 + 0.19 * rows)
    above, below = drawn.subplots(2, 1, sharex=True, height_ratios=[0.5 + 0.19 * rows, 1.7])
    _estimates(above, estimates, baseline, policies, say)
    _distribution(below, projects, baseline, policies, say)
    below.set_title(say.first("distribution over projects") + (f" ({size})" if size else ""), fontweight="normal")
    return drawn


def _estimates(axes: Axes, table: pd.DataFrame, baseline: str, policies: list[str], say: Words) -> None:
    colours, markers = policy_colours(policies, baseline), policy_markers(policies, baseline)
    groups = list(dict.fromkeys(table["group"]))
    step = 0.7 / len(policies)
    for number, policy in enumerate(policies):
        mine = table[table["policy"] == policy]
        at = [groups.index(group) + (number - (len(policies) - 1) / 2) * step for group in mine["group"]]
        error = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        axes.errorbar(
            mine["mean"], at, xerr=error, fmt=markers[policy], color=colours[policy], markersize=4.5, capsize=2.5,
            linewidth=1.3, label=say.policy(policy),
        )  # fmt: skip
    axes.set_yticks(range(len(groups)), [say.group(_named(group)) for group in groups])
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_title(say.first("estimate and 95% interval of the mean"), fontweight="normal")
    axes.grid(axis="x")
    zero_line(axes)


def _distribution(axes: Axes, table: pd.DataFrame, baseline: str, policies: list[str], say: Words) -> None:
    colours, dashes = policy_colours(policies, baseline), policy_dashes(policies, baseline)
    edges = np.histogram_bin_edges(table["saved"], BINS)
    for policy in policies:
        mine = table.loc[table["policy"] == policy, "saved"]
        sns.histplot(
            x=mine, bins=list(edges), stat="proportion", element="step", fill=True, alpha=0.18, color=colours[policy],
            linewidth=1.4, ax=axes, label=say.policy(policy),
        )  # fmt: skip
        axes.collections[-1].set_linestyle(dashes[policy])
    zero_line(axes)
    axes.axvspan(min(edges[0], 0), 0, color=LOSS, alpha=0.07, linewidth=0)
    axes.set_xlabel(say("days saved per project"))
    axes.set_ylabel(say("share of projects"))
    axes.legend(title=None)


def _named(group: str) -> str:
    return group.removeprefix("class:")


def _caption(run: Run, projects: pd.DataFrame, say: Words) -> str:
    parts = []
    for row in each(run.rows("days_saved", ALL)):
        mine = projects.loc[projects["policy"] == row.policy, "saved"]
        low, high = mine.quantile([0.1, 0.9])
        between = "" if np.isnan(row.low) else f" [{rounded(row.low)}, {rounded(row.high)}]"
        parts.append(
            say.pick(
                f"{say.begin(say.the_policy(row.policy))} saves {rounded(row.mean)}{between} days on average; "
                f"the middle 80% of projects lie between "
                f"{rounded(low)} and {rounded(high)}, and {percent((mine < -0.5).mean())} lose",
                f"{say.policy(row.policy)}平均节省 {rounded(row.mean)}{between} 天；"
                f"中间 80% 的项目在 {rounded(low)} 到 "
                f"{rounded(high)} 天之间，"
                f"{percent((mine < -0.5).mean())} 的项目受损",
            )
        )
    censored = int(projects["censored"].sum())
    tail = say.pick(
        f" {censored} of {len(projects)} pairs are cut off at the horizon and count up to it." if censored else "",
        f"{censored}/{len(projects)} 个配对在期末仍未完成，按期末计算。" if censored else "",
    )
    return say.pick(". ", "。").join(parts) + say.pick(".", "。") + tail
