"""Attributes of projects: by the case that another attribute says, and from streams of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.sim.cells import Cells
from parkflow.sim.checks import ScenarioError
from parkflow.sim.layout import Layout
from parkflow.sim.scenario import Scenario
from parkflow.sim.streams import Streams
from tests.sim.drawn import drawn

COUNT = 2000


def park(attributes: dict[str, Any], **filing: Any) -> Scenario:
    """Many projects with these attributes, and one activity, `review`."""
    return Scenario.model_validate(
        {
            "name": "attributes",
            "assumed": "made up",
            "classes": {"plant": {}},
            "attributes": attributes,
            "portfolio": {"new": {"of": "plant", "count": COUNT, "arrivals": {"on": [0]}}},
            "activities": {"review": {"step": "work", "duration": "uniform(0, 1)", **filing}},
        }
    )


TYPES = {"dist": "discrete", "values": [1, 2, 3], "weights": [2, 1, 1]}
BY_TYPE = {"of": "type", "cases": {"1": "uniform(0, 1)", "2": "uniform(10, 12)", "3": 5}}


def attribute(scenario: Scenario, name: str) -> Any:
    return drawn(scenario, "new", Streams(1, 0)).projects.attributes[name]


def test_each_project_draws_in_its_own_case_with_one_uniform() -> None:
    given = park({"type": TYPES, "energy": BY_TYPE})
    kind, energy = attribute(given, "type"), attribute(given, "energy")
    one = attribute(park({"type": 1.0, "energy": BY_TYPE}), "energy")
    two = attribute(park({"type": 2.0, "energy": BY_TYPE}), "energy")
    np.testing.assert_allclose(two, 10 + 2 * one)
    np.testing.assert_array_equal(energy, np.select([kind == 1, kind == 2], [one, two], 5.0))
    assert len(np.unique(kind)) == 3


def test_a_typical_project_is_the_mean_over_the_cases() -> None:
    typical = Layout(park({"type": TYPES, "energy": BY_TYPE, "double": {"product": ["energy"], "factor": 2}})).typical
    assert typical["plant"]["energy"] == pytest.approx(0.5 * 0.5 + 0.25 * 11 + 0.25 * 5)
    assert typical["plant"]["double"] == pytest.approx(2 * typical["plant"]["energy"])


def test_cases_of_cases_and_copies_by_case() -> None:
    halls = {"of": "type", "cases": {"1": 1, "2": {"dist": "discrete", "values": [2, 4], "weights": [1, 1]}, "3": 6}}
    beds = {"of": "halls", "cases": {str(number): number * 10 for number in (1, 2, 4, 6)}}
    given = park({"type": TYPES, "halls": halls, "beds": beds}, per="halls")
    Layout(given)
    np.testing.assert_array_equal(attribute(given, "beds"), 10 * attribute(given, "halls"))
    cells = Cells(given)
    assert cells.by_name(0, np.zeros(cells.total))["review"].shape == (COUNT, 6)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"type": TYPES, "energy": {"of": "type", "cases": {"1": 1, "2": 1}}},
         'attributes.energy.cases: there is no case for type = 3, which occurs in class \'plant\'; add "3" ='),
        ({"type": "uniform(0, 1)", "energy": BY_TYPE},
         "attributes.energy.of: the values of 'type' in class 'plant' cannot be listed; make it constant"),
        ({"energy": BY_TYPE}, "attributes.energy: projects of class 'plant' have no attribute 'type'"),
        ({"type": {"of": "energy", "cases": {"1": 1}}, "energy": BY_TYPE}, "attributes are computed in a circle"),
    ],
)  # fmt: skip
def test_cases_that_do_not_fit_are_refused(attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        Layout(park(attributes))
    assert message in str(error.value)


def test_cases_are_numbers() -> None:
    with pytest.raises(ValueError, match="'heavy' is no value of an attribute; write a number in quotes"):
        park({"type": TYPES, "energy": {"of": "type", "cases": {"heavy": 1}}})


def test_an_attribute_and_an_activity_of_one_name_are_uncorrelated() -> None:
    """The correlation of independent draws has a standard error of one over the root of their number."""
    group = drawn(park({"review": "uniform(0, 1)"}), "new", Streams(1, 0))
    work = group.plan.steps.work[group.steps("review")]
    correlation = np.corrcoef(work, group.projects.attributes["review"])[0, 1]
    assert abs(correlation) < 4 / np.sqrt(COUNT)
