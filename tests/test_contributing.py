"""The worked examples of CONTRIBUTING.md work as printed, and the files that it names are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import parkflow
from parkflow.analysis.charts import chart as charts
from parkflow.analysis.charts import drawing, kinds
from parkflow.analysis.charts.theme import figure, policy_colours
from parkflow.analysis.language import Words
from parkflow.analysis.measures import registry
from parkflow.analysis.measures.measure import NO_PAIR, Measure, Seen, View
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.levers import CATALOGUE, LeverError, make_lever, with_levers
from parkflow.sim.levers.base import Lever, parameter
from parkflow.sim.scenario import Scenario
from parkflow.sim.steps import KINDS as STEPS
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.observe import spent

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LEVER, CASE, MEASURE, CHART, KIND, DRAWER = re.findall(r"```python\n(.*?)```", TEXT, flags=re.S)


def carried_out(code: str, **known: Any) -> dict[str, Any]:
    """The names that printed code defines, given those that its file knows."""
    exec(compile("from __future__ import annotations\n" + code, "CONTRIBUTING.md", "exec"), known)
    return known


def test_a_new_lever_takes_a_class_a_line_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The class joins the catalogue, its neutral parameters change nothing, its observable moves, its range holds."""
    lever = carried_out(LEVER, Lever=Lever, parameter=parameter, Scenario=Scenario, Any=Any)["MoreMachines"]
    monkeypatch.setitem(CATALOGUE, lever.name, lever)
    assert with_levers(few(), {lever.name: lever.neutral}) == few()
    moved, half_width = carried_out(CASE, Case=Case, few=few, spent=spent)["CASE"].movement()
    assert moved > half_width
    with pytest.raises(LeverError, match="output"):
        make_lever(lever.name, {"output": 0})


def test_a_new_measure_takes_a_function_and_a_definition() -> None:
    """Once registered it stands in the rows of a comparison, for every desk, and is no less than the mean wait."""
    known = {"np": np, "Iterator": Iterator, "Measure": Measure, "NO_PAIR": NO_PAIR, "Seen": Seen, "View": View}
    parkflow.register(carried_out(MEASURE, **known)["LONGEST_WAIT"])
    try:
        found = parkflow.run("zhifu", "serial", replications=2, workers=1).frame()
    finally:
        registry.forget("longest_wait")
    longest, mean = (found[found["measure"] == name].set_index("group")["mean"] for name in ("longest_wait", "wait"))
    assert set(longest.index) == set(mean.index) == set(parkflow.load("zhifu").desks)
    assert (longest >= mean).all()
    assert (longest > mean).any()


def test_a_new_chart_takes_a_module_and_two_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is drawn from a stored run by its name, from a table of what is in the run, in both languages."""
    known = {name: getattr(charts, name) for name in ("Ask", "Chart", "sample", "some")}
    drawer = carried_out(CHART, **known, Run=Run, figure=figure, policy_colours=policy_colours)["chart"]
    for table, line in ((kinds.KINDS, KIND), (drawing._OF_RUN, DRAWER)):
        for name, value in eval("{" + line + "}", {"finished": SimpleNamespace(chart=drawer)}).items():
            monkeypatch.setitem(table, name, value)
    parkflow.compare("zhifu", "green_channel", replications=2, workers=1, out=tmp_path / "run")
    drawn = parkflow.chart("finished", tmp_path / "run")
    assert drawn.kind == "finished"
    assert drawn.table["projects"].sum() == Run(tmp_path / "run").table("projects")["days"].notna().sum()
    drawn.save(tmp_path / "finished.png")
    assert (tmp_path / "finished.png").stat().st_size
    assert drawer(Run(tmp_path / "run"), charts.Ask(Words("zh"))).title.startswith("完成的项目")


def test_the_files_named_are_there() -> None:
    """Where a capital word stands for any of several, one that fits."""
    named = {name for name in re.findall(r"`([\w./]+/[\w./]*)`", TEXT) if not name.startswith("scenarios/NAME")}
    assert len(named) > 20
    assert not [name for name in named if not list(ROOT.glob(re.sub(r"[A-Z]{3,}", "*", name)))]


def test_a_kind_of_step_touches_five_files_at_most() -> None:
    """The engine, and the files that list all kinds; the table names these and no others."""
    (row,) = re.findall(r"^\| kind of step \|(.*)\|$", TEXT, flags=re.M)
    sources = [path for room in ("sim", "scenarios", "analysis", "parkflow") for path in (ROOT / room).rglob("*.py")]
    listing = {str(path.relative_to(ROOT)) for path in sources if set(STEPS) <= words_in(path)}
    assert set(re.findall(r"`(.*?)`", row)) == listing | {"sim/engines/simpy.py"}
    assert len(listing) < 5


def words_in(path: Path) -> set[object]:
    """The texts that stand in quotes in a source file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
