"""Tables, charts and measures give the same days and the same censoring, in every shipped park and for any question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import parkflow
from parkflow.analysis.experiments.comparison import compare
from parkflow.analysis.experiments.question import Question, milestones
from parkflow.analysis.formatting import NONE, interval
from parkflow.analysis.language import Words
from parkflow.analysis.measures import registry
from parkflow.analysis.measures.registry import observe
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.store.project_days import milestone_days, saved, spans
from parkflow.analysis.store.run_folder import Run, RunFolder
from parkflow.analysis.terminal.comparison_tables import HEADLINE, comparison_tables
from parkflow.scenarios.load import available, load
from parkflow.sim.levers import policy_names, under
from parkflow.sim.scenario import Scenario

REPLICATIONS = 2


def questions(park: str) -> list[Question]:
    """The park's own question, one about everything, and one whose second milestone only some projects meet."""
    scenario = load(park)
    known, asked = milestones(scenario), scenario.question
    own = (asked.start, asked.end) if asked else (known[0], known[-1])
    some = next((name for name in known if applies_to_some(scenario, name)), known[len(known) // 2])
    return list(dict.fromkeys([own, (known[0], known[-1]), (known[0], some)]))


def applies_to_some(scenario: Scenario, name: str) -> bool:
    """Whether a milestone does not concern every project."""
    if name == "arrival":
        return False
    applies = scenario.activities[name].applies
    return applies.probability < 1 or bool(applies.where or applies.at_least or applies.at_most or applies.classes)


CASES = [(park, question) for park in available() for question in questions(park)]


def kept(folder: Path, scenario: Scenario, question: Question) -> tuple[Run, pd.DataFrame]:
    """A stored comparison and the rows of its measures."""
    policies = [name for name in policy_names(scenario) if name != "serial"][:1]
    layouts = {policy: laid_out(under(scenario, policy)) for policy in ("serial", *policies)}
    scenarios = {policy: layout.scenario for policy, layout in layouts.items()}
    with RunFolder(folder) as stored:
        rows = compare(layouts, "serial", question, 1, range(REPLICATIONS), keep=stored.append)
        frame = pd.DataFrame([dict(row) for row in rows])
        stored.finish(frame, {"baseline": "serial", "measures": [dict(row) for row in rows]}, scenarios)
    return Run(folder), frame


@pytest.mark.parametrize(("park", "question"), CASES)
def test_days_and_censoring_are_the_same_everywhere(park: str, question: Question, tmp_path: Path) -> None:
    """Means over the stored projects are those of the measures, what charts draw too; so are those censored."""
    agree(*kept(tmp_path, load(park), question))


def agree(run: Run, rows: pd.DataFrame) -> None:
    """Check the measures of days against the stored table and the tables of charts, group by group."""
    table = run.table("projects")
    for measure, column, drawn, value in (
        ("days", "days", spans(run), "days"),
        ("days_saved", "days_saved", saved(run), "saved"),
    ):
        told = rows[(rows["measure"] == measure) & ~rows["group"].str.startswith("class:")]
        assert len(told)
        row: Any
        for row in told.itertuples():
            mine = table[(table["policy"] == row.policy) & ((row.group == "all") | (table["group"] == row.group))]
            means = mine.groupby("replication")[column].mean()
            np.testing.assert_allclose(np.nan if row.mean is None else row.mean, means.mean(), rtol=1e-12)
            assert row.censored == mine[f"{column}_censored"].sum()
            seen = drawn[(drawn["policy"] == row.policy) & drawn["project"].isin(mine["project"])]
            assert seen[value].tolist() == mine[column].dropna().tolist()
            assert seen["censored"].sum() == mine.loc[mine[column].notna(), f"{column}_censored"].sum()


@pytest.mark.parametrize("park", available())
def test_a_curve_counts_the_projects_that_the_measure_counts(park: str, tmp_path: Path) -> None:
    """Starts and completions drawn are those measured, and those still to come are those censored."""
    run, rows = kept(tmp_path, load(park), questions(park)[0])
    row: Any
    for measure, milestone in (("started", "groundbreaking"), ("completed", "production")):
        for row in rows[(rows["measure"] == measure) & (rows["group"] == "all")].itertuples():
            mine = milestone_days(run, milestone)
            mine = mine[mine["policy"] == row.policy]
            assert row.mean == pytest.approx(mine["day"].notna().sum() / REPLICATIONS)
            assert row.censored <= mine["day"].isna().sum()


PARTLY = """
name = "partly"
assumed = "a test"
horizon = 60
classes = { plant = { attributes = { forest = 0 } }, wood = { attributes = { forest = 1 } } }
[portfolio]
dry = { of = "plant", count = 3, arrivals = { on = [0.0] } }
green = { of = "wood", count = 2, arrivals = { on = [0.0] } }
[activities.filing]
step = "work"
duration = "4 cd"
[activities.filed]
step = "milestone"
needs = ["filing"]
[activities.survey]
step = "milestone"
needs = ["filing"]
applies = { where = { forest = 1 } }
"""


def test_a_milestone_of_some_projects_only_censors_nobody_else(tmp_path: Path) -> None:
    """Three of five projects have no survey: the measure and the charts' table know two, of 4 days, none censored."""
    (tmp_path / "partly.toml").write_text(PARTLY, encoding="utf-8")
    scenario = load(tmp_path / "partly.toml")
    layouts = {policy: laid_out(scenario) for policy in ("serial", "other")}
    runs = replicate(layouts, 1, 0)
    (days,) = (it for it in observe(runs, "serial", ("arrival", "survey"), ["days"])[:1])
    assert (days.group, days.value, days.censored) == ("all", 4.0, 0)
    with RunFolder(tmp_path / "run") as stored:
        rows = compare(layouts, "serial", ("arrival", "survey"), 1, range(1), keep=stored.append)
        stored.finish(
            pd.DataFrame([dict(row) for row in rows]),
            {"baseline": "serial", "measures": [dict(row) for row in rows]},
            dict.fromkeys(layouts, scenario),
        )
    drawn = spans(Run(tmp_path / "run"))
    assert drawn.loc[drawn["policy"] == "serial", "days"].tolist() == [4.0, 4.0]
    assert not drawn["censored"].any()
    agree(Run(tmp_path / "run"), pd.DataFrame([dict(row) for row in rows]))


def test_the_terminal_prints_what_the_measures_say() -> None:
    """Every headline measure of all projects, and the days saved by each group, with the same interval."""
    result = parkflow.compare("approvals-275", replications=2, workers=1)
    headline, by_group = comparison_tables(result, Words())[:2]
    printed = {str(name): cells for name, *cells in zip(*(column.cells for column in headline.columns), strict=True)}
    for name in HEADLINE:
        cells = [written(row) for row in result.rows(name, group="all")]
        label = next((one for one in printed if one.startswith(registry.measure(name).title)), None)
        assert not cells or (label and [cell for cell in printed[label] if cell != NONE] == cells)
    saved_days = [written(row) for row in result.rows("days_saved")]
    assert {cell for column in by_group.columns[1:] for cell in column.cells} == set(saved_days)


def written(row: Row) -> str:
    """A measure's row as text."""
    return interval(row["mean"], row["low"], row["high"], row["unit"])
