"""What the rows of an event log say: waits by class sum to the waits, officers serve one file at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import parkflow
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.exchange.event_log import COLUMNS, EventLog, event_log
from parkflow.analysis.exchange.formats import log_of
from parkflow.analysis.exchange.officers import officers
from parkflow.analysis.exchange.waiting import CLASSES, at_desk, at_meeting, elsewhere
from parkflow.analysis.store.rows import each
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.calendars import work_curve
from parkflow.sim.scenario import Scenario

ROUNDING = 1e-9
"""Days by which a sum of floats may differ from the whole."""


def steps(run: Run, policy: str) -> pd.DataFrame:
    """The stored steps of one policy."""
    return run.table("steps", policy=policy, replication=0)


def test_waits_by_class_sum_to_the_waits_of_the_steps_table(yantai: Run, log: EventLog) -> None:
    """Row by row, and over all rows those of the stored table."""
    by_class = log.rows[list(CLASSES)].sum(axis=1)
    assert np.allclose(by_class, log.rows["wait"].fillna(0.0), rtol=0, atol=ROUNDING)
    stored = steps(yantai, "green_channel")
    waits = (stored["start"] - stored["ready"]).sum()
    assert by_class.sum() == pytest.approx(waits, abs=ROUNDING * len(stored))
    assert waits > 1000


def test_every_class_of_waiting_is_met(log: EventLog) -> None:
    """Contention, overtaking, closed offices and sittings all show in the green channel; no class is negative."""
    found = log.rows[list(CLASSES)].sum()
    assert (found[["contention", "prioritisation", "unavailability", "batching"]] > 10).all()
    assert (log.rows[list(CLASSES)] >= -ROUNDING).all(axis=None)


def test_the_log_has_every_attempt_of_the_steps_table(yantai: Run, log: EventLog) -> None:
    """One row each, whether issues cut it or not; milestones stand beside them."""
    keys = ["project", "issue", "activity", "copy", "attempt"]
    attempts = steps(yantai, "green_channel").drop_duplicates(keys)
    assert (log.rows["step"] != "milestone").sum() == len(attempts)
    assert list(log.rows) == list(COLUMNS)
    assert set(log.rows.loc[log.rows["step"] == "milestone", "activity"]) >= {"arrival", "agreement", "issue_found"}


def test_what_issues_hold_up_is_suspended(yantai: Run, log: EventLog) -> None:
    """Start to completion is the work of all stretches, and the suspensions; pauses sum to these."""
    stored = steps(yantai, "green_channel")
    worked = (stored["end"] - stored["start"]).sum()
    rows = log.rows[log.rows["step"] != "milestone"].dropna(subset="complete")
    whole = (rows["complete"] - rows["start"]).sum()
    pauses = (log.pauses["end"] - log.pauses["begin"]).sum()
    assert rows["suspended"].sum() == pytest.approx(pauses, abs=1e-6)
    assert whole - rows["suspended"].sum() == pytest.approx(worked, rel=1e-9)
    assert (rows["suspended"] > 0).sum() > 50


def test_a_file_that_comes_back_says_so(log: EventLog) -> None:
    """All attempts but the last of a file are returned, and the next is scheduled after the fix."""
    files = log.rows[log.rows["step"] == "desk"].groupby(["case", "issue", "activity", "copy"])
    assert (files["returned"].sum() == files.size() - 1).all()
    assert files.size().max() > 1


def test_no_officer_serves_two_files_at_a_time(log: EventLog) -> None:
    """And no desk has more officers at work than it has, but for those it borrows."""
    served = log.rows[log.rows["step"] == "desk"].dropna(subset="start")
    for officer, files in served.sort_values("start").groupby("resource"):
        assert (files["start"].to_numpy()[1:] >= files["complete"].to_numpy()[:-1]).all(), officer
    own = served.loc[~served["resource"].str.contains("borrowed"), ["place", "resource"]].drop_duplicates()
    assert all(len(mine) <= log.scenario.desks[str(desk)].servers for desk, mine in own.groupby("place")["resource"])


def test_files_go_to_the_officer_who_has_been_idle_longest() -> None:
    """Two officers share five files; a third file at a time goes to one who is borrowed."""
    start = np.array([0.0, 0.5, 2.0, 2.5, 2.6, np.nan])
    end = np.array([1.0, 2.5, 4.0, 5.0, np.nan, np.nan])
    assert officers("a", 2, start, end) == ["a/1", "a/2", "a/1", "a/2", "a/borrowed-1", ""]


def test_a_wait_behind_earlier_files_is_contention_and_behind_later_ones_prioritisation() -> None:
    """One officer: the third file waits while the first is served, then while the fourth goes ahead of it."""
    ready = np.array([0.0, 1.0, 2.0])
    start, end = np.array([0.0, 6.0, 4.0]), np.array([4.0, 8.0, 6.0])
    found = at_desk(ready, start, end, None)
    assert found["contention"].tolist() == pytest.approx([0, 3, 2])
    assert found["prioritisation"].tolist() == pytest.approx([0, 2, 0])
    assert found["unavailability"].sum() == found["extraneous"].sum() == 0


def test_days_on_which_the_desk_is_closed_are_unavailability() -> None:
    """A wait over a weekend: two of its three days the office was closed, and nobody was served meanwhile."""
    week = {"calendars": {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}}, "horizon": 28}
    nobody = {"name": "x", "portfolio": {}, "activities": {}}
    hours = work_curve(Scenario.model_validate({**nobody, **week}), "office")
    found = at_desk(np.array([4.0]), np.array([7.0]), np.array([8.0]), hours)
    assert found["unavailability"].tolist() == pytest.approx([2.0])
    assert found["extraneous"].tolist() == pytest.approx([1.0])


def test_sittings_make_batches_and_full_agendas_contention() -> None:
    """Sittings on days 10, 20 and 30 with one place: earlier cases are contention, later ones prioritisation."""
    ready, start = np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0])
    found = at_meeting(ready, start)
    assert found["batching"].tolist() == [9.0, 8.0, 7.0]
    assert found["contention"].tolist() == [0.0, 10.0, 10.0]
    assert found["prioritisation"].tolist() == [0.0, 10.0, 0.0]


def test_waits_for_stocks_are_extraneous() -> None:
    assert elsewhere(np.array([1.0, 2.0]), np.array([4.0, np.nan]))["extraneous"].tolist() == [3.0, 0.0]


def test_moments_are_dates_of_the_park(log: EventLog) -> None:
    """Day 0 is the park's first day, at midnight; a moment is kept to the microsecond."""
    assert log.moments(pd.Series([0.0, 1.5, np.nan])) == [
        f"{log.day0}T00:00:00.000000+00:00", f"{log.day0.replace(day=2)}T12:00:00.000000+00:00", "",
    ]  # fmt: skip


def test_a_log_is_made_of_tables_in_memory_too() -> None:
    """Those of one simulated replication, without a folder; a run cut off has unfinished rows."""
    found = parkflow.simulate(parkflow.load("zhifu").with_changes({"horizon": 400.0}))
    made = event_log({name: found.frame(name) for name in ("projects", "steps", "issues")}, found.scenario, "cut")
    assert made.rows["complete"].isna().sum() > 10
    assert (made.table()["complete"] == "").sum() == made.rows["complete"].isna().sum()


@pytest.mark.parametrize(("policy", "replication"), [("serail", 0), ("serial", 1), ("serial", -1)])
def test_what_the_run_does_not_have_is_refused(yantai: Run, policy: str, replication: int) -> None:
    with pytest.raises(ArgumentError, match="run has"):
        log_of(yantai, policy, replication)


def test_an_activity_is_over_when_its_issues_are_closed(yantai: Run, log: EventLog) -> None:
    """Also where the issue did not stop the work: then it is suspended from the end of the work until that day."""
    issues = yantai.table("issues", policy="green_channel").dropna(subset="closed")
    own = log.rows[log.rows["issue"] == ""]
    hosts = issues.merge(own, left_on=["project", "host"], right_on=["case", "activity"])
    hosts = hosts[(hosts["start"] <= hosts["raised"]) & (hosts["raised"] <= hosts["complete"])]
    assert (hosts["complete"] >= hosts["closed"] - ROUNDING).groupby(hosts["issue_x"]).any().all()
    assert hosts["issue_x"].nunique() == len(issues)
    assert (hosts["complete"] == hosts["closed"]).sum() > 20


def test_what_happens_at_one_moment_stands_in_the_order_of_the_network(yantai: Run) -> None:
    """A milestone comes before what it releases at once, in all cases."""
    log = log_of(yantai)
    own = log.rows[(log.rows["process"] == "project") & (log.rows["step"] != "work")].reset_index(drop=True)
    place = {(row.case, row.activity): number for number, row in enumerate(each(own))}
    seen = 0
    for row in each(own):
        for before in log.scenario.activities[row.activity].predecessors if row.activity != "arrival" else ():
            number = place.get((row.case, before))
            if number is not None and own.loc[number, "complete"] == row.schedule == row.complete:
                seen += 1
                assert number < place[row.case, row.activity], (row.case, before, row.activity)
    assert seen > 100
