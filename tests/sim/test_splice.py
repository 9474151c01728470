"""Work that is cut by issues where a unit that is held decides how long it takes: every segment has both versions."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from parkflow.sim.issues import Issues
from parkflow.sim.layout import Layout
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import Records, execute
from parkflow.sim.scenario import Scenario
from tests.sim.given import given_plan

PARK = """
name = "gated"
assumed = "exact times"
classes = { any = {} }
portfolio = { p = { of = "any", count = 2, arrivals = { on = [0, 1] } } }
stocks = { agents = { initial = 1 } }
practices = { agency = { share = 1, holds = "assign", effects = [{ tags = ["build"], duration = 0.5 }] } }
issues = { rate = 1, categories = { land = { weight = 1 } } }
[activities]
assign = { step = "stock", stock = "agents", when_short = "go on" }
build = { step = "work", duration = 10, needs = ["assign"], exposure = 1, tags = ["build"] }
open = { step = "milestone", needs = ["build"] }
treat = { step = "work", processes = ["issue"], duration = 4 }
issue_closed = { step = "milestone", processes = ["issue"], needs = ["treat"] }
"""


def built(fractions: list[float], stops: list[bool]) -> Records:
    """Two projects that meet the same issues; the first holds an agent and builds in five days instead of ten."""
    layout = Layout(Scenario.model_validate(tomllib.loads(PARK)))
    rows, place = np.repeat([0, 1], len(fractions)), np.tile(np.arange(len(fractions)), 2)
    zero, host = np.zeros(len(rows), dtype=np.int64), np.full(len(rows), layout.number["build"])
    issues = Issues(rows, place, host, zero, np.tile(fractions, 2), zero, np.tile(stops, 2), zero)
    agency = {"agency": np.ones(2, dtype=bool)}
    projects = Projects("p", layout.scenario.portfolio["p"], np.array([0.0, 1.0]), {}, agency)
    works = {"build": [[10.0], [10.0]], "treat": [[4.0]] * len(rows)}
    return execute(given_plan(layout, projects, works, issues, held={"build": [[5.0], [5.0]]}))


def segments(records: Records, project: int) -> list[tuple[float, float]]:
    """Starts and ends of a project's work, in the order of time."""
    steps = records.plan.steps
    mine = (steps.activity == records.layout.number["build"]) & (records.plan.cases.row[steps.case] == project)
    times = np.stack([records.start[mine], records.end[mine]], axis=1)
    return sorted({(float(start), float(end)) for start, end in times if end > start})


@pytest.mark.parametrize(
    ("fractions", "stops", "held", "bare"),
    [
        ([0.2], [True], [(0, 1), (5, 9)], [(1, 3), (7, 15)]),
        ([0.2], [False], [(0, 1), (1, 5)], [(1, 3), (3, 11)]),
        ([0.2, 0.6], [True, True], [(0, 1), (5, 7), (11, 13)], [(1, 3), (7, 11), (15, 19)]),
    ],
)
def test_segments_of_work_that_a_held_unit_shortens(
    fractions: list[float], stops: list[bool], held: list[tuple[float, float]], bare: list[tuple[float, float]]
) -> None:
    """Who holds a unit does each segment in half the days, the first one too; the issue takes four either way."""
    records = built(fractions, stops)
    assert segments(records, 0) == held
    assert segments(records, 1) == bare
