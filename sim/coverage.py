"""For which projects a practice is in force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.portfolio import Projects
from parkflow.sim.scenario import Practice, Scenario
from parkflow.sim.streams import Streams

Bools = NDArray[np.bool_]


def covered(scenario: Scenario, projects: Projects, streams: Streams) -> Projects:
    """The projects with the practices that are in force for them."""
    practices = {key: _covered(scenario, key, projects, streams) for key in scenario.practices}
    return replace(projects, practices=practices)


def _covered(scenario: Scenario, key: str, projects: Projects, streams: Streams) -> Bools:
    """Projects of a group for which a practice is in force; shape (projects,)."""
    practice = scenario.practices[key]
    if practice.share == 0 or not _concerns(practice, projects):
        return np.zeros(projects.count, dtype=bool)
    found = np.ones(projects.count, dtype=bool)
    if practice.share < 1:
        found = streams.uniforms(projects.purpose("practice", key), projects.count) < practice.share
    if practice.window:
        begin, end = (scenario.day(when) for when in practice.window)
        found &= (projects.signed >= begin) & (projects.signed < end)
    return found


def _concerns(practice: Practice, projects: Projects) -> bool:
    of_class = not practice.classes or projects.group.of in practice.classes
    return of_class and (not practice.groups or projects.name in practice.groups)
