"""The Python face: what `import parkflow` gives, whatever lies in the caller's folder."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import parkflow as pf
from parkflow import catalogue
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.measures import registry
from parkflow.sim.levers import CATALOGUE, SHIPPED

ROOT = Path(__file__).parents[1]
ONE_LINE = (
    "import parkflow as pf; p = pf.load('zhifu').with_changes({'desks.planning.servers': 3}); "
    "r = pf.compare(p, 'green_channel', replications=2); "
    "print(pf.sweep(p, {'desks.planning.servers': [2, 3]}, replications=2).frame())"
)
SCRIPT = '''
import parkflow as pf


class MorePlanners(pf.Lever):
    """So many planners more."""

    name = "more_planners"
    officers: int = 1

    def changes(self, scenario):
        return {"desks.planning.servers": scenario.desks["planning"].servers + self.officers}


if __name__ == "__main__":
    park = pf.load("zhifu").with_changes({"desks.planning.servers": 1})
    factors = {"levers.more_planners.officers": [0, 5]}
    result = pf.sweep(park, factors, levers=MorePlanners, replications=2, workers=2)
    assert not result.failures
    none, five = result.frame("days_saved")["mean"]
    print(none, five > 0)
'''


def in_folder(tmp_path: Path, *arguments: str) -> str:
    """What Python prints in a folder that holds modules of the same names as ours."""
    (tmp_path / "analysis").mkdir()
    (tmp_path / "scenarios").mkdir()
    for name in ("analysis/__init__.py", "sim.py"):
        (tmp_path / name).write_text("raise ImportError('this is the user\\'s own')", encoding="utf-8")
    called = [sys.executable, *arguments]
    return subprocess.run(called, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300).stdout


@pytest.mark.slow
def test_a_users_own_modules_are_left_alone(tmp_path: Path) -> None:
    """Two points of a sweep, though `analysis`, `sim` and `scenarios` in this folder are the user's own."""
    assert "desks.planning.servers" in in_folder(tmp_path, "-c", ONE_LINE)


@pytest.mark.slow
def test_a_lever_of_a_script_works_on_worker_processes(tmp_path: Path) -> None:
    """The class is defined in the script and never registered; two workers know its parameter."""
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    assert in_folder(tmp_path, "script.py").split() == ["0.0", "True"]


class FewerPlanners(pf.Lever):
    """A lever for these tests: all planners but one leave."""

    name = "fewer_planners"
    left: int = 1

    def changes(self, scenario: pf.Scenario) -> dict[str, Any]:
        """Set the number of planners."""
        return {"desks.planning.servers": self.left}


@pytest.fixture(autouse=True)
def forgotten() -> Any:
    """Levers that a test registers are gone after it."""
    yield
    for name in set(CATALOGUE) - set(SHIPPED):
        del CATALOGUE[name]


@pytest.mark.parametrize(
    ("given", "bundle"),
    [
        ("land_bank", {"land_bank": {}}),
        (["land_bank", "flow_line"], {"land_bank": {}, "flow_line": {}}),
        ({"land_bank": {"target": 3}}, {"land_bank": {"target": 3}}),
        (FewerPlanners, {"fewer_planners": {}}),
        ([FewerPlanners(left=2), "flow_line"], {"fewer_planners": {"left": 2}, "flow_line": {}}),
        ((), {}),
    ],
)
def test_levers_are_given_in_many_ways(given: Any, bundle: dict[str, Any]) -> None:
    """A name, names, parameters by name, a class, a lever with its parameters, or none."""
    assert catalogue.bundle_of(given) == bundle


def test_a_park_is_given_by_name_path_or_scenario(tmp_path: Path) -> None:
    """The three ways to give a park give the same measures."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "zhifu"\nname = "zhifu"\n', encoding="utf-8")
    ways = [pf.run(park, replications=1, workers=1).measures for park in ("zhifu", file, pf.load("zhifu"))]
    assert ways[0] == ways[1] == ways[2]


def test_one_policy_and_a_list_of_one_are_the_same() -> None:
    """A text where a list is meant is one name."""
    one, listed = (pf.compare("zhifu", named, replications=1, workers=1) for named in ("reported", ["reported"]))
    assert one.measures == listed.measures
    assert set(one.frame()["policy"]) == {"serial", "reported"}


def test_a_lever_of_ones_own_changes_what_happens() -> None:
    """It is on in the scenario that is simulated, under a name that says so."""
    told = pf.simulate("zhifu", levers=FewerPlanners)
    assert told.policy == "serial+fewer_planners"
    assert told.scenario.desks["planning"].servers == 1
    assert {"project", "arrival"} <= set(told.frame())
    assert len(told.frame("steps")) > len(told.frame())


@pytest.mark.slow
def test_a_run_is_kept_only_where_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `out` there is what `open_run`, `chart` and `report` read; without, nothing is written."""
    monkeypatch.chdir(tmp_path)
    kept = pf.compare("zhifu", "reported", replications=2, workers=1, out="run")
    bare = pf.compare("zhifu", "reported", replications=2, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert kept.measures == bare.measures
    opened = pf.open_run("run")
    assert isinstance(opened, pf.Run)
    assert opened.policies == ["serial", "reported"]
    assert pf.chart("causes", opened).title
    assert "<html" in pf.report("run").html


def test_a_sweep_without_a_folder_lasts_as_long_as_its_result(tmp_path: Path) -> None:
    """Its temporary folder is gone with it; a folder that was named stays, and opens."""
    sweep = pf.sweep("zhifu", {"desks.planning.servers": [2]}, "reported", replications=1, workers=1)
    folder = sweep.folder
    assert folder.is_dir()
    del sweep
    assert not folder.exists()
    named = tmp_path / "sweep"
    pf.sweep("zhifu", {"desks.planning.servers": [2]}, "reported", replications=1, workers=1, out=named)
    again = pf.open_run(named)
    assert isinstance(again, pf.SweepResult)
    assert set(again.frame("days")["policy"]) == {"serial", "reported"}


WRONG = {
    "replications": (lambda: pf.compare("zhifu", replications=0), "replications=0: give 1 or more"),
    "workers": (lambda: pf.run("zhifu", workers=0), "workers=0: give 1 or more"),
    "seed": (lambda: pf.simulate("zhifu", seed=-1), "seed=-1: give 0 or more"),
    "milestone": (lambda: pf.run("zhifu", end="groundbraking"), "end=groundbraking: "),
    "park": (lambda: pf.load("zhifoo"), "did you mean 'zhifu'"),
    "policy": (lambda: pf.compare("zhifu", "reportd"), "did you mean 'reported'"),
    "lever": (lambda: pf.simulate("zhifu", levers="land_bnk"), "did you mean 'land_bank'"),
    "parameter": (lambda: pf.simulate("zhifu", levers={"land_bank": {"initial": -1}}), "land_bank.initial"),
    "measure": (lambda: pf.run("zhifu", measures="dayz"), "did you mean 'days'"),
    "no lever": (lambda: pf.register(int), "give a class that extends parkflow.Lever"),  # type: ignore[type-var]
    "table": (lambda: pf.simulate("zhifu").frame("project"), "did you mean 'projects'"),
    "levels": (lambda: pf.sweep("zhifu", {"desks.planning.servers": 2}), "give a list of levels"),
    "chart": (lambda: pf.chart("causs"), "did you mean 'causes'"),
    "folder": (lambda: pf.open_run("nowhere"), "nowhere"),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_errors_say_field_and_value(call: Any, words: str) -> None:
    """One root exception, whose message names what was given; dashes are the command line's."""
    with pytest.raises(pf.ParkflowError) as raised:
        call()
    assert words in str(raised.value)
    assert not str(raised.value).startswith("--")


@pytest.mark.slow
def test_a_measure_of_ones_own_is_handed_over_or_registered() -> None:
    """Alone in the frame where it is handed over, beside all others where it is registered; two workers know it."""
    mine = replace(registry.measure("days"), name="my_days")
    alone = pf.compare("zhifu", "reported", measures=mine, replications=2, workers=2).frame()
    assert set(alone["measure"]) == {"my_days"}
    swept = pf.sweep("zhifu", {"desks.planning.servers": [2]}, measures=["days", mine], replications=1, workers=2)
    assert not swept.failures
    assert set(swept.frame(("days", "my_days"))["measure"]) == {"days", "my_days"}
    assert pf.register(mine) is mine
    try:
        assert {"my_days", "days"} <= set(pf.run("zhifu", replications=1, workers=1).frame()["measure"])
    finally:
        registry.forget("my_days")
    with pytest.raises(pf.ParkflowError, match="the name is taken"):
        pf.register(registry.measure("days"))


def test_a_shipped_levers_name_cannot_be_taken() -> None:
    """Neither can a lever have no name; a class of one's own may be registered again after a change."""

    class LandBank(pf.Lever):
        name = "land_bank"

    class Nameless(pf.Lever):
        pass

    for wrong in (LandBank, Nameless):
        with pytest.raises(pf.ParkflowError):
            pf.register(wrong)
    pf.register(FewerPlanners)
    changed = type("Changed", (FewerPlanners,), {})
    assert pf.register(changed) is changed
    assert pf.levers()["fewer_planners"] is changed


@pytest.mark.parametrize("value", ["test_offer:Offered", "test_offer:missing"])
def test_packages_offer_levers(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point's class is in the catalogue; one that cannot be loaded is told by name."""
    offer = EntryPoint("mine", value, catalogue.OFFERS)
    monkeypatch.setattr(catalogue, "entry_points", lambda group: [offer] if group == catalogue.OFFERS else [])
    monkeypatch.setitem(sys.modules, "test_offer", type("test_offer", (), {"Offered": FewerPlanners}))
    catalogue.load_offers.cache_clear()
    try:
        if value.endswith("Offered"):
            assert pf.levers()["fewer_planners"] is FewerPlanners
        else:
            with pytest.raises(pf.ParkflowError, match="mine"):
                pf.levers()
    finally:
        catalogue.load_offers.cache_clear()


def test_a_changed_lever_makes_another_sweep(tmp_path: Path) -> None:
    """A sweep carries the levers of one's own that it uses, and no others."""
    pf.register(FewerPlanners)
    plain = load_sweep(pf.load("zhifu"), (), {"factors": {"desks.planning.servers": [2, 3]}})
    assert plain.variation.levers == ()
    pf.sweep(
        "zhifu", {"levers.fewer_planners.left": [1]}, levers=FewerPlanners, replications=1, workers=1, out=tmp_path
    )
    changed = type("Changed", (FewerPlanners,), {})
    with pytest.raises(pf.ParkflowError, match="another sweep"):
        pf.sweep("zhifu", {"levers.fewer_planners.left": [1]}, levers=changed, replications=1, workers=1, out=tmp_path)


def test_every_public_name_is_there_and_explained() -> None:
    """`__all__`, the names known to type checkers and the lazy names are the same, and each has a docstring."""
    tree = ast.parse((ROOT / "parkflow" / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    typed = {alias.name for node in imports if (node.module or "").startswith("parkflow.") for alias in node.names}
    assert typed == set(pf._HOMES) == set(pf.__all__) - {"__version__"}
    assert set(pf.__all__) <= set(dir(pf))
    assert not [name for name in pf.__all__ if (ROOT / "parkflow" / f"{name}.py").exists()], "a module would hide it"
    for name in pf._HOMES:
        assert inspect.getdoc(getattr(pf, name)), name
    with pytest.raises(AttributeError):
        pf.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_functions_say_what_they_raise() -> None:
    """Every public function that reads what a user gives tells what it raises."""
    functions = {name: getattr(pf, name) for name in pf._HOMES if inspect.isfunction(getattr(pf, name))}
    silent = {name for name, function in functions.items() if "Raises" not in (inspect.getdoc(function) or "")}
    assert len(functions) > 8
    assert silent == {"parks"}


def test_importing_parkflow_loads_nothing_heavy() -> None:
    """The names are loaded when they are used."""
    code = "import sys, parkflow; print({'numpy', 'pydantic', 'pandas', 'typer', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"
