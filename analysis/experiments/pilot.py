"""A pilot run: one replication under each policy, for what only a run can tell about a scenario."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from parkflow.analysis.formatting import percent
from parkflow.analysis.replication.milestones import Pair
from parkflow.analysis.replication.replication import LaidOut, Replication, replicate
from parkflow.sim.checks import Problem

MOST_CUT_OFF = 0.05
"""The share of projects that a horizon may cut off."""

BUSY = 0.95
"""Utilisation from which a line grows without end, or nearly so."""

FEWEST_COUNTED = 0.25
"""The share of projects below which a question leaves too many out."""


@dataclass(frozen=True)
class Pilot:
    """What one replication came to.

    `cut_off` is the share of projects unfinished at the horizon, by policy, and `utilisation` that of desks, by policy
    and desk. `counted` of `projects` are those that the question is about under the first policy.
    `beside` are activities that took place and that no way to a milestone led through.
    """

    cut_off: Mapping[str, float]
    utilisation: Mapping[tuple[str, str], float]
    counted: int
    projects: int
    beside: tuple[str, ...]


def pilot(layouts: Mapping[str, LaidOut], pair: Pair, seed: int = 1) -> Pilot:
    """Run one replication under every policy and look at it."""
    runs = replicate(layouts, seed, 0)
    first = next(iter(runs.values()))
    asked = ~np.isnan(first.span(pair).days)
    return Pilot(
        {policy: float(run.unfinished.mean()) for policy, run in runs.items()},
        {(policy, desk): share for policy, run in runs.items() for desk, share in _utilisation(run)},
        int(asked.sum()),
        len(asked),
        _beside(runs),
    )


def _utilisation(run: Replication) -> Iterator[tuple[str, float]]:
    yield from ((load.desk, load.busy / load.open) for load in run.desk_loads if load.open)


def _beside(runs: Mapping[str, Replication]) -> tuple[str, ...]:
    """Activities that took place and lay beside every way under all policies."""
    met: dict[str, bool] = {}
    for run in runs.values():
        for name, is_on_it in run.on_the_way.items():
            met[name] = met.get(name, False) or is_on_it
    return tuple(name for name, is_on_it in met.items() if not is_on_it)


def doubts_of(pilot: Pilot, own: Collection[str], pair: Pair) -> Iterator[Problem]:
    """What a pilot run casts doubt on; `own` are the activities that the user's files declare."""
    for name in (name for name in pilot.beside if name in own):
        remedy = "let what must wait for it need it, and what custom puts before it stand in its after"
        yield Problem(f"activities.{name}", "lies beside every way to a milestone, so that it delays nobody", remedy)
    worst = max(pilot.cut_off, key=pilot.cut_off.__getitem__)
    if pilot.cut_off[worst] > MOST_CUT_OFF:
        what = f"cuts off {percent(pilot.cut_off[worst])} of the projects under {worst}"
        yield Problem("horizon", what, "give more days")
    for (policy, desk), share in pilot.utilisation.items():
        if share > BUSY and share == max(value for (_, name), value in pilot.utilisation.items() if name == desk):
            what = f"busy {percent(share)} of its time under {policy}: its line hardly ever ends"
            yield Problem(f"desks.{desk}.servers", what, "give it more officers, or less to do")
    if pilot.counted < FEWEST_COUNTED * pilot.projects:
        behind = f"the others have {pair[0]!r} or {pair[1]!r} behind them, or withdraw"
        what = f"{pilot.counted} of {pilot.projects} projects are counted; {behind}"
        yield Problem("question", what, 'ask from = "arrival", the day on which the run finds them')
