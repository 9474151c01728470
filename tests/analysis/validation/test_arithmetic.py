"""The reports' own numbers, against values computed by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from parkflow.analysis.validation import arithmetic
from parkflow.analysis.validation.arithmetic import CHECKS, RAW_LAND, READY_LAND, REPORT, legal_clocks
from parkflow.scenarios.evidence import evidence, facts
from parkflow.scenarios.load import load

BY_HAND = {
    "c-01": ({"low": 4.0556, "high": 4.5625, "days at the claim": 6.0833}, True),  # 182.5/45, 182.5/40, 182.5/30
    "c-02": ({"low": 223_878, "high": 274_250, "days at the claim": 36.567}, True),  # 10.97M/49, /40, /300 000
    "c-03": ({"workers per machine": 0.6667, "operators needed": 3600}, True),  # 1200/1800, 2 x 1800
    "c-04": ({"months": 1.7105}, True),  # 52/30.4
    "c-05": ({"m3": 5_420_000, "share": 0.49407}, False),  # 10.97M - 5.55M, of 10.97M
    "c-06": ({"days saved": 91.2, "share of the most": 0.49836}, False),  # 3 x 30.4, of 183
    "c-07": ({"missing": 3, "share": 0.93333}, True),  # 45 - 42, 42/45
    "c-09": ({"days": 92}, True),  # 31 + 31 + 30
    "c-10": ({"days of an environmental report": 21, "days of a listing": 30}, True),  # 10 + 5 wd, 20 + 10
    "c-11": ({"projects per issue": 2.175}, False),  # 87/40
    "c-12": ({"ready": 0.19330, "standard": 0.12737, "of the year": 0.67945, "pro rata": 0.28448}, True),
    "c-13": ({"city": 0.071065, "district": 0.119048, "officers": 0.033333, "ratio": 3.5714}, False),
    "law-raw-land": ({"raw": 74, "ready": 30}, True),  # 14 + 30 + 20 + 10
}


@pytest.mark.parametrize("name", list(CHECKS))
def test_each_calculation_is_that_by_hand(name: str) -> None:
    """Every number that a check gives is the one computed by hand, and so is what follows."""
    by_hand, contradicts = BY_HAND[name]
    found = CHECKS[name]()
    assert dict(found.numbers) == pytest.approx(by_hand, rel=1e-4)
    assert found.contradicts is contradicts


def test_every_check_is_known_by_the_contradiction_that_it_computes() -> None:
    """Names of checks are those of contradictions in the file of facts, or of the law."""
    known = {it["id"] for it in evidence()["contradiction"]}
    assert {name for name in CHECKS if not name.startswith("law-")} <= known


@pytest.mark.parametrize(
    ("name", "fact", "field", "value"),
    [
        ("c-01", "f000-21", "quantity", 4.2),
        ("c-02", "f000-20", "quantity", 250_000),
        ("c-03", "f000-13", "quantity", 3600),
        ("c-04", "f000-05", "quantity", 35),
        ("c-07", "f004-36", "quantity", 45),
        ("c-09", "f004-31", "quantity", 92),
        ("c-10", "f004-23", "quantity", 30),
        ("c-12", "f002-17", "quantity", 6000),
        ("law-raw-land", "f002-05", "quantity", 80),
    ],
)
def test_a_report_that_says_otherwise_contradicts_nothing(
    name: str, fact: str, field: str, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers are read from the facts, and a possible one is no contradiction."""
    changed = facts() | {fact: facts()[fact] | {field: value}}
    monkeypatch.setattr(arithmetic, "facts", lambda: changed)
    assert not CHECKS[name]().contradicts


def test_clocks_are_those_of_the_park() -> None:
    """A notice that takes ten days more makes the clocks ten days longer; working days count no weekend at least."""
    park = load("baseline")
    longer = park.with_changes({"activities.compensation_notice.duration": "40 cd"})
    assert legal_clocks(longer, RAW_LAND) == legal_clocks(park, RAW_LAND) + 10 == 84
    assert legal_clocks(park, READY_LAND) == 30
    assert legal_clocks(park, REPORT) == 21
    assert [arithmetic.least_days(days) for days in (1, 4, 5, 10, 12)] == [1, 4, 7, 14, 16]


def test_a_stretch_of_dates_has_both_of_its_ends() -> None:
    """One day is a stretch of one day."""
    assert arithmetic.days_between(dt.date(2019, 7, 1), dt.date(2019, 7, 1)) == 1
