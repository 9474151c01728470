"""The draws of one group, for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.assembly import draw_portfolio, make_plan
from parkflow.sim.issues import Issues
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.portfolio import Projects
from parkflow.sim.recipe import Recipe
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams


@dataclass(frozen=True)
class Drawn:
    """All that chance decides about one group: its projects, their issues (`project` is the row), and the plan."""

    projects: Projects
    issues: Issues
    plan: Plan

    def steps(self, activity: str) -> NDArray[np.int64]:
        """The steps of an activity of the group's projects, one project behind another."""
        steps, cases = self.plan.steps, self.plan.cases
        group = self.plan.layout.groups.index(self.projects.name)
        mine = (cases.group == group) & (cases.category < 0)
        return np.flatnonzero(mine[steps.case] & (steps.activity == self.plan.layout.number[activity]))


def drawn(scenario: Scenario, name: str, streams: Streams) -> Drawn:
    """All that chance decides about one group of the portfolio."""
    layout = Layout(scenario)
    roster, recipe = draw_portfolio(scenario, streams), layout.kept(Recipe)
    number = layout.groups.index(name)
    issues = recipe.issues.draw(roster, recipe.cells, recipe.cells.ahead(roster), streams)
    mine = issues.only(roster.group[issues.project] == number)
    mine = replace(mine, project=roster.row[mine.project])
    return Drawn(roster.groups[number], mine, make_plan(layout, 0, 0, lambda *_: streams))
