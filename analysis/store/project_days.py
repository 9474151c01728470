"""Days of every project, and what a policy saves it, as the measures counted them: columns of the stored tables."""

from __future__ import annotations

import pandas as pd

from parkflow.analysis.store.run_folder import Run

KEYS = ["replication", "project", "group", "class"]


def spans(run: Run) -> pd.DataFrame:
    """One row per project, replication and policy: `days` between the milestones asked about, and whether `censored`.

    Projects that the measure `days` leaves out have no row.
    """
    table = run.table("projects", [*KEYS, "policy", "days", "days_censored"])
    return table.dropna(subset="days").rename(columns={"days_censored": "censored"})


def saved(run: Run) -> pd.DataFrame:
    """One row per project, replication and policy other than the baseline: days `saved`, and whether `censored`.

    Projects that the measure `days_saved` leaves out have no row.
    """
    table = run.table("projects", [*KEYS, "policy", "days_saved", "days_saved_censored"])
    names = {"days_saved": "saved", "days_saved_censored": "censored"}
    return table.dropna(subset="days_saved").rename(columns=names)


def projects_a_run(table: pd.DataFrame) -> int:
    """How many projects of a table (replication, policy, …) one run has, on average."""
    return round(len(table) / max(1, len(table[["replication", "policy"]].drop_duplicates())))


def milestone_days(run: Run, milestone: str) -> pd.DataFrame:
    """One row per project, replication and policy that has this milestone ahead of it: its day, NaN if not reached."""
    ahead = f"{milestone}_ahead"
    table = run.table("projects", [*KEYS, "policy", milestone, ahead])
    return table[table[ahead]].drop(columns=ahead).rename(columns={milestone: "day"})
