"""Meetings: who is on the agenda, and when the body sits."""

from __future__ import annotations

from dataclasses import dataclass

from parkflow.sim.engines.queues import Line, line
from parkflow.sim.resources import Meetings


@dataclass(slots=True)
class Body:
    """A meeting: its agenda, its places, the delay of a quorum (NaN: it sits on the days of `sittings`).

    `past` counts its sittings so far, and `called` says whether the next one is on SimPy's agenda.
    """

    agenda: Line
    places: int
    quorum: float
    sittings: list[float]
    past: int = 0
    called: bool = False


def bodies(meetings: Meetings, rank: list[float]) -> list[Body]:
    """The meetings of a plan as they stand on day 0; `rank` has one entry per step."""
    columns = zip(meetings.rule.tolist(), meetings.places.tolist(), meetings.quorum.tolist(), strict=True)
    return [
        Body(line(rule, rank), places, quorum, meetings.days(number).tolist())
        for number, (rule, places, quorum) in enumerate(columns)
    ]
