"""The house: rooms in an order, imports that run one way, no circles, nothing slow at start-up, short functions."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("sim", "scenarios", "analysis", "parkflow")
LINKS = {ROOT / "parkflow" / folder for folder in FOLDERS}
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if LINKS.isdisjoint(path.parents))

FLOORS = (
    (("sim",),),
    (("scenarios",),),
    (("analysis.errors", "analysis.formatting", "analysis.language", "analysis.provenance", "analysis.words"),),
    (("analysis.replication",),),
    (("analysis.measures",),),
    (("analysis.store",),),
    (("analysis.experiments",),),
    (("analysis.calibration",), ("analysis.mining",)),
    (("analysis.validation",),),
    (("analysis.sentences",),),
    (("analysis.terminal",), ("analysis.charts",), ("analysis.exchange",), ("analysis.record",)),
    (("analysis.report",),),
    (("parkflow",),),
)
"""The rooms from the ground up. A room imports itself and what lies on the floors below."""

READS_THE_ENGINE = ("sim.records", "sim.plan", "sim.layout", "sim.engines")
"""Modules whose arrays only `sim` and `analysis.replication` read."""

STARTS_PROCESSES = ("analysis.experiments.executors", "analysis.experiments.forks")
"""Modules that may start processes."""

LONGEST_FILE = 400
"""Lines of code in the longest file, docstrings and blank lines aside."""


def module_of(path: Path) -> str:
    """The dotted name of a module, without ``parkflow.`` where it lies in one of the three folders."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_in(module: str, names: tuple[str, ...]) -> bool:
    """Whether a module is one of these, or lies in one of them."""
    return any(module == name or module.startswith(f"{name}.") for name in names)


def place_of(module: str) -> tuple[int, tuple[str, ...]]:
    """The floor and the room of a module."""
    return next((floor, room) for floor, rooms in enumerate(FLOORS) for room in rooms if is_in(module, room))


def imported(path: Path) -> Iterator[str]:
    """Own modules that a file imports, at its head or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = (ROOT / node.module.removeprefix("parkflow.").replace(".", "/")).is_dir()
            names = [f"{node.module}.{alias.name}" if inside else node.module for alias in node.names]
        for name in names:
            short = name.removeprefix("parkflow.")
            if name.split(".")[0] == "parkflow":
                yield short if is_in(short, ("sim", "scenarios", "analysis")) else name


MODULES = {module_of(path): path for path in FILES}


@pytest.mark.parametrize("module", [name for name in MODULES if name not in {"analysis"}])
def test_imports_run_one_way(module: str) -> None:
    """A room knows itself and the rooms on the floors below, never one beside it or above."""
    floor, room = place_of(module)
    wrong = {
        name
        for name in imported(MODULES[module])
        if place_of(name)[0] > floor or (place_of(name)[0] == floor and place_of(name)[1] != room)
    }
    assert not wrong


@pytest.mark.parametrize("module", [name for name in MODULES if is_in(name, ("analysis", "parkflow"))])
def test_only_the_replication_reads_the_engine(module: str) -> None:
    """Above `analysis.replication`, nobody knows how the engine lays out its arrays."""
    if not is_in(module, ("analysis.replication",)):
        assert not [name for name in imported(MODULES[module]) if is_in(name, READS_THE_ENGINE)]


def packages(path: Path) -> set[str]:
    """Packages that a file imports, at its head or inside a function, its own aside."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


def calls(path: Path) -> set[str]:
    """Names of the functions and methods that a file calls."""
    called = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return {it.id if isinstance(it, ast.Name) else it.attr for it in called if isinstance(it, ast.Name | ast.Attribute)}


def opened(path: Path) -> set[str]:
    """Calls of a file that read or write files; `SweepFolder.open` is the store's own."""
    named = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir"} & calls(path)
    return named - ({"open"} if "SweepFolder.open" in path.read_text(encoding="utf-8") else set())


@pytest.mark.parametrize("module", [name for name in MODULES if is_in(name, ("analysis",))])
def test_only_the_store_and_who_shows_it_open_files(module: str) -> None:
    """Numbers are made without files: what is stored goes through `analysis.store`."""
    may = (
        "analysis.store",
        "analysis.report",
        "analysis.charts",
        "analysis.mining.log_files",
        "analysis.words.catalogue",
    )
    assert is_in(module, may) or not opened(MODULES[module])


@pytest.mark.parametrize("module", [name for name in MODULES if not is_in(name, STARTS_PROCESSES)])
def test_only_the_executors_start_processes(module: str) -> None:
    """Who runs what where is decided in one place; `provenance` asks git for the commit, and a browser prints."""
    starts = {"joblib", "multiprocessing", "concurrent", "distributed", "dask", "subprocess"}
    assert not packages(MODULES[module]) & starts or module in ("analysis.provenance", BROWSER)


@pytest.mark.parametrize("module", list(MODULES))
def test_pandas_begins_with_the_store(module: str) -> None:
    """Below it, what happened is arrays."""
    below = (
        "sim",
        "scenarios",
        "analysis.replication",
        "analysis.measures",
        *(name for room in FLOORS[2] for name in room),
    )
    assert not is_in(module, below) or not packages(MODULES[module]) & {"pandas", "pyarrow"}


@pytest.mark.parametrize("module", list(MODULES))
def test_what_only_tests_use_stays_out_of_the_product(module: str) -> None:
    """The terms of the process-mining library (AGPL) reach whoever imports it; the others check what we write."""
    assert not packages(MODULES[module]) & {"pm4py", "rocrate", "rocrate_validator", "lxml", "jsonschema"}


def test_there_are_no_circles() -> None:
    """The modules can be put in an order in which each imports only those before it."""
    graph = {}
    for name, path in MODULES.items():
        named = {other if other in MODULES else other.rpartition(".")[0] for other in imported(path)}
        graph[name] = {other for other in named if other in MODULES and other != name}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_no_stem_stands_twice_below_analysis() -> None:
    """A file's name alone says which file is meant."""
    stems = Counter(path.stem for name, path in MODULES.items() if is_in(name, ("analysis",)))
    assert not [stem for stem, count in stems.items() if count > 1 and stem != "__init__"]


BROWSER = "analysis.report.browser"
"""Starts a browser, which has options of its own."""

OPTION = re.compile(r"(?<![\w-])--[a-z]")
COMMAND_LINE = re.compile(r"parkflow [a-z]+ [^;]*--[a-z]")


def strings(path: Path) -> Iterator[str]:
    """Every string of a file, docstrings too, as its source; a formatted one as a whole."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (is_text or isinstance(node, ast.JoinedStr)) and id(node) not in parts:
            yield ast.unparse(node)


def test_only_commands_write_an_option() -> None:
    """Messages of the library name fields. A whole command line, to be given as it is, may hold options."""
    assert not [
        (name, text)
        for name, path in MODULES.items()
        if not is_in(name, ("parkflow.commands", BROWSER))
        for text in strings(path)
        if OPTION.search(text) and not COMMAND_LINE.search(text)
    ]


def test_files_are_short() -> None:
    """No file has more than 400 lines of code."""
    assert not {name: lines for name, path in MODULES.items() if (lines := lines_of_code(path)) > LONGEST_FILE}


def lines_of_code(path: Path) -> int:
    """Lines that hold code: neither blank, nor a comment, nor inside a docstring."""
    text = path.read_text(encoding="utf-8")
    prose: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            prose.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), start=1)
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in prose for number, line in lines
    )


def loaded(code: str, packages: set[str]) -> str:
    """Which of some packages a program has loaded when it is over."""
    program = f"import sys\n{code}\nprint(sorted({packages} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    return answer.stdout.strip().splitlines()[-1]


def command(*arguments: str) -> str:
    """A program that runs the command line."""
    return (
        f"sys.argv = {['parkflow', *arguments]}\n"
        "from parkflow.commands import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
    )


def test_help_loads_neither_pandas_nor_matplotlib() -> None:
    """`parkflow --help` answers at once: the heavy packages stay out, and so do numpy and scipy."""
    heavy = {"pandas", "matplotlib", "seaborn", "numpy", "scipy", "pyarrow", "pydantic"}
    assert loaded(command("--help"), heavy) == "[]"


@pytest.mark.parametrize("name", ["levers", "scenarios"])
def test_lists_do_not_load_what_they_do_not_need(name: str) -> None:
    """Lists of levers and parks come without pandas, and without the part of scipy that takes half a second."""
    assert loaded(command(name), {"pandas", "matplotlib", "seaborn", "pyarrow", "scipy.stats"}) == "[]"


@pytest.mark.slow
def test_a_comparison_loads_only_what_it_needs() -> None:
    """Tables are arrays until somebody asks for a DataFrame; of scipy it takes the special functions."""
    code = "import parkflow\nparkflow.compare('yantai', ['green_channel'], replications=1, workers=1)"
    heavy = {"pandas", "matplotlib", "seaborn", "pyarrow", "scipy.stats", "scipy.optimize", "joblib"}
    assert loaded(code, heavy) == "[]"


def test_functions_are_short() -> None:
    """The median function has at most ten lines, nine in ten have at most 25."""
    sizes = sorted(
        node.end_lineno - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    )
    assert median(sizes) <= 10
    assert sizes[int(0.9 * len(sizes))] <= 25


def test_the_engine_can_be_read_in_one_sitting() -> None:
    """About three hundred lines that are not blank, docstrings included."""
    lines = (ROOT / "sim" / "engines" / "simpy.py").read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 330


def test_the_engine_reads_the_plan_only() -> None:
    """Neither layout nor scenario: the plan's arrays are all that an engine, or a second one, has to know."""
    for path in (ROOT / "sim" / "engines").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "layout" not in text
        assert "scenario" not in text


def test_the_engine_and_the_plan_know_no_lever() -> None:
    """No lever's name stands in the code below the levers."""
    from parkflow.sim.levers import CATALOGUE

    for name in (
        "engines/simpy",
        "engines/queues",
        "plan",
        "assembly",
        "draws",
        "layout",
        "network",
        "splice",
        "records",
    ):
        text = (ROOT / "sim" / f"{name}.py").read_text(encoding="utf-8")
        assert not [lever for lever in CATALOGUE if lever in text]
