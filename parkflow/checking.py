"""Looking at a scenario file before it is run: what it is, what differs from its parent, and what is doubtful."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from parkflow.analysis.experiments.pilot import Pilot, doubts_of, pilot
from parkflow.park import load
from parkflow.policies import BASELINE, Site, question
from parkflow.scenarios.describe import difference
from parkflow.scenarios.doubts import doubts
from parkflow.scenarios.load import lineage, list_of
from parkflow.scenarios.project_list import ProjectList
from parkflow.sim.checks import Problem
from parkflow.sim.levers import policy_names
from parkflow.sim.scenario import Scenario

Park = str | os.PathLike[str]


@dataclass(frozen=True)
class Checked:
    """A scenario file that is right: its scenario, its parent and the difference, its list, a pilot run, and doubts."""

    said: str
    scenario: Scenario
    parent: str
    difference: tuple[tuple[str, Any, Any], ...]
    asked: tuple[str, str]
    listing: ProjectList | None
    pilot: Pilot
    doubts: tuple[Problem, ...]


def checked(park: Park, projects: Park | None = None) -> Checked:
    """Check a park's name or file, with a project list if one is given; one replication is run under each policy.

    Raises `ParkflowError` with everything that is wrong with it.
    """
    scenario, (parent, own) = load(park, projects), lineage(park)
    site = Site(os.fspath(park), scenario)
    layouts = {policy: site.layout(policy) for policy in dict.fromkeys((BASELINE, *policy_names(scenario)))}
    asked = question(layouts[BASELINE], None, None)
    tried = pilot(layouts, asked)
    found = (*doubts(scenario, own), *doubts_of(tried, own, asked))
    changes = difference(load(parent), scenario) if parent else []
    return Checked(site.said, scenario, os.fspath(parent), tuple(changes), asked, list_of(park, projects), tried, found)
