"""Groups of options: a command names a group, and takes its options one by one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_type_hints

Command = Callable[..., None]


def grouped(command: Command) -> Command:
    """A command in whose place of each group (a parameter whose type is a dataclass) stand the options of the group.

    The fields of a group are options with their defaults, written as parameters of a command are; the command gets the
    group as one frozen value.
    """
    return grouped_without()(command)


def grouped_without(*fields_left: str) -> Callable[[Command], Command]:
    """The same without some fields of the groups: they are no options of this command, and keep their defaults."""

    def expanded(command: Command) -> Command:
        own = inspect.signature(command, eval_str=True).parameters
        groups = {name: one.annotation for name, one in own.items() if is_dataclass(one.annotation)}

        def called(**given: Any) -> None:
            made = {name: _made(group, given) for name, group in groups.items()}
            command(**made, **{name: value for name, value in given.items() if name in own})

        parts = [part for name, one in own.items() for part in (_parts(groups[name]) if name in groups else [one])]
        options = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parts if one.name not in fields_left]
        called.__name__, called.__doc__, called.__module__ = command.__name__, command.__doc__, command.__module__
        called.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in options}
        return called

    return expanded


def _made(group: Any, given: dict[str, Any]) -> Any:
    """The group with what was given on the command line."""
    return group(**{field.name: given[field.name] for field in fields(group) if field.name in given})


def _parts(group: Any) -> list[inspect.Parameter]:
    """The options of a group as parameters of a command."""
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=hints[field.name]
        )
        for field in fields(group)
    ]


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
