"""A project list in the place of a park's groups of projects, and what named these groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parkflow.scenarios.errors import InputError
from parkflow.scenarios.project_list import ProjectList, tables_in
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
    folder = file.parent.resolve()
    if Path(given).is_absolute() or not (folder / given).resolve().is_relative_to(folder):
        raise InputError(
            f"{name}: projects: {shown(given)} lies outside the folder of the file; put the list beside it"
        )
    return folder / given, short(given), encoding


def without_projects(park: Table) -> Table:
    """A park's keys without its groups of projects, and without what is said of these groups; parcels stay."""
    groups = park.get("portfolio", {})
    kept = {
        name: it for name, it in groups.items() if isinstance(it, dict) and it.get("process", "project") != "project"
    }
    gone = groups.keys() - kept
    found = park | {"portfolio": kept}
    if not gone.isdisjoint(_groups(found.get("cohort"))):
        del found["cohort"]
    if isinstance(question := found.get("question"), dict):
        named = [name for name in _groups(question) if name not in gone]
        found["question"] = {key: it for key, it in question.items() if key != "groups"} | (
            {"groups": named} if named else {}
        )
    prefixes = tuple(f"portfolio.{name}." for name in gone)
    ranges = {name: it for name, it in tables_in(found, "ranges").items() if not _is_about(it, prefixes)}
    return found | ({"ranges": ranges} if "ranges" in found else {})


def _groups(table: Any) -> tuple[str, ...]:
    """The groups that a cohort or a question names."""
    return tuple(table.get("groups", ())) if isinstance(table, dict) else ()


def _is_about(given: Table, prefixes: tuple[str, ...]) -> bool:
    return any(str(key).startswith(prefixes) for key in given.get("keys", ()))


def with_projects(park: Table, listing: ProjectList) -> Table:
    """A park's keys with the groups of a list before those that it has; raises `InputError` where both have one."""
    for name in listing.groups.keys() & park.get("portfolio", {}).keys():
        what = f"the projects of class {name!r} in {listing.name} are a group of this name"
        raise InputError(f"portfolio.{name}: {what}; call the group of the file otherwise")
    return park | {"portfolio": {**listing.groups, **park.get("portfolio", {})}}
