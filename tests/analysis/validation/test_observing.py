"""What definitions find in a replication, against numbers known beforehand and against the stored tables."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import numpy as np
import pandas as pd
import pytest

from parkflow.analysis.replication.replication import Replication, laid_out, run
from parkflow.analysis.validation.definition import Definition, definitions, of_park
from parkflow.analysis.validation.observing import observed
from parkflow.analysis.validation.running import scenarios_of
from parkflow.replications import simulate
from parkflow.scenarios.load import load
from parkflow.sim.scenario import Scenario

PARK = """
name = "known"
assumed = "every duration is known"
start = 2024-01-01

[attributes.size]
sampled = "discrete"

[classes.plant]
[portfolio.small]
of = "plant"
count = 2
arrivals = { on = [2024-01-11] }

[portfolio.large]
of = "plant"
count = 1
arrivals = { on = [2024-01-21] }

[activities.agreement]
step = "milestone"

[activities.review]
step = "work"
duration = "20 cd"
needs = ["agreement"]

[activities.permit]
step = "milestone"
needs = ["review"]

[activities.works]
step = "work"
duration = "30 cd"
per = "buildings"
needs = ["permit"]
"""


SPREAD = np.std(np.log([31, 31, 41]), ddof=1)


def known() -> Replication:
    """Two small projects that sign on day 10, and a large one on day 20; 20 days to the permit, then 30 of works."""
    text = PARK.replace('[attributes.size]\nsampled = "discrete"\n', "").replace('per = "buildings"\n', "")
    return run(laid_out(Scenario.model_validate(tomllib.loads(text))), 1, 0)


def line(**observe: Any) -> Definition:
    """A definition of the serial policy that observes something."""
    told = {"line": "x", "facts": [], "title": "", "title_zh": "", "park": "guian", "policy": "serial", "value": 1}
    return Definition.model_validate(told | {"observe": observe, "against": "serial"})


@pytest.mark.parametrize(
    ("observe", "found"),
    [
        ({"kind": "span", "from": "agreement", "to": "permit"}, [20, 20, 20]),
        ({"kind": "span", "from": "agreement", "to": "works.start", "groups": ["large"]}, [20]),
        ({"kind": "span", "from": "works.ready", "to": "works", "groups": ["small"]}, [30, 30]),
        ({"kind": "span", "from": "2024-02-01", "to": "permit"}, [9]),  # the small ones had theirs on day 30
        ({"kind": "span", "from": "agreement", "to": "permit", "since": "2024-01-12"}, [20]),
        ({"kind": "span", "from": "agreement", "to": "works", "before": "2024-01-21"}, [50, 50]),
        ({"kind": "span", "from": "agreement", "to": "nowhere"}, []),
        ({"kind": "span", "from": "agreement", "to": "works", "met": ["nowhere"]}, []),
        ({"kind": "span", "from": "2023-12-31", "to": "permit", "spread": True}, [SPREAD]),
        ({"kind": "saved", "from": "agreement", "to": "works"}, [0, 0, 0]),
        ({"kind": "projects"}, [3]),
        ({"kind": "projects", "groups": ["small"]}, [2]),
        ({"kind": "projects", "moments": ["permit"], "begin": "2024-01-31", "end": "2024-02-10"}, [2]),  # day 30
        ({"kind": "projects", "moments": ["permit"], "end": "2024-01-31"}, [0]),
        ({"kind": "projects", "moments": ["permit", "works"], "begin": "2024-02-10", "share": True}, [1]),
        ({"kind": "projects", "moments": ["permit"], "begin": "2024-02-01", "share": True}, [1 / 3]),
        ({"kind": "issues", "moments": ["permit"]}, []),  # a park without issues
    ],
)  # fmt: skip
def test_what_is_found_is_what_is_known(observe: dict[str, Any], found: list[float]) -> None:
    """Spans by project, counts within windows that hold their first day and not their last, shares, spreads."""
    assert observed(line(**observe), {"serial": known()}) == pytest.approx(found)


def lines_of(name: str) -> Definition:
    """A line of the ledger."""
    return next(one for one in definitions() if one.line == name)


@pytest.fixture(scope="module")
def zhaoqing() -> dict[str, pd.DataFrame]:
    """The tables of one replication of the campaign."""
    found = simulate("zhaoqing", "reported", seed=1, replication=0)
    return {name: found.frame(name) for name in ("projects", "issues", "steps")}


@pytest.fixture(scope="module")
def runs() -> dict[str, Replication]:
    """The same replication, and that of the serial park."""
    park = load("zhaoqing")
    return {name: run(laid_out(it), 1, 0) for name, it in scenarios_of(park, of_park("zhaoqing")).items()}


@pytest.mark.slow
def test_days_are_those_of_the_stored_tables(zhaoqing: dict[str, pd.DataFrame], runs: dict[str, Replication]) -> None:
    """First contact to groundbreaking of the new projects; who withdraws before is left out."""
    projects = zhaoqing["projects"]
    mine = projects[projects["group"].isin(["new", "new_key"])]
    days = (mine["groundbreaking"] - mine["first_contact"]).dropna()
    assert sorted(observed(lines_of("v-02"), runs)) == pytest.approx(sorted(days), abs=0.001)


@pytest.mark.slow
def test_city_issues_are_those_of_the_stored_tables(
    zhaoqing: dict[str, pd.DataFrame], runs: dict[str, Replication]
) -> None:
    """Issues that ask for the joint or the leaders' meeting within 70 days, and the share of them solved by then."""
    steps, issues = zhaoqing["steps"], zhaoqing["issues"].set_index("issue")
    asked = steps[steps["activity"].isin(["joint_meeting", "leaders_meeting"]) & steps["ready"].between(0, 70)]
    found = asked["issue"].unique()
    assert observed(lines_of("t-07"), runs) == [len(found)]
    assert observed(lines_of("t-06"), runs) == pytest.approx([(issues.loc[found, "solved"] <= 70).mean()])


@pytest.mark.slow
def test_projects_that_advance_are_those_of_the_stored_tables(
    zhaoqing: dict[str, pd.DataFrame], runs: dict[str, Replication]
) -> None:
    """Any of four milestones within 70 days, of all 275 projects."""
    reached = zhaoqing["projects"][["land_contract", "groundbreaking", "acceptance", "production"]]
    share = ((reached >= 0) & (reached < 70)).any(axis=1).mean()
    assert observed(lines_of("v-09"), runs) == pytest.approx([share])
    assert observed(lines_of("f002-01"), runs) == [275]


@pytest.mark.slow
def test_solvers_tell_the_officer_from_the_department(runs: dict[str, Replication]) -> None:
    """By whom and not by whom: what both leave out is nothing."""
    window = {"kind": "issues", "moments": ["issue_solved"]}
    here = {"serial": runs["reported"]}
    everybody, officers, others = (
        observed(line(**window, **by), here)[0]
        for by in ({}, {"by": ["commissioner_visit"]}, {"not_by": ["commissioner_visit"]})
    )
    assert officers > 0
    assert others > 0
    assert officers + others == everybody == runs["reported"].solved
    date = dt.date(2023, 7, 31)
    assert runs["reported"].scenario.start == date
