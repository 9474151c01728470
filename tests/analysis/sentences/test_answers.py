"""Sentences about policies: days, sureness, losers, the whole park and dates. All numbers are made up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from parkflow.analysis.language import words
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.sentences import answers
from parkflow.analysis.sentences.calendar_dates import date, iso, on
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.sentences.sureness import sign
from parkflow.analysis.store.run_folder import Run
from parkflow.scenarios.load import load

EN, ZH = words("en"), words("zh")


def row(measure: str, policy: str, mean: float | None, low: float | None, high: float | None, **more: Any) -> Row:
    """A row of results."""
    unit = "share" if measure.startswith(("share", "issues")) else "day" if measure == "half_by" else "days"
    plain: dict[str, Any] = {
        "policy": policy, "measure": measure, "from": "agreement", "to": "groundbreaking", "group": "all",
        "unit": unit, "mean": mean, "low": low, "high": high, "replications": 40, "censored": 0,
    }  # fmt: skip
    return plain | more  # type: ignore[return-value]


def outcome(*rows: Row, replications: int = 40, start: bool = True) -> Outcome:
    """An outcome with these rows of a policy, beside a baseline."""
    before = (row("days", "serial", 300.0, 280.0, 320.0), row("half_by", "serial", 400.0, 390.0, 410.0))
    scenario = load("yantai") if start else None
    return Outcome("yantai", "serial", ("agreement", "groundbreaking"), 1, replications, (*before, *rows), scenario)


def saving(mean: float, low: float | None, high: float | None) -> Outcome:
    """An outcome that saves so many days."""
    return outcome(row("days", "fast", 300.0 - mean, 0.0, 400.0), row("days_saved", "fast", mean, low, high))


@pytest.mark.parametrize(
    ("saved", "english", "chinese"),
    [
        ((80.0, 60.0, 100.0), "saves 80 days (95% interval 60 to 100); the interval does not contain zero", "并非偶然"),
        ((80.0, -5.0, 100.0), "(95% interval −5 to 100); the interval contains zero", "区间包含零"),
        ((-20.0, -30.0, -10.0), "loses 20 days", "多用 20 天"),
        ((-20.0, -30.0, -10.0), "so it is not chance that days are lost", "增加并非偶然"),
        ((80.0, None, None), "saves 80 days; one replication has no interval", "仅一次仿真重复"),
        ((2.345, 1.234, 3.456), "saves 2.3 days (95% interval 1.2 to 3.5)", "节省 2.3 天（95% 区间 1.2 至 3.5）"),
    ],
)
def test_days_are_told_with_what_their_interval_does_not_contain(
    saved: tuple[float, float | None, float | None], english: str, chinese: str
) -> None:
    """Saved or lost, sure or not, in both languages."""
    assert english in answers.days(saving(*saved), "fast", EN)
    assert chinese in answers.days(saving(*saved), "fast", ZH)


@pytest.mark.parametrize(("low", "high", "side"), [(0.0, 1.0, 0), (0.1, 1.0, 1), (-1.0, 0.0, 0), (-1.0, -0.1, -1)])
def test_an_interval_that_ends_at_zero_contains_it(low: float, high: float, side: int) -> None:
    """Zero itself belongs to it."""
    assert sign(row("days_saved", "fast", 0.5, low, high)) == side


def test_losers_are_a_share_or_an_upper_bound() -> None:
    """Nobody that lost in any replication is still no proof that nobody can."""
    some = outcome(row("share_losing", "fast", 0.036, 0.017, 0.068))
    assert answers.losers(some, "fast", EN) == "3.6% of the projects lose more than half a day (1.7% to 6.8%)."
    none = outcome(row("share_losing", "fast", 0.0, 0.0, 0.012))
    assert answers.losers(none, "fast", EN) == "No project loses more than half a day (95% interval up to 1.2%)."
    assert answers.losers(none, "fast", ZH) == "没有项目受损超过半天（95% 区间上限 1.2%）。"


def test_the_whole_park_may_lose() -> None:
    """Later instead of earlier, and the interval that says little says so."""
    assert "comes 12 days later (−15 to −9)." in answers.net(outcome(row("net_days", "fast", -12, -15, -9)), "fast", EN)
    unsure = answers.net(outcome(row("net_days", "fast", 12.0, -1.0, 25.0)), "fast", EN)
    assert unsure.endswith("comes 12 days earlier (−1 to 25), an interval that contains zero.")


def test_half_is_told_as_a_date() -> None:
    """The park's start and so many days; by the number of the day where there is no start."""
    start = load("yantai").start
    assert start is not None
    half = row("half_by", "fast", 250.9, 240.0, 260.0)
    by, before = (date(start + dt.timedelta(days=days), EN) for days in (250, 400))
    assert answers.dates(outcome(half), "fast", EN) == f"Half have reached groundbreaking by {by} instead of {before}."
    assert answers.dates(outcome(half, start=False), "fast", EN).startswith(
        "Half have reached groundbreaking by day 251"
    )
    assert iso(250.9, load("yantai")) == (start + dt.timedelta(days=250)).isoformat()
    assert on(3.0, None, ZH) == "第 3 天"
    assert (date(dt.date(2027, 11, 9), EN), date(dt.date(2027, 11, 9), ZH)) == ("9 November 2027", "2027年11月9日")


def test_a_half_that_is_not_always_reached_has_no_date() -> None:
    """Some replication ended before it."""
    late = outcome(row("half_by", "fast", 250.0, 240.0, 260.0, censored=7))
    say = EN.about(load("yantai"))
    assert (
        answers.dates(late, "fast", say)
        == f"Half of the projects do not always reach groundbreaking before {say.horizon()}."
    )
    assert answers.dates(outcome(), "fast", EN) == ""  # the measure was not asked for


@pytest.mark.parametrize(("replications", "warned"), [(1, True), (4, True), (5, False)])
def test_few_replications_are_told_first(replications: int, warned: bool) -> None:
    """Before any number."""
    found = outcome(row("days", "fast", 200.0, 190.0, 210.0), replications=replications)
    assert answers.warned(found, EN)[0].startswith("Only ") == warned
    assert answers.warned(found, ZH)[0].startswith("仅 ") == warned


def test_nobody_who_gets_there_is_told() -> None:
    """No days, no saving, but a sentence."""
    assert "no project gets from agreement to groundbreaking" in answers.days(outcome(), "fast", EN)


def test_every_policy_of_a_run_has_its_paragraph(stored: Run) -> None:
    """Days, losers, net of the park and dates, policy by policy; nothing of another language."""
    found = Outcome.of_run(stored)
    for say in (EN.about(stored.scenario), ZH.about(stored.scenario)):
        told = answers.warned(found, say)[1:]
        assert len(told) == 2
        for policy, text in zip(found.compared, told, strict=True):
            assert say.policy(policy) in text
            assert text.count(say.pick("95% interval", "95% 区间")) >= 1
            assert say.pick("Net of the park", "计入全园所有项目") in text
            assert say.pick("Half have reached", "半数项目") in text
            assert say.pick("project-days gained", "项目天") in answers.balance(found, policy, say)


def test_a_run_of_one_policy_tells_its_days(single: Run) -> None:
    """Nothing to compare with, but days, a date and issues."""
    told = answers.answer(Outcome.of_run(single), EN.about(single.scenario))[-1]
    assert "instead of" not in told
    assert "95% interval" in told
