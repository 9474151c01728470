"""The rules of the verdict, each on distributions whose quantiles are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from parkflow.analysis.calibration.observables import observed as fitted_to
from parkflow.analysis.calibration.target_file import load_targets
from parkflow.analysis.replication.replication import laid_out, replicate
from parkflow.analysis.validation.definition import Definition, definitions, of_park
from parkflow.analysis.validation.ledger import USABLE
from parkflow.analysis.validation.line import judge
from parkflow.analysis.validation.observing import observed
from parkflow.analysis.validation.verdict import Predicted, judged, met, quantile_of
from parkflow.scenarios.evidence import evidence, facts
from parkflow.scenarios.load import load
from parkflow.sim.levers import bundle, with_levers

DAYS = {"kind": "span", "from": "agreement", "to": "groundbreaking"}
HUNDRED = [[float(day) for day in range(1, 101)]]
"""One replication with projects of 1 to 100 days."""


def line(**given: Any) -> Definition:
    """A definition with little in it."""
    told = {"line": "x", "facts": [], "title": "", "title_zh": "", "park": "guian", "observe": DAYS, **given}
    return Definition.model_validate(told)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.5, "not_reproduced"),  # faster than any
        (1.5, "best_case"),  # one in a hundred is as fast
        (10, "best_case"),
        (11, "reproduced"),  # the tenth is 10.9
        (50, "reproduced"),
        (90, "reproduced"),
        (92, "not_reproduced"),  # slower than usual flatters nobody
    ],
)
def test_one_project_is_judged_among_single_projects(value: float, verdict: str) -> None:
    """Ordinary between the 10% and the 90% quantile, a best case down to one in a hundred on the side that flatters."""
    asked = line(about="case", value=value)
    assert judged(asked, Predicted.of(asked, HUNDRED)) == verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [(92, "best_case"), (99.5, "best_case"), (100.5, "not_reproduced"), (9, "not_reproduced")]
)
def test_more_can_flatter_as_well(value: float, verdict: str) -> None:
    """Where more is better, a best case lies above."""
    asked = line(about="case", value=value, better="more")
    assert judged(asked, Predicted.of(asked, HUNDRED)) == verdict


def test_a_park_is_judged_among_replications() -> None:
    """A mean outside the central 95% of replications is a best case if single projects reach it, and else nothing."""
    rng = np.random.default_rng(1)
    seen = [list(100 + 20 * rng.standard_normal(50)) for _ in range(60)]
    means = np.array([np.mean(one) for one in seen])
    inside = float(np.quantile(means, 0.03))
    for value, verdict in (
        (inside, "reproduced"),
        (80.0, "best_case"),
        (20.0, "not_reproduced"),
        (120.0, "not_reproduced"),
    ):
        asked = line(about="typical", value=value)
        assert judged(asked, Predicted.of(asked, seen)) == verdict


def test_a_count_has_no_best_case() -> None:
    """A count of the park is reproduced within the central 95% of replications, or not at all."""
    counts = {"kind": "projects"}
    seen = [[float(count)] for count in range(20, 61)]
    for value, verdict in ((20.5, "not_reproduced"), (21, "reproduced"), (59, "reproduced"), (70, "not_reproduced")):
        asked = line(value=value, better="more", observe=counts)
        assert judged(asked, Predicted.of(asked, seen)) == verdict


@pytest.mark.parametrize(("low", "high", "verdict"), [(1, 67, "reproduced"), (1, 66, "not_reproduced")])
def test_a_range_holds_two_thirds_of_the_projects(low: float, high: float, verdict: str) -> None:
    """67 of 100 are two thirds and more, 66 are not."""
    asked = line(about="range", low=low, high=high)
    assert judged(asked, Predicted.of(asked, HUNDRED)) == verdict


def test_bounds_of_the_report_are_given_the_benefit() -> None:
    """A rounded value fits if any value that it may stand for does."""
    assert judged(line(about="case", value=8), Predicted.of(line(value=8), HUNDRED)) == "best_case"
    assert judged(line(about="case", value=8, high=12), Predicted.of(line(value=8), HUNDRED)) == "reproduced"


def test_nothing_seen_is_not_expressible() -> None:
    """Where no project comes to it there is nothing to judge."""
    found = judge(line(about="case", value=8), [[], []])
    assert found.verdict == "not_expressible"
    assert found.met is None


def test_arithmetic_needs_no_run() -> None:
    """What contradicts itself is said so whatever is simulated."""
    assert judge(line(observe=None, refuted_by="c-01", value=30), []).verdict == "contradicts"


def test_tolerances() -> None:
    """Of a mean, of the quantile of what is told."""

    def within(of: str, low: float, high: float) -> bool | None:
        asked = line(about="case", value=20, tolerance={"of": of, "low": low, "high": high})
        return met(asked, Predicted.of(asked, HUNDRED))

    assert within("mean", 50, 51)
    assert not within("mean", 51, 52)
    assert within("quantile", 0.19, 0.2)
    assert not within("quantile", 0.2, 0.3)
    assert met(line(value=1), Predicted.of(line(value=1), HUNDRED)) is None


def test_the_quantile_splits_ties() -> None:
    """Of a value that half of the others equal, half of these lie below."""
    assert quantile_of(np.array([1.0, 2.0, 2.0, 3.0]), 2.0) == 0.5


@pytest.mark.parametrize("given", [{"observe": None}, {"reason": "no", "value": 1}, {"low": 1}])
def test_a_definition_says_one_thing(given: dict[str, Any]) -> None:
    """What is compared, what refutes it, or why it cannot be; and what is reported."""
    with pytest.raises(ValidationError, match="definition x: give"):
        line(**given)


def test_every_usable_fact_and_every_target_has_a_line() -> None:
    """The ledger leaves nothing out."""
    judged_facts = {name for one in definitions() for name in one.facts}
    assert not {name for name, fact in facts().items() if fact["use"] in USABLE} - judged_facts
    assert not {target["id"] for target in evidence()["target"]} - {one.line for one in definitions()}


def test_lines_fit_their_facts_and_parks() -> None:
    """A line names facts of its park's report, its number is theirs, and its park has the policy and the groups."""
    articles = {"guian": "guian-2020", "zhifu": "zhifu-2022", "zhaoqing": "zhaoqing-2023"}
    articles |= {"mianyang": "mianyang-2024", "yantai": "yantai-2019"}
    for one in definitions():
        park = load(one.park)
        assert {facts()[name]["article"] for name in one.facts} <= {articles[one.park]}
        assert one.policy in ("serial", *park.policies)
        assert set(getattr(one.observe, "groups", ())) <= set(park.portfolio)


def test_values_are_those_of_the_facts() -> None:
    """A value in the unit of its fact is the fact's number."""
    same = {"day": "days", "ratio": "ratio", "mu": "mu", "working day": "working days", "m3/day": "m3/day"}
    checked = 0
    for one in definitions():
        fact = facts()[one.facts[0]] if one.facts else {}
        if "quantity" in fact and same.get(fact["unit"]) == one.unit and one.value is not None:
            assert one.value == fact["quantity"]
            checked += 1
    assert checked > 12


def test_targets_are_those_of_the_file() -> None:
    """A line of a target has its value, where it has one, and a tolerance."""
    lines = {one.line: one for one in definitions()}
    for target in evidence()["target"]:
        one = lines[target["id"]]
        if one.unit in ("days", "share") and one.value is not None:
            assert one.value == pytest.approx(target["value"], rel=0.01)
        assert one.is_target


def test_the_ledger_has_the_targets_of_the_fit() -> None:
    """The line of each calibration target is told of the same parts; no validation target is."""
    fitted = load_targets()[1].target
    lines = {one.line: one for one in definitions() if one.targets}
    assert set(lines) == {it["id"] for it in evidence()["target"] if it["kind"] == "calibration"}
    for name, one in lines.items():
        assert one.targets == tuple(it for it in fitted if it.id == name)
        assert (one.park, one.policy, one.value) == (one.targets[-1].park, one.targets[-1].policy, one.target.value)  # type: ignore[union-attr]
        assert len({it.model_dump_json(include=SAME) for it in one.simulated}) == 1, "parts look at the same days"


SAME = {"what", "of", "start", "end", "groups", "where", "met", "solved_by", "not_solved_by", "during", "within", "by"}


@pytest.mark.parametrize("park", ["guian", "yantai", "mianyang", "zhaoqing"])
def test_the_ledger_and_the_fit_find_the_same_number(park: str) -> None:
    """In one replication both read the same off it, and both call it within tolerance or not."""
    asked = [one for one in of_park(park) if one.targets]
    scenario = load(park)
    layouts = {one.policy: laid_out(with_levers(scenario, bundle(scenario, one.policy))) for one in asked}
    runs = replicate(layouts, 3, 0)
    for one in asked:
        predicted = Predicted.of(one, [observed(one, runs)])
        found = [fitted_to(runs[it.policy], it.policy, it) for it in one.simulated]
        assert predicted.parts == pytest.approx(found, abs=1e-3)
        assert predicted.by_replication[0] == predicted.parts[0]
        assert met(one, predicted) == all(it.holds(value) for it, value in zip(one.simulated, found, strict=True))
