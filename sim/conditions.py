"""For which projects, or which of their issues, an activity exists, as far as it is known before the run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.issues import Issues
from parkflow.sim.portfolio import Projects
from parkflow.sim.scenario import Applies, Scenario

Bools = NDArray[np.bool_]


def concerned(applies: Applies, projects: Projects) -> Bools:
    """Projects that meet the conditions on their class, attributes and practices; shape (projects,)."""
    found = alike(applies, projects)
    if applies.practice:
        found &= projects.practices[applies.practice]
    if applies.unless:
        found &= ~projects.practices[applies.unless]
    return found


def concerned_in_the_serial_park(applies: Applies, projects: Projects) -> Bools:
    """The same with every practice off, stocks short, nothing late and nothing run ahead."""
    if applies.practice or applies.taken or applies.late or applies.ahead_of:
        return np.zeros(projects.count, dtype=bool)
    return alike(applies, projects)


def alike(applies: Applies, projects: Projects) -> Bools:
    """Projects that meet the conditions that no policy changes; shape (projects,)."""
    found = np.full(projects.count, not applies.classes or projects.group.of in applies.classes)
    for key, wanted in applies.where.items():
        found &= np.isin(projects.attributes[key], wanted)
    for key, least in applies.at_least.items():
        found &= projects.attributes[key] >= least
    for key, most in applies.at_most.items():
        found &= projects.attributes[key] <= most
    return found


def concerned_issues(scenario: Scenario, applies: Applies, issues: Issues) -> Bools:
    """Issues of the kinds that an activity is for; shape (issues,)."""
    found = np.ones(len(issues.row), dtype=bool)
    if applies.category:
        found &= _named(scenario.issues.categories, applies.category)[issues.category]
    if applies.severity:
        found &= _named(scenario.issues.severities, applies.severity)[issues.severity]
    if applies.stops is not None:
        found &= issues.stops == applies.stops
    return found


def _named(known: Iterable[str], names: tuple[str, ...]) -> Bools:
    return np.array([name in names for name in known], dtype=bool)
