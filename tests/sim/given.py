"""Plans from given draws, for tests: what every attempt of every activity takes is written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from parkflow.sim.assembly import assemble
from parkflow.sim.draws import Attempts, Draws
from parkflow.sim.frame import Frame
from parkflow.sim.influences import Influence
from parkflow.sim.issues import NO_ISSUES, Issues
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.portfolio import Projects
from parkflow.sim.roster import Roster

Works = Mapping[str, Sequence[Sequence[float]]]
"""Days of the attempts of each project, or of each issue, by activity; activities left out take no time."""


def given_plan(
    layout: Layout,
    projects: Projects,
    works: Works,
    issues: Issues = NO_ISSUES,
    held: Works | None = None,
    without: Sequence[str] = (),
) -> Plan:
    """The plan of one group; `held` are the works where a gate is open, and activities in `without` do not apply."""

    def drawn(frame: Frame, influence: Influence) -> Draws:
        names = [layout.activities[number] for number in frame.nodes.activity.tolist()]
        cases = np.where(frame.nodes.case < frame.first_issue, frame.owner, frame.nodes.case - frame.first_issue)
        step, which, first, left, again = [], [], [], [], list[float]()
        for number, versions in enumerate((works, held or {})):
            for node, (name, case) in enumerate(zip(names, cases.tolist(), strict=True)):
                if name in versions:
                    step.append(node)
                    which.append(number)
                    first.append(versions[name][case][0])
                    left.append(len(versions[name][case]) - 1)
                    again += versions[name][case][1:]
        following = np.cumsum(left, dtype=np.int64) - np.array(left, dtype=np.int64)
        steps, version = np.array(step, dtype=np.int64), np.array(which, dtype=np.int64)
        work = np.array(first, dtype=np.float64)
        attempts = Attempts(steps, version, work, np.array(left, dtype=np.int64), following)
        applies = np.array([name not in without for name in names])
        return Draws(applies, np.zeros(len(names), dtype=bool), attempts, np.zeros(len(again)), np.array(again))

    return assemble(layout, Roster((projects,)), drawn, issues)
