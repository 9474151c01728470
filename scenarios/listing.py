"""A project list in the place of a park's groups of projects, and what named these groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parkflow.scenarios.errors import InputError
from parkflow.scenarios.project_list import ProjectList, tables_in
from parkflow.scenarios.toml_files import outside
from parkflow.scenarios.translate import Table, short, shown

LIST = "projects"
"""The key by which a file names a list beside it."""


def beside(written: Any, file: Path, name: str) -> tuple[Path, str, str | None]:
    """The path of a list that a file names, what to call it, and its encoding if it is told.

    Raises `InputError` where that is no file beside it.
    """
    table = written if isinstance(written, dict) else {"file": written}
    given, encoding = table.get("file"), table.get("encoding")
    if not isinstance(given, str) or not given.strip() or table.keys() - {"file", "encoding"}:
        remedy = 'write projects = "list.csv", or { file = "list.csv", encoding = "gb18030" }'
        raise InputError(f"{name}: projects: {shown(written)} is no file; {remedy}")
    if encoding is not None and not isinstance(encoding, str):
        raise InputError(f'{name}: projects.encoding: {shown(encoding)} is of the wrong type; write "gb18030"')
    if problem := outside(file.parent / given, file):
        raise InputError(f"{name}: projects: {shown(given)} {problem}")
    return file.parent / given, short(given), encoding


def without_projects(park: Table) -> Table:
    """A park's keys without its groups of projects, and without what is said of these groups; parcels stay."""
    groups = tables_in(park, "portfolio")
    kept = {name: it for name, it in groups.items() if it.get("process", "project") != "project"}
    gone = groups.keys() - kept
    found = park | {"portfolio": kept}
    if not gone.isdisjoint(_names(found.get("cohort"), "groups")):
        del found["cohort"]
    if isinstance(question := found.get("question"), dict):
        named = [name for name in _names(question, "groups") if name not in gone]
        rest = {key: it for key, it in question.items() if key != "groups"}
        found["question"] = rest | ({"groups": named} if named else {})
    prefixes = tuple(f"portfolio.{name}." for name in gone)
    ranges = tables_in(found, "ranges").items()
    left = {name: it for name, it in ranges if not any(key.startswith(prefixes) for key in _names(it, "keys"))}
    return found | ({"ranges": left} if "ranges" in found else {})


def _names(table: Any, key: str) -> tuple[str, ...]:
    """The names that a table lists under a key, as far as somebody has written a list of names there."""
    listed = table.get(key) if isinstance(table, dict) else None
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def with_projects(park: Table, listing: ProjectList) -> Table:
    """A park's keys with the groups of a list before those that it has; raises `InputError` where both have one."""
    groups = tables_in(park, "portfolio")
    for name in listing.groups.keys() & groups.keys():
        what = f"the projects of class {name!r} in {listing.name} are a group of this name"
        raise InputError(f"portfolio.{name}: {what}; call the group of the file otherwise")
    return park | {"portfolio": {**listing.groups, **groups}}
