"""What is wrong with a scenario, in words, and the limits that the checks know."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calendars import days_of, work_curve
from sim.durations import TIME_UNITS, Bernoulli, Constant, Discrete, Distribution
from sim.issues import MOST_ISSUES, category_weights, expected_issues
from sim.network import ARRIVAL, network
from sim.portfolio import sources_of
from sim.scenario import (
    Activity,
    Attribute,
    Calendar,
    Cohort,
    Dated,
    Group,
    Lookup,
    Ordered,
    Practice,
    Product,
    Renewal,
    Sampled,
    Scenario,
    process_activities,
)
from sim.values import Noted, Value



ISSUE = "issue"
"""The process that every issue runs through."""

HOST = "project"
"""The process in which issues arise."""

CLOSED = "issue_closed"
"""The milestone that ends an issue."""

SMALLEST, LARGEST = 1e-12, 1e15
"""Numbers beyond these are taken for slips of the pen; whole numbers within are exact as floats."""

MOST_GATES = 2
"""Practices that hold a unit and can change one activity; the plan has room for so many."""

MOST_SITTINGS = 1_000_000
"""More sittings of one meeting than this are taken for a slip of the pen."""

MOST_COPIES = 1000
"""More copies of one activity than any park has buildings are taken for a slip of the pen."""

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Years for which lunar New Year and the public holidays can be worked out."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a scenario: the dotted path of the key, what it says, and what would be right."""

    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}; {self.remedy}"


class ScenarioError(ValueError):
    """A scenario whose parts do not fit together; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


Problems = Iterator[Problem]


def check(scenario: Scenario) -> None:
    """Raise `ScenarioError` with everything that is wrong with the scenario."""
    # Numbers out of all proportion come first, for the other rules compute with them.
    found = dict.fromkeys(_sizes(scenario)) or dict.fromkeys(problem for rule in RULES for problem in rule(scenario))
    if found:
        raise ScenarioError(found)


def nearest(name: str, known: Collection[str]) -> str:
    """A remedy for a name that does not exist: the nearest one that does, or a list of them."""
    if close := difflib.get_close_matches(name[:100], known, n=1, cutoff=0.6):
        return f"did you mean {close[0]!r}?"
    if not known:
        return "none is declared"
    some = _list(list(known)[:12])
    return f"there are {some}{', …' if len(known) > 12 else ''}" if len(known) > 1 else f"there is only {some}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


