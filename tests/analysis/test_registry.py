"""Measures of a user's own, and observers that are asked for some measures only. All numbers are assumed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parkflow.analysis.experiments.comparison import compare
from parkflow.analysis.experiments.executors import here, local
from parkflow.analysis.experiments.sweep import planned, results, run_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.measures import registry
from parkflow.analysis.measures.measure import Measure, Seen, View
from parkflow.analysis.measures.registry import MEASURES, chosen, forget, measure, measures, observe, register
from parkflow.analysis.replication.replication import LaidOut, laid_out, replicate
from parkflow.scenarios.load import load
from parkflow.sim.levers import under

QUESTION = ("arrival", "groundbreaking")


@pytest.fixture(scope="module")
def layouts() -> dict[str, LaidOut]:
    """Two policies of a park that is quick to simulate."""
    park = load("approvals-275")
    return {policy: laid_out(under(park, policy)) for policy in ("serial", "green_channel")}


def longest() -> Measure:
    """A measure of a user's own, whose function no worker can import."""

    def observe(view: View) -> Iterator[Seen]:
        yield Seen(view.days.days.max())

    return Measure("longest", "longest lead time", "最长历时", "greatest days of any project", "days", observe)


def test_only_what_is_asked_for_is_computed(layouts: dict[str, LaidOut], monkeypatch: pytest.MonkeyPatch) -> None:
    """Days need neither the critical path nor the desks; what is observed is the same as among all measures."""
    runs = replicate(layouts, 1, 0)
    everything = observe(runs, "serial", QUESTION)

    def fail(*_: object) -> None:
        raise AssertionError("not asked for")

    monkeypatch.setattr("parkflow.analysis.replication.replication.ways", fail)
    monkeypatch.setattr("parkflow.analysis.replication.replication.desk_loads", fail)
    some = observe(replicate(layouts, 1, 0), "serial", QUESTION, ["days", "days_saved"])
    assert some == [seen for seen in everything if seen.measure in ("days", "days_saved")]


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_measure_of_ones_own_is_passed_as_an_object(layouts: dict[str, LaidOut], workers: int) -> None:
    """Workers need not know it; its row has its unit and an interval."""
    rows = compare(layouts, "serial", QUESTION, 1, range(2), local(workers), measures=[longest(), "days"])
    mine = {row["policy"]: row for row in rows if row["measure"] == "longest"}
    days = {row["policy"]: row for row in rows if row["measure"] == "days"}
    assert {row["measure"] for row in rows} == {"longest", "days"}
    for policy, row in mine.items():
        assert (row["unit"], row["from"], row["to"], row["group"]) == ("days", *QUESTION, "all")
        assert row["mean"] is not None
        assert row["mean"] > (days[policy]["mean"] or 0)
        assert row["low"] is not None


def test_a_registered_measure_is_known_by_name() -> None:
    """It stands behind those of the house, whose names cannot be taken; registering it again replaces it."""
    one = register(longest())
    try:
        assert measure("longest") is one
        assert measures()[-1] is one
        other = register(longest())
        assert [it for it in measures() if it.name == "longest"] == [other]
    finally:
        forget("longest")
    with pytest.raises(KeyError):
        measure("longest")
    with pytest.raises(ValueError, match="days: the name is taken"):
        register(MEASURES[0])


def test_packages_offer_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point names a measure, or several."""

    class Entry:
        def load(self) -> tuple[Measure, ...]:
            return (longest(),)

    registry._installed.cache_clear()
    monkeypatch.setattr(registry, "entry_points", lambda group: [Entry()] if group == "parkflow.measures" else [])
    try:
        assert [it.name for it in chosen()][-1] == "longest"
    finally:
        registry._installed.cache_clear()


def test_a_sweep_keeps_the_meaning_of_a_measure_that_nobody_knows(tmp_path: Path) -> None:
    """Its folder says the unit and the interval, so that it can be read elsewhere."""
    settings = {"replications": 2, "policies": ["green_channel"]}
    sweep = load_sweep("approvals-275", ["portfolio.projects.count=20,30"], settings)
    run_sweep(planned(sweep, [longest(), "days"]), tmp_path, here, lambda state: None, "a test")
    _, rows = results(tmp_path, ("longest",))
    assert {row["unit"] for row in rows} == {"days"}
    assert len(rows) == 4
    assert all(row["low"] < row["mean"] < row["high"] for row in rows)
    assert {row["measure"] for row in results(tmp_path)[1]} == {"days"}


def test_every_measure_of_the_house_says_what_it_is() -> None:
    """Titles in both languages, a formula and a unit; measures of one title would be confused."""
    for one in MEASURES:
        assert one.title and one.title_zh and one.formula
        assert one.unit in {"days", "day", "share", "count", "projects", "unit-days"}
    assert len({one.title for one in MEASURES}) == len(MEASURES)
    assert {one.name for one in MEASURES if one.paired} >= {"days_saved", "share_losing", "cause_days_saved"}
