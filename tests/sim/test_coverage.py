"""Whom a practice covers, whose effects spare whom, and what looks and ranks are worth."""

from __future__ import annotations

import numpy as np
import pytest

from parkflow.sim.assembly import make_plan
from parkflow.sim.checks import ScenarioError
from parkflow.sim.layout import Layout
from parkflow.sim.looks import time_left
from parkflow.sim.scenario import Scenario

KEY, OTHERS = 40, 160


def park(**practice: object) -> Scenario:
    """Forty key projects and four times as many others, who file once at a desk that ranks by class."""
    return Scenario.model_validate(
        {
            "name": "covered",
            "assumed": "made up for a test",
            "classes": {"key": {"key": True}, "ordinary": {}},
            "portfolio": {
                "key": {"of": "key", "count": KEY, "arrivals": {"on": [0]}},
                "others": {"of": "ordinary", "count": OTHERS, "arrivals": {"on": [0]}},
            },
            "desks": {"window": {"servers": 1, "rule": "class"}, "other": {"servers": 1}},
            "practices": {"list": {**practice}},
            "activities": {
                "latent": {"step": "work", "duration": "uniform(0, 30)", "tags": ["detection", "province"]},
                "file": {"step": "desk", "desk": "window", "duration": 2},
            },
        }
    )


def led(**practice: object) -> list[float]:
    """Share of the key projects and of the others that go ahead at the desk."""
    plan = make_plan(Layout(park(lead=1, **practice)), 1, 0)
    ranks = plan.steps.rank[plan.steps.activity == plan.layout.number["file"]]
    return [float((each < 1).mean()) for each in (ranks[:KEY], ranks[KEY:])]


@pytest.mark.parametrize(("share", "key", "others"), [(0.1, 0.5, 0.0), (0.2, 1.0, 0.0), (0.6, 1.0, 0.5)])
def test_key_projects_are_covered_first(share: float, key: float, others: float) -> None:
    """Others come in only where places are left; as many are covered as by lot."""
    for found, expected, count in zip(led(share=share, first="key"), (key, others), (KEY, OTHERS), strict=True):
        assert abs(found - expected) <= 4 * np.sqrt(expected * (1 - expected) / count)
    assert abs(led(share=share)[0] - share) <= 4 * np.sqrt(share * (1 - share) / KEY)


def test_a_lead_may_be_bound_to_places() -> None:
    """Named places only; a name that nobody bears is refused."""
    assert led(share=1, at=["window"]) == [1, 1]
    assert led(share=1, at=["other"]) == [0, 0]
    with pytest.raises(ScenarioError, match="no desk, meeting or stock is called 'windw'"):
        Layout(park(share=1, lead=1, at=["windw"]))


def latent(*effects: dict[str, object]) -> np.ndarray:
    """Days until an issue is found, by project."""
    given = [{"assumed": "made up", **effect} for effect in effects]
    plan = make_plan(Layout(park(share=1, effects=given)), 1, 0)
    work: np.ndarray = plan.steps.work[plan.steps.activity == plan.layout.number["latent"]]
    return work


def test_rates_of_looks_add() -> None:
    """Two who look are worth what one is who looks at both rates, and less than their factors multiplied."""
    one, other = {"tags": ["detection"], "looks": 0.1}, {"tags": ["detection"], "looks": 0.05}
    both = {"tags": ["detection"], "looks": 0.15}
    base = latent({"tags": ["detection"]})
    np.testing.assert_allclose(latent(one, other), latent(both))
    np.testing.assert_allclose(latent(both), base * time_left(0.15 * 30))
    assert (latent(both) > latent(one) * latent(other) / base).all()


def test_an_effect_spares_what_carries_a_tag() -> None:
    """The tag that is spared weighs more than the one that is meant."""
    halved = {"tags": ["detection"], "duration": 0.5}
    np.testing.assert_allclose(latent(halved), latent({"tags": ["detection"]}) / 2)
    np.testing.assert_array_equal(latent({**halved, "spares": ["province"]}), latent({"tags": ["detection"]}))
