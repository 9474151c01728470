"""Desks that are offices: whom an officer serves next, and when; exact logs of a few files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.analysis.replication.desk_loads import DeskLimits, desk_limits, desk_loads
from parkflow.sim.background import weekly_shares
from parkflow.sim.checks import ScenarioError
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Desk, Scenario

Table = dict[str, Any]


def office(**changes: Any) -> Table:
    """A park of one desk at which every project has one file; day 0 is a Monday."""
    return {
        "name": "office",
        "assumed": "exact times",
        "start": "2023-01-02",
        "classes": {"any": {}, "key": {"priority": 0}},
        "portfolio": {"any": {"of": "any", "count": 2, "arrivals": {"on": [0]}}},
        "desks": {"window": {"servers": 1}},
        "activities": {"review": {"step": "desk", "desk": "window", "duration": 2}},
        **changes,
    }


def run(park: Table, replication: int = 0) -> Records:
    """One replication of a park."""
    return simulate(Layout(Scenario.model_validate(park)), 1, replication)


def times(records: Records, activity: str = "review") -> list[tuple[float, float]]:
    """Start and end of the last attempt at an activity, in the order of the steps."""
    mine = records.plan.steps.activity == records.layout.number[activity]
    return list(zip(records.start[mine].tolist(), records.end[mine].tolist(), strict=True))


# --- ties -------------------------------------------------------------------------------------------------------------


def test_who_comes_first_of_those_who_come_together_is_drawn() -> None:
    """Two groups that arrive on one day are first about equally often, whichever stands first in the file."""
    groups = {name: {"of": "any", "count": 3, "arrivals": {"on": [0]}} for name in ("north", "south")}
    one = Layout(Scenario.model_validate(office(portfolio=groups)))
    other = Layout(Scenario.model_validate(office(portfolio=dict(reversed(groups.items())))))
    first = []
    for replication in range(60):
        records, swapped = simulate(one, 1, replication), simulate(other, 1, replication)
        starts = records.start[records.plan.steps.activity == 1]
        np.testing.assert_array_equal(np.roll(starts, 3), swapped.start[swapped.plan.steps.activity == 1])
        first.append(int(np.argmin(starts)))
    assert 20 <= sum(project < 3 for project in first) <= 40  # two and a half standard deviations of 60 coins
    assert set(first) == set(range(6))


# --- slack ------------------------------------------------------------------------------------------------------------


def test_slack_counts_the_files_own_service() -> None:
    """Of two files due on one day, the longer one has less slack and goes first, though it came last."""
    long = {"step": "desk", "desk": "window", "duration": 9, "applies": {"classes": ["key"]}}
    park = office(
        classes={name: {"deadline": {"milestone": "done", "days": 50}} for name in ("any", "key")},
        portfolio={
            "any": {"of": "any", "count": 2, "arrivals": {"on": [0]}},
            "key": {"of": "key", "count": 1, "arrivals": {"on": [1]}},
        },
        desks={"window": {"servers": 1, "rule": "slack"}},
    )
    park["activities"]["review"]["applies"] = {"classes": ["any"]}
    park["activities"] |= {"long": long, "done": {"step": "milestone", "needs": ["review", "long"]}}
    records = run(park)
    assert np.nanmin(records.start[records.plan.steps.activity == 2]) == 2.0
    assert sorted(start for start, _ in times(records) if start >= 0) == [0.0, 11.0]


# --- opening hours ----------------------------------------------------------------------------------------------------

WEEK: Table = {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}}


def weekly(arrivals: dict[str, list[float]], duration: str = "1 wd", **desk: Any) -> Records:
    """A desk that is shut at weekends, with groups of these arrivals."""
    groups = {name: {"of": name, "count": len(on), "arrivals": {"on": on}} for name, on in arrivals.items()}
    park = office(horizon=56, calendars=WEEK, portfolio=groups)
    park["desks"] = {"window": {"servers": 1, "calendar": "office", **desk}}
    park["activities"]["review"]["duration"] = duration
    return run(park)


def test_a_shut_office_takes_nobody_and_picks_by_rank_when_it_opens() -> None:
    """Files of the weekend wait until Monday, though an officer is free; then the key one goes first, not the first."""
    records = weekly({"any": [5.25, 6.5], "key": [6.75]}, rule="class")
    assert times(records) == [(8.0, 9.0), (9.0, 10.0), (7.0, 8.0)]


def test_who_is_free_at_closing_time_picks_at_the_next_opening() -> None:
    """Work that is done on Friday at closing time ends then, and the next file is chosen on Monday."""
    records = weekly({"any": [4.0, 4.5], "key": [6.0]}, rule="class")
    assert times(records) == [(4.0, 5.0), (8.0, 9.0), (7.0, 8.0)]


@pytest.mark.parametrize("error", [-1e-12, 1e-12])
@pytest.mark.parametrize("arrival", [4.1, 4.3, 4.7, 4.9, 11.1, 39.3])
def test_work_done_at_closing_time_but_for_rounding_ends_then(arrival: float, error: float) -> None:
    """The last bit costs nobody the weekend, and makes no officer pick a file in the moment of closing."""
    closing = float(int(arrival) + 1)
    records = weekly({"any": [arrival], "key": [arrival + 0.01]}, f"{closing - arrival + error} wd")
    assert times(records)[0][1] == pytest.approx(closing, abs=1e-9)
    assert times(records)[1][0] == pytest.approx(closing + 2, abs=1e-9)


def test_work_over_the_weekend_keeps_its_officer() -> None:
    """What is not done on Friday goes on on Monday, with the same officer."""
    records = weekly({"any": [4.5, 6.0]})
    assert times(records) == [(4.5, 7.5), (7.5, 8.5)]


def test_a_file_without_touch_waits_for_the_opening_too() -> None:
    """To be seen takes an open door, even where it takes no time."""
    assert times(weekly({"any": [5.5]}, "0 wd")) == [(7.0, 7.0)]


def test_who_comes_as_the_door_opens_stands_in_line_like_the_others() -> None:
    """At the moment of opening the line is served by rank; who comes at that very moment has no lead."""
    records = weekly({"any": [7.0], "key": [5.0, 6.0]}, rule="class")
    assert times(records) == [(9.0, 10.0), (7.0, 8.0), (8.0, 9.0)]


def test_nobody_slips_in_before_the_line_as_the_door_opens() -> None:
    """A file that is ready at the moment of opening, before the office has looked at its line, has no lead either."""
    groups = {"any": {"of": "any", "count": 1, "arrivals": {"on": [0]}}}
    groups["key"] = {"of": "key", "count": 1, "arrivals": {"on": [5]}}
    desks = {"window": {"servers": 1, "calendar": "office", "rule": "class"}}
    park = office(horizon=56, calendars=WEEK, portfolio=groups, desks=desks)
    draft = {"step": "work", "duration": "7 cd", "applies": {"classes": ["any"]}}
    review = {"step": "desk", "desk": "window", "duration": "1 wd", "needs": ["draft"]}
    park["activities"] = {"draft": draft, "review": review}
    assert times(run(park)) == [(8.0, 9.0), (7.0, 8.0)]


def test_a_desk_that_never_opens_again_serves_nobody() -> None:
    """Files that come after the last open day wait to the end of the run."""
    records = weekly({"any": [52.5, 55.5]})
    assert times(records)[0] == (52.5, 53.5)
    assert np.isnan(times(records)[1][0])


# --- lending ----------------------------------------------------------------------------------------------------------


def lending(arrivals: dict[str, list[float]], servers: int, dedicated: dict[str, int]) -> Records:
    """A desk with officers set apart, and groups of these arrivals; each file takes ten days."""
    groups = {name: {"of": name, "count": len(on), "arrivals": {"on": on}} for name, on in arrivals.items()}
    park = office(classes={"any": {}, "key": {}, "other": {}}, portfolio=groups)
    park["desks"] = {"window": {"servers": servers, "dedicated": dedicated}}
    park["activities"]["review"]["duration"] = 10
    return run(park)


def test_an_officer_set_apart_lends_a_hand_when_idle() -> None:
    """Nobody idles while a file waits: the officer of the key projects serves others when none of his own is there."""
    records = lending({"any": [0, 1, 2], "key": [30]}, 2, {"key": 1})
    assert times(records) == [(0.0, 10.0), (1.0, 11.0), (10.0, 20.0), (30.0, 40.0)]
    assert records.attempt_pool.tolist() == [0, 1, 0, 1]


def test_an_officer_who_is_free_serves_his_own_line_first() -> None:
    """He who lent a hand takes the next file of his own line, though one of the others has waited longer."""
    records = lending({"any": [0, 1, 2], "key": [3]}, 2, {"key": 1})
    assert times(records) == [(0.0, 10.0), (1.0, 11.0), (10.0, 20.0), (11.0, 21.0)]
    records = lending({"any": [0, 1, 3], "key": [2]}, 2, {"key": 1})
    assert records.attempt_pool.tolist() == [0, 1, 0, 1]


def test_those_who_are_set_apart_help_the_shared_line_first() -> None:
    """With nobody in his own line he takes from the shared line, then from that of another class."""
    records = lending({"other": [0, 4, 4.5], "key": [1], "any": [2, 5]}, 3, {"key": 1, "other": 1})
    assert times(records)[2] == (12.0, 22.0)
    assert times(records)[5] == (11.0, 21.0)  # he is free on day 11, and the file of day 5 is in the shared line


# --- background -------------------------------------------------------------------------------------------------------


def test_applicants_outside_the_list_take_their_share_of_the_desk() -> None:
    """With half the time gone in every week a file takes twice as long, and the desk is busy from morning to night."""
    half: dict[str, Any] = {"background": 0.5, "background_spread": 0}
    records = weekly({"any": [0, 0.25]}, **half)
    assert times(records) == [(0.0, 2.0), (2.0, 4.0)]
    (load,) = desk_loads(records)
    assert (load.busy, load.open) == (2 + 0.5 * 40, 40)
    (load,) = desk_loads(weekly({"any": [0, 0.25]}))
    assert (load.busy, load.open) == (2, 40)


def test_a_desk_without_a_calendar_has_a_background_too() -> None:
    """Its files take calendar days, twice as many where half the time is gone."""
    park = office(horizon=30, desks={"window": {"servers": 2, "background": 0.5, "background_spread": 0}})
    records = run(park)
    assert times(records) == [(0.0, 4.0), (0.0, 4.0)]
    (load,) = desk_loads(records)
    assert (load.busy, load.open) == (4 + 30, 60)


@pytest.mark.parametrize(("servers", "days"), [(1, 40.0), (2, 8.0), (3, 4.0), (4, 3.2)])
def test_an_officer_more_brings_no_applicant_more(servers: int, days: float) -> None:
    """Of two officers one and a half are busy with others; of four that leaves five eighths, of one next to nothing."""
    desk = {"servers": 2, "background": 0.75, "background_spread": 0}
    park = Scenario.model_validate(office(horizon=400, desks={"window": desk}))
    records = simulate(Layout(park.with_changes({"desks.window.servers": servers})), 1, 0)
    assert [end - start for start, end in times(records)] == pytest.approx([days, days])


def test_a_file_that_states_its_officers_states_their_background() -> None:
    """The share in the file of a park is of its own officers, and stays so when it is written and read again."""
    desk = Desk.model_validate({"servers": 3, "background": 0.5})
    assert (desk.outside, desk.background_servers) == (0.5, 3)
    assert Desk.model_validate(desk.model_dump()) == desk
    assert Desk(servers=3).background_servers is None


def test_the_share_differs_from_week_to_week_around_its_mean() -> None:
    """Mean and spread of many weeks are those asked for, within three standard errors."""
    desk, weeks = Desk(servers=1, background=0.55, background_spread=0.3), 20_000
    shares = weekly_shares([desk], np.random.default_rng(1).random((1, weeks)))[0]
    assert shares.mean() == pytest.approx(0.55, abs=3 * shares.std() / weeks**0.5)
    fourth = ((shares - shares.mean()) ** 4).mean() / shares.var() ** 2
    assert shares.std() / 0.55 == pytest.approx(0.3, rel=3 * ((fourth - 1) / weeks) ** 0.5 / 2)


def test_each_desk_has_weeks_of_its_own_that_no_other_desk_moves() -> None:
    """The weeks of a desk are drawn under its name; corrections and other steps keep their calendars."""
    desks = {name: {"servers": 1, "calendar": "office", "background": 0.5} for name in ("window", "hall")}
    park = office(horizon=70, calendars=WEEK, desks=desks)
    park["activities"]["review"]["duration"] = "2 wd"
    both, one = run(park).plan, run({**park, "desks": {"window": desks["window"]}}).plan
    assert len(both.curves) == 3
    np.testing.assert_array_equal(both.curves[1].rate, one.curves[1].rate)
    assert (both.curves[1].rate != both.curves[2].rate).any()
    assert len(np.unique(both.curves[1].rate[:5])) == 1
    assert len(np.unique(both.curves[1].rate)) == 11  # ten weeks, and the weekends
    np.testing.assert_array_equal(both.curves[1].closed, both.curves[0].closed)
    assert not np.array_equal(run(park, 1).plan.curves[1].rate, both.curves[1].rate)


@pytest.mark.parametrize(
    ("horizon", "desk", "words"),
    [
        (None, {"background": 0.5}, "there is none"),
        (50, {"background": 0.9, "background_spread": 0.4}, "give less than 0.333"),
    ],
)
def test_a_background_that_cannot_be(horizon: int | None, desk: Table, words: str) -> None:
    """Weeks need a horizon, and shares below one cannot differ without limit."""
    with pytest.raises(ScenarioError, match=words):
        run(office(horizon=horizon, desks={"window": {"servers": 1, **desk}}))


# --- limits and borrowed officers -------------------------------------------------------------------------------------


def limited(arrivals: list[float], surge: int, promised: str = "5 cd", **step: Any) -> Records:
    """One officer, files of two days, and a limit in calendar days from asking to the decision."""
    park = office(horizon=40, calendars=WEEK, desks={"window": {"servers": 1, "limit": promised, "surge": surge}})
    park["portfolio"] = {"any": {"of": "any", "count": len(arrivals), "arrivals": {"on": arrivals}}}
    park["activities"]["review"] |= step
    return run(park)


def test_an_officer_is_borrowed_for_a_file_that_would_miss_its_limit() -> None:
    """Decided within five days is begun within three: who has not had his turn by then is served by somebody else."""
    records = limited([0, 0.25, 0.5, 0.75], 9)
    assert times(records) == [(0.0, 2.0), (2.0, 4.0), (3.5, 5.5), (3.75, 5.75)]
    assert records.attempt_borrowed.tolist() == [False, False, True, True]
    assert list(desk_limits(records)) == [DeskLimits("window", 4, 0, 2, 4.0)]
    (load,) = desk_loads(records)
    assert load.busy == 4.0


def test_no_more_officers_are_borrowed_than_there_are() -> None:
    """With one to borrow the other file waits on for its turn, and is overdue."""
    records = limited([0, 0.25, 0.5, 0.75], 1)
    assert times(records) == [(0.0, 2.0), (2.0, 4.0), (3.5, 5.5), (4.0, 6.0)]
    assert list(desk_limits(records)) == [DeskLimits("window", 4, 1, 1, 2.0)]


def test_who_was_borrowed_has_left_and_can_be_borrowed_again() -> None:
    """The one officer who can be borrowed serves the third file of each rush."""
    records = limited([0, 0.25, 0.5, 10, 10.25, 10.5], 1)
    assert [start for start, _ in times(records)] == [0.0, 2.0, 3.5, 10.0, 12.0, 13.5]


def test_a_returned_file_is_not_late_for_its_first_attempt() -> None:
    """Who waits for the second time has the whole limit again, though that of the first attempt would have passed."""
    again = {"probability": 1, "attempts": 2, "fix": 1}
    records = limited([0, 0.25, 0.5, 0.75], 9, "10 cd", correction=again)
    assert not records.attempt_borrowed.any()
    assert [start for start, _ in times(records)] == [8.0, 10.0, 12.0, 14.0]


def test_nobody_is_borrowed_unless_the_desk_may() -> None:
    """Without surge the limit changes nothing, and is counted."""
    records = limited([0, 0.25, 0.5, 0.75], 0)
    assert [start for start, _ in times(records)] == [0.0, 2.0, 4.0, 6.0]
    assert list(desk_limits(records)) == [DeskLimits("window", 4, 2, 0, 0.0)]


def test_a_free_officer_of_the_desk_comes_first() -> None:
    """Who has his turn at the very moment at which he would be late needs nobody from elsewhere."""
    records = limited([0, 0.0625, 1], 9)
    assert times(records)[2] == (4.0, 6.0)
    assert not records.attempt_borrowed.any()


def test_each_attempt_has_a_limit_of_its_own() -> None:
    """A returned file asks anew, and an officer borrowed for it once is not there the second time."""
    records = limited([0, 0.25, 0.5], 9, "4 cd", correction={"probability": 1, "attempts": 2, "fix": 1})
    borrowed = records.attempt_borrowed
    waits = records.attempt_start - records.attempt_ready
    assert (waits <= 2.0).all()
    assert (waits[borrowed] == 2.0).all()
    assert borrowed.any() and not borrowed.all()
    assert next(desk_limits(records)).overdue == 0


def test_a_step_says_otherwise_and_circulation_counts() -> None:
    """The step's own limit prevails; what circulates afterwards has to fit in as well, and is late when it does not."""
    records = limited([0, 0.25, 0.5], 9, "100 cd", circulation="3 cd", circulation_calendar=None)
    assert not records.attempt_borrowed.any()
    park: Table = {"limit": "6 cd", "circulation": "3 cd"}
    records = limited([0, 0.25, 0.5], 9, "100 cd", **park)
    assert times(records) == [(0.0, 2.0), (1.25, 3.25), (1.5, 3.5)]
    assert list(desk_limits(records)) == [DeskLimits("window", 3, 0, 2, 4.0)]
    records = limited([0, 0.25, 0.5], 0, "100 cd", **park)
    assert list(desk_limits(records)) == [DeskLimits("window", 3, 2, 0, 0.0)]


def test_limits_count_the_days_of_the_statutory_calendar() -> None:
    """Working days are those of the calendar of that name, whatever the desk's own; else those of the desk."""
    park = office(horizon=56, calendars={**WEEK, "statutory": {}})
    park["desks"] = {"window": {"servers": 1, "calendar": "office", "limit": "4 wd", "surge": 1}}
    park["portfolio"]["any"] = {"of": "any", "count": 2, "arrivals": {"on": [3.0, 3.5]}}
    park["activities"]["review"]["duration"] = "2 wd"
    assert times(run(park)) == [(3.0, 5.0), (7.0, 9.0)]
    assert [limits.overdue for limits in desk_limits(run(park))] == [1]
    park["calendars"] = WEEK
    assert times(run(park)) == [(3.0, 5.0), (7.0, 9.0)]
    assert [limits.overdue for limits in desk_limits(run(park))] == [0]


def test_who_is_borrowed_keeps_office_hours_but_knows_no_other_applicant() -> None:
    """A borrowed officer comes when the office opens, and has no background: he works on this file alone."""
    records = weekly({"any": [2, 2.25]}, "1 wd", limit="3 wd", surge=1, background=0.5, background_spread=0)
    assert times(records) == [(2.0, 4.0), (4.0, 8.0)]
    records = weekly({"any": [2, 2.25, 4.75]}, "2 wd", limit="3 wd", surge=1, background=0.5, background_spread=0)
    assert times(records)[1] == (3.25, 7.25)
    records = weekly({"any": [4, 4.0625]}, "4 wd", limit="5 wd", surge=1)
    assert times(records)[1] == (7.0625, 11.0625)


@pytest.mark.parametrize("limit", ["uniform(3, 5) wd", "20 mu", 0, "-1 cd"])
def test_a_limit_is_one_number_of_days(limit: Any) -> None:
    """A limit that is drawn, or counts something else, or is none, is refused where it stands."""
    with pytest.raises(ScenarioError, match=r"desks\.window\.limit"):
        run(office(horizon=56, calendars=WEEK, desks={"window": {"servers": 1, "limit": limit}}))


def test_working_days_of_a_limit_need_a_calendar() -> None:
    """Neither the desk nor the park says which days are worked."""
    with pytest.raises(ScenarioError, match="has a calendar; give the desk a calendar"):
        run(office(desks={"window": {"servers": 1, "limit": "20 wd"}}))
