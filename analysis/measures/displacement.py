"""Who pays: days gained by some projects against days lost by others, and what the order of service cannot save.

Every project that has the second milestone ahead counts, whether the question is about it or not: those whom the policy
covers and the others, by group, class, size and stage at the start. Each way of parting them sums to the park.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.language import SIZE
from parkflow.analysis.measures.measure import ALL, NO_PAIR, Measure, Seen, View
from parkflow.analysis.replication.milestones import Span
from parkflow.analysis.replication.once import once
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

COVERED, OTHERS = "covered", "others"
"""Groups of the projects that a policy covers, and of those that it does not."""

SIZES = ("small", "middle", "large")
SIZED_BY = ("land", "investment", "floor_area")
"""Attributes that tell the size of a project; the first that the park has counts."""


def projects(view: View) -> Iterator[Seen]:
    """Projects that have the second milestone ahead, of every kind."""
    yield from _of_kinds(view, lambda days: float(len(days)))


def gained(view: View) -> Iterator[Seen]:
    """The sum of days by which projects get there earlier, of every kind."""
    yield from _of_kinds(view, lambda days: float(np.maximum(days, 0.0).sum()))


def lost(view: View) -> Iterator[Seen]:
    """The sum of days by which projects get there later, of every kind."""
    yield from _of_kinds(view, lambda days: float(np.maximum(-days, 0.0).sum()))


def balance(view: View) -> Iterator[Seen]:
    """What is gained less what is lost, of every kind."""
    yield from _of_kinds(view, lambda days: float(days.sum()))


def _of_kinds(view: View, told: Callable[[Floats], float]) -> Iterator[Seen]:
    """What is told of the days that the projects of each kind get there earlier."""
    if view.baseline is None:
        return
    span = _earlier(view)
    ahead = ~np.isnan(span.days)
    for kind, mine in _kinds(view).items():
        if kind == ALL or (mine & ahead).any():
            yield Seen(told(span.days[mine & ahead]), kind, censored=span.censored[mine].sum())


@once
def _earlier(view: View) -> Span:
    """Days by which each project reaches the second milestone earlier than under the baseline."""
    assert view.baseline is not None
    return view.run.earlier(view.baseline.run, view.pair[1])


@once
def _kinds(view: View) -> dict[str, Bools]:
    """Which projects are of which kind: covered or not, by group and class, by size, by stage at the start."""
    return {**view.groups, **_cover(view), **_sizes(view), **view.stages}


def _cover(view: View) -> dict[str, Bools]:
    """Whom the policy covers and whom not; nothing where it picks nobody out."""
    assert view.baseline is not None
    names = picking(view.run.scenario, view.baseline.run.scenario)
    found = np.zeros(len(view.run.groups), dtype=bool)
    for name in names:
        found |= view.run.covered(name)
    return {COVERED: found, OTHERS: ~found} if names else {}


def picking(scenario: Scenario, baseline: Scenario) -> tuple[str, ...]:
    """The practices of a policy that pick out projects: in force for some, not for all, and not under the baseline."""
    return tuple(
        name
        for name, practice in scenario.practices.items()
        if practice.share > 0
        and not practice.model_copy(update={"holds": None}).covers_all
        and (name not in baseline.practices or baseline.practices[name].share == 0)
    )


def _sizes(view: View) -> dict[str, Bools]:
    """The projects in thirds by size; those without a size are in none."""
    of = next((size for size in map(view.run.attribute, SIZED_BY) if len(np.unique(size[~np.isnan(size)])) > 2), None)
    if of is None:
        return {}
    bounds = np.nanquantile(of, (1 / 3, 2 / 3))
    third = np.where(np.isnan(of), -1, np.searchsorted(bounds, of))
    return {f"{SIZE}{name}": third == number for number, name in enumerate(SIZES)}


def by_order(view: View) -> Iterator[Seen]:
    """Days that the order of service adds to the wait of a unit of work, over all desks and by desk."""
    found = view.run.waiting
    if not found:
        return
    work = sum(it.work for it in found)
    if work > 0:
        yield Seen(sum(it.weighted - it.in_turn for it in found) / work, ALL)
    for it in found:
        if it.work > 0:
            yield Seen((it.weighted - it.in_turn) / it.work, it.desk)


def in_turn(view: View) -> Iterator[Seen]:
    """Days that a unit of work would wait in the order of arrival, over all desks and by desk."""
    found = view.run.waiting
    work = sum(it.work for it in found)
    if work > 0:
        yield Seen(sum(it.in_turn for it in found) / work, ALL)
    for it in found:
        if it.work > 0:
            yield Seen(it.in_turn / it.work, it.desk)


_WHO = "all projects that have 'to' ahead of them; the kinds of one way of parting them sum to all"
_CUT = "where projects are censored, both days count up to the end of the run"
_SAME_FILES = "files, officers and work are those of the run itself; only the order is another"
_LEFT_OUT = "desks that somebody still waits at, or that borrowed officers, are left out"

MEASURES = (
    Measure(
        "projects_ahead", "projects that have it ahead", "尚待到达的项目数",
        "projects that have 'to' ahead of them", "projects", projects, least=0.0, paired=True, limits=(_WHO,),
    ),
    Measure(
        "park_days_gained", "project-days gained in the park", "全园受益项目天数",
        "sum over projects of the days by which they reach 'to' earlier", "days", gained, least=0.0, paired=True,
        limits=(_WHO, _CUT),
    ),
    Measure(
        "park_days_lost", "project-days lost in the park", "全园受损项目天数",
        "sum over projects of the days by which they reach 'to' later", "days", lost, least=0.0, paired=True,
        limits=(_WHO, _CUT),
    ),
    Measure(
        "park_days_net", "project-days gained less lost", "全园净提前项目天数",
        "sum over projects of the day of 'to' under the baseline - its day under the policy", "days", balance,
        paired=True, limits=(_WHO, _CUT),
    ),
    Measure(
        "wait_in_turn", "wait in the order of arrival, by work", "先来先办的加权等待",
        "sum over files of work × days they would wait in the order of arrival ÷ sum of work", "days", in_turn,
        least=0.0, between=NO_PAIR, limits=(_SAME_FILES, _LEFT_OUT),
    ),
    Measure(
        "wait_by_order", "wait that the order of service adds", "办理次序增加的加权等待",
        "sum over files of work × (days waited - days in the order of arrival) ÷ sum of work", "days", by_order,
        between=NO_PAIR, limits=(_SAME_FILES, _LEFT_OUT, "it is 0 on average, whatever the order"),
    ),
)  # fmt: skip
