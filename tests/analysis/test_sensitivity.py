"""What an answer hangs on, in a park whose formulas are known: two officers, and two assumed numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.sensitivity import DRAWS, Sensitivity, Size
from parkflow.analysis.language import LANGUAGES, words
from parkflow.analysis.terminal.sensitivity_tables import sensitivity_sentences, sensitivity_table
from parkflow.commands import app
from parkflow.sim.levers.base import Lever, parameter


class Shorter(Lever):
    """One of the two steps takes so many days less."""

    name = "shorter"
    title = "A shorter step"
    title_zh = "缩短步骤"
    area = "approvals"
    mechanisms = ()
    facts = ()
    observable = "Days fall."
    neutral = {"times": 1.0}

    first: bool = parameter(True, "yes or no", "The first step, or the second.")
    times: float = parameter(0.5, "factor", "What is left of it.", ge=0, le=1)

    def changes(self, scenario: parkflow.Scenario) -> dict[str, Any]:
        """The factor of one of the steps."""
        step = "filing" if self.first else "review"
        return {f"activities.{step}.times": [f"{step}_left"], f"attributes.{step}_left": self.times}


def park() -> parkflow.Scenario:
    """Ten days of filing and ten of review, each halved by a policy; both may be 4 to 16 days, the rest is idle."""
    parkflow.register(Shorter)
    step: dict[str, Any] = {"step": "work", "duration": "10 cd"}
    given: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plain": {}},
        "portfolio": {"plain": {"of": "plain", "count": 2, "arrivals": {"on": [0.0]}}},
        "activities": {
            "filing": step,
            "review": {**step, "needs": ["filing"]},
            "beside": step,
            "groundbreaking": {"step": "milestone", "needs": ["review"]},
        },
        "ranges": {
            name: {"title": name, "title_zh": title, "keys": [f"activities.{name}.duration"], "by": "factor",
                   "low": 0.4, "high": 1.6, "assumed": "a test"}
            for name, title in (("filing", "受理"), ("review", "审查"), ("beside", "旁支"))
        },
        "question": {"from": "arrival", "to": "groundbreaking"},
        "policies": {
            "first": {"assumed": "a test", "levers": {"shorter": {}}},
            "second": {"assumed": "a test", "levers": {"shorter": {"first": False, "times": 0.6}}},
        },
    }  # fmt: skip
    return parkflow.Scenario.model_validate(given)


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    """Half of filing against four tenths of review."""
    return parkflow.sensitivity(park(), inputs=2, rows=64, workers=1)


def test_effects_are_those_of_the_formulas(found: Sensitivity) -> None:
    """A policy saves its part of one step: of ten days times 0.4 × 4^share, over two thirds of the range."""
    for policy, name, part in (("first", "filing", 0.5), ("second", "review", 0.4)):
        effects = {it.name: it.effect for it in found.of(policy) if it.effect}
        levels = [part * 10 * 0.4 * 4**share for share in (0, 1 / 3, 2 / 3, 1)]
        slopes = [(levels[2] - levels[0]) * 1.5, (levels[3] - levels[1]) * 1.5]
        assert slopes[0] <= effects[name].mean <= slopes[1]
        assert next(iter(effects)) == name
        others = [one.size for key, one in effects.items() if key != name]
        assert others == pytest.approx([0.0, 0.0], abs=1e-9)


def test_variance_is_that_of_the_one_number_that_matters(found: Sensitivity) -> None:
    """It explains all, and chance nothing, since nothing is drawn here."""
    indices = {it.name: it.index for it in found.of("first") if it.index}
    assert indices["filing"].first == pytest.approx(1.0, abs=0.1)
    assert indices[DRAWS].total == pytest.approx(0.0, abs=1e-9)


def test_where_the_conclusion_fails_is_told(found: Sensitivity) -> None:
    """Half of filing is less than four tenths of review where filing is below 0.8 of review: it short, review long."""
    assert found.best == "first"
    shares = 0.4 * 4 ** np.random.default_rng(1).random((20_000, 2))
    truth = float((0.5 * shares[:, 0] > 0.4 * shares[:, 1]).mean())
    assert found.wins["first"] == pytest.approx(truth, abs=3 * np.sqrt(truth * (1 - truth) / 128))
    levels = found.losing_levels()
    assert set(levels) == {"filing", "review"}
    assert levels["filing"][0] == pytest.approx(0.4)
    assert levels["review"][1] == pytest.approx(1.6)
    assert found.regret["first"] < found.regret["second"]


def test_the_answer_stands_in_both_languages(found: Sensitivity) -> None:
    """What matters most, and what would overturn the conclusion; the table has all numbers, and chance."""
    for language, unless in zip(LANGUAGES, ("holds unless", "除非"), strict=True):
        say = words(language).about(park())
        sentences = sensitivity_sentences(found, say)
        assert say.title(park().ranges["filing"]) in sentences[0]
        assert unless in sentences[-1]
        assert sensitivity_table(found, "first", say).row_count == 4


def test_points_that_were_run_are_not_run_again(tmp_path: Path) -> None:
    """The second call reads all of them, and says the same."""
    told: list[int] = []
    some: dict[str, Any] = {"trajectories": 2, "inputs": 1, "rows": 4, "workers": 1, "out": tmp_path / "kept"}
    once = parkflow.sensitivity(park(), **some, progress=told.append)
    assert told[-1] == once.points == Size(2, 1, 4).points(3)
    again = parkflow.sensitivity(park(), **some, progress=lambda done: pytest.fail("a point was run again"))
    assert json.dumps(again.document()) == json.dumps(once.document())


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"rows": 48}, "power of two"),
        ({"measure": "dayz"}, "days"),
        ({"trajectories": 1}, "trajectories"),
        ({"park": parkflow.load("approvals-275")}, "ranges"),
    ],
)
def test_what_does_not_fit_is_told(given: dict[str, Any], remedy: str) -> None:
    """Before anything runs."""
    with pytest.raises(ArgumentError, match=remedy):
        parkflow.sensitivity(**{"park": park(), "workers": 1, **given})


@pytest.mark.slow
def test_the_command_says_what_the_answer_hangs_on() -> None:
    """A shipped park, next to nothing of a design."""
    asked = ["sensitivity", "zhifu", "-p", "reported", "--trajectories", "2", "--inputs", "1", "--rows", "2", "-w", "1"]
    lines = CliRunner().invoke(app, asked).stdout.splitlines()
    assert "hangs most on" in lines[0]
