"""How many are enough, from made-up points: against the park as it is, and never that fewer officers save more."""

from __future__ import annotations

import pandas as pd
import pytest

from parkflow.analysis.experiments.responses import Responses
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.language import words
from parkflow.analysis.sentences.enough import enough
from parkflow.scenarios.load import load

PLANNERS = "desks.planning.servers"


def found(days: dict[int, float], against: str = "park", key: str = PLANNERS) -> Responses:
    """A sweep over one factor, with the days saved at each level."""
    rows = [
        {key: level, "policy": "quick", "measure": "days_saved", "mean": mean, "low": mean - 1, "high": mean + 1}
        for level, mean in days.items()
    ]
    document = {"against": against, "baseline": "serial", "setting": {"precision": None}, "name": "", "park": "yantai"}
    return Responses(document, load("yantai"), (key,), pd.DataFrame(rows))


def sentences(responses: Responses) -> list[str]:
    """What is said in English."""
    return enough(responses, "days_saved", words("en").about(responses.scenario))


def test_enough_is_the_least_beyond_which_one_more_saves_less_than_a_day() -> None:
    """Per officer, where levels are more than one apart; a later rise counts."""
    assert " 4 of " in sentences(found({2: 10, 3: 20, 4: 25, 6: 26.4, 8: 26.5}))[0]
    assert "at most 0.7 days" in sentences(found({2: 10, 3: 20, 4: 25, 6: 26.4, 8: 26.5}))[0]
    assert " 4 of " in sentences(found({1: 10, 2: 10.5, 3: 10.6, 4: 12, 5: 12}))[0]


def test_the_least_that_was_tried_may_do_and_the_most_may_not() -> None:
    assert (
        "2 of natural resources, planning window: servers, the least that was tried, is enough"
        in sentences(found({2: 10, 3: 10.2, 4: 10}))[0]
    )
    assert "not even 4 of" in sentences(found({2: 10, 3: 10.5, 4: 13}))[0]
    assert "2.5 days" in sentences(found({2: 10, 3: 10.5, 4: 13}))[0]


def test_beside_a_baseline_that_moves_it_is_not_told() -> None:
    """Fewer officers would seem to save more days."""
    (told,) = sentences(found({2: 30, 3: 20, 4: 10}, against="point"))
    assert "few may seem to save most" in told


def test_what_is_no_number_of_what_a_park_decides_has_no_sentence() -> None:
    """Other factors, two levels only, or another measure."""
    assert not sentences(found({0: 1, 1: 9, 2: 9}, key="levers.land_bank.target"))
    assert not sentences(found({2: 1, 3: 9}))
    assert not enough(found({2: 1, 3: 9, 4: 9}), "share_losing", words("en"))


@pytest.mark.parametrize(
    ("vary", "against"),
    [
        (["desks.planning.servers=2,3"], "park"),
        (["desks.planning.servers=2,3", "levers.parallel_approvals.share=0,1"], "park"),
        (["levers.parallel_approvals.share=0,1"], "point"),
        (["desks.planning.servers=2,3", "portfolio.new.count=30,40"], "point"),
    ],
)
def test_factors_of_what_a_park_decides_are_compared_with_the_park(vary: list[str], against: str) -> None:
    """Unless one changes what projects are like, or somebody says otherwise."""
    assert load_sweep("yantai", vary).file.against == against
    assert load_sweep("yantai", vary, {"against": "point"}).file.against == "point"
