"""Findings: what each park's reported policy saves, where, through which lever, who lost, and on what basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from docs.making.markdown import page, table
from parkflow.analysis import formatting
from parkflow.analysis.charts.winners import balance
from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.store.project_days import saved
from parkflow.analysis.store.rows import each, greatest
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.scenario import Scenario


@dataclass(frozen=True)
class Finding:
    """What was run for one park, and where its pictures are."""

    park: str
    scenario: Scenario
    policy: str
    run: Run
    worth: LeverWorth
    pictures: Sequence[tuple[str, str]]
    """Path and caption of each."""

    @property
    def say(self) -> Words:
        """English, with the titles of the park."""
        return Words().about(self.scenario)


def findings_page(findings: Sequence[Finding], mark: str, command: str) -> str:
    """The page, with an overview on top and a section per park."""
    lead = (
        "What the policy that each report describes is worth in the model, against the same park run serially. "
        "Every number is the "
        "model's, with a 95% interval over replications, and rests on the assumptions named below each park: "
        "trust signs and orders "
        f"before absolute days. Made by `{command}`."
    )
    columns = ["park", "from → to", "serial, days", "days saved", "projects that lose", "lever of most worth alone"]
    return page("Findings", lead, table(columns, map(_line, findings)), *map(_section, findings), mark=mark)


def _line(it: Finding) -> list[str]:
    start, end = it.run.question
    best = _ways(it, "alone").iloc[:1]
    lever = "".join(f"`{row.lever}` ({rounded(row.mean)})" for row in each(best))
    days = _row(it, "days", it.run.baseline)
    losing = _row(it, "share_losing", it.policy)
    return [
        f"[{it.park}](#{it.park})",
        f"{start} → {end}",
        _interval(days),
        _interval(_row(it, "days_saved", it.policy)),
        percent(losing["mean"]),
        lever,
    ]


def _section(it: Finding) -> str:
    pictures = [f"![{caption}]({path})" for path, caption in it.pictures]
    return "\n\n".join(
        [
            f"## {it.park}",
            f"*{it.scenario.title}*",
            _saved(it),
            _causes(it),
            _levers(it),
            _lost(it),
            *pictures,
            _basis(it),
        ]
    )


def _saved(it: Finding) -> str:
    start, end = it.run.question
    days, after = _row(it, "days", it.run.baseline), _row(it, "days", it.policy)
    found = _row(it, "days_saved", it.policy)
    text = (
        f"**Days saved.** From {start} to {end} a project takes {rounded(after['mean'])} days under the reported "
        f"policy and {rounded(days['mean'])} in the serial park: {_interval(found)} days saved "
        f"({it.run.replications} replications)."
    )
    text += _by_group(it)
    rate = it.run.rows("start_rate").set_index("policy")["mean"]
    if it.policy in rate:
        before = percent(rate[it.run.baseline])
        text += f" Of its new cohort {percent(rate[it.policy])} start by the date of the report instead of {before}."
    return text


def _by_group(it: Finding) -> str:
    """Days saved by group, where there are several; groups under two names are told once."""
    rows = it.run.rows("days_saved").dropna(subset=["mean"])
    mine = rows[(rows["policy"] == it.policy) & (rows["group"] != ALL)].drop_duplicates(["mean", "low", "high"])
    parts = [f"*{it.say.group(row['group'])}* {_interval(row)}" for _, row in mine.iterrows()]
    return f" By group: {', '.join(parts)}." if len(parts) > 1 else ""


def _causes(it: Finding) -> str:
    rows = it.run.rows("cause_days_saved").dropna(subset=["mean"])
    rows = rows[rows["policy"] == it.policy].sort_values("mean", ascending=False)
    gains = [
        f"{it.say.the_cause(row.group)} {_interval(row._asdict())}" for row in each(rows.head(3)) if row.mean >= 0.5
    ]
    losses = [f"{it.say.the_cause(row.group)} {rounded(-row.mean)}" for row in each(rows) if row.mean <= -0.5]
    text = f"**Where they come from.** {it.say.begin('; '.join(gains)) or 'No cause gains half a day'}."
    return text + (f" More days go to {', '.join(losses)}." if losses else "")


def _levers(it: Finding) -> str:
    alone, removed = _ways(it, "alone"), _ways(it, "removed")
    if alone.empty:
        return "**Which lever did most.** The policy has none."
    best = alone.iloc[0]
    who = "Alone" if it.worth.group == ALL else f"To *{it.say.group(it.worth.group)}*, alone"
    text = f"**Which lever did most.** {who}, `{best['lever']}` saves {_interval(best)} days; "
    text += f"the {len(alone)} levers sum to {rounded(alone['mean'].sum())}"
    text += f" alone and save {rounded(it.worth.saved)} together." if it.worth.saved is not None else "."
    if len(removed) and removed["mean"].iloc[0] >= 0.5:
        most = removed.iloc[0]
        text += f" Taken out of the policy, `{most['lever']}` is missed most: {_interval(most)} days."
    idle = [f"`{row.lever}`" for row in each(alone) if abs(row.mean) < 0.5]
    return text + (f" No half day between these milestones comes from {', '.join(idle)}." if idle else "")


def _lost(it: Finding) -> str:
    projects = saved(it.run)
    groups = balance(projects[projects["policy"] == it.policy])
    whole, parts = groups.iloc[0], groups.iloc[1:]
    gained, lost = (_row(it, name, it.policy)["mean"] for name in ("project_days_gained", "project_days_lost"))
    text = (
        f"**Who lost.** {percent(whole['share_losing'])} of the projects lose more than half a day: "
        f"{rounded(lost)} project-days lost against {rounded(gained)} gained."
    )
    if len(parts) and parts["share_losing"].max() > 0:
        worst = greatest(parts, "share_losing")
        share = f"{percent(worst['share_losing'])} of its {worst['projects']} projects"
        text += f" The group hit most often is *{it.say.group(worst['group'])}* ({share})."
    return text


def _basis(it: Finding) -> str:
    given = it.scenario.policies[it.policy]
    notes = (given.source and f"{given.source}.", given.assumed and f"Assumed: {given.assumed}.")
    return (
        f"**What it rests on.** {' '.join(filter(None, notes))} Much in the park is assumed, the capacity of its desks "
        f"above all; `parkflow report {it.park}` lists every noted number with its source or the reason for it."
    )


def _ways(it: Finding, way: str) -> pd.DataFrame:
    table = it.worth.frame()
    return table[table["way"] == way].dropna(subset=["mean"]).sort_values("mean", ascending=False)


def _row(it: Finding, measure: str, policy: str) -> pd.Series:
    rows = it.run.rows(measure, ALL)
    return rows[rows["policy"] == policy].iloc[0]


def _interval(row: pd.Series | dict[str, float]) -> str:
    digits = 0 if abs(row["mean"]) >= 10 else 1
    return formatting.interval(row["mean"], row["low"], row["high"], digits=digits)
