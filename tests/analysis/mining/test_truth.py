"""Precedence, calendars, pools, returns and classes of tiny logs whose truth is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from parkflow.analysis.mining.log_mapping import LogError, LogMapping, mapping_of
from parkflow.analysis.mining.mined import Mined, mined
from parkflow.analysis.mining.monthly import counts_by_month, month_names
from parkflow.analysis.mining.office_days import office_days
from parkflow.analysis.mining.pools import officers_by_month, pools
from parkflow.analysis.mining.precedence import order_of
from parkflow.analysis.mining.resubmission import share_between
from parkflow.analysis.mining.traces import traces
from tests.analysis.mining.logs import MONDAY, Row, log_of

PLAIN = LogMapping()


def found(rows: list[Row], folder: Path, mapping: LogMapping = PLAIN) -> Mined:
    """The park of some rows."""
    return mined(log_of(rows, folder, mapping), mapping)


def network(rows: list[Row], folder: Path, mapping: LogMapping = PLAIN) -> dict[str, tuple[str, ...]]:
    """What each activity needs, by some rows."""
    order = order_of(traces(log_of(rows, folder, mapping), mapping), mapping)
    return {name: order.needs(name) for name in order.links}


# Precedence


def fork(number: int, slow: float = 3.0) -> list[Row]:
    """A case of a, then b and c side by side, then d when both are over; b takes `slow` days and c two."""
    case, begin = f"c{number}", 2.0 * number
    join = begin + 1 + max(slow, 2.0)
    return [
        (case, "a", "", begin, begin, begin + 1),
        (case, "b", "", begin + 1, begin + 1, begin + 1 + slow),
        (case, "c", "", begin + 1, begin + 1, begin + 3),
        (case, "d", "", join, join, join + 1),
    ]


def test_a_fork_and_a_join_are_found(tmp_path: Path) -> None:
    """Where each branch is sometimes the last, both are needed, and what follows from the rest is left out."""
    rows = [row for number in range(12) for row in fork(number, 3.0 if number % 2 else 1.0)]
    assert network(rows, tmp_path) == {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def test_what_was_never_the_last_is_not_told(tmp_path: Path) -> None:
    """If b always lasts longer than c, nothing shows that d waits for c, and it is said."""
    rows = [row for number in range(12) for row in fork(number)]
    order = order_of(traces(log_of(rows, tmp_path), PLAIN), PLAIN)
    assert order.needs("d") == ("b",)
    assert [(link.before, link.after, link.held, link.cases) for link in order.untold] == [("c", "d", 12, 12)]


def test_an_order_that_did_not_always_hold_is_custom(tmp_path: Path) -> None:
    """In 39 of 40 cases b began when a was over: after, waived by a policy; in 30 of 40 it is none."""

    def case(number: int, late: bool) -> list[Row]:
        begin = 3.0 * number
        return [
            (f"c{number}", "a", "", begin, begin, begin + 2),
            (f"c{number}", "b", "", begin + 2 * late, begin + 2 * late, begin + 4),
        ]

    park = found([row for n in range(40) for row in case(n, n != 7)], tmp_path).park
    assert park["activities"]["b"]["after"] == {"a": "parallel_approvals"}
    assert "after a in 39 of 40 cases" in park["activities"]["b"]["source"]
    assert park["policies"]["parallel"]["levers"] == {"parallel_approvals": {}}
    loose = found([row for n in range(40) for row in case(n, n % 4 != 0)], tmp_path).park
    assert "after" not in loose["activities"]["b"]
    assert loose["activities"]["b"]["needs"] == []


def test_a_log_of_ends_gives_an_order_of_ends(tmp_path: Path) -> None:
    """A chain; activities last from the end of what is before them."""
    rows: list[Row] = [
        (f"c{n}", name, "", None, None, 5.0 * n + at + 0.1 * (n % 3))
        for n in range(12)
        for at, name in enumerate(("a", "b", "c"))
    ]
    assert network(rows, tmp_path) == {"a": (), "b": ("a",), "c": ("b",)}
    told = found(rows, tmp_path)
    assert "0 wd" in str(told.park["activities"]["b"]["duration"]) or told.park["activities"]["b"]["duration"] == "1 cd"
    assert any("the log has no starts" in text for text in told.untold)


# Days


def test_weekdays_and_closed_days_are_found(tmp_path: Path) -> None:
    """An office that is shut at weekends and in one week of August, ten files a day otherwise."""
    rows: list[Row] = []
    for day in range(364):
        if day % 7 < 5 and not 217 <= day < 224:
            rows += [(f"c{day}-{n}", "a", "Li", None, None, day + 0.3 + n / 40) for n in range(10)]
    days = office_days(traces(log_of(rows, tmp_path), PLAIN))
    assert days.calendar.week == (1.0,) * 5 + (0.0,) * 2
    assert [(window.begin, window.end) for window in days.calendar.windows] == [(217.0, 222.0)]
    assert days.calendar.holidays is None
    assert days.hours == (7.2, 12.6)
    assert not days.untold


def test_the_holidays_of_china_are_known_by_their_days(tmp_path: Path) -> None:
    """Two files on each working day of 2023, make-up weekends among them, none on holidays."""
    import holidays

    law = holidays.country_holidays("CN", years=2023)
    rows: list[Row] = []
    for day in range(364):
        date = (MONDAY + dt.timedelta(days=day)).date()
        if date in law.weekend_workdays or (date.weekday() < 5 and date not in law):
            rows += [(f"c{day}-{n}", "a", "Li", None, None, day + 0.4 + n / 9) for n in range(2)]
    days = office_days(traces(log_of(rows, tmp_path), PLAIN))
    assert days.calendar.holidays == "CN"
    assert days.calendar.week == (1.0,) * 5 + (0.0,) * 2
    assert not days.calendar.windows


def test_a_short_log_does_not_tell_weekdays(tmp_path: Path) -> None:
    """It is said, and every day counts."""
    rows: list[Row] = [(f"c{day}", "a", "Li", None, None, day + 0.5) for day in range(5)]
    days = office_days(traces(log_of(rows, tmp_path), PLAIN))
    assert days.calendar.week == (1.0,) * 7
    assert any("less than four weeks" in text for text in days.untold)


# Officers


def test_activities_of_the_same_officers_are_one_pool(tmp_path: Path) -> None:
    """Li does a and b, Wu and Xu do c; Wu does four in five of it, which is reported."""
    rows: list[Row] = []
    for n in range(20):
        begin = 3.0 * n
        rows += [
            (f"c{n}", "a", "Li", begin, begin, begin + 1),
            (f"c{n}", "b", "Li", begin + 1, begin + 1, begin + 2),
            (f"c{n}", "c", "Wu" if n % 5 else "Xu", begin + 2, begin + 2, begin + 2.5),
        ]
    first, second = pools(traces(log_of(rows, tmp_path), PLAIN))
    assert (first.activities, first.servers) == (("a", "b"), 1)
    assert (second.activities, second.servers, second.officers) == (("c",), 1, 2)
    assert "one of 2 officers has 80% of the events" in second.unequal
    assert not first.unequal


@pytest.mark.parametrize(("wait", "sure"), [(0.0, False), (0.5, True)])
def test_the_size_of_a_pool_is_sure_once_somebody_waits(wait: float, sure: bool, tmp_path: Path) -> None:
    """Two at a time, and the third waits or does not come at that time."""
    rows: list[Row] = []
    for n in range(10):
        begin = 4.0 * n
        rows += [(f"x{n}", "a", "desk/1", begin, begin, begin + 1), (f"y{n}", "a", "desk/2", begin, begin, begin + 1)]
        rows += [(f"z{n}", "a", "desk/1", begin + 1 - wait, begin + 1, begin + 2)]
    (pool,) = pools(traces(log_of(rows, tmp_path), PLAIN))
    assert (pool.name, pool.servers, pool.sure) == ("desk", 2, sure)
    assert any("the size of desk" in text for text in found(rows, tmp_path).untold) is not sure


def test_officers_of_a_month_are_those_with_a_twentieth_of_its_events(tmp_path: Path) -> None:
    """Li has 30 events in January and Wu one; in February there are two."""
    rows: list[Row] = [(f"a{n}", "a", "Li", None, None, n * 0.9) for n in range(30)]
    rows += [("b", "a", "Wu", None, None, 3.0)]
    rows += [(f"d{n}", "a", ("Li", "Wu")[n % 2], None, None, 31.0 + n) for n in range(10)]
    assert officers_by_month(traces(log_of(rows, tmp_path), PLAIN), 0.0, 58.0) == pytest.approx(1.5)


# Returns


def test_attempts_of_one_case_are_returns(tmp_path: Path) -> None:
    """Ten of forty come back after six days, and one of these again."""
    rows: list[Row] = []
    for n in range(40):
        begin = 2.0 * n
        rows.append((f"c{n}", "a", "Li", begin, begin, begin + 0.5 + 0.01 * n))
        for again in range((n < 10) + (n == 0)):
            ready = begin + 6.5 * (again + 1)
            rows.append((f"c{n}", "a", "Li", ready, ready, ready + 0.5))
    table = found(rows, tmp_path).park["activities"]["a"]["correction"]
    assert table["probability"] == 0.25
    assert table["attempts"] == 4  # three were seen, by one case only
    assert table["decay"] == pytest.approx((1 / 10) / 0.25)
    assert "10 of 40 cases came back" in table["source"]
    assert "1 of them again" in table["source"]


def requests(answered: bool) -> tuple[list[Row], LogMapping]:
    """Thirty cases decided after ten days, or asked after four days; answered twenty days later, decided in two."""
    rows: list[Row] = []
    for n in range(30):
        begin, case = 3.0 * n, f"c{n}"
        rows.append((case, "file", "", None, None, begin))
        if n % 3:
            rows.append((case, "decide", "Li", None, None, begin + 10 + 0.01 * n))
            continue
        rows.append((case, "ask", "Li", None, None, begin + 4 + 0.01 * n))
        if answered:
            rows.append((case, "answer", "", None, None, begin + 24 + 0.02 * n))
            rows.append((case, "decide", "Li", None, None, begin + 26 + 0.03 * n))
    mapping = mapping_of(
        {
            "arrival": ["file"],
            "only_named": True,
            "milestones": {"decision": ["decide"]},
            "corrections": {"decision": {"request": ["ask"], "answer": ["answer", "decide"]}},
        },
        "m",
    )
    return rows, mapping


def test_requests_and_answers_part_the_way_to_a_milestone(tmp_path: Path) -> None:
    """A third is asked, and takes twenty days to answer; attempts are told by what came of them."""
    rows, mapping = requests(answered=True)
    told = found(rows, tmp_path, mapping)
    means = {it.key: it for it in told.estimates}
    asked = means["activities.to_decision.correction.probability"]
    assert asked.value == pytest.approx(1 / 3)
    assert asked.cases == 30
    assert means["activities.to_decision.correction.fix"].value == pytest.approx(20.14, abs=0.3)
    assert told.park["activities"]["decision"]["step"] == "milestone"
    assert told.goal == "decision"


def test_requests_without_an_answer_are_cut_off(tmp_path: Path) -> None:
    """Nobody answered: the share is known, the days are not, and nothing is made up."""
    rows, mapping = requests(answered=False)
    log = traces(log_of(rows, tmp_path, mapping), mapping)
    assert all(np.isnan(it.answered) and it.seen > it.asked for it in log.returns)
    table = found(rows, tmp_path, mapping).park["activities"]["to_decision"]["correction"]
    assert table["probability"] == pytest.approx(1 / 3, abs=1e-3)
    assert "fix" not in table


def test_who_shows_no_event_has_left(tmp_path: Path) -> None:
    """Four of twenty file and are never heard of again: they are an exit of their own; who came lately is cut off."""
    rows: list[Row] = [(f"c{n}", "file", "", None, None, float(n)) for n in range(20)]
    rows += [(f"c{n}", "decide", "Li", None, None, n + 30 + 0.1 * n) for n in range(4, 20)]
    rows += [("late", "file", "", None, None, 300.0), ("late", "decide", "Li", None, None, 340.0)]
    rows += [("open", "file", "", None, None, 320.0)]
    mapping = mapping_of(
        {"arrival": ["file"], "milestones": {"decision": ["decide"]}, "only_named": True, "left_after": 90}, "m"
    )
    told = found(rows, tmp_path, mapping)
    assert "4 of 21 cases left" in told.park["classes"]["case"]["attributes"]["leaves"]["source"]
    assert told.park["activities"]["left"]["step"] == "end"
    assert "18 cases, 1 of them cut off" in told.park["activities"]["to_decision"]["source"]
    assert told.scenario.activities["left"].needs == ("leaving",)


# Arrivals and shares


def test_arrivals_are_counted_by_month() -> None:
    """Days since the first of January 2023, in days since 1970."""
    origin = float((dt.date(2023, 1, 1) - dt.date(1970, 1, 1)).days)
    days = np.array([0.0, 30.9, 31.0, 59.0, 364.9])
    assert counts_by_month(days, origin, 0.0, 90.0).tolist() == [2, 1, 1]
    assert month_names(origin, 20.0, 90.0) == ["2023-01", "2023-02", "2023-03"]


def test_the_interval_of_a_share_by_hand() -> None:
    """Wilson's interval of 10 in 50, as printed in textbooks, and of none."""
    assert share_between(10, 50) == pytest.approx((0.1124, 0.3304), abs=1e-4)
    assert share_between(0, 10)[0] == 0.0
    assert share_between(0, 0) == (0.0, 1.0)


def test_a_goal_that_nobody_reaches_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    rows: list[Row] = [("c", "a", "Li", 0.0, 0.0, None), ("c", "b", "Li", 0.0, 0.0, 1.0)]
    mapping = mapping_of({"question": ["arrival", "a"]}, "m")
    with pytest.raises(LogError, match="no case reaches 'a'; name a milestone that some reach"):
        found(rows, tmp_path, mapping)
