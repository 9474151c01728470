"""The base of every value of the model: frozen, closed to unknown keys, and changed only by copying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from parkflow.sim.errors import UnfitValueError, UnknownKeyError
from parkflow.sim.names import nearest

Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0)]


class Value(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        """Return a copy in which each dotted path (``"desks.planning.servers"``) holds its new value.

        Raises `UnknownKeyError` (a `KeyError`) when a key on the way does not exist, and `UnfitValueError` (a
        `ValueError`) when a value does not fit its field.
        """
        copy = self
        for path, value in changes.items():
            copy = _changed(copy, path.split("."), value, path)
        return copy

    @classmethod
    def made_of(cls, fields: Mapping[str, Any]) -> Self:
        """The value with these fields, checked."""
        return cls.model_validate(fields)


class Noted(Value):
    """A value whose numbers say where they come from: a `source`, or `assumed` with the reason."""

    source: str | None = Field(None, description="Where the numbers come from: fact id, law, paper.")
    assumed: str | None = Field(None, description="Why this number is assumed, when no source has it.")

    @property
    def note(self) -> str | None:
        """The source, or the assumption, or None where the file's own note covers it."""
        return self.source or (f"assumed: {self.assumed}" if self.assumed else None)


class Titled(Noted):
    """A noted value that readers meet by name, in tables, charts and reports."""

    title: str = Field("", description="What readers see instead of the key, in English.")
    title_zh: str = Field("", description="What readers see instead of the key, in Chinese.")


def _changed(node: Any, keys: list[str], value: Any, path: str) -> Any:
    """The node with a new value at the end of `keys`, which are the last ones of the dotted path."""
    key, *rest = keys
    if isinstance(node, Value):
        if key not in type(node).model_fields:
            raise _unknown(key, tuple(type(node).model_fields), path)
        new = _changed(getattr(node, key), rest, value, path) if rest else value
        fields = {name: getattr(node, name) for name in node.model_fields_set} | {key: new}
        try:
            return type(node).made_of(fields)
        except ValidationError as error:
            raise _unfit(error, path.split(".")[: -len(keys)], path) from None
    if isinstance(node, Mapping):
        if rest and key not in node:
            raise _unknown(key, tuple(node), path)
        return {**node, key: _changed(node[key], rest, value, path) if rest else value}
    raise UnknownKeyError(path, f"there is no key {key!r}", "what is before it is one value; change that as a whole")


def _unknown(key: str, known: tuple[str, ...], path: str) -> UnknownKeyError:
    return UnknownKeyError(path, f"there is no key {key!r}", nearest(key, known))


def _unfit(error: ValidationError, before: list[str], path: str) -> UnfitValueError:
    """What pydantic has against a value, below the keys that lead to the node it was given to."""
    problem = error.errors(include_url=False)[0]
    key = ".".join([*before, *map(str, problem["loc"])]) if problem["loc"] else path
    what, _, remedy = problem["msg"].removeprefix("Value error, ").partition("; ")
    shown = repr(problem["input"])
    return UnfitValueError(key, what[0].lower() + what[1:], remedy or f"got {shown if len(shown) < 60 else 'a table'}")
