"""Calendars: working days done by date, and the date by which they are done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parkflow.sim.calendars import WorkCurve, _public, days_of, first_projected_year, work_curve
from parkflow.sim.scenario import Scenario

WEEKDAYS = [1, 1, 1, 1, 1, 0, 0]


def scenario(start: str | None, horizon: float | None, **calendar: Any) -> Scenario:
    """A park whose only interesting part is one calendar."""
    return Scenario.model_validate(
        {
            "name": "calendar",
            "start": start,
            "horizon": horizon,
            "calendars": {"office": calendar},
            "portfolio": {"any": {"of": "any", "count": 1, "arrivals": {"on": [0]}}},
            "activities": {},
        }
    )


def curve(start: str | None, horizon: float, **calendar: Any) -> WorkCurve:
    return work_curve(scenario(start, horizon, **calendar), "office")


def rates(start: str, days: int, **calendar: Any) -> dict[dt.date, float]:
    """Work that each day brings."""
    office = curve(start, days, **calendar)
    day, done = dt.date.fromisoformat(start), np.array([worked(office, 0, n) for n in range(days + 1)])
    return {day + dt.timedelta(n): round(float(rate), 12) for n, rate in enumerate(np.diff(done))}


def worked(office: WorkCurve, begin: float, end: float) -> float:
    """Working days between two moments, by adding up the days."""
    total, day = 0.0, int(begin)
    while day < end:
        total += office._rate[day] * (min(day + 1, end) - max(day, begin))
        day += 1
    return total


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.sampled_from([0.0, 0.3, 1.0, 1.5]), min_size=1, max_size=60),
    st.floats(0, 59.99),
    st.floats(0.01, 40),
)
def test_the_end_of_a_job_is_where_its_work_is_done(days: list[float], now: float, work: float) -> None:
    """After the delay exactly the work is done and not a moment before; where the calendar ends first, it never is."""
    rate = np.array(days)
    office = WorkCurve(rate, np.zeros(len(rate)), np.zeros(len(rate)))
    delay = office.delay(now, work)
    if now >= len(rate) or worked(office, now, len(rate)) < work - 1e-9:
        assert delay == np.inf
    elif np.isfinite(delay):
        assert worked(office, now, min(now + delay, len(rate))) == pytest.approx(work, abs=1e-9)
        assert worked(office, now, now + delay - 1e-6) < work
    else:
        assert worked(office, now, len(rate)) == pytest.approx(work, abs=1e-9)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=30, max_size=30),
    st.floats(0, 20),
    st.floats(0, 3),
    st.floats(0, 5),
    st.floats(0, 2),
)
def test_who_starts_earlier_with_less_ends_earlier(
    days: list[float], now: float, later: float, work: float, more: float
) -> None:
    """The end of a job moves with its start and its work, never against them."""
    office = WorkCurve(np.array(days), np.zeros(30), np.zeros(30))
    end = now + office.delay(now, work)
    assert now + later + office.delay(now + later, work) >= end - 1e-9
    assert now + office.delay(now, work + more) >= end - 1e-9


def test_working_days_of_a_week() -> None:
    """From Friday noon two working days last until Tuesday noon; on Saturday one day lasts until the end of Monday."""
    office = curve("2023-01-02", 30, week=WEEKDAYS)
    assert office.delay(4.5, 2.0) == 4.0
    assert office.delay(5.25, 1.0) == 2.75
    assert office.delay(4.0, 1.0) == 1.0
    assert office.delay(7.0, 0.0) == 0.0


def test_chinese_holidays_and_make_up_weekends_of_2024() -> None:
    """Spring Festival 2024 closes offices from 10 to 17 February; 4 and 18 February are Sundays at work."""
    days = rates("2024-01-29", 40, week=WEEKDAYS, holidays="CN")
    closed = [dt.date(2024, 2, day) for day in range(10, 18)]
    assert [days[day] for day in closed] == [0.0] * 8
    for sunday in (dt.date(2024, 2, 4), dt.date(2024, 2, 18)):
        assert sunday.weekday() == 6
        assert days[sunday] == 1.0
    assert days[dt.date(2024, 2, 3)] == days[dt.date(2024, 2, 25)] == 0.0
    assert days[dt.date(2024, 2, 8)] == days[dt.date(2024, 2, 19)] == 1.0


def test_working_days_of_2023() -> None:
    """The State Council's calendar of 2023 has 249 working days."""
    assert curve("2023-01-01", 365, week=WEEKDAYS, holidays="CN").total == 249


def test_projected_years_have_holidays_but_no_make_up_weekends() -> None:
    """Beyond the published calendars the holidays are projected, and every weekend is free."""
    year = first_projected_year()
    days = rates(f"{year}-01-01", 365, week=WEEKDAYS, holidays="CN")
    assert not any(rate for day, rate in days.items() if day.weekday() >= 5)
    assert days[dt.date(year, 10, 1)] == 0.0
    assert sum(days.values()) < 261


def test_seasons_multiply() -> None:
    """Months, the labour curve around lunar New Year and windows each take their share of a day."""
    festival = [[-2, 1.0], [0, 0.2], [10, 1.0]]
    window = {"begin": "2024-02-14", "end": "2024-02-16", "factor": 0.5}
    days = rates("2024-02-01", 60, months=[1, 0.5, *[1] * 10], spring_festival=festival, windows=[window])
    assert days[dt.date(2024, 2, 1)] == 0.5
    assert days[dt.date(2024, 2, 9)] == 0.5 * 0.6
    assert days[dt.date(2024, 2, 10)] == 0.5 * 0.2  # New Year's day
    assert days[dt.date(2024, 2, 15)] == 0.5 * 0.6 * 0.5
    assert days[dt.date(2024, 2, 16)] == 0.5 * 0.68
    assert days[dt.date(2024, 3, 1)] == 1.0


@pytest.mark.parametrize("language", ["zh_CN", "th", "en_US", None])
def test_the_language_of_the_machine_does_not_matter(language: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spring Festival is found whatever the machine calls it."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    if language:
        monkeypatch.setenv("LANGUAGE", language)
    _public.cache_clear()
    days = rates("2024-02-01", 20, spring_festival=[[-2, 1.0], [0, 0.2], [10, 1.0]])
    assert days[dt.date(2024, 2, 10)] == 0.2
    assert days[dt.date(2024, 2, 4)] == 1.0
    _public.cache_clear()


def test_weather_closes_whole_days() -> None:
    """A day whose uniform lies below the share lost brings nothing; without uniforms no day is lost."""
    park = scenario("2023-01-02", 4, lost=0.25)
    assert work_curve(park, "office", np.array([0.1, 0.3, 0.24, 0.25])).total == 2.0
    assert work_curve(park, "office").total == 4.0


def test_beyond_the_last_day_nothing_ends() -> None:
    """A calendar ends at the horizon: what needs more work than is left, or starts later, never ends."""
    office = curve(None, 10)
    assert office.delay(4.0, 6.0) == 6.0
    assert office.delay(4.0, 6.001) == np.inf
    assert office.delay(10.0, 0.5) == np.inf
    assert office.delay(400.0, 0.0) == np.inf


def test_the_calendar_covers_the_horizon() -> None:
    """There is one entry for each day that has begun before the horizon, ten years of them where there is none."""
    assert days_of(scenario(None, 10.5)) == 11
    assert days_of(scenario(None, None)) == 3650


def test_the_next_open_moment() -> None:
    """An open moment is itself the next one; a closed one is followed by the start of the next open day."""
    office = curve("2023-01-02", 20, week=WEEKDAYS)
    assert office.next_open(4.25) == 4.25
    assert office.next_open(5.25) == 7.0
    assert curve("2023-01-02", 6, week=WEEKDAYS).next_open(5.5) == np.inf


def test_lost_days_are_told_apart() -> None:
    """Closing and weather add up to the days that bring no work, whole days or parts."""
    park = scenario("2023-01-02", 28, week=WEEKDAYS, months=[0.75] + [1.0] * 11, lost=0.5)
    weather = np.where(np.arange(28) % 3 == 0, 0.1, 0.9)
    office = work_curve(park, "office", weather)
    begin, end = np.array([0.0, 4.5, 5.25, 9.9]), np.array([28.0, 8.0, 6.75, 10.3])
    closed, lost = office.lost(begin, end)
    done = [worked(office, b, e) for b, e in zip(begin, end, strict=True)]
    np.testing.assert_allclose(closed + lost + done, end - begin)
    assert closed[0] == 8
    assert closed[2] == 1.5
    assert lost[0] > 20 - office.total - 1e-9
