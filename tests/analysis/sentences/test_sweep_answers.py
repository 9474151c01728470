"""Sentences about a sweep: where a measure is highest and lowest, and whether that may be chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import parkflow
from parkflow.analysis.experiments.responses import Responses, responses
from parkflow.analysis.language import words
from parkflow.analysis.sentences import sweep_answers


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    """Zhifu with two numbers of planners, two replications each."""
    folder: Path = tmp_path_factory.mktemp("sweep") / "planners"
    factors = {"desks.planning.servers": [1, 3]}
    parkflow.sweep("zhifu", factors, "reported", replications=2, workers=1, measures="days_saved", out=folder)
    return responses(folder)


def with_means(swept: Responses, first: tuple[float, float, float], second: tuple[float, float, float]) -> Responses:
    """The same with other numbers at its two points."""
    rows = swept.rows.copy()
    for point, numbers in enumerate((first, second)):
        rows.loc[rows["point"] == point, ["mean", "low", "high"]] = numbers
    return replace(swept, rows=rows)


def test_few_replications_are_told_first(swept: Responses) -> None:
    """Then the highest and the lowest point by its factors."""
    say = words("en").about(swept.scenario)
    (warning,) = sweep_answers.warning(swept, "days_saved", say)
    high, low, *_ = sweep_answers.answer(swept, "days_saved", say)
    assert warning.startswith("Only 2 replications")
    assert high.startswith("Days saved is highest, ")
    assert low.startswith("It is lowest, ")
    assert "servers = " in high
    assert "servers = " in low


@pytest.mark.parametrize(
    ("second", "english", "chinese"),
    [((60.0, 55.0, 65.0), "do not overlap", "并非偶然"), ((60.0, 45.0, 75.0), "may be chance", "可能出于偶然")],
)
def test_intervals_that_overlap_are_called_so(
    swept: Responses, second: tuple[float, float, float], english: str, chinese: str
) -> None:
    """In both languages."""
    found = with_means(swept, (45.0, 40.0, 50.0), second)
    assert english in sweep_answers.answer(found, "days_saved", words("en").about(swept.scenario))[-1]
    assert chinese in sweep_answers.answer(found, "days_saved", words("zh").about(swept.scenario))[-1]
