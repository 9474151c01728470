"""From a scenario file to a checked scenario: what a file extends, what is wrong with it, and what it comes to."""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.checks import Problem, ScenarioError, check, nearest
from sim.scenario import Scenario
from sim.values import Value

SHIPPED = Path(__file__).parent
NOT_PARKS = ("evidence",)
MOST_LINES = 10
MOST_LEVELS = 20

Table = dict[str, Any]
Keys = tuple[str | int, ...]


class InputError(Exception):
    """Something the user gave cannot be used; the message says which file, which key, and what would be right."""


@dataclass(frozen=True)
class _File:
    """A file as it was found: what to call it, where it is, and its own keys."""

    name: str
    path: Path
    table: Table


def available() -> tuple[str, ...]:
    """Names of the shipped parks."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml") if path.stem not in NOT_PARKS))


def load(name_or_path: str | os.PathLike[str]) -> Scenario:
    """The checked scenario of a shipped park or of a file ending in `.toml`.

    Raises `InputError` with one message for everything that is wrong.
    """
    chain = _chain(name_or_path)
    table = _resolved(chain)
    try:
        scenario = Scenario.model_validate(table)
        problems = list(_converted("", table, scenario))
        if not problems:
            check(scenario)
    except ValidationError as error:
        problems = _translated(error, table)
    except ScenarioError as error:
        problems = list(error.problems)
    if problems:
        raise InputError(_message(chain, problems))
    return scenario


def raw(name_or_path: str | os.PathLike[str]) -> Table:
    """The keys of a park or file, merged with what it extends and not yet validated.

    Raises `InputError` when a file cannot be found, read or merged.
    """
    return _resolved(_chain(name_or_path))


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
        file = _read(*_located(given, child.path.parent))
        if file.path.resolve() in [other.path.resolve() for other in chain]:
            circle = " → ".join(other.name for other in (*chain, file))
            raise InputError(f"files extend each other in a circle: {circle}; remove one extends")
    except InputError as error:
        raise InputError(f"{child.name}: extends: {error}") from None
    return file


def _located(given: str, folder: Path) -> tuple[str, Path]:
    """What to call a park or a file, and where it is."""
    if given.endswith(".toml"):
        return _short(str(folder / given)), folder / given
    if given in available():
        return f"{given}.toml", SHIPPED / f"{given}.toml"
    if Path(given).name != given or Path(given).suffix:
        return _short(given), folder / given
    parks = ", ".join(available()) or "none"
    raise InputError(
        f"no park is called {_shown(given)}; {nearest(given, available())} (parks: {parks}; files end in .toml)"
    )


def _read(name: str, path: Path) -> _File:
    if path.suffix != ".toml":
        raise InputError(f"{name}: is not a scenario file; give a file whose name ends in .toml")
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{name}: {_unreadable(error)}") from None
    if _levels(table) > MOST_LEVELS:
        raise InputError(f"{name}: {_unreadable(RecursionError())}")
    return _File(name, path, table)


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
    return f"is not valid TOML: {_short(str(error))}; correct it there (syntax: https://toml.io)"


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


_HEADINGS = ("name", "title")
"""What names a file, and is never inherited."""

_NOTES = ("source", "assumed")
_WAYS_TO_SIT = ("every", "dates", "on_demand")


def _resolved(chain: Sequence[_File]) -> Table:
    """The keys of the last file, changed by each nearer one in turn."""
    table: Table = {}
    for file in reversed(chain):
        inherited = {key: value for key, value in table.items() if key not in _HEADINGS}
        own = {key: value for key, value in file.table.items() if key not in ("extends", "without")}
        if "without" in file.table:
            inherited = _without(inherited, file)
        table = {"name": file.path.stem, **_merged(inherited, own)}
    return table


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
            raise InputError(f"{file.name}: without: {_short(key)} is not in what the file extends; {remedy}") from None
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
    for key, value in child.items():
        below = (*path, key)
        both_tables = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value, below) if both_tables and not _restated(value, below) else value
    return merged


def _overruled(key: str, child: Table, path: tuple[str, ...]) -> bool:
    """Keys of the parent that contradict what the child says: its note, its other way to sit."""
    rivals = _NOTES if key in _NOTES else _WAYS_TO_SIT if key in _WAYS_TO_SIT and path[:1] == ("meetings",) else ()
    return any(rival in child for rival in rivals)


def _restated(table: Table, path: tuple[str, ...]) -> bool:
    """Whether a table is replaced as a whole: distributions, attributes and arrivals are of different kinds."""
    return "dist" in table or path[-2:-1] == ("attributes",) or path[-1] == "arrivals"


# Messages


def _message(chain: Sequence[_File], problems: Sequence[Problem]) -> str:
    lines = [f"{_origin(chain, problem.key)}: {_short(str(problem), 400)}" for problem in problems[:MOST_LINES]]
    more = len(problems) - MOST_LINES
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)


def _origin(chain: Sequence[_File], key: str) -> str:
    """The file that states a key, or the most of the way to it; the nearest file if several do."""
    return max(chain, key=lambda file: _depth(file.table, key.split("."))).name


def _depth(value: Any, keys: Sequence[str]) -> int:
    if not keys or not isinstance(value, dict) or keys[0] not in value:
        return 0
    return 1 + _depth(value[keys[0]], keys[1:])


def _short(text: str, most: int = 160) -> str:
    """The text on one printable line of readable length."""
    text = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text[: 10 * most].split()))
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-most // 3 :]}"


def _shown(value: Any) -> str:
    """A value as its author would recognise it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > 10**18:
        return "a huge number"
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return _short(repr(value) if isinstance(value, str) else str(value), 60)


# Wrong types


def _converted(key: str, written: Any, value: Any) -> Iterator[Problem]:
    """Values that pydantic would quietly turn into another type: true into 1, "3" into 3, 0 into 1970-01-01."""
    if isinstance(value, Value):
        value = {field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()}
    if isinstance(written, dict) and isinstance(value, dict):
        for name in (name for name in written if name in value):
            yield from _converted(f"{key}.{name}" if key else name, written[name], value[name])
    elif isinstance(written, list) and isinstance(value, tuple):
        for index, (one, other) in enumerate(zip(written, value, strict=False)):
            yield from _converted(f"{key}.{index}", one, other)
    elif wanted := _wanted(written, value):
        yield Problem(key, f"{_shown(written)} is of the wrong type", f"write {wanted}")


def _wanted(written: Any, value: Any) -> str | None:
    """What should have been written to give the value, or None if it was."""
    if isinstance(value, bool):
        return None if isinstance(written, bool) else "true or false"
    if _is_number(value):
        return None if _is_number(written) else "a number, without quotes"
    return _TYPES["date"] if isinstance(value, dt.date) and _is_number(written) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Pydantic's errors in the words of the file

_TYPES = {
    "float": "a number",
    "int": "a whole number",
    "string": "text in quotes",
    "bool": "true or false",
    "date": "a date such as 2023-07-31",
    "dict": "a table",
    "model": "a table",
    "tuple": "a list",
    "model_attributes": 'a distribution such as "pert(3, 10, 20) wd"',
}
_LIMITS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "of at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "of at most"),
}


@dataclass(frozen=True)
class _Error:
    """One of pydantic's errors: where it is in the file, and which alternatives pydantic tried on the way."""

    details: ErrorDetails
    keys: Keys
    tried: tuple[tuple[int, str], ...]

    @property
    def kind(self) -> str:
        return self.details["type"]

    @property
    def loc(self) -> Keys:
        return self.details["loc"]


def _translated(error: ValidationError, table: Table) -> list[Problem]:
    """The problems behind pydantic's errors, one for each key."""
    found: dict[Keys, list[_Error]] = {}
    for each in _likely([_placed(details, table) for details in error.errors(include_url=False)]):
        found.setdefault(each.keys, []).append(each)
    return [_problem(errors) for errors in found.values() if not _is_misspelt(errors[0], found.values())]


def _is_misspelt(missing: _Error, found: Iterable[Sequence[_Error]]) -> bool:
    """Whether a missing key is there after all, under an unknown name like it."""
    beside = [each.loc for each, *_ in found if each.kind == "extra_forbidden" and each.loc[:-1] == missing.loc[:-1]]
    return missing.kind == "missing" and any(_are_near(str(loc[-1]), [str(missing.loc[-1])]) for loc in beside)


def _are_near(name: str, known: Sequence[str]) -> bool:
    return bool(get_close_matches(name[:100], known))


def _placed(details: ErrorDetails, table: Table) -> _Error:
    """Tell the keys of the file from the names of the alternatives that pydantic tried."""
    keys: list[str | int] = []
    tried: list[tuple[int, str]] = []
    here: Any = table
    for place, key in enumerate(details["loc"]):
        known = key in (here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ())
        if known:
            here = here[key]
        missing = _is_missing_key(details, place)
        if known or (missing and isinstance(here, dict)):
            keys.append(key)
        elif not missing:
            tried.append((place, str(key)))
    return _Error(details, tuple(keys), tuple(tried))


def _is_missing_key(details: ErrorDetails, place: int) -> bool:
    return details["type"] == "missing" and place == len(details["loc"]) - 1


def _likely(errors: Sequence[_Error], level: int = 0) -> list[_Error]:
    """Of the alternatives tried at one place, keep the errors of those that came closest."""
    places: dict[Keys, dict[str, list[_Error]]] = {}
    kept = [error for error in errors if len(error.tried) <= level]
    for error in errors:
        if len(error.tried) > level:
            place, alternative = error.tried[level]
            places.setdefault(error.loc[:place], {}).setdefault(alternative, []).append(error)
    for prefix, alternatives in places.items():
        scores = {name: _distance(tries, len(prefix) + 2) for name, tries in alternatives.items()}
        best = min(scores.values())
        closest = [tries for name, tries in alternatives.items() if scores[name] == best]
        kept += (
            closest[0]
            if closest[0][0].kind in ("missing", "extra_forbidden")
            else [e for tries in closest for e in tries]
        )
    return _likely(kept, level + 1) if places else kept


def _distance(errors: Sequence[_Error], depth: int) -> float:
    """How far the file is from what an alternative wants; errors deep inside mean that its keys were right."""
    unknown = [str(error.loc[-1]) for error in errors if error.kind == "extra_forbidden"]
    missing = [str(error.loc[-1]) for error in errors if error.kind == "missing"]
    slips = sum(_are_near(name, missing) for name in unknown)
    return sum(2.0 if len(error.loc) <= depth and _is_structural(error) else 0.1 for error in errors) - slips


def _is_structural(error: _Error) -> bool:
    return error.kind in ("missing", "extra_forbidden") or error.kind.endswith(("_type", "_parsing"))


def _problem(errors: Sequence[_Error]) -> Problem:
    """One problem for all errors of one key."""
    error = errors[0]
    key = ".".join(str(each) for each in error.keys) or "the file"
    what, remedy = _explained(error)
    if len(errors) > 1 and all(_type_wanted(each) for each in errors):
        remedy = "write " + " or ".join(dict.fromkeys(_type_wanted(each) or "" for each in errors))
    return Problem(key, what, remedy)


def _explained(error: _Error) -> tuple[str, str]:
    """What is wrong, and the remedy."""
    context: Mapping[str, Any] = error.details.get("ctx", {})
    given = _shown(error.details["input"])
    if error.kind == "extra_forbidden":
        return "unknown key", nearest(str(error.loc[-1]), _fields_at(error.loc[:-1]))
    if error.kind == "missing":
        last = error.loc[-1]
        if error.keys[-1:] == (last,):
            return "is missing", "add it"
        return f"needs a value for {last!r}" if isinstance(last, str) else f"has no entry number {last + 1}", "add it"
    if error.kind in _LIMITS:
        limit, words = _LIMITS[error.kind]
        return f"{given} is out of range", f"give a number {words} {context[limit]:g}"
    if error.kind in ("literal_error", "union_tag_invalid"):
        choices = re.findall("'([^']*)'", context.get("expected") or context["expected_tags"])
        wrong = str(context.get("tag", error.details["input"]))
        asked = "distribution" if error.kind == "union_tag_invalid" else str(error.loc[-1])
        return f"{_shown(wrong)} is no {asked}", nearest(wrong, choices)
    if error.kind == "union_tag_not_found":
        return "a distribution needs its kind", 'add dist = "pert", or write it like "pert(3, 10, 20) wd"'
    if error.kind == "value_error":
        return _own_words(given, error.details["msg"].removeprefix("Value error, "))
    if error.kind == "finite_number":
        return f"{given} is not a finite number", "give one that is"
    if wanted := _type_wanted(error):
        return f"{given} is of the wrong type", f"write {wanted}"
    message = error.details["msg"].removeprefix("Input ")
    return f"{given} does not fit", f"it {message[0].lower()}{message[1:]}"


def _type_wanted(error: _Error) -> str | None:
    """What a key that holds the wrong type should hold."""
    kind = re.sub("_(type|parsing|from_float|from_datetime_.*)$", "", error.kind)
    return _TYPES.get(kind)


def _own_words(given: str, message: str) -> tuple[str, str]:
    """The model's own message, cut into what is wrong and the remedy."""
    if re.search("isoformat|is out of range for month|must be in", message):
        return f"{given} is no date", f"write {_TYPES['date']}"
    what, _, remedy = message.partition("; ")
    return what, remedy or "correct it"


def _fields_at(loc: Keys) -> list[str]:
    """The keys that the scenario language knows at a place."""
    types: list[Any] = [Scenario]
    for key in loc:
        types = [inner for each in types for inner in _inside(each, key)] or types
    models = [model for each in types for model in _models(each)]
    fields = dict.fromkeys(field.alias or name for model in models for name, field in model.model_fields.items())
    return sorted(fields, key=_NOTES.__contains__)


def _inside(annotation: Any, key: str | int) -> list[Any]:
    """The types that a type holds under a key, or that one of pydantic's alternatives stands for."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _inside(args[0], key)
    if origin in (Union, UnionType):
        named = [model for model in _models(annotation) if _stands_for(str(key), model)]
        return named or [inner for each in args for inner in _inside(each, key)]
    if origin in (dict, tuple):
        return [args[1] if origin is dict else args[0]]
    fields = annotation.model_fields if _is_model(annotation) else {}
    return [field.annotation for name, field in fields.items() if key == (field.alias or name)]


def _models(annotation: Any) -> list[type[Value]]:
    """The models among the alternatives of a type."""
    if _is_model(annotation):
        return [annotation]
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return [model for each in get_args(annotation) for model in _models(each)]
    return []


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Value)


def _stands_for(tag: str, model: type[Value]) -> bool:
    dist = model.model_fields.get("dist")
    return model.__name__ in re.split(r"\W+", tag) or (dist is not None and dist.default == tag)


# What a scenario comes to


def schema() -> Table:
    """JSON Schema of the file format.

    A file may leave out what it inherits, so only what is always written as a whole has required keys.
    """
    found = Scenario.model_json_schema()
    for name, model in {"": found, **found["$defs"]}.items():
        if name not in _WHOLE:
            model.pop("required", None)
    found["properties"] |= {
        "extends": {
            "type": "string",
            "description": "A shipped park, or the path of a file, that this one differs from.",
        },
        "without": {"type": "array", "items": {"type": "string"}, "description": "Dotted keys not to inherit."},
    }
    heading = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "parkflow scenario"}
    return {**found, **heading}


_WHOLE = ("Sampled", "Product", "Lookup", "Renewal", "Cohort", "Dated", "Ordered", "Window", "Tranche", "Effect")


def dumped(scenario: Scenario) -> Table:
    """The keys that are set in a scenario, as plain values that JSON and TOML know; loads back to an equal scenario."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def difference(before: Scenario, after: Scenario) -> list[tuple[str, Any, Any]]:
    """What differs between two scenarios: dotted path, value before, value after (None: not there)."""
    full = [scenario.model_dump(mode="json", by_alias=True, exclude_none=True) for scenario in (before, after)]
    return list(_differences("", *full))


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    if not _is_open(before) or not _is_open(after):
        yield path, before, after
        return
    for key in dict.fromkeys([*before, *after]):
        yield from _differences(f"{path}.{key}" if path else key, before.get(key), after.get(key))


def _is_open(value: Any) -> bool:
    """Whether a value is a table whose keys are compared one by one; a distribution is one value."""
    return isinstance(value, dict) and "dist" not in value
