"""What the program can say to a user, read off its source: the strings of errors, problems, remedies and notes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]

SPEAKERS = (
    "sim/checks/*.py",
    "scenarios/load.py",
    "scenarios/reading.py",
    "scenarios/translate.py",
    "scenarios/unused.py",
    "scenarios/defaults.py",
    "sim/names.py",
    "parkflow/commands/endings.py",
)
"""Files whose sentences are all meant for users."""

ROOMS = ("sim", "scenarios", "analysis", "parkflow")

SAYS = {
    "READ_BY",
    "FROM_A_COPY",
    "REMEDY",
    "remedy",
    "what",
    "why",
    "missing",
    "reason",
    "unused",
    "problem",
    "more",
    "takes",
}
"""Names of variables and arguments that hold a part of a message."""

NOT_FOR_USERS = ("NotImplementedError", "KeyError", "AttributeError", "BrokenExecutor", "typer.Exit")

IN_BOTH_LANGUAGES = "pick"
"""The method that is given a sentence in both languages."""

IS_ELSEWHERE = re.compile("^(of at least|of at most|go on|isoformat.*)$|[一-鿿]")
"""Parts of sentences, values of keys, what is looked for in the messages of others, and what is Chinese already."""


def messages() -> dict[str, str]:
    """Every message with holes for what is filled in, and where it stands."""
    found: dict[str, str] = {}
    for path in sorted({path for room in ROOMS for path in (ROOT / room).rglob("*.py")}):
        if any(link in path.parents for link in (ROOT / "parkflow" / room for room in ROOMS)):
            continue
        place = str(path.relative_to(ROOT))
        speaker = any(path.relative_to(ROOT).match(pattern) for pattern in SPEAKERS)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in [tree] if speaker else said(tree):
            found |= dict.fromkeys(texts(node), place)
    return found


def said(tree: ast.AST) -> Iterator[ast.AST]:
    """The parts of a module that hold messages: what is raised, and what bears the name of a part of a message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc and not ast.unparse(node.exc).startswith(NOT_FOR_USERS):
            yield node.exc
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            yield from node.args
        if isinstance(node, ast.Assign) and {it.id for it in node.targets if isinstance(it, ast.Name)} & SAYS:
            yield node.value
        if isinstance(node, ast.keyword) and node.arg in SAYS:
            yield node.value


def texts(node: ast.AST) -> Iterator[str]:
    """The sentences below a node, docstrings aside: strings with two words or more, what they fill in as ``{}``."""
    inside: set[int] = set()
    for each in ast.walk(node):
        inside |= {id(part) for part in getattr(each, "values", ()) if isinstance(each, ast.JoinedStr)}
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == IN_BOTH_LANGUAGES:
            inside |= {id(part) for part in ast.walk(each)}
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
            inside.add(id(each.value))
        if id(each) in inside:
            continue
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            text = each.value
        elif isinstance(each, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in each.values)
        else:
            continue
        if re.search("[a-z]{2,} ", text) and text == text.strip() and not IS_ELSEWHERE.search(text):
            yield text
