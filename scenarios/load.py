"""From a scenario file to a checked scenario: what a file extends, what is wrong with it, and what it comes to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from parkflow.scenarios.defaults import filled
from parkflow.scenarios.defaults import problems as problems_of_defaults
from parkflow.scenarios.errors import InputError as InputError
from parkflow.scenarios.listing import LIST, beside, with_projects, without_projects
from parkflow.scenarios.project_list import ProjectList, read_list, tables_in
from parkflow.scenarios.toml_files import outside, toml_of
from parkflow.scenarios.translate import NOTES, Table, converted, short, shown, translated
from parkflow.scenarios.unused import unused_practices
from parkflow.sim.checks import Problem, ScenarioError, check
from parkflow.sim.levers import SERIAL
from parkflow.sim.names import nearest
from parkflow.sim.scenario import Scenario
from parkflow.sim.steps import KINDS

SHIPPED = Path(__file__).parent
NOT_PARKS = ("evidence", "sources")
PART = "park.toml"
"""The first part of a park that is a folder; its `parts` names the others in order."""

USUAL = ("serial", "green_channel", "full")
"""Policies that every park inherits."""

MOST_LINES = 10
MOST_LEVELS = 20


@dataclass(frozen=True)
class _File:
    """A file as it was found: what to call it, where it is, its own keys, and the parts that make it up."""

    name: str
    path: Path
    table: Table
    parts: tuple[_File, ...] = ()


def available() -> tuple[str, ...]:
    """Names of the shipped parks."""
    files = [path.stem for path in SHIPPED.glob("*.toml") if path.stem not in NOT_PARKS]
    return tuple(sorted([*files, *(path.parent.name for path in SHIPPED.glob(f"*/{PART}"))]))


def load(name_or_path: str | os.PathLike[str], projects: str | os.PathLike[str] | None = None) -> Scenario:
    """The checked scenario of a shipped park or of a file ending in `.toml`.

    With `projects`, the list in this CSV or XLSX file takes the place of all its groups of projects. Raises
    `InputError` with one message for everything that is wrong.
    """
    chain = _chain(name_or_path)
    table, listing = _with_list(chain, _resolved(chain), projects)
    try:
        scenario = Scenario.model_validate(table)
        problems = list(converted("", table, scenario))
        if not problems:
            check(scenario)
            problems = list(unused_practices(scenario))
    except ValidationError as error:
        problems = translated(error, table)
    except ScenarioError as error:
        problems = list(error.problems)
    if problems:
        raise InputError(_message(chain, problems, listing))
    return scenario


def list_of(name_or_path: str | os.PathLike[str], projects: str | os.PathLike[str] | None = None) -> ProjectList | None:
    """The project list that `load` reads for a park; None where it has none. Raises `InputError` as `load` does."""
    chain = _chain(name_or_path)
    return _with_list(chain, _resolved(chain), projects)[1]


class Lineage(NamedTuple):
    """Where a file comes from: what it extends (empty: nothing), and the activities that files of a user declare."""

    parent: str | os.PathLike[str]
    own: tuple[str, ...]


def lineage(name_or_path: str | os.PathLike[str]) -> Lineage:
    """Where a park or file comes from; raises `InputError` as `load` does."""
    chain = _chain(name_or_path)
    mine = [file for file in chain if not file.path.resolve().is_relative_to(SHIPPED.resolve())] or chain[:-1][:1]
    declared = (name for file in mine for name, it in tables_in(file.table, "activities").items() if "step" in it)
    given = chain[0].table.get("extends", "")
    parent = chain[1].path if len(chain) > 1 and given.endswith(".toml") else given
    return Lineage(parent, tuple(dict.fromkeys(declared)))


class Heading(NamedTuple):
    """What a list of parks says of one: its name, titles, number of projects, first day and policies."""

    name: str
    title: str
    title_zh: str
    projects: int
    start: str
    policies: tuple[str, ...]


def heading(park: str) -> Heading:
    """The heading of a shipped park, read off its file without the checks that a run makes."""
    table = raw(park)
    groups = [group for group in table["portfolio"].values() if group.get("process", "project") == "project"]
    policies = dict.fromkeys((SERIAL, *table.get("policies", {})))
    start = table.get("start")
    titles = (table["title"], table["title_zh"])
    return Heading(park, *titles, sum(g["count"] for g in groups), str(start or ""), tuple(policies))


def raw(name_or_path: str | os.PathLike[str]) -> Table:
    """The keys of a park or file, merged with what it extends and not yet validated.

    Raises `InputError` when a file cannot be found, read or merged.
    """
    chain = _chain(name_or_path)
    return _with_list(chain, _resolved(chain), None)[0]


def own_policies(name_or_path: str | os.PathLike[str]) -> tuple[str, ...]:
    """The policies of the nearest file, of this one and those that it extends, that has any of its own.

    Those that every park inherits are nobody's own. Raises `InputError` when a file cannot be found or read.
    """
    own = ([name for name in file.table.get("policies", {}) if name not in USUAL] for file in _chain(name_or_path))
    return tuple(next(filter(None, own), ()))


# Files


def _chain(name_or_path: str | os.PathLike[str]) -> list[_File]:
    """The file and all that it extends, nearest first."""
    chain = [_read(*_located(os.fspath(name_or_path), Path()))]
    while "extends" in chain[-1].table:
        chain.append(_parent(chain))
    return chain


def _parent(chain: Sequence[_File]) -> _File:
    """The file that the last one extends."""
    child = chain[-1]
    given = child.table["extends"]
    try:
        if not isinstance(given, str):
            raise InputError('must be one name; write extends = "baseline" or a path ending in .toml')
        name, path = _located(given, child.path.parent)
        if problem := outside(path, chain[0].path):
            raise InputError(f"{name}: {problem}")
        file = _read(name, path)
        if file.path.resolve() in [other.path.resolve() for other in chain]:
            circle = " → ".join(other.name for other in (*chain, file))
            raise InputError(f"files extend each other in a circle: {circle}; remove one extends")
    except InputError as error:
        raise InputError(f"{child.name}: extends: {error}") from None
    return file


def _located(given: str, folder: Path) -> tuple[str, Path]:
    """What to call a park or a file, and where it is."""
    if given.endswith(".toml"):
        return short(str(folder / given)), folder / given
    if given in available():
        folder = SHIPPED / given
        return (f"{given}/{PART}", folder / PART) if folder.is_dir() else (f"{given}.toml", SHIPPED / f"{given}.toml")
    if Path(given).name != given or Path(given).suffix:
        return short(given), folder / given
    parks = ", ".join(available()) or "none"
    raise InputError(
        f"no park is called {shown(given)}; {nearest(given, available())} (parks: {parks}; files end in .toml)"
    )


def _read(name: str, path: Path) -> _File:
    """The file with its defaults filled in, and with the parts that it names put together."""
    first = _read_one(name, path)
    names = first.table.get("parts", [])
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise InputError(f'{name}: parts: must be a list of files beside it; write parts = ["desks", "policies"]')
    others = [_read_one(f"{name.removesuffix(path.name)}{each}.toml", path.with_name(f"{each}.toml")) for each in names]
    parts = (first, *others)
    together: Table = {}
    for part in parts:
        together = _merged(together, part.table)
    return _File(name, path, {key: value for key, value in together.items() if key != "parts"}, parts)


def _read_one(name: str, path: Path) -> _File:
    if path.suffix != ".toml":
        raise InputError(f"{name}: is not a scenario file; give a file whose name ends in .toml")
    try:
        table = toml_of(path)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{name}: {_unreadable(error)}") from None
    if _levels(table) > MOST_LEVELS:
        raise InputError(f"{name}: {_unreadable(RecursionError())}")
    if wrong := list(problems_of_defaults(table)):
        raise InputError("\n".join(f"{name}: {problem}" for problem in wrong))
    return _File(name, path, filled(table))


def _unreadable(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return f"there is no such file; check its path, or name a park: {', '.join(available()) or 'none shipped'}"
        case IsADirectoryError():
            return "is a directory; give a scenario file"
        case OSError():
            return f"cannot be read ({error.strerror}); check its path and permissions"
        case UnicodeDecodeError():
            return f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        case RecursionError():
            return "is nested too deeply; no scenario needs that"
    return f"is not valid TOML: {short(str(error))}; correct it there (syntax: https://toml.io)"


def _levels(table: Table) -> int:
    """How deep tables and lists are nested, as far as it matters."""
    here: list[Any] = [table]
    depth = 0
    while here and depth <= MOST_LEVELS:
        inner = [each for it in here for each in (it.values() if isinstance(it, dict) else it)]
        here = [each for each in inner if isinstance(each, dict | list)]
        depth += 1
    return depth


# Merging


_HEADINGS = ("name", "title", "title_zh")
"""What names a file, and is never inherited."""

_ADDED = ("limits", "limits_zh")
"""Lists to which a file adds, where others are replaced."""

_WAYS_TO_SIT = ("every", "dates", "on_demand")
_TITLES = ("title", "title_zh")


def _resolved(chain: Sequence[_File]) -> Table:
    """The keys of the last file, changed by each nearer one in turn."""
    table: Table = {}
    for file in reversed(chain):
        inherited = {key: value for key, value in table.items() if key not in _HEADINGS}
        own = {key: value for key, value in file.table.items() if key not in ("extends", "without")}
        if "without" in file.table:
            inherited = _without(inherited, file)
        if LIST in file.table:
            inherited = without_projects(inherited)
        name = file.path.parent.name if file.path.name == PART else file.path.stem
        added = {key: [*inherited[key], *own[key]] for key in _ADDED if _are_lists(key, inherited, own)}
        table = {"name": name, **_merged(inherited, own | added)}
    return table


def _with_list(
    chain: Sequence[_File], table: Table, given: str | os.PathLike[str] | None
) -> tuple[Table, ProjectList | None]:
    """The keys with the projects of a list, if one is given or a file names one, and that list."""
    written = table.pop(LIST, None)
    if given is not None:
        table = without_projects(table)
        listing = read_list(Path(given), short(os.fspath(given)), table)
    elif written is not None:
        file = next(file for file in chain if LIST in file.table)
        path, name, encoding = beside(written, file.path, file.name)
        listing = read_list(path, name, table, encoding)
    else:
        return table, None
    return with_projects(table, listing), listing


def _are_lists(key: str, *tables: Table) -> bool:
    return all(isinstance(table.get(key), list) for table in tables)


def _without(inherited: Table, file: _File) -> Table:
    keys = file.table["without"]
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise InputError(
            f'{file.name}: without: must be a list of dotted keys; write without = ["activities.levelling"]'
        )
    for key in keys:
        try:
            inherited = _removed(inherited, key.split("."))
        except KeyError as error:
            remedy = nearest(error.args[0], error.args[1])
            raise InputError(f"{file.name}: without: {short(key)} is not in what the file extends; {remedy}") from None
    return inherited


def _removed(table: Any, keys: Sequence[str]) -> Table:
    """A copy of the table without one key; raises `KeyError` with the key and its would-be neighbours."""
    key, *rest = keys
    if not isinstance(table, dict) or key not in table:
        raise KeyError(key, list(table) if isinstance(table, dict) else [])
    if rest:
        return {**table, key: _removed(table[key], rest)}
    return {other: value for other, value in table.items() if other != key}


def _merged(parent: Table, child: Table, path: tuple[str, ...] = ()) -> Table:
    """The parent's keys changed by the child's: tables are merged, everything else is replaced."""
    merged = {key: value for key, value in parent.items() if not _overruled(key, child, path)}
    if path[:1] == ("activities",) and len(path) == 2 and child.get("step", step := parent.get("step")) != step:
        merged = _fit_for(child["step"], merged)
    for key, value in child.items():
        below = (*path, key)
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            inherited = _titles(merged[key]) if _restated(value, below) else merged[key]
            merged[key] = _merged(inherited, value, below)
        else:
            merged[key] = value
    return merged


def _overruled(key: str, child: Table, path: tuple[str, ...]) -> bool:
    """Keys of the parent that contradict what the child says: its note, its titles, its other way to sit."""
    rivals: tuple[str, ...] = next((group for group in (NOTES, _TITLES) if key in group), ())
    if key in _WAYS_TO_SIT and path[:1] == ("meetings",):
        rivals = _WAYS_TO_SIT
    return any(rival in child for rival in rivals)


def _fit_for(step: Any, inherited: Table) -> Table:
    """What an activity inherits that another step has a use for."""
    kind = KINDS.get(step) if isinstance(step, str) else None
    return {key: value for key, value in inherited.items() if kind is None or key in kind.model_fields}


def _titles(table: Table) -> Table:
    """What is left of a table that is replaced as a whole: readers call it what they did."""
    return {key: value for key, value in table.items() if key in _TITLES}


def _restated(table: Table, path: tuple[str, ...]) -> bool:
    """Whether a table is replaced as a whole: distributions, attributes and arrivals are of different kinds."""
    return "dist" in table or path[-2:-1] == ("attributes",) or path[-1] == "arrivals"


# Messages


def _message(chain: Sequence[_File], problems: Sequence[Problem], listing: ProjectList | None) -> str:
    lines = [
        (listing and listing.told(problem))
        or f"{_origin(chain, (problem.key, *problem.others))}: {short(str(problem), 400)}"
        for problem in problems[:MOST_LINES]
    ]
    more = len(problems) - MOST_LINES
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)


def _origin(chain: Sequence[_File], keys: Sequence[str]) -> str:
    """The file that states one of the keys, or the most of the way to it; the nearest file if several do."""
    parts = [part for file in chain for part in file.parts]
    return max(parts, key=lambda part: max(_depth(part.table, key.split(".")) for key in keys)).name


def _depth(value: Any, keys: Sequence[str]) -> int:
    if not keys or not isinstance(value, dict) or keys[0] not in value:
        return 0
    return 1 + _depth(value[keys[0]], keys[1:])
