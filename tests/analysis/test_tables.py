"""Tables: one row per project, attempt, issue and desk, with names instead of numbers. All numbers are assumed."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from parkflow.analysis.replication.desk_loads import DeskLoad, longest_queue
from parkflow.analysis.replication.tables import Table, Tables
from parkflow.analysis.replication.tables import tables as tables_of
from parkflow.analysis.store.run_folder import RunFolder
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario


def run(**more: Any) -> Records:
    """Two projects at one server, who come back once, and whose works meet issues."""
    issue = {"processes": ["issue"]}
    correction = {"probability": 1.0, "attempts": 2, "fix": "1 cd"}
    table: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "start": "2024-01-01",
        "horizon": 400,
        "classes": {"plant": {}},
        "portfolio": {"new": {"of": "plant", "count": 2, "arrivals": {"on": [0.0]}}},
        "desks": {"hall": {"servers": 1}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "3 cd", "correction": correction},
            "permit": {"step": "milestone", "needs": ["filing"]},
            "works": {"step": "work", "duration": "60 cd", "exposure": 1.0, "needs": ["permit"], "cause": "works"},
            "production": {"step": "milestone", "needs": ["works"]},
            "issue_found": {"step": "milestone", **issue},
            "treatment": {"step": "work", "duration": "5 cd", "needs": ["issue_found"], "solves": 1.0, **issue},
            "issue_solved": {"step": "milestone", "needs": ["treatment"], **issue},
            "issue_closed": {"step": "milestone", "needs": ["issue_solved"], **issue},
        },
        "issues": {"rate": 4.0, "categories": {"power": {"weight": 1, "stops": 1.0}}},
    }
    return simulate(
        Layout(Scenario.model_validate(table | more)), 4, 0
    )  # a seed by which the first project has the first turn


def frame(table: Table) -> pd.DataFrame:
    """A table as a data frame."""
    return pd.DataFrame(table)


def tables(records: Records, end: str = "permit") -> Tables:
    """The tables of a run that is asked about its permits."""
    return tables_of(records, ("arrival", end))


def parquet(kept: Tables, folder: Path, policy: str = "") -> None:
    """Write the tables of one run."""
    with RunFolder(folder) as files:
        files.append(0, {policy: kept})
        files.finish(pd.DataFrame(), {}, {})


def test_projects_tell_their_milestones() -> None:
    """One row per project, with the day of every milestone of its process."""
    found = tables(run()).projects
    assert list(found) == [
        "project", "group", "class", "arrival", "permit", "production", "withdrawn", "censored", "permit_ahead",
        "production_ahead", "days", "days_censored", "days_saved", "days_saved_censored", "stage",
    ]  # fmt: skip
    assert found["project"].tolist() == ["new-1", "new-2"]
    assert found["permit"].tolist() == [9.0, 12.0]
    assert found["censored"].tolist() == [False, False]


def test_who_withdraws_is_neither_finished_nor_censored() -> None:
    """A firm that gives up after its permit has no production and is marked, at a horizon or without."""
    scenario = run().layout.scenario
    gone = {"step": "end", "needs": ["permit"], "applies": {"probability": 1.0}}
    activities = {**scenario.model_dump()["activities"], "gives_up": gone}
    activities["works"] |= {"needs": ["gives_up"]}
    found = tables(simulate(Layout(Scenario.model_validate(scenario.model_dump() | {"activities": activities})), 4, 0))
    assert found.projects["withdrawn"].tolist() == [True, True]
    assert found.projects["censored"].tolist() == [False, False]
    assert found.projects["permit"].tolist() == [9.0, 12.0]
    assert np.isnan(found.projects["production"]).all()
    assert "works" not in found.steps["activity"]


def test_projects_cut_off_at_the_horizon_are_marked() -> None:
    """Nobody is in production on day 20."""
    found = tables(run(horizon=20)).projects
    assert found["censored"].tolist() == [True, True]
    assert np.isnan(found["production"]).all()


def test_steps_tell_every_attempt() -> None:
    """The first project is served, fixes, waits for the second, and is served again."""
    found = frame(tables(run()).steps)
    filing = found[(found.project == "new-1") & (found.activity == "filing")]
    assert filing[["attempt", "ready", "start", "end", "cause", "place"]].to_numpy().tolist() == [
        [1, 0.0, 0.0, 3.0, "service", "hall"],
        [2, 4.0, 6.0, 9.0, "correction", "hall"],
    ]


def test_steps_of_issues_name_the_issue_and_its_project() -> None:
    """Issues are cases of their own, and their days count as issue."""
    kept = tables(run())
    steps, issues = frame(kept.steps), frame(kept.issues)
    treatment = steps[steps.process == "issue"]
    assert set(treatment.cause) == {"issue"}
    assert sorted(treatment.issue) == sorted(issues.issue)
    assert (treatment.issue.str.split("/").str[0] == treatment.project).all()


def test_issues_tell_their_history() -> None:
    """Where each arose, when it was found and solved, and by whom."""
    found = frame(tables(run()).issues)
    assert len(found) > 2
    assert found.issue[0] == "new-1/1"
    assert set(found.host) == {"works"}
    assert set(found.category) == {"power"}
    assert set(found.solved_at) == {"treatment"}
    assert (found.raised <= found.found).all()
    np.testing.assert_allclose(found.solved - found.found, 5.0)
    np.testing.assert_allclose(found.treatment, found.solved)


def test_issues_that_did_not_arise_in_time_are_shown_without_days() -> None:
    """Their names stay, so that two policies can be laid side by side."""
    late, all_ = tables(run(horizon=14)).issues, tables(run()).issues
    assert late["issue"].tolist() == all_["issue"].tolist()
    assert np.isnan(late["raised"]).any()
    assert set(late["solved_at"]) <= {"", "treatment"}


def test_desks_tell_their_load() -> None:
    """Four visits, of which one waits 3 days and two wait 2."""
    found = tables(run()).desks
    assert found["desk"].tolist() == ["hall"]
    assert found["visits"].tolist() == [4]
    assert found["wait_mean"].tolist() == [(0 + 3 + 2 + 2) / 4]
    assert found["longest_queue"].tolist() == [1]


@pytest.mark.parametrize("servers", [1, 3])
def test_utilisation_is_of_all_servers(servers: int) -> None:
    """Four visits of 3 days are 12 server-days of a year's, whoever of the officers served them."""
    found = tables(run(desks={"hall": {"servers": servers}})).desks
    assert found["servers"].tolist() == [servers]
    assert found["utilisation"].tolist() == [12 / (servers * 365)]


def test_tables_tell_what_a_policy_saves() -> None:
    """A second officer saves the second project its wait; the baseline itself saves nothing that is known."""
    slow, fast = run(), run(desks={"hall": {"servers": 2}})
    kept = tables_of(fast, ("arrival", "permit"), slow).projects
    assert kept["days"].tolist() == [7.0, 7.0]
    assert kept["days_saved"].tolist() == [2.0, 5.0]
    assert not kept["days_saved_censored"].any()
    alone = tables(slow).projects
    assert alone["days"].tolist() == [9.0, 12.0]
    assert np.isnan(alone["days_saved"]).all()


def test_days_of_a_cut_off_project_count_up_to_the_end() -> None:
    """At a horizon of 10 days the second project has no permit: it has 10 days, and is censored."""
    kept = tables(run(horizon=10)).projects
    assert kept["days"].tolist() == [9.0, 10.0]
    assert kept["days_censored"].tolist() == [False, True]
    assert kept["permit_ahead"].tolist() == [True, True]


def test_an_interrupted_run_leaves_no_tables(tmp_path: Path) -> None:
    """Tables appear whole, when all replications are there; an older run stays as it was."""
    parquet(tables(run()), tmp_path, policy="serial")
    before = (tmp_path / "projects.parquet").read_bytes()
    with pytest.raises(KeyboardInterrupt), RunFolder(tmp_path, force=True) as folder:
        folder.append(0, {"full": tables(run())})
        raise KeyboardInterrupt
    assert (tmp_path / "projects.parquet").read_bytes() == before
    assert not list(tmp_path.glob("*.tmp"))


def test_a_queue_is_as_long_as_those_who_wait_at_a_time() -> None:
    """Who is served at once does not queue; who leaves as another comes makes room; some wait for ever."""
    ready, start = np.array([0.0, 0.0, 1.0, 3.0, 5.0]), np.array([0.0, 3.0, 6.0, np.nan, 9.0])
    assert longest_queue(DeskLoad("hall", 1, 0.0, 0.0, ready, start)) == 3
    assert longest_queue(DeskLoad("hall", 1, 0.0, 0.0, ready[1:4], start[[1, 2, 4]])) == 2
    assert longest_queue(DeskLoad("hall", 1, 0.0, 0.0, np.empty(0), np.empty(0))) == 0


def test_parquet_files_hold_the_tables_and_the_start_date(tmp_path: Path) -> None:
    """One file per table; days count from the date in the metadata."""
    kept = tables(run())
    parquet(kept, tmp_path / "out", policy="serial")
    assert sorted(path.name for path in (tmp_path / "out").glob("*.parquet")) == [
        "desks.parquet", "issues.parquet", "months.parquet", "projects.parquet", "steps.parquet", "stocks.parquet"
    ]  # fmt: skip
    for name, table in kept.items():
        file = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        assert file.column_names == ["replication", "policy", *table]
        assert file.schema.metadata[b"start"] == b"2024-01-01"
        for column, values in table.items():
            np.testing.assert_array_equal(file[column].to_numpy(), values)


def test_replications_and_policies_stand_one_below_the_other(tmp_path: Path) -> None:
    """Each row tells the replication and the policy it belongs to."""
    kept = tables(run())
    with RunFolder(tmp_path) as folder:
        for replication in (0, 1):
            folder.append(replication, {"serial": kept, "full": kept})
        folder.finish(pd.DataFrame(), {}, {})
    found = pq.read_table(tmp_path / "projects.parquet").to_pydict()
    assert found["replication"] == [0] * 4 + [1] * 4
    assert found["policy"] == (["serial"] * 2 + ["full"] * 2) * 2


def test_a_park_without_desks_or_issues_still_has_all_tables(tmp_path: Path) -> None:
    """Empty tables have their columns."""
    activities = {"papers": {"step": "work", "duration": "3 cd"}, "end": {"step": "milestone", "needs": ["papers"]}}
    kept = tables(run(activities=activities, desks={}, issues={}, start=None), "end")
    assert kept.start is None
    assert (len(kept.issues["issue"]), len(kept.desks["desk"])) == (0, 0)
    parquet(kept, tmp_path)
    assert pq.read_table(tmp_path / "issues.parquet").num_rows == 0


def test_the_start_date_is_a_date() -> None:
    """It gives the days their meaning."""
    assert tables(run()).start == dt.date(2024, 1, 1)


def test_pandas_and_pyarrow_are_loaded_only_when_asked_for() -> None:
    """A run that writes no table starts without them."""
    module = "parkflow.analysis.replication.tables"
    code = f"import sys, {module}; sys.exit(bool({{'pandas', 'pyarrow', 'matplotlib'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


def test_projects_tell_what_they_are_and_what_covers_them() -> None:
    """Attributes of every class, practices in force, and the stage of those that are at work at the start."""
    classes = {"plant": {"attributes": {"area": 5}}, "mega": {"attributes": {"area": 50, "line": 1}}}
    portfolio = {
        "old": {"of": "plant", "count": 1, "in_progress": {"stage": "site", "done": 0.0}, "arrivals": {"on": [0.0]}},
        "new": {"of": "mega", "count": 2, "arrivals": {"on": [0.0]}},
    }
    activities: dict[str, Any] = {"filing": {"step": "work", "duration": "3 cd", "stage": "site"}}
    activities["dossier"] = {"step": "work", "duration": "3 cd", "stage": "site", "after": {"filing": "lane"}}
    activities["permit"] = {"step": "milestone", "needs": ["filing", "dossier"]}
    scenario = Scenario.model_validate(
        {
            "name": "tiny", "assumed": "a test", "stages": ["site"], "classes": classes, "portfolio": portfolio,
            "activities": activities, "practices": {"lane": {"share": 1.0, "classes": ["mega"]}},
        }
    )  # fmt: skip
    found = tables_of(simulate(Layout(scenario), 1, 0), ("arrival", "permit")).projects
    assert found["stage"].tolist() == ["site", "", ""]
    assert found["attribute_area"].tolist() == [5.0, 50.0, 50.0]
    np.testing.assert_array_equal(found["attribute_line"], [np.nan, 1.0, 1.0])
    assert found["practice_lane"].tolist() == [False, True, True]
