"""The schedule of all projects: one row per project, coloured by the first stage that is not yet over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from parkflow.analysis.charts.chart import Ask, Chart, chosen_policy, date_axis, dates, some
from parkflow.analysis.charts.theme import HEAT, MUTED, PAGE, figure
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.store.run_folder import Run

MOST_NAMED = 60
"""With more projects than this the rows are too thin for names."""

NAMED_ROW, THIN_ROW, MOST_INCHES = 0.14, 0.03, 9.5
MARK = "#E69F00"
"""Colour of the stroke where a project reaches the milestone asked about: seen on light and dark stages."""

HATCHES = ("", "////", "", "....", "", "xxxx")


def chart(run: Run, ask: Ask) -> Chart:
    """The stages of every project of the first replication, under the baseline and one other policy."""
    policies = [run.baseline]
    if len(run.policies) > 1:
        policies.append(chosen_policy(run, ask))
    table = some(
        stretches(run, policies), "no project of the first replication has a stage", "首次仿真中没有项目经历任何阶段"
    )
    title = ask.say.pick("Schedule of all projects", "全部项目的实际进度")
    drawn = draw(run, table, reached(run, policies), policies, ask.say)
    return Chart(
        "portfolio", f"{title} ({run.document['scenario']})", _caption(run, table, policies, ask.say), drawn, table
    )


def stretches(run: Run, policies: Sequence[str]) -> pd.DataFrame:
    """One row per policy, project and stage: from `begin` to `end` it is the first that is not over, in days.

    Stages overlap where work runs side by side; a stage that ends with or before one that comes earlier has no row.
    """
    steps = run.table(
        "steps", ["policy", "project", "issue", "process", "activity", "ready", "end"],
        policy=list(policies), replication=[0],
    )  # fmt: skip
    whose = {name: it.stage for name, it in run.scenario.activities.items() if it.stage}
    steps = steps.assign(stage=steps["activity"].map(whose), end=steps["end"].fillna(run.over()))
    steps = steps[(steps["issue"] == "") & steps["stage"].notna() & steps["project"].isin(_projects(run)["project"])]
    found = [
        row for (policy, project), part in steps.groupby(["policy", "project"], sort=False)
        for row in _rows(str(policy), str(project), part, list(run.scenario.stages))
    ]  # fmt: skip
    return pd.DataFrame(found, columns=["policy", "project", "stage", "begin", "end"])


def _projects(run: Run) -> pd.DataFrame:
    return run.table("projects", ["policy", "project"], policy=run.baseline, replication=[0])


def _rows(policy: str, project: str, steps: pd.DataFrame, stages: Sequence[str]) -> list[tuple[object, ...]]:
    """The stretches of one project, stage after stage."""
    last = steps.groupby("stage")["end"].max()
    seen = [stage for stage in stages if stage in last.index]
    edges = np.maximum.accumulate([float(steps["ready"].min()), *last.reindex(seen)])
    parts = zip(seen, pairwise(edges), strict=True)
    return [(policy, project, stage, begin, end) for stage, (begin, end) in parts if end > begin]


def reached(run: Run, policies: Sequence[str]) -> pd.DataFrame:
    """One row per policy and project: the `day` of the last milestone asked about, NaN if it is not reached."""
    end = run.question[1]
    table = run.table("projects", ["policy", "project", end], policy=list(policies), replication=[0])
    return table.rename(columns={end: "day"})


def draw(run: Run, table: pd.DataFrame, ends: pd.DataFrame, policies: Sequence[str], say: Words) -> Figure:
    """Draw stretches (policy, project, stage, begin, end) and a stroke at each end, a panel per policy."""
    order = table.groupby("project")["begin"].min().sort_values(kind="stable").index
    place = {project: number for number, project in enumerate(order)}
    is_named = len(place) <= MOST_NAMED
    drawn = figure(1.3 + min(MOST_INCHES, len(place) * (NAMED_ROW if is_named else THIN_ROW)), PAGE)
    panels = drawn.subplots(1, len(policies), sharex=True, sharey=True, squeeze=False)[0]
    looks = _looks(list(run.scenario.stages))
    for axes, policy in zip(panels, policies, strict=True):
        _bars(run, axes, table[table["policy"] == policy], place, looks, is_named)
        _strokes(run, axes, ends[ends["policy"] == policy], place, is_named)
        axes.set_title(say.policy(policy), fontweight="normal")
        date_axis(run, axes, say)
    panels[0].set_ylim(len(place) - 0.4, -0.6)
    panels[0].set_yticks(range(len(place)) if is_named else [], list(order) if is_named else [], fontsize=7)
    panels[0].set_ylabel("" if is_named else say.pick("projects, by their first day", "项目（按起始日排序）"))
    _legend(drawn, run, table, looks, say)
    return drawn


def _looks(stages: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and hatch of each stage, from light to dark."""
    shades = colormaps[HEAT](np.linspace(0.08, 0.85, max(2, len(stages))))
    return {stage: (to_hex(shades[n]), HATCHES[n % len(HATCHES)]) for n, stage in enumerate(stages)}


def _bars(
    run: Run, axes: Axes, mine: pd.DataFrame, place: dict[str, int], looks: dict[str, tuple[str, str]], hatched: bool
) -> None:
    for stage, (colour, hatch) in looks.items():
        part = mine[mine["stage"] == stage]
        if len(part):
            begin, end = dates(run, part["begin"]), dates(run, part["end"])
            axes.barh(
                [place[project] for project in part["project"]], end - begin, 0.8 if hatched else 1.0, begin,
                color=colour, hatch=hatch if hatched else "", edgecolor=MUTED if hatched else colour, linewidth=0.3,
            )  # fmt: skip


def _strokes(run: Run, axes: Axes, ends: pd.DataFrame, place: dict[str, int], is_named: bool) -> None:
    there = ends[ends["project"].isin(place) & ends["day"].notna()]
    if len(there):
        at = [place[project] for project in there["project"]]
        axes.plot(dates(run, there["day"]), at, "|", color=MARK, markersize=7 if is_named else 2.2, markeredgewidth=1.3)


def _legend(drawn: Figure, run: Run, table: pd.DataFrame, looks: dict[str, tuple[str, str]], say: Words) -> None:
    seen = [stage for stage in looks if stage in set(table["stage"])]
    handles: list[Patch | Line2D] = [
        Patch(facecolor=looks[stage][0], hatch=looks[stage][1], edgecolor=MUTED, linewidth=0.5, label=say.stage(stage))
        for stage in seen
    ]
    mark = Line2D(
        [],
        [],
        color=MARK,
        markeredgewidth=1.3,
        marker="|",
        linestyle="",
        markersize=7,
        label=say.activity(run.question[1]),
    )
    drawn.legend(handles=[*handles, mark], loc="outside lower center", ncols=4, fontsize=7.5)


def _caption(run: Run, table: pd.DataFrame, policies: Sequence[str], say: Words) -> str:
    lasting = table.assign(days=table["end"] - table["begin"]).groupby(["policy", "stage"], sort=False)["days"].sum()
    parts = []
    for policy in policies:
        longest = lasting[policy].sort_values(ascending=False)
        share = rounded(longest.iloc[0] / table.loc[table["policy"] == policy, "project"].nunique())
        named = say.stage(str(longest.index[0]))
        parts.append(
            say.pick(f"{say.policy(policy)}, {named} ({share} days)", f"{say.policy(policy)}：{named}（{share} 天）")
        )
    projects = table["project"].nunique()
    return say.pick(
        f"One row for each of the {projects} projects of one replication; the colour is that of the first stage that "
        f"is not yet over. The longest stage per project: {'; '.join(parts)}.",
        f"一次仿真中的 {projects} 个项目，每行一个；颜色为尚未完成的最早阶段。平均最长的阶段：{'；'.join(parts)}。",
    )
