"""Days of every project between two milestones, and what a policy saves it, from the stored tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from parkflow.analysis.store.run_folder import Run
from parkflow.sim.scenario import Group, Scenario

KEYS = ["replication", "project", "group", "class"]


def spans(run: Run) -> pd.DataFrame:
    """One row a project, replication and policy: `days` between the milestones asked about, and whether `censored`.

    A project that has not reached the second counts up to the end of the run; those that have not reached the first,
    withdrew before the second, or have either behind them, are left out, as in the measure `days`.
    """
    start, end = run.question
    table = run.table("projects", list(dict.fromkeys([*KEYS, "policy", start, end, "withdrawn"])))
    behind = [name for name, group in run.scenario.portfolio.items() if _is_behind(run.scenario, group, (start, end))]
    gone = table["withdrawn"] & table[end].isna()
    table = table[~table["group"].isin(behind) & table[start].notna() & ~gone]
    days = table[end].fillna(run.over()) - table[start]
    return table[[*KEYS, "policy"]].assign(days=days, censored=table[end].isna())


def saved(run: Run) -> pd.DataFrame:
    """One row a project, replication and policy other than the baseline: days saved, and whether either is censored."""
    table = spans(run)
    before = table[table["policy"] == run.baseline].drop(columns="policy")
    after = table[table["policy"] != run.baseline]
    both = after.merge(before, on=KEYS, suffixes=("", "_before"), validate="many_to_one")
    return both[[*KEYS, "policy"]].assign(
        saved=both["days_before"] - both["days"], censored=both["censored"] | both["censored_before"]
    )


def projects_a_run(table: pd.DataFrame) -> int:
    """How many projects of a table (replication, policy, …) one run has, on average."""
    return round(len(table) / max(1, len(table[["replication", "policy"]].drop_duplicates())))


def milestone_days(run: Run, milestone: str) -> pd.DataFrame:
    """One row a project, replication and policy that has this milestone ahead of it: its day, NaN if not reached."""
    table = run.table("projects", [*KEYS, "policy", milestone])
    behind = [name for name, group in run.scenario.portfolio.items() if _is_behind(run.scenario, group, (milestone,))]
    return table[~table["group"].isin(behind)].rename(columns={milestone: "day"})


def _is_behind(scenario: Scenario, group: Group, milestones: tuple[str, ...]) -> bool:
    """Whether a group's projects have one of the milestones behind them when they arrive."""
    if group.in_progress is None:
        return False
    reached = scenario.stage_index(group.in_progress.stage)
    stages = [scenario.stage_index(scenario.activities[name].stage) for name in milestones if name != "arrival"]
    return bool(np.any(np.array(stages, dtype=int) < reached))
