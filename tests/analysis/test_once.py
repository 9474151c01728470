"""What measures share: found once, by index instead of by search, and the same to the last bit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parkflow.analysis.experiments.comparison import Comparison, compare
from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import View
from parkflow.analysis.measures.registry import MEASURES
from parkflow.analysis.replication import critical_path
from parkflow.analysis.replication.critical_path import Ways, ways
from parkflow.analysis.replication.curve_days import Curves
from parkflow.analysis.replication.milestones import Pair, milestone_steps, restricted, span
from parkflow.analysis.replication.once import once
from parkflow.analysis.replication.replication import Replication, laid_out, replicate
from parkflow.analysis.terminal.comparison_tables import PRINTED, comparison_tables
from parkflow.scenarios.load import load
from parkflow.sim.calendars import WorkCurve
from parkflow.sim.kinds import MILESTONE, SKIPPED
from parkflow.sim.levers import under
from parkflow.sim.records import Records

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def runs() -> dict[str, Replication]:
    """Zhifu cut off when some projects are done and some are not."""
    scenario = load("zhifu").model_copy(update={"horizon": 600.0})
    layouts = {policy: laid_out(under(scenario, policy)) for policy in ("serial", "green_channel")}
    return replicate(layouts, 1, 0)


def test_what_is_found_once_is_kept_with_what_it_is_of() -> None:
    """A second question finds the same; another object has its own."""
    asked = []

    @once
    def doubled(of: SimpleNamespace) -> list[int]:
        asked.append(of.value)
        return [2 * of.value]

    one, other = SimpleNamespace(value=1), SimpleNamespace(value=2)
    assert doubled(one) is doubled(one)
    assert (doubled(one), doubled(other)) == ([2], [4])
    assert asked == [1, 2]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_curves_by_index_are_those_by_search(seed: int) -> None:
    """Before the first day, within days, at midnights, beyond the last and never: as `numpy.interp`, bit by bit."""
    rng = np.random.default_rng(seed)
    daily = rng.choice([0.0, 0.1, 0.7, 1.0, 1.3], size=(3, 20))
    moments = np.concatenate((rng.uniform(-2, 23, 200), np.arange(-1.0, 23.0), [np.nan, np.inf]))
    curve = rng.integers(0, 3, len(moments))
    found = Curves.of(daily).at(curve, moments)
    days = np.arange(21)
    searched = [np.interp(m, days, np.append(0.0, np.cumsum(daily[c]))) for c, m in zip(curve, moments, strict=True)]
    assert found.tobytes() == np.array(searched).tobytes()
    closed = WorkCurve(daily[0], daily[1], daily[2]).lost(moments[:100], moments[100:200])[0]
    assert Curves.of(daily).between(1, moments[:100], moments[100:200]).tobytes() == closed.tobytes()


def test_milestones_come_from_one_table(runs: dict[str, Replication]) -> None:
    """The table has for each milestone what a search for its steps finds."""
    records = runs["green_channel"].records
    steps = records.plan.steps
    for name, number in records.layout.number.items():
        if records.layout.kinds[number] == MILESTONE:
            mine = np.flatnonzero((steps.activity == number) & ~records.skipped & (steps.kind != SKIPPED))
            found = milestone_steps(records, name)
            assert set(found[found >= 0].tolist()) == set(mine.tolist())
            assert (steps.case[found[found >= 0]] == np.flatnonzero(found >= 0)).all()


def test_ways_are_walked_again_only_where_other_days_count(
    runs: dict[str, Replication], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a run that is cut off, ways up to the restricted days are those that a walk of all projects finds."""
    pair = ("construction_permit", "production")
    policy, baseline = (runs[name] for name in ("green_channel", "serial"))
    view = View("green_channel", policy, pair, View("serial", baseline, pair))
    days = restricted(policy.records, baseline.records, pair)[0].days
    assert not np.array_equal(days, span(policy.records, pair).days, equal_nan=True)
    asked = [view.ways.days[:, 0]]

    def noted(records: Records, pair: Pair, counted: Floats) -> Ways:
        asked.append(counted)
        return ways(records, pair, counted)

    monkeypatch.setattr(critical_path, "ways", noted)
    anew, found = ways(policy.records, pair, days), view.ways_counting(days)
    differ = ~np.isnan(days) & (days != span(policy.records, pair).days)
    assert (~np.isnan(asked[1])).tolist() == differ.tolist()
    assert found.days.tobytes() == anew.days.tobytes()
    assert found.closed.tobytes() == anew.closed.tobytes()
    assert view.ways_counting(view.days.days) is view.ways


def test_tables_show_the_same_where_nothing_else_is_observed() -> None:
    """What tables print is named; nothing of the house that they show is left out."""
    scenario = load("approvals-275")
    layouts = {policy: laid_out(under(scenario, policy)) for policy in ("serial", "green_channel")}
    question = ("arrival", list(scenario.activities)[-1])
    shown = []
    for asked in (None, PRINTED):
        rows = compare(layouts, "serial", question, 1, range(2), measures=asked)
        tables = comparison_tables(Comparison("a", "serial", 1, 2, question, rows, {}), Words())
        shown.append([[list(column.cells) for column in table.columns] for table in tables])
    assert shown[0] == shown[1]
    assert set(PRINTED) < {one.name for one in MEASURES}
