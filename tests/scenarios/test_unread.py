"""Shipped files hold no value that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from parkflow.scenarios.load import available, load
from parkflow.sim.levers import CATALOGUE, LeverError, make_lever
from parkflow.sim.scenario import Scenario


def overwritten(scenario: Scenario) -> Iterator[str]:
    """Practices whose effects some lever states, whatever the file says."""
    for name in CATALOGUE:
        try:
            changes = make_lever(name, {}).changes(scenario)
        except (LeverError, KeyError):
            continue
        yield from (key.split(".")[1] for key in changes if key.startswith("practices.") and key.endswith(".effects"))


def unread(scenario: Scenario) -> list[str]:
    """Practices with effects in the file that are in force with a lever only, which overwrites these effects."""
    practices = scenario.practices
    return [
        name
        for name in overwritten(scenario)
        if name in practices and practices[name].effects and not practices[name].share
    ]


@pytest.mark.parametrize("park", available())
def test_no_effect_stands_in_a_file_that_a_lever_overwrites(park: str) -> None:
    assert not unread(load(park))


def test_such_an_effect_would_be_found() -> None:
    effects = {"practices.dossier_team.effects": [{"tags": ["dossier"], "duration": 0.6, "assumed": "told twice"}]}
    assert unread(load("baseline").with_changes(effects)) == ["dossier_team"]
    assert not unread(load("baseline").with_changes(effects | {"practices.dossier_team.share": 1.0}))
