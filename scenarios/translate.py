"""What is wrong with a file, in the words of the file: pydantic's errors, and values it would quietly convert."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from parkflow.sim.checks import Problem
from parkflow.sim.names import listed, near, nearest
from parkflow.sim.scenario import Scenario
from parkflow.sim.steps import KINDS, steps_with
from parkflow.sim.values import Value

Table = dict[str, Any]
_ACTIVITY = ("activities", "NAME")
"""Where activities stand in a file."""

Keys = tuple[str | int, ...]
NOTES = ("source", "assumed")


def converted(key: str, written: Any, value: Any) -> Iterator[Problem]:
    """Values that pydantic would quietly turn into another type: true into 1, "3" into 3, 0 into 1970-01-01."""
    if isinstance(value, Value):
        value = {field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()}
    if isinstance(written, dict) and isinstance(value, dict):
        for name in (name for name in written if name in value):
            yield from converted(f"{key}.{name}" if key else name, written[name], value[name])
    elif isinstance(written, list) and isinstance(value, tuple):
        for index, (one, other) in enumerate(zip(written, value, strict=False)):
            yield from converted(f"{key}.{index}", one, other)
    elif wanted := _wanted(written, value):
        yield Problem(key, f"{shown(written)} is of the wrong type", f"write {wanted}")


def _wanted(written: Any, value: Any) -> str | None:
    """What should have been written to give the value, or None if it was."""
    if isinstance(value, bool):
        return None if isinstance(written, bool) else "true or false"
    if _is_number(value):
        return None if _is_number(written) else "a number, without quotes"
    return _TYPES["date"] if isinstance(value, dt.date) and _is_number(written) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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


def translated(error: ValidationError, table: Table) -> list[Problem]:
    """The problems behind pydantic's errors, one for each key."""
    found: dict[Keys, list[_Error]] = {}
    for each in _likely([_placed(details, table) for details in error.errors(include_url=False)]):
        found.setdefault(each.keys, []).append(each)
    return [
        _misspelt_step(errors[0]) or _problem(errors)
        for errors in found.values()
        if not _is_misspelt(errors[0], found.values())
    ]


def _misspelt_step(error: _Error) -> Problem | None:
    """The problem with an activity whose step is there under an unknown name like it."""
    if error.kind != "union_tag_not_found" or not _is_activity(error.loc):
        return None
    known = {field for kind in KINDS.values() for field in kind.model_fields}
    wrong = near("step", [str(key) for key in error.details["input"] if key not in known])
    return Problem(".".join(map(str, (*error.keys, wrong))), "unknown key", "did you mean 'step'?") if wrong else None


def _is_misspelt(missing: _Error, found: Iterable[Sequence[_Error]]) -> bool:
    """Whether a missing key is there after all, under an unknown name like it."""
    beside = [each.loc for each, *_ in found if each.kind == "extra_forbidden" and each.loc[:-1] == missing.loc[:-1]]
    return missing.kind == "missing" and any(near(str(loc[-1]), [str(missing.loc[-1])]) for loc in beside)


def _placed(details: ErrorDetails, table: Table) -> _Error:
    """Tell the keys of the file from the names of the alternatives that pydantic tried."""
    keys: list[str | int] = []
    tried: list[tuple[int, str]] = []
    here: Any = table
    for place, key in enumerate(details["loc"]):
        if _is_step(details["loc"][: place + 1]):
            tried.append((place, str(key)))
            continue
        known = key in (here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ())
        if known:
            here = here[key]
        missing = _is_missing_key(details, place)
        if known or (missing and isinstance(here, dict)):
            keys.append(key)
        elif not missing:
            tried.append((place, str(key)))
    return _Error(details, tuple(keys), tuple(tried))


def _is_step(loc: Keys) -> bool:
    """Whether the last name is the step by which pydantic chose the kind of an activity, not a key of the file."""
    return len(loc) == len(_ACTIVITY) + 1 and loc[0] == _ACTIVITY[0]


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
    slips = sum(near(name, missing) is not None for name in unknown)
    return sum(2.0 if len(error.loc) <= depth and _is_structural(error) else 0.1 for error in errors) - slips


def _is_structural(error: _Error) -> bool:
    return error.kind in ("missing", "extra_forbidden") or error.kind.endswith(("_type", "_parsing"))


def _problem(errors: Sequence[_Error]) -> Problem:
    """One problem for all errors of one key."""
    error = errors[0]
    stated = ("step",) if error.kind == "union_tag_invalid" and _is_activity(error.loc) else ()
    key = ".".join(str(each) for each in (*error.keys, *stated)) or "the file"
    what, remedy = _explained(error)
    if len(errors) > 1 and all(_type_wanted(each) for each in errors):
        remedy = "write " + " or ".join(dict.fromkeys(_type_wanted(each) or "" for each in errors))
    return Problem(key, what, remedy)


def _explained(error: _Error) -> tuple[str, str]:
    """What is wrong, and the remedy."""
    context: Mapping[str, Any] = error.details.get("ctx", {})
    given = shown(error.details["input"])
    if error.kind == "extra_forbidden":
        return _unknown(error.loc)
    if error.kind == "missing":
        last = error.loc[-1]
        if error.keys[-1:] == (last,):
            return ("is missing", "add it") if not _is_step(error.loc[:-1]) else _needed(error.loc)
        return f"needs a value for {last!r}" if isinstance(last, str) else f"has no entry number {last + 1}", "add it"
    if error.kind in _LIMITS:
        limit, words = _LIMITS[error.kind]
        return f"{given} is out of range", f"give a number {words} {context[limit]:g}"
    if error.kind in ("literal_error", "union_tag_invalid"):
        choices = re.findall("'([^']*)'", context.get("expected") or context["expected_tags"])
        wrong = str(context.get("tag", error.details["input"]))
        asked = str(error.loc[-1])
        if error.kind == "union_tag_invalid":
            asked = "step" if _is_activity(error.loc) else "distribution"
        return f"{shown(wrong)} is no {asked}", nearest(wrong, choices)
    if error.kind == "union_tag_not_found" and _is_activity(error.loc):
        return "an activity needs its step", f'add step = "work", or another of {listed(list(KINDS)[1:])}'
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


def _is_activity(loc: Keys) -> bool:
    return len(loc) == len(_ACTIVITY) and loc[0] == _ACTIVITY[0]


def _unknown(loc: Keys) -> tuple[str, str]:
    """What to say of a key that has no meaning where it stands, though it may have one on another step."""
    key, owners = str(loc[-1]), steps_with(str(loc[-1]))
    if _is_step(loc[:-1]) and owners:
        remedy = f"remove it, or make it a {' or '.join(owners)} step"
        return f"{_a(str(loc[-2]))} has no {key}", remedy
    return "unknown key", nearest(key, _fields_at(loc[:-1]))


def _needed(loc: Keys) -> tuple[str, str]:
    """What to say of a key that a step needs."""
    return f"{_a(str(loc[-2]))} needs a {loc[-1]}", f"add {loc[-1]} = …"


def _a(step: str) -> str:
    return f"{'an' if step[0] in 'aeiou' else 'a'} {step} step"


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
    return sorted(fields, key=NOTES.__contains__)


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
    tags = [get_args(field.annotation) for key in ("dist", "step") if (field := model.model_fields.get(key))]
    return model.__name__ in re.split(r"\W+", tag) or any(tag in known for known in tags)


def short(text: str, most: int = 160) -> str:
    """The text on one printable line of readable length."""
    text = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text[: 10 * most].split()))
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-most // 3 :]}"


def shown(value: Any) -> str:
    """A value as its author would recognise it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > 10**18:
        return "a huge number"
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return short(repr(value) if isinstance(value, str) else str(value), 60)
