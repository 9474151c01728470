"""What is wrong with a scenario, in words, and the limits that the checks know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from parkflow.sim.errors import ParkflowError
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Value

ISSUE = "issue"
"""The process that every issue runs through."""

HOST = "project"
"""The process in which issues arise."""

CLOSED = "issue_closed"
"""The milestone that ends an issue."""

SMALLEST, LARGEST = 1e-12, 1e15
"""Numbers beyond these are taken for slips of the pen; whole numbers within are exact as floats."""

MOST_GATES = 3
"""Stocks and windows on which it can depend what practices do to one activity; the plan has room for so many."""

MOST_SITTINGS = 1_000_000
"""More sittings of one meeting than this are taken for a slip of the pen."""

MOST_COPIES = 1000
"""More copies of one activity than any park has buildings are taken for a slip of the pen."""

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Years for which lunar New Year and the public holidays can be worked out."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a scenario: the dotted path of the key, what it says, and what would be right.

    `others` are the paths of keys that have as much part in it.
    """

    key: str
    what: str
    remedy: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.what}; {self.remedy}"


class ScenarioError(ParkflowError, ValueError):
    """A scenario whose parts do not fit together; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


Problems = Iterator[Problem]
Rule = Callable[[Scenario], Problems]
"""A rule yields what breaks it; it may take for granted that the sizes of numbers are sound."""


def leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Everything that a value holds in the end, with its dotted path."""
    inner: Iterable[tuple[Any, Any]]
    if isinstance(value, Value):
        inner = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, tuple):
        inner = enumerate(value)
    else:
        yield key, value
        return
    for name, one in inner:
        yield from leaves(f"{key}.{name}", one)


def is_given(value: Value, field: str) -> bool:
    """Whether a field holds something else than its default."""
    default = type(value).model_fields[field].get_default(call_default_factory=True)
    return bool(getattr(value, field) != default)
