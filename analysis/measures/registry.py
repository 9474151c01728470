"""All measures: those of the house, those that a user registers, and those that installed packages offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from parkflow.analysis.measures import causes, days, displacement, effort, issue_resolution, load, starts, throughput
from parkflow.analysis.measures.measure import Measure, Observation, Seen, View
from parkflow.analysis.replication.milestones import Pair
from parkflow.analysis.replication.replication import Replication

ENTRY_POINTS = "parkflow.measures"
"""The group of entry points under which a package offers measures: each names a `Measure`, or several in a sequence."""

MEASURES: tuple[Measure, ...] = (
    *days.MEASURES, *starts.MEASURES, *throughput.MEASURES, *issue_resolution.MEASURES, *load.MEASURES,
    *effort.MEASURES, *displacement.MEASURES, *causes.MEASURES,
)  # fmt: skip
"""The measures of the house, in the order of every table."""

_REGISTERED: dict[str, Measure] = {}


def measures() -> tuple[Measure, ...]:
    """All measures that are known here: of the house, of installed packages, and registered, in this order."""
    return (*MEASURES, *_installed(), *_REGISTERED.values())


def measure(name: str) -> Measure:
    """The measure of this name; raises `KeyError` if there is none."""
    return {one.name: one for one in measures()}[name]


def register(one: Measure) -> Measure:
    """Make a measure known, so that it is observed and can be asked for by name; returns it.

    Registering a name again replaces what it stood for. Raises `ValueError` for the name of a measure of the house or
    of an installed package.
    """
    if any(one.name == other.name for other in (*MEASURES, *_installed())):
        raise ValueError(f"measure {one.name}: the name is taken; give it another")
    _REGISTERED[one.name] = one
    return one


def forget(name: str) -> None:
    """Take a registered measure out again; raises `KeyError` if it was not registered."""
    del _REGISTERED[name]


@cache
def _installed() -> tuple[Measure, ...]:
    """The measures that installed packages offer; loaded when measures are first asked for."""
    found = [entry.load() for entry in entry_points(group=ENTRY_POINTS)]
    return tuple(one for offered in found for one in ((offered,) if isinstance(offered, Measure) else offered))


def written_definitions(some: Sequence[Measure]) -> dict[str, dict[str, Any]]:
    """What a sweep keeps of measures that are not of the house, so that it can be read where nobody knows them."""
    of_house = {one.name for one in MEASURES}
    return {
        one.name: {field.name: getattr(one, field.name) for field in fields(one) if field.name != "observe"}
        for one in some
        if one.name not in of_house
    }


def read_definitions(written: Mapping[str, Mapping[str, Any]]) -> dict[str, Measure]:
    """Measures from what a sweep kept of them; they cannot be observed again."""
    return {name: Measure(**definition, observe=_unobserved) for name, definition in written.items()}


def _unobserved(view: View) -> Iterator[Seen]:
    """Observes nothing: the function of a measure that is known from a stored sweep only."""
    yield from ()


def chosen(given: Sequence[Measure | str] | None = None) -> tuple[Measure, ...]:
    """Measures from names or measures, each once; all that are known where none is given.

    Raises `KeyError` for a name that no measure has.
    """
    if given is None:
        return measures()
    return tuple(dict.fromkeys(measure(one) if isinstance(one, str) else one for one in given))


def observe(
    runs: Mapping[str, Replication], baseline: str, pair: Pair, asked: Sequence[Measure | str] | None = None
) -> list[Observation]:
    """What one replication shows: the level of every policy, and what differs from the baseline.

    Only the measures `asked` for are computed; all that are known where it is None. Raises `ValueError` if the policies
    do not have the same projects.
    """
    base = View(baseline, runs[baseline], pair)
    views = [base if policy == baseline else View(policy, run, pair, base) for policy, run in runs.items()]
    wanted = sorted(chosen(asked), key=lambda one: one.paired)
    return [
        seen
        for view in views
        for one in wanted
        if view.baseline is not None or not one.paired
        for seen in one.seen_in(view)
    ]
