"""Which faults the tests would notice: one small change at a time in a copy of the repository, and the tests run on it.

`python -m benchmarks.mutants sim/engines/queues.py sim/splice.py --tests tests/sim --sample 60` prints what became
of every mutant, and how many were killed of those tried. A mutant that takes ten minutes counts as killed.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("sim", "scenarios", "analysis", "parkflow", "benchmarks", "tests", "pyproject.toml")
OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
"""What stands in place of an operator or a comparison."""

Mutant = tuple[Path, int, str]
"""A file, the number of the place in it, and what is done there."""


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Nodes that can be changed, with the line and the change in words; annotations are left alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in OTHER:
            yield node, f"{node.lineno}: {type(node.op).__name__} -> {OTHER[type(node.op)].__name__}"
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
            yield node, f"{node.lineno}: {type(node.ops[0]).__name__} -> {OTHER[type(node.ops[0])].__name__}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield node, f"{node.lineno}: {node.value} -> {changed(node.value)}"
        elif isinstance(node, ast.If | ast.IfExp):
            yield node, f"{node.lineno}: the condition -> its opposite"


def changed(value: float | bool) -> float | bool:
    """Another constant of the same type."""
    return not value if isinstance(value, bool) else value + 1


def mutated(path: Path, number: int) -> str:
    """The text of a file with the change at one place."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    node = list(places(tree))[number][0]
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        node.op = OTHER[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.Compare):
        node.ops[0] = OTHER[type(node.ops[0])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.Constant):
        assert isinstance(node.value, int | float)
        node.value = changed(node.value)
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    return ast.unparse(ast.fix_missing_locations(tree))


def killed(copy: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Whether a test fails with the mutant in place of the file, which is put back afterwards."""
    path, number, _ = mutant
    there = copy / path
    kept = there.read_text(encoding="utf-8")
    there.write_text(mutated(there, number), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *tests]
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        return bool(subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=600).returncode)
    except subprocess.TimeoutExpired:
        return True
    finally:
        there.write_text(kept, encoding="utf-8")


def main() -> None:
    """Try a sample of the mutants of some files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", default=["tests/sim", "tests/theory"])
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    mutants = [
        (path, number, words)
        for path in asked.files
        for number, (_, words) in enumerate(places(ast.parse((ROOT / path).read_text(encoding="utf-8"))))
    ]
    chosen = random.Random(asked.seed).sample(mutants, min(asked.sample, len(mutants)))
    dead = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in PARTS:
            whole = ROOT / part
            (shutil.copytree(whole, copy / part, symlinks=True) if whole.is_dir() else shutil.copy(whole, copy / part))
        for mutant in chosen:
            gone = killed(copy, mutant, asked.tests)
            dead += gone
            print(f"{'killed' if gone else 'lives'}: {mutant[0]}:{mutant[2]}", flush=True)
    print(f"killed {dead} of {len(chosen)} tried, of {len(mutants)} (seed {asked.seed})")


if __name__ == "__main__":
    main()
