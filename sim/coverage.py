"""For which projects a practice is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.portfolio import Projects
from parkflow.sim.progress import SerialPark, expected_slack
from parkflow.sim.scenario import Practice, Scenario
from parkflow.sim.streams import Streams

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def covered(serial: SerialPark, groups: Sequence[Projects], streams: Streams) -> list[Projects]:
    """The projects of all groups with the practices that are in force for them."""
    practices = serial.scenario.practices
    found = {key: _covered(serial, key, practice, groups, streams) for key, practice in practices.items()}
    return [
        replace(projects, practices={key: each[number] for key, each in found.items()})
        for number, projects in enumerate(groups)
    ]


def _covered(
    serial: SerialPark, key: str, practice: Practice, groups: Sequence[Projects], streams: Streams
) -> list[Bools]:
    """Projects for which a practice is in force, by group."""
    concerned = [_concerned(serial.scenario, practice, projects) for projects in groups]
    if practice.share in (0, 1):
        return [mine & (practice.share == 1) for mine in concerned]
    if practice.first == "random":
        return [mine & (_uniforms(key, projects, streams) < practice.share) if mine.any() else mine
                for mine, projects in zip(concerned, groups, strict=True)]  # fmt: skip
    return _the_first(serial, key, practice, groups, concerned, streams)


def _concerned(scenario: Scenario, practice: Practice, projects: Projects) -> Bools:
    """Projects of one group that the practice is for, as far as its share goes; shape (projects,)."""
    found = np.full(projects.count, not practice.classes or projects.group.of in practice.classes)
    found &= not practice.groups or projects.name in practice.groups
    if practice.window:
        begin, end = (scenario.day(when) for when in practice.window)
        found &= (projects.signed >= begin) & (projects.signed < end)
    return found


def _uniforms(key: str, projects: Projects, streams: Streams) -> Floats:
    return streams.uniforms(projects.purpose("practice", key), projects.count)


def _the_first(
    serial: SerialPark,
    key: str,
    practice: Practice,
    groups: Sequence[Projects],
    concerned: Sequence[Bools],
    streams: Streams,
) -> list[Bools]:
    """The share of the projects of each process that is first in turn: by need, and among equals by their draws."""
    found = [np.zeros(projects.count, dtype=bool) for projects in groups]
    for process in dict.fromkeys(projects.group.process for projects in groups):
        mine = [n for n, projects in enumerate(groups) if projects.group.process == process and concerned[n].any()]
        if not mine:
            continue
        owner = np.concatenate([np.full(groups[n].count, n)[concerned[n]] for n in mine])
        row = np.concatenate([np.flatnonzero(concerned[n]) for n in mine])
        draw = np.concatenate([_uniforms(key, groups[n], streams)[concerned[n]] for n in mine])
        turn = np.concatenate([_turn(serial, practice, groups[n], streams)[concerned[n]] for n in mine])
        for place in np.lexsort((draw, turn))[: round(practice.share * len(row))].tolist():
            found[owner[place]][row[place]] = True
    return found


def _turn(serial: SerialPark, practice: Practice, projects: Projects, streams: Streams) -> Floats:
    """What decides who is first, lowest first: whether a project is key, or its slack; shape (projects,)."""
    if practice.first == "late":
        return expected_slack(serial, projects, streams)
    return np.full(projects.count, 0.0 if serial.scenario.classes[projects.group.of].key else 1.0)
