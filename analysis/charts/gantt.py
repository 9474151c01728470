"""The realised schedule of one project under two policies: what it did, and what it waited for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from parkflow.analysis.charts.chart import Ask, Chart, chosen_policy, some
from parkflow.analysis.charts.theme import KINDS, MUTED, PAGE, RULE, figure
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.store.project_days import saved, spans
from parkflow.analysis.store.rows import greatest
from parkflow.analysis.store.run_folder import Run

SHORTEST = 2.0
"""Activities that take and wait for fewer days than this, under both policies, are left out."""

MOST_ROWS = 46


def chart(run: Run, ask: Ask) -> Chart:
    """The schedule of one project of the first replication: the one asked for, or the one with the median saving."""
    policies = [run.baseline]
    if len(run.policies) > 1:
        policies.append(chosen_policy(run, ask))
    project, replication = _project(run, policies[-1], ask.project)
    pieces, days = schedule(run, project, replication, policies)
    some(
        pieces,
        f"project {project} did nothing between the milestones asked about",
        f"项目 {project} 在所问的两个节点之间没有任何环节",
    )
    drawn = draw(pieces, policies, ask.say, days)
    title = ask.say.pick(f"Schedule of project {project}", f"项目 {project} 的实际进度")
    return Chart("gantt", f"{title} ({run.document['scenario']})", _caption(pieces, days, run, ask.say), drawn, pieces)


def _project(run: Run, policy: str, asked: str | None) -> tuple[str, int]:
    table = spans(run) if policy == run.baseline else saved(run)
    value = "days" if policy == run.baseline else "saved"
    mine = table[
        (table["policy"] == policy) & (table["replication"] == table["replication"].min()) & ~table["censored"]
    ]
    some(mine, "no project of the first replication reached both milestones", "首次仿真中没有项目到达两个节点")
    if asked is None:
        middle = mine.sort_values(value).iloc[len(mine) // 2]
        return str(middle["project"]), int(middle["replication"])
    if asked not in set(mine["project"]):
        known = ", ".join(mine["project"][:6])
        raise ArgumentError("project", asked, f"of the first replication there are {known}, …")
    return asked, int(mine["replication"].iloc[0])


def schedule(run: Run, project: str, replication: int, policies: list[str]) -> tuple[pd.DataFrame, dict[str, float]]:
    """One row per stretch of time of the project, in days since its arrival, between the milestones asked about.

    `kind` tells queueing, service, correction, preparation, notice, waiting (for a sitting, land or an officer),
    issues and works apart. Also the day of the second milestone by policy.
    """
    who = run.table("projects", policy=policies, replication=[replication], project=project).set_index("policy")
    steps = run.table("steps", policy=policies, replication=[replication], project=project)
    start, end = run.question
    found = []
    for policy, part in steps[steps["step"] != "milestone"].groupby("policy", sort=False):
        pieces = _pieces(part)
        begin, last = (float(who[name][str(policy)]) for name in (start, end))
        pieces = pieces[(pieces["end"] > begin) & (pieces["begin"] < last)]
        pieces = pieces.assign(
            begin=pieces["begin"].clip(begin, last), end=pieces["end"].clip(begin, last), policy=policy
        )
        found.append(pieces)
    arrival = who["arrival"].iloc[0]
    table = pd.concat(found, ignore_index=True)
    table[["begin", "end"]] -= arrival
    return _noticeable(table), {str(policy): float(day) - arrival for policy, day in who[end].items()}


def _pieces(steps: pd.DataFrame) -> pd.DataFrame:
    """Waits, own times and corrections of every attempt; all that is done about issues is one row."""
    steps = steps.sort_values(["activity", "copy", "attempt", "ready"])
    row = steps["activity"].where(steps["issue"] == "", "issues")
    is_issue, turn = steps["issue"] != "", steps["attempt"] > 1
    waits = steps["step"].map({"desk": "queueing"}).fillna("waiting").where(~is_issue, "issue")
    own = steps["cause"].map(_kind).where(~is_issue, "issue")
    fixed = steps["end"].shift().where(turn & ~is_issue)
    parts = (
        ("correction", fixed, steps["ready"]),
        (waits, steps["ready"], steps["start"]),
        (own, steps["start"], steps["end"]),
    )
    found = pd.concat(
        [pd.DataFrame({"activity": row, "kind": kind, "begin": begin, "end": end}) for kind, begin, end in parts]
    )
    return found[found["end"] > found["begin"]]


def _kind(cause: str) -> str:
    return {"meeting": "service", "land": "land work", "weather": "works"}.get(cause, cause)


def _noticeable(table: pd.DataFrame) -> pd.DataFrame:
    """The activities that take long enough to be seen, and of these the longest, in the order in which they begin."""
    longest = table.assign(days=table["end"] - table["begin"]).groupby("activity")["days"].sum()
    shown = longest[longest >= SHORTEST].nlargest(MOST_ROWS).index
    return table[table["activity"].isin(shown)].sort_values(["begin", "end"], kind="stable").reset_index(drop=True)


def draw(pieces: pd.DataFrame, policies: list[str], say: Words, days: dict[str, float]) -> Figure:
    """Draw stretches (policy, activity, kind, begin, end), a panel per policy; `days`: when the last milestone came."""
    first = pieces[pieces["policy"] == policies[0]]
    rows = list(dict.fromkeys([*first["activity"], *pieces["activity"]]))
    rows = [row for row in rows if row != "issues"] + ["issues"] * ("issues" in rows)
    drawn = figure(1.15 + 0.155 * len(rows), PAGE)
    panels = drawn.subplots(1, len(policies), sharey=True, sharex=True, squeeze=False)[0]
    for axes, policy in zip(panels, policies, strict=True):
        _bars(axes, pieces[pieces["policy"] == policy], rows)
        axes.axvline(days[policy], color=MUTED, linewidth=1)
        day = rounded(days[policy])
        axes.set_title(f"{say.policy(policy)}: {say.pick(f'day {day}', f'第 {day} 天')}", fontweight="normal")
        axes.set_xlabel(say("days since the project's arrival"))
    panels[0].set_yticks(range(len(rows)), [_row_name(row, say) for row in rows], fontsize=7)
    panels[0].set_ylim(len(rows) - 0.4, -0.6)
    _legend(drawn, pieces, say)
    return drawn


def _row_name(row: str, say: Words) -> str:
    return say(row) if row == "issues" else say.activity(row)


def _bars(axes: Axes, pieces: pd.DataFrame, rows: list[str]) -> None:
    place = {row: number for number, row in enumerate(rows)}
    axes.hlines(np.arange(len(rows)), *_range(pieces), color=RULE, linewidth=0.4, zorder=0)
    for kind, (colour, hatch) in KINDS.items():
        mine = pieces[pieces["kind"] == kind]
        thin = kind in ("queueing", "waiting", "correction")
        axes.barh(
            [place[row] for row in mine["activity"]], mine["end"] - mine["begin"], 0.5 if thin else 0.78, mine["begin"],
            color=colour, hatch=hatch, edgecolor=MUTED if hatch else colour, linewidth=0.5, zorder=2, label=kind,
        )  # fmt: skip
    axes.tick_params(axis="y", length=0)


def _range(pieces: pd.DataFrame) -> tuple[float, float]:
    return (float(pieces["begin"].min()), float(pieces["end"].max())) if len(pieces) else (0.0, 1.0)


def _legend(drawn: Figure, pieces: pd.DataFrame, say: Words) -> None:
    seen = [kind for kind in KINDS if kind in set(pieces["kind"])]
    handles = [
        Patch(facecolor=KINDS[kind][0], hatch=KINDS[kind][1], edgecolor=MUTED, linewidth=0.5, label=say.stretch(kind))
        for kind in seen
    ]
    drawn.legend(handles=handles, loc="outside lower center", ncols=min(5, len(seen)), fontsize=7.5, columnspacing=1.2)


def _caption(pieces: pd.DataFrame, days: dict[str, float], run: Run, say: Words) -> str:
    policies = list(days)
    lasting = pieces.assign(days=pieces["end"] - pieces["begin"]).groupby("policy")
    longest = {str(policy): str(greatest(part, "days")["activity"]) for policy, part in lasting}
    reached = ", ".join(f"{say.policy(policy)} {rounded(days[policy])}" for policy in policies)
    stretch = ", ".join(
        f"{say.policy(policy)}: {_row_name(longest[policy], say)}" for policy in policies if policy in longest
    )
    start, end = (say.activity(name) for name in run.question)
    return say.pick(
        f"Days from the project's arrival to {end}: {reached}. The longest stretch: {stretch}. "
        f"Shown from {start} on, without activities under {rounded(SHORTEST)} days; thin bars are "
        "waits and corrections.",
        f"从项目进入至{end}的天数：{reached}。最长的一段：{stretch}。自{start}起，"
        f"不含不足 {rounded(SHORTEST)} 天的环节；"
        "细条为等待与补正。",
    )
