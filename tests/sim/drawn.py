"""The draws of one group, for tests."""

from __future__ import annotations

from parkflow.sim.draws import GroupDraws, draw_group, draw_portfolio
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams


def drawn(scenario: Scenario, name: str, streams: Streams) -> GroupDraws:
    """All that chance decides about one group of the portfolio."""
    projects = next(each for each in draw_portfolio(scenario, streams) if each.name == name)
    return draw_group(scenario, projects, streams)
