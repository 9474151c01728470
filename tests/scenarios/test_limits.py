"""Desks of the shipped parks keep the limits of the law under every policy; what they promise beyond it is counted."""

from __future__ import annotations

import numpy as np
import pytest

from parkflow.analysis.replication.desk_loads import desk_limits, overdue_attempts
from parkflow.scenarios.load import available, load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import bundle, policy_names, under
from parkflow.sim.records import simulate

MOST = 0.01


@pytest.mark.slow
@pytest.mark.parametrize("park", available())
def test_few_files_miss_the_limits_of_the_law(park: str) -> None:
    """Under one in a hundred, in every park and under every policy."""
    scenario = load(park)
    law = Layout(scenario)
    for policy in policy_names(scenario):
        records = simulate(Layout(under(scenario, policy)), 1, 0)
        attempts = sum(desk.attempts for desk in desk_limits(records))
        assert np.count_nonzero(overdue_attempts(records, law)) < MOST * attempts, policy


@pytest.mark.slow
@pytest.mark.parametrize("park", available())
def test_only_promises_shorter_than_the_law_are_missed_often(park: str) -> None:
    """Without a cap that a policy promises its limits are those of the law, to the last file."""
    scenario = load(park)
    law = Layout(scenario)
    for policy in policy_names(scenario):
        records = simulate(Layout(under(scenario, policy)), 1, 0)
        promised, legal = overdue_attempts(records), overdue_attempts(records, law)
        assert (promised >= legal).all()
        if "service_cap" not in bundle(scenario, policy):
            assert (promised == legal).all()
