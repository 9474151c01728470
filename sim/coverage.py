"""For which projects a practice is in force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.portfolio import Projects
from parkflow.sim.scenario import Group, Practice, Scenario
from parkflow.sim.streams import Streams

Bools = NDArray[np.bool_]


def covered(scenario: Scenario, projects: Projects, streams: Streams) -> Projects:
    """The projects with the practices that are in force for them."""
    practices = {key: _covered(scenario, key, projects, streams) for key in scenario.practices}
    return replace(projects, practices=practices)


def _covered(scenario: Scenario, key: str, projects: Projects, streams: Streams) -> Bools:
    """Projects of a group for which a practice is in force; shape (projects,)."""
    practice = scenario.practices[key]
    if practice.share == 0 or not _concerns(practice, projects.name, projects.group):
        return np.zeros(projects.count, dtype=bool)
    found = np.ones(projects.count, dtype=bool)
    if practice.share < 1:
        share = _share(scenario, practice, projects.group)
        found = streams.uniforms(projects.purpose("practice", key), projects.count) < share
    if practice.window:
        begin, end = (scenario.day(when) for when in practice.window)
        found &= (projects.signed >= begin) & (projects.signed < end)
    return found


def _share(scenario: Scenario, practice: Practice, group: Group) -> float:
    """Share of one group that is covered: as many in all, but key classes before the others where they go first."""
    if practice.first == "random":
        return practice.share
    concerned = [each for name, each in scenario.portfolio.items() if _concerns(practice, name, each)]
    every = sum(each.count for each in concerned)
    key = sum(each.count for each in concerned if scenario.classes[each.of].key)
    places = practice.share * every
    left = (min(places, key), key) if scenario.classes[group.of].key else (max(places - key, 0.0), every - key)
    return left[0] / left[1]


def _concerns(practice: Practice, name: str, group: Group) -> bool:
    of_class = not practice.classes or group.of in practice.classes
    return of_class and (not practice.groups or name in practice.groups)
