"""What the columns and the activities of a log mean: a small TOML file that the one who knows the log writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from parkflow.analysis.errors import AnalysisError
from parkflow.sim.names import nearest
from parkflow.sim.values import Value

Codes = tuple[str, ...]


class LogError(AnalysisError):
    """A log or its mapping cannot be used; the message names file, row, column and remedy."""


class Columns(Value):
    """Keys of an XES file, or headers of a CSV file; what is left out is looked for under its usual names."""

    case: str | None = Field(None, description="The case that an event belongs to.")
    activity: str | None = Field(None, description="What happened.")
    time: str | None = Field(None, description="When it happened or, beside a start, when it ended.")
    start: str | None = Field(None, description="When it started, where one row is a whole activity.")
    ready: str | None = Field(None, description="When it could have started, where one row is a whole activity.")
    suspended: str | None = Field(None, description="Days for which it was held up, where a row is a whole activity.")
    lifecycle: str | None = Field(None, description="Whether an event is a schedule, a start or a complete.")
    officer: str | None = Field(None, description="Who did it.")
    kind: str | None = Field(None, description="Attribute of the case by which classes are told apart.")


class Requests(Value):
    """How a file comes back within an activity: the request for what is missing, and the answer."""

    request: Codes = Field(min_length=1, description="Activities that ask the applicant for missing papers.")
    answer: Codes = Field(min_length=1, description="Activities that record what the applicant sent.")


class LogMapping(Value):
    """What a log means. Everything may be left out: then every activity is kept under its own name."""

    title: str = Field("", description="Title of the park.")
    columns: Columns = Field(Columns(), description="Which column holds what.")
    since: dt.date | None = Field(None, description="Events before this day are left out.")
    until: dt.date | None = Field(None, description="Events from this day on are left out: what is open is censored.")
    arrival: Codes = Field((), description="The first of these is when a case arrives; else its first event.")
    milestones: dict[str, Codes] = Field(default_factory=dict, description="Milestone = activities that mark it.")
    activities: dict[str, Codes] = Field(default_factory=dict, description="Activity = what the log calls it.")
    only_named: bool = Field(False, description="Keep no other activities than those named here.")
    ignore: Codes = Field((), description="Activities that are left out.")
    corrections: dict[str, Requests] = Field(
        default_factory=dict, description="Milestone or activity = how files come back on the way to it."
    )
    exits: dict[str, Codes] = Field(default_factory=dict, description="Ways to leave before the end.")
    left_after: Annotated[float, Field(gt=0)] | None = Field(
        None, description="A case that shows no event for so many days before the log ends has left."
    )
    classes: dict[str, Codes] = Field(default_factory=dict, description="Class = values of the column `kind`.")
    question: tuple[str, str] | None = Field(None, description="The two milestones that are asked about.")
    held: Annotated[float, Field(gt=0.5, le=1)] = Field(
        0.95, description="Share of cases in which an order must have held to be a precedence."
    )


def mapping_of(table: Mapping[str, Any], name: str) -> LogMapping:
    """The mapping that a table holds; raises `LogError` with the key and what would be right."""
    try:
        return LogMapping.model_validate(table)
    except ValidationError as error:
        raise LogError("\n".join(f"{name}: {_told(problem)}" for problem in error.errors(include_url=False))) from None


def as_key(text: str) -> str:
    """A text as a key of a scenario, which holds no dot."""
    return text.strip().replace(".", "_") or "unnamed"


def _told(problem: Any) -> str:
    """One of pydantic's problems with its key and a remedy."""
    key = ".".join(map(str, problem["loc"]))
    if problem["type"] != "extra_forbidden":
        return f"{key}: {problem['msg'][0].lower()}{problem['msg'][1:]}; got {str(problem['input'])[:60]!r}"
    models: dict[str, type[Value]] = {"columns": Columns, "corrections": Requests}
    model = models.get(str(problem["loc"][0]), LogMapping)
    return f"{key}: there is no such key; {nearest(str(problem['loc'][-1]), tuple(model.model_fields))}"


def renamed(mapping: LogMapping, codes: tuple[str, ...], name: str) -> dict[str, str]:
    """What each activity of a log is called; those that are left out are missing.

    Raises `LogError` where the mapping names one that the log does not have and none of its fellows is there either.
    """
    named = {**mapping.activities, **mapping.milestones}
    meant = {"arrival": mapping.arrival, **{f"milestones.{key}": it for key, it in mapping.milestones.items()}}
    meant |= {f"activities.{key}": it for key, it in mapping.activities.items()}
    meant |= {f"exits.{key}": it for key, it in mapping.exits.items()}
    for key, it in mapping.corrections.items():
        meant |= {f"corrections.{key}.request": it.request, f"corrections.{key}.answer": it.answer}
    for key, wanted in meant.items():
        if wanted and not set(wanted) & set(codes):
            raise LogError(f"{name}: {key}: the log has no activity {wanted[0]!r}; {nearest(wanted[0], codes)}")
    for key in mapping.corrections:
        if key not in named and key not in codes:
            raise LogError(f"{name}: corrections.{key}: no activity is called so; {nearest(key, [*named, *codes])}")
    calls = {code: key for key, wanted in named.items() for code in wanted}
    if not mapping.only_named:
        special = {code for key, it in meant.items() if key.split(".")[0] in ("corrections", "exits") for code in it}
        calls |= {code: as_key(code) for code in codes if code not in calls and code not in special}
    return {code: it for code, it in calls.items() if code not in mapping.ignore}
