"""Work that is cut by issues where a unit that is held decides how long it takes: every segment has both versions."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from parkflow.sim.assembly import assemble
from parkflow.sim.draws import ActivityDraws, GroupDraws, Version
from parkflow.sim.influences import Gate
from parkflow.sim.issues import Issues
from parkflow.sim.layout import Layout
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import Records, execute
from parkflow.sim.scenario import Scenario

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


def work(*days: float) -> Version:
    """One attempt of so many days for each row."""
    return Version(np.array(days)[:, None], np.ones((len(days), 1), dtype=np.int64), np.empty(0), np.empty(0))


def built(fractions: list[float], stops: list[bool]) -> Records:
    """Two projects that meet the same issues; the first holds an agent and builds in five days instead of ten."""
    layout = Layout(Scenario.model_validate(tomllib.loads(PARK)))
    one, rows = np.ones((2, 1), dtype=bool), np.repeat([0, 1], len(fractions))
    place, zero = np.tile(np.arange(len(fractions)), 2), np.zeros(len(rows), dtype=np.int64)
    issues = Issues(("build",), rows, place, zero, zero, np.tile(fractions, 2), zero, np.tile(stops, 2), zero)
    projects = Projects("p", layout.scenario.portfolio["p"], np.array([0.0, 1.0]), {}, {})
    none = ActivityDraws(one, ~one, work(0, 0))
    build = ActivityDraws(one, ~one, work(10, 10), (Gate("assign"),), (work(5, 5),))
    each = np.ones((len(rows), 1), dtype=bool)
    handling = {
        "treat": ActivityDraws(each, ~each, work(*[4.0] * len(rows))),
        "issue_closed": ActivityDraws(each, ~each, work(*[0.0] * len(rows))),
    }
    draws = {"assign": none, "build": build, "open": none}
    return execute(assemble(layout, [GroupDraws(projects, draws, issues, handling)]))


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
