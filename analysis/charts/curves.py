"""S-curves: how many projects have started and are in production by each day, with bands over replications."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Ask, Chart, NothingToDrawError, date_axis, dates, sample
from parkflow.analysis.charts.theme import figure, policy_colours, policy_dashes
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.sentences.calendar_dates import on
from parkflow.analysis.store.project_days import milestone_days
from parkflow.analysis.store.run_folder import Run

PANELS = {"starts": "groundbreaking", "completions": "production"}
POINTS = 160
BAND = (0.1, 0.9)


def chart(run: Run, ask: Ask) -> Chart:
    """Cumulative starts and completions of every policy of a run."""
    known = [panel for panel, milestone in PANELS.items() if milestone in run.scenario.activities]
    if not known:
        raise NothingToDrawError(
            f"the park {run.document['scenario']} has neither groundbreaking nor production",
            "该园区既没有开工节点，也没有投产节点",
        )
    tables = {panel: cumulative(milestone_days(run, PANELS[panel]), run.over()) for panel in known}
    table = pd.concat([part.assign(panel=panel) for panel, part in tables.items()], ignore_index=True)
    drawn = draw(run, table, ask.say)
    title = ask.say.pick("Starts and completions over time", "开工与投产进度曲线")
    return Chart("s_curves", f"{title} ({run.document['scenario']})", _caption(run, table, ask.say), drawn, table)


def cumulative(projects: pd.DataFrame, over: float) -> pd.DataFrame:
    """By policy and day: mean number of projects there, its 10% and 90% quantile over replications, and all of them."""
    latest = projects["day"].max()
    days = np.linspace(0.0, over if np.isnan(latest) else min(over, float(latest) * 1.03), POINTS)
    found = []
    for policy, part in projects.groupby("policy", sort=False):
        counts = np.array([_counts(one["day"].to_numpy(), days) for _, one in part.groupby("replication")])
        low, high = np.quantile(counts, BAND, axis=0)
        everyone = len(part) / len(counts)
        found.append(
            pd.DataFrame(
                {"policy": policy, "day": days, "mean": counts.mean(axis=0), "low": low, "high": high, "all": everyone}
            )
        )
    return pd.concat(found, ignore_index=True)


def _counts(reached: np.ndarray, days: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(reached[~np.isnan(reached)]), days, side="right")


def draw(run: Run, table: pd.DataFrame, say: Words) -> Figure:
    """Draw the curves (panel, policy, day, mean, low, high, all), one panel below the other."""
    panels = list(dict.fromkeys(table["panel"]))
    drawn = figure(0.4 + 2.1 * len(panels))
    for axes, panel in zip(np.atleast_1d(drawn.subplots(len(panels), 1)), panels, strict=True):
        mine = table[table["panel"] == panel]
        _curves(run, axes, mine, say)
        axes.set_title(_panel_title(run, panel, float(mine["all"].iloc[0]), say), fontweight="normal")
    axes.annotate(
        say("band: middle 80% of replications"), (1, 0), (-2, 4), xycoords="axes fraction",
        textcoords="offset points", ha="right", fontsize=7.5, color="#595959",
    )  # fmt: skip
    return drawn


def _panel_title(run: Run, panel: str, everyone: float, say: Words) -> str:
    of = say.pick(f"of {rounded(everyone)} projects", f"共 {rounded(everyone)} 个项目")
    return f"{say.first(panel)}: {say.activity(PANELS[panel])} ({of}, {sample(run, say)})"


def _curves(run: Run, axes: Axes, table: pd.DataFrame, say: Words) -> None:
    policies = list(dict.fromkeys(table["policy"]))
    colours, dashes = policy_colours(policies, run.baseline), policy_dashes(policies, run.baseline)
    for policy in policies:
        mine = table[table["policy"] == policy]
        at = dates(run, mine["day"])
        axes.fill_between(at, mine["low"], mine["high"], color=colours[policy], alpha=0.2, linewidth=0)
        axes.plot(at, mine["mean"], color=colours[policy], linestyle=dashes[policy], label=say.policy(policy))
    axes.set_ylim(0, float(table["all"].iloc[0]) * 1.04)
    axes.set_ylabel(say("projects"))
    axes.grid(axis="y")
    axes.legend(loc="upper left")
    date_axis(run, axes, say)


def _caption(run: Run, table: pd.DataFrame, say: Words) -> str:
    parts = []
    for (panel, policy), mine in table.groupby(["panel", "policy"], sort=False):
        there = mine.loc[mine["mean"] >= mine["all"] / 2, "day"]
        half = on(float(there.iloc[0]), run.scenario, say) if len(there) else say.pick("never", "未达到")
        told = (say(str(panel)), say.policy(str(policy)))
        parts.append(say.pick(f"{told[0]}, {told[1]}: {half}", f"{told[0]}（{told[1]}）{half}"))
    all_of_them = say.pick("; ", "；").join(parts)
    return say.pick(f"Half of the projects are there by: {all_of_them}.", f"半数项目到达的时间：{all_of_them}。")
