"""Start curves: the share of signed projects started by months since signing, beside three real programmes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from parkflow.analysis.charts.chart import Ask, Chart, NothingToDrawError, sample, some
from parkflow.analysis.charts.theme import INK, PAPER, figure, policy_colours, policy_dashes
from parkflow.analysis.formatting import percent
from parkflow.analysis.language import Words
from parkflow.analysis.store.project_days import projects_a_run
from parkflow.analysis.store.run_folder import Run
from parkflow.scenarios.evidence import programmes

SIGNED, STARTED = "agreement", "groundbreaking"
MONTH = 30.4
"""Days of a month in the file of facts."""

MONTHS = np.linspace(0.0, 24.0, 97)
BAND = (0.1, 0.9)
ROOM = 5.5
"""Months that the name of a programme needs to the left of its end."""


def chart(run: Run, ask: Ask) -> Chart:
    """The start curve of every policy of a run, and the programmes."""
    if not {SIGNED, STARTED} <= set(run.scenario.activities):
        raise NothingToDrawError(
            f"the park {run.document['scenario']} has no {SIGNED}, or no {STARTED}", "该园区没有签约节点或开工节点"
        )
    projects = signed(run)
    table, drawn_of = shares(projects), sample(run, ask.say, projects_a_run(projects))
    title = f"{ask.say.pick('Share started by months since signing', '签约后逐月开工率')} ({run.document['scenario']})"
    return Chart("start_curves", title, _caption(table, ask.say), draw(table, run.baseline, drawn_of, ask.say), table)


def signed(run: Run) -> pd.DataFrame:
    """One row per project that signs: its months from signing to effective start; NaN where it never starts."""
    projects = run.table("projects", ["policy", "replication", SIGNED, STARTED])
    projects = some(projects.dropna(subset=SIGNED), "no project of the run signs an agreement", "没有项目签约")
    return projects.assign(months=(projects[STARTED] - projects[SIGNED]) / MONTH)


def shares(projects: pd.DataFrame) -> pd.DataFrame:
    """By policy and month: mean share started of all that signed, and its 10% and 90% quantile over replications."""
    found = []
    for policy, part in projects.groupby("policy", sort=False):
        each = np.array([started_by(one["months"].to_numpy(), MONTHS) for _, one in part.groupby("replication")])
        low, high = np.quantile(each, BAND, axis=0)
        columns: dict[str, Any] = {"policy": policy, "month": MONTHS, "mean": each.mean(axis=0)}
        found.append(pd.DataFrame(columns | {"low": low, "high": high}))
    return pd.concat(found, ignore_index=True)


def started_by(months: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Share of projects that have started at some months after they signed; those that never start stay among them."""
    began = np.sort(months[~np.isnan(months)])
    return np.searchsorted(began, at, side="right") / len(months)


def draw(table: pd.DataFrame, baseline: str, drawn_of: str, say: Words) -> Figure:
    """Draw the curves (policy, month, mean, low, high) of so many projects, and the programmes."""
    drawn = figure(3.0)
    axes = drawn.subplots()
    policies = list(dict.fromkeys(table["policy"]))
    colours, dashes = policy_colours(policies, baseline), policy_dashes(policies, baseline)
    for policy in policies:
        mine = table[table["policy"] == policy]
        axes.fill_between(mine["month"], mine["low"], mine["high"], color=colours[policy], alpha=0.2, linewidth=0)
        axes.plot(
            mine["month"], mine["mean"], color=colours[policy], linestyle=dashes[policy], label=say.policy(policy)
        )
    _programmes(axes, say)
    axes.set(xlim=(0, MONTHS[-1]), ylim=(0, 1.02), xlabel=say.pick("months since signing", "签约后月数"))
    axes.set_ylabel(say.pick("share started", "已开工占比"))
    axes.set_title(drawn_of, fontweight="normal")
    axes.yaxis.set_major_formatter(lambda value, _: percent(value))
    axes.grid(axis="y")
    axes.legend(loc="lower right")
    return drawn


def _programmes(axes: Axes, say: Words) -> None:
    """A bar from the least to the most months that a programme's projects had been signed, at its share started."""
    for it in programmes():
        first, last = it["months"]
        axes.plot((first, last), (it["share"],) * 2, color=INK, linewidth=1.2, marker="|", markersize=7)
        name = f"{say.pick(it['title'], it['title_zh'])} ({it['source']})"
        at, side = (last, "right") if last > ROOM else (first, "left")
        told = axes.annotate(name, (at, it["share"]), (1, 5), textcoords="offset points", fontsize=7.5, ha=side)
        told.set_path_effects([withStroke(linewidth=2.5, foreground=PAPER)])  # to be read across the curves


def _caption(table: pd.DataFrame, say: Words) -> str:
    """What share each policy has started when each programme was counted."""
    parts = []
    for policy, mine in table.groupby("policy", sort=False):
        at = [percent(np.interp(it["months"][1], mine["month"], mine["mean"])) for it in programmes()]
        parts.append(f"{say.policy(str(policy))} {', '.join(at)}")
    named = ", ".join(percent(it["share"]) for it in programmes())
    months = ", ".join(str(it["months"][1]) for it in programmes())
    return say.pick(
        f"Started after {months} months: {'; '.join(parts)}. The three programmes report {named}; how long their "
        "projects had been signed is a guess, drawn as a bar.",
        f"签约后 {months} 个月已开工：{'；'.join(parts)}。三个地区报道为 {named}；其签约时长为估计，以横线表示。",
    )
