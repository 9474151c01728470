"""The house: imports run one way, nothing slow at start-up, no circles, functions stay short."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"sim": {"sim"}, "scenarios": {"scenarios", "sim"}, "analysis": {"analysis", "sim", "scenarios"}}
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def module_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Own modules that a file imports, and whether it does so when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(node) for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            if name.split(".")[0] in {*PACKAGES, "parkflow"}:
                yield name, id(node) not in inner


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_run_one_way(path: Path) -> None:
    """Sim knows sim only; scenarios know sim; analysis knows both only downwards; nobody imports parkflow."""
    package = path.relative_to(ROOT).parts[0]
    outside = {name for name, _ in imported(path)} - {
        name for name, _ in imported(path) if name.split(".")[0] in PACKAGES[package]
    }
    assert not outside


def test_there_are_no_circles() -> None:
    """The modules can be put in an order in which each imports only those before it."""
    known = {module_of(path): path for path in FILES}
    graph = {
        name: {other for other, _ in imported(path) if other in known and other != name} for name, path in known.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(known)


def test_help_loads_neither_pandas_nor_matplotlib() -> None:
    """`parkflow --help` answers at once: the heavy packages stay out, and so do numpy and scipy."""
    code = (
        "import sys; sys.argv = ['parkflow', '--help']\n"
        "import parkflow\n"
        "try: parkflow.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'matplotlib', 'seaborn', 'numpy', 'scipy', 'pyarrow'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert answer.stdout.strip().endswith("[]")


def test_a_comparison_loads_neither_pandas_nor_matplotlib() -> None:
    """Tables are arrays until somebody asks for a DataFrame."""
    code = (
        "import sys, parkflow\n"
        "parkflow.compare('approvals-275', ['green_channel'], replications=1, workers=1)\n"
        "print(sorted({'pandas', 'matplotlib', 'seaborn'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert answer.stdout.strip() == "[]"


def test_functions_are_short() -> None:
    """The median function has at most ten lines, nine in ten have at most 25."""
    sizes = sorted(
        node.end_lineno - node.lineno + 1
        for path in [*FILES, ROOT / "parkflow.py"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    )
    assert median(sizes) <= 10
    assert sizes[int(0.9 * len(sizes))] <= 25


def test_the_engine_can_be_read_in_one_sitting() -> None:
    """About three hundred lines that are not blank, docstrings included."""
    lines = (ROOT / "sim" / "engine.py").read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 330


def test_the_engine_and_the_plan_know_no_lever() -> None:
    """No lever's name stands in the code below the levers."""
    from sim.levers import CATALOGUE

    for name in ("engine", "plan", "draws", "layout", "network", "splice", "queues", "records"):
        text = (ROOT / "sim" / f"{name}.py").read_text(encoding="utf-8")
        assert not [lever for lever in CATALOGUE if lever in text]
