"""The engine: who waits for whom, as exact logs of a few steps."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from parkflow.sim.checks import ScenarioError
from parkflow.sim.issues import Issues
from parkflow.sim.kinds import STOCK
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.portfolio import Projects
from parkflow.sim.records import Records, execute, simulate
from parkflow.sim.scenario import Scenario
from tests.sim.given import given_plan


def layout(text: str) -> Layout:
    """A park from its TOML text; projects are of the class `any` unless it says otherwise."""
    table = tomllib.loads(text)
    classes = {"any": {}, **table.pop("classes", {})}
    return Layout(Scenario.model_validate({"name": "small", "assumed": "exact times", "classes": classes, **table}))


def run(text: str) -> Records:
    return simulate(layout(text), 1, 0)


def log(records: Records, *activities: str) -> list[tuple[str, int, float, float, float]]:
    """Attempts as (activity, project, ready, start, end), in the order of their starts and then of the file."""
    names = records.layout.activities
    rows = []
    for number, step in enumerate(records.attempt_step.tolist()):
        name = names[records.plan.steps.activity[step]]
        if not activities or name in activities:
            times = (records.attempt_ready[number], records.attempt_start[number], records.attempt_end[number])
            rows.append((step, name, int(records.plan.cases.row[records.plan.steps.case[step]]), *map(float, times)))
    return [row[1:] for row in sorted(rows, key=lambda row: (row[4], row[0]))]


def ends(records: Records, activity: str) -> list[float]:
    """When the cases ended an activity, in the order of the steps."""
    found: list[float] = records.end[records.plan.steps.activity == records.layout.number[activity]].tolist()
    return found


# --- tie rules --------------------------------------------------------------------------------------------------------


def given(scenario: Layout, works: dict[str, list[list[float]]], arrival: list[float]) -> Plan:
    """A plan in which every project has so many attempts of each activity, of these durations."""
    (name,) = scenario.groups
    return given_plan(scenario, Projects(name, scenario.scenario.portfolio[name], np.array(arrival), {}, {}), works)


TWO_STEPS = """
[portfolio.p]
of = "any"
count = {count}
arrivals = {{ on = [0] }}
[desks.window]
servers = 1
[activities.first]
step = "desk"
desk = "window"
duration = 1
correction = {{ probability = 0.5 }}
[activities.second]
step = "desk"
desk = "window"
duration = 1
needs = ["first"]
"""


def test_head_starts_before_a_failed_attempt_asks_again() -> None:
    """At the end of an attempt the head of the line starts; then the failed attempt joins the tail."""
    plan = given(layout(TWO_STEPS.format(count=3)), {"first": [[2.0, 1.0], [3.0], [4.0]]}, [0.0, 0.5, 1.0])
    assert log(execute(plan), "first") == [
        ("first", 0, 0.0, 0.0, 2.0),
        ("first", 1, 0.5, 2.0, 5.0),
        ("first", 2, 1.0, 5.0, 9.0),
        ("first", 0, 2.0, 9.0, 10.0),
    ]


def test_head_starts_before_a_successor_asks() -> None:
    """A step released by the end of a service joins the tail of that desk, behind those who were waiting."""
    works = {"first": [[2.0], [3.0]], "second": [[1.0], [1.0]]}
    assert log(execute(given(layout(TWO_STEPS.format(count=2)), works, [0.0, 1.0]))) == [
        ("first", 0, 0.0, 0.0, 2.0),
        ("first", 1, 1.0, 2.0, 5.0),
        ("second", 0, 2.0, 5.0, 6.0),
        ("second", 1, 5.0, 6.0, 7.0),
    ]


def test_successors_ask_in_the_order_of_the_file() -> None:
    """Steps released at one instant join a line in ascending order, however they name their predecessor."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 1
        arrivals = { on = [3] }
        [desks.window]
        servers = 1
        [activities.c]
        step = "desk"
        desk = "window"
        duration = 3
        needs = ["open"]
        [activities.open]
        step = "milestone"
        [activities.a]
        step = "desk"
        desk = "window"
        duration = 1
        needs = ["open"]
        [activities.b]
        step = "desk"
        desk = "window"
        duration = 2
        needs = ["open"]
        """
    )
    assert log(records) == [("c", 0, 3.0, 3.0, 6.0), ("a", 0, 3.0, 6.0, 7.0), ("b", 0, 3.0, 7.0, 9.0)]


def test_a_correction_takes_the_applicant_and_a_place_in_the_line() -> None:
    """A returned file is fixed first, without a server, then joins the tail; the last attempt always passes."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 2
        arrivals = { on = [0] }
        [desks.window]
        servers = 1
        [activities.review]
        step = "desk"
        desk = "window"
        duration = 10
        correction = { probability = 1, attempts = 3, fix = 4, repeat = 0.5 }
        """
    )
    assert log(records) == [
        ("review", 0, 0.0, 0.0, 10.0),
        ("review", 1, 0.0, 10.0, 20.0),
        ("review", 0, 14.0, 20.0, 25.0),
        ("review", 1, 24.0, 25.0, 30.0),
        ("review", 0, 29.0, 30.0, 35.0),
        ("review", 1, 34.0, 35.0, 40.0),
    ]


def test_projects_arrive_on_their_day_to_the_last_bit() -> None:
    """The arrival of a case is over at the very time that was drawn for it."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 2000
        arrivals = { every = "exponential(0.7)" }
        [desks.window]
        servers = 1
        [activities.review]
        step = "desk"
        desk = "window"
        duration = "exponential(0.6)"
        """
    )
    np.testing.assert_array_equal(records.end[records.plan.cases.first], records.plan.cases.arrival)


# --- queue rules ------------------------------------------------------------------------------------------------------

RANKED = """
[classes.late]
priority = 2
[classes.key]
priority = 0
[portfolio]
late = {{ of = "late", count = 2, arrivals = {{ on = [0, 1] }} }}
any = {{ of = "any", count = 2, arrivals = {{ on = [2, 3] }} }}
key = {{ of = "key", count = 2, arrivals = {{ on = [4, 5] }} }}
[desks.window]
servers = 1
rule = "{rule}"
[activities.review]
step = "desk"
desk = "window"
duration = 10
"""


def test_class_queue() -> None:
    """Lower priority numbers go first and equals in turn; nobody is interrupted."""
    records = run(RANKED.format(rule="class"))
    starts = records.start[records.plan.steps.activity == 1].tolist()
    assert starts == [0.0, 50.0, 30.0, 40.0, 10.0, 20.0]
    starts = run(RANKED.format(rule="fifo")).start[records.plan.steps.activity == 1].tolist()
    assert starts == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]


def test_slack_queue() -> None:
    """Who has least time left to the deadline goes first: the date, less the work still ahead; no deadline, last."""
    records = run(
        """
        [classes.tight]
        deadline = { milestone = "done", days = 60 }
        [classes.long]
        deadline = { milestone = "done", days = 80 }
        [portfolio]
        any = { of = "any", count = 2, arrivals = { on = [0, 1] } }
        tight = { of = "tight", count = 1, arrivals = { on = [2] } }
        long = { of = "long", count = 1, arrivals = { on = [3] }, process = "longer" }
        [desks.window]
        servers = 1
        rule = "slack"
        [activities.review]
        step = "desk"
        processes = ["project", "longer"]
        desk = "window"
        duration = 10
        [activities.build]
        step = "work"
        processes = ["longer"]
        duration = 25
        needs = ["review"]
        [activities.done]
        step = "milestone"
        processes = ["project", "longer"]
        needs = ["review", "build"]
        """
    )
    # ranks: none, none, 2 + 60 - 0, 3 + 80 - 25
    assert records.start[records.plan.steps.activity == 1].tolist() == [0.0, 30.0, 20.0, 10.0]


def test_dedicated_servers() -> None:
    """Servers set apart for a class serve it first, and lend a hand when their own line is empty."""
    records = run(
        """
        [classes.key]
        [portfolio]
        key = { of = "key", count = 2, arrivals = { on = [0, 0.5] } }
        any = { of = "any", count = 3, arrivals = { on = [1, 1.5, 1.75] } }
        [desks.window]
        servers = 3
        dedicated = { key = 1 }
        [activities.review]
        step = "desk"
        desk = "window"
        duration = 10
        """
    )
    assert records.start[records.plan.steps.activity == 1].tolist() == [0.0, 0.5, 1.0, 10.0, 10.5]


# --- meetings ---------------------------------------------------------------------------------------------------------


def test_meeting_on_demand() -> None:
    """The first to ask calls the meeting; who comes before the quorum does sits too; those left over call the next."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 5
        arrivals = { on = [10, 12, 14, 15.5, 30] }
        [meetings.special]
        on_demand = 5
        places = 2
        [activities.decide]
        step = "meeting"
        meeting = "special"
        duration = 1
        """
    )
    assert log(records) == [
        ("decide", 0, 10.0, 15.0, 16.0),
        ("decide", 1, 12.0, 15.0, 16.0),
        ("decide", 2, 14.0, 20.0, 21.0),
        ("decide", 3, 15.5, 20.0, 21.0),
        ("decide", 4, 30.0, 35.0, 36.0),
    ]


def test_meeting_on_its_calendar() -> None:
    """A sitting moves to the next open day, hears the first by rank who have asked by then, the rest the next time."""
    records = run(
        """
        start = 2023-01-02
        horizon = 60
        [classes.key]
        priority = 0
        [portfolio]
        any = { of = "any", count = 3, arrivals = { on = [0, 6.5, 7.5] } }
        key = { of = "key", count = 1, arrivals = { on = [6] } }
        [calendars.office]
        week = [1, 1, 1, 1, 1, 0, 0]
        [meetings.leaders]
        every = 5
        first = 5
        places = 1
        rule = "class"
        calendar = "office"
        [activities.decide]
        step = "meeting"
        meeting = "leaders"
        """
    )
    assert ends(records, "decide") == [10.0, 15.0, 21.0, 7.0]


def test_dated_meeting() -> None:
    """A body that sits on given dates hears nobody after the last."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 3
        arrivals = { on = [0, 9, 21] }
        [meetings.ceremony]
        dates = [20, 5]
        [activities.break_ground]
        step = "meeting"
        meeting = "ceremony"
        """
    )
    np.testing.assert_array_equal(records.milestone("break_ground"), [5.0, 20.0, np.nan])


# --- stocks -----------------------------------------------------------------------------------------------------------


def test_stock_serves_in_turn() -> None:
    """Units go to the head of the line; who wants less does not overtake, nor does who would go on without."""
    records = run(
        """
        [classes.large]
        attributes = { land = 5 }
        [classes.small]
        attributes = { land = 1 }
        [portfolio]
        first = { of = "large", count = 2, arrivals = { on = [0, 1] } }
        then = { of = "small", count = 1, arrivals = { on = [2] } }
        other = { of = "small", count = 1, arrivals = { on = [3] }, process = "choosy" }
        [stocks.bank]
        initial = 7
        tranches = [{ on = 10, amount = 2 }, { on = 20, amount = 2 }]
        [activities.draw]
        step = "stock"
        stock = "bank"
        amount = "land"
        [activities.try]
        step = "stock"
        processes = ["choosy"]
        stock = "bank"
        amount = "land"
        when_short = "go on"
        """
    )
    assert ends(records, "draw") == [0.0, 20.0, 20.0]
    assert ends(records, "try") == [3.0]
    assert records.held[records.plan.steps.kind == STOCK].tolist() == [True, True, True, False]
    assert records.levels[:, [0, 2]].tolist() == [[0, 7], [0, 2], [10, 4], [20, 6], [20, 1], [20, 0]]


def test_base_stock_orders_what_is_missing_and_what_is_owed() -> None:
    """Parcels are ordered up to the target on day 0, for each unit drawn, and for each demand that waits."""
    records = run(
        """
        [classes.parcel]
        [portfolio]
        p = { of = "any", count = 4, arrivals = { on = [10, 11, 12, 13] } }
        parcels = { of = "parcel", count = 9, process = "parcel", arrivals = { by = "bank" } }
        [stocks.bank]
        initial = 1
        target = 2
        orders = "parcels"
        [activities.draw]
        step = "stock"
        stock = "bank"
        [activities.prepare]
        step = "work"
        processes = ["parcel"]
        duration = 8
        [activities.deliver]
        step = "stock"
        processes = ["parcel"]
        stock = "bank"
        gives = true
        needs = ["prepare"]
        """
    )
    assert ends(records, "draw") == [10.0, 11.0, 18.0, 19.0]
    prepared = records.plan.steps.activity == records.layout.number["prepare"]
    np.testing.assert_array_equal(records.start[prepared], [0.0, 10.0, 11.0, 12.0, 13.0, *[np.nan] * 4])
    assert records.levels[-1].tolist() == [21.0, 0.0, 2.0]


def test_a_branch_for_who_finds_the_store_short() -> None:
    """Who obtained units takes one way and who did not the other; the steps of the way not taken are skipped."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 2
        arrivals = { on = [0, 1] }
        [stocks.bank]
        initial = 1
        [activities.draw]
        step = "stock"
        stock = "bank"
        when_short = "go on"
        [activities.ready_land]
        step = "work"
        duration = 3
        needs = ["draw"]
        applies = { taken = "draw" }
        [activities.raw_land]
        step = "work"
        duration = 100
        needs = ["draw"]
        applies = { short = "draw" }
        [activities.land]
        step = "milestone"
        needs = ["ready_land", "raw_land"]
        """
    )
    assert records.milestone("land").tolist() == [3.0, 101.0]
    assert records.held[records.plan.steps.activity == 1].tolist() == [True, False]
    assert log(records) == [
        ("draw", 0, 0.0, 0.0, 0.0),
        ("ready_land", 0, 0.0, 0.0, 3.0),
        ("draw", 1, 1.0, 1.0, 1.0),
        ("raw_land", 1, 1.0, 1.0, 101.0),
    ]


def test_units_that_are_held_choose_the_version() -> None:
    """A practice that holds a unit counts only for projects that have one: duration and returns, both drawn before."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 2
        arrivals = { on = [0, 1] }
        [stocks.agents]
        initial = 1
        [desks.window]
        servers = 9
        [practices.agency]
        share = 1
        holds = "assign"
        effects = [{ tags = ["file"], duration = 0.5, correction = 0 }]
        [activities.assign]
        step = "stock"
        stock = "agents"
        when_short = "go on"
        [activities.review]
        step = "desk"
        desk = "window"
        duration = 10
        needs = ["assign"]
        correction = { probability = 1, attempts = 2, fix = 2 }
        tags = ["file"]
        """
    )
    assert log(records, "review") == [
        ("review", 0, 0.0, 0.0, 5.0),
        ("review", 1, 1.0, 1.0, 11.0),
        ("review", 1, 13.0, 13.0, 23.0),
    ]


def test_a_long_chain_of_takers_and_givers_does_not_nest() -> None:
    """Five hundred projects that pass one unit on at one instant are all served."""
    records = run(
        """
        [portfolio]
        first = { of = "any", count = 1, process = "hold", arrivals = { on = [0] } }
        others = { of = "any", count = 500, arrivals = { on = [1] } }
        [stocks.key]
        initial = 1
        [activities]
        take = { step = "stock", stock = "key", processes = ["hold"] }
        keep = { step = "work", duration = 50, processes = ["hold"], needs = ["take"] }
        give = { step = "stock", stock = "key", gives = true, processes = ["hold"], needs = ["keep"] }
        borrow = { step = "stock", stock = "key" }
        return = { step = "stock", stock = "key", gives = true, needs = ["borrow"] }
        """
    )
    assert ends(records, "return") == [50.0] * 500
    assert records.levels[-1, 2] == 1.0


# --- issues -----------------------------------------------------------------------------------------------------------

WITH_ISSUES = """
[portfolio.p]
of = "any"
count = 1
arrivals = { on = [0] }
[issues]
rate = 1
categories = { land = { weight = 1 } }
[activities.draw]
step = "milestone"
[activities.build]
step = "work"
duration = 10
needs = ["draw"]
exposure = 1
correction = { probability = 1, attempts = 2 }
[activities.open]
step = "milestone"
needs = ["build"]
[activities.treat]
step = "work"
processes = ["issue"]
duration = 4
[activities.issue_closed]
step = "milestone"
processes = ["issue"]
needs = ["treat"]
[activities.learn]
step = "work"
processes = ["issue"]
duration = 1
needs = ["issue_closed"]
"""


def with_issues(
    fractions: list[float], stops: list[bool], treatment: list[float], attempts: int = 1, applies: bool = True
) -> Records:
    """One project that builds for ten days and meets these issues on the way."""
    scenario = layout(WITH_ISSUES)
    (name,) = scenario.groups
    zero, count = np.zeros(len(fractions), dtype=np.int64), len(fractions)
    projects = Projects(name, scenario.scenario.portfolio[name], np.zeros(1), {}, {})
    host = np.full(count, scenario.number["build"])
    issues = Issues(zero, np.arange(count), host, zero, np.array(fractions), zero, np.array(stops), zero - 1)
    works = {
        "build": [[10.0] + [3.0] * (attempts - 1)],
        "treat": [[days] for days in treatment],
        "learn": [[1.0]] * count,
    }
    without = () if applies else ("build",)
    return execute(given_plan(scenario, projects, works, issues, without=without))


def test_an_issue_that_stops_the_work() -> None:
    """The work goes on where it was when the issue is closed, and ends later by the days that took."""
    records = with_issues([0.3], [True], [4.0])
    assert log(records, "build") == [("build", 0, 0.0, 0.0, 3.0), ("build", 0, 7.0, 7.0, 14.0)]
    assert ends(records, "open") == [14.0]


def test_an_issue_that_blocks_completion() -> None:
    """The work goes on beside the issue; what waits for it waits for both."""
    assert ends(with_issues([0.3], [False], [4.0]), "open") == [10.0]
    records = with_issues([0.3], [False], [40.0])
    assert log(records, "build") == [("build", 0, 0.0, 0.0, 3.0), ("build", 0, 3.0, 3.0, 10.0)]
    assert ends(records, "open") == [43.0]


def test_several_issues_of_one_activity() -> None:
    """Issues arise in the order of the work done, whatever their order in the draws, each at its own share of it."""
    records = with_issues([0.5, 0.2, 0.9], [True, False, True], [4.0, 6.0, 1.0])
    assert log(records, "build") == [
        ("build", 0, 0.0, 0.0, 2.0),
        ("build", 0, 2.0, 2.0, 5.0),
        ("build", 0, 9.0, 9.0, 13.0),
        ("build", 0, 14.0, 14.0, 15.0),
    ]
    assert ends(records, "issue_closed") == [9.0, 8.0, 14.0]
    assert ends(records, "open") == [15.0]


def test_what_follows_the_end_of_an_issue_takes_place() -> None:
    """Steps of the issue after its closing run, beside the work that it had stopped."""
    for stops in (True, False):
        assert ends(with_issues([0.3], [stops], [4.0]), "learn") == [8.0]


def test_only_the_whole_work_comes_back() -> None:
    """An activity with issues is corrected once it is done, not once for each of its segments."""
    records = with_issues([0.3, 0.5], [True, False], [4.0, 1.0], attempts=2)
    assert ends(records, "open") == [17.0]
    assert log(records, "build")[-1] == ("build", 0, 14.0, 14.0, 17.0)
    assert len(log(records, "build")) == 4


def test_a_skipped_host_has_no_issues() -> None:
    """Where the work does not take place its issues never arise, and what waited for it goes on at once."""
    records = with_issues([0.3], [True], [4.0], applies=False)
    assert ends(records, "open") == [0.0]
    np.testing.assert_array_equal(ends(records, "treat"), [np.nan])


LAND_OR_WORK = """
[portfolio.p]
of = "any"
count = 1
arrivals = {{ on = [0] }}
[stocks.bank]
initial = {initial}
[issues]
rate = 8
categories = {{ land = {{ weight = 1, stops = 0.5 }} }}
[activities.draw]
step = "stock"
stock = "bank"
when_short = "go on"
[activities.build]
step = "work"
duration = 10
needs = ["draw"]
exposure = 1
applies = {{ short = "draw" }}
[activities.open]
step = "milestone"
needs = ["build"]
[activities.treat]
step = "work"
processes = ["issue"]
duration = 4
[activities.issue_closed]
step = "milestone"
processes = ["issue"]
needs = ["treat"]
"""


def test_a_host_skipped_in_the_run_passes_its_join() -> None:
    """Work that turns out not to take place is passed by with its segments and issues; its successors do not wait."""
    taken, short = (run(LAND_OR_WORK.format(initial=initial)) for initial in (1, 0))
    for records in (taken, short):
        assert (records.plan.cases.category >= 0).sum() > 4
    assert ends(taken, "open") == [0.0]
    assert np.isnan(ends(taken, "treat")).all()
    assert ends(short, "open")[0] > 14.0
    assert not np.isnan(ends(short, "treat")).any()


# --- the horizon ------------------------------------------------------------------------------------------------------


def test_what_the_horizon_cuts_off() -> None:
    """At the horizon a served step has no end and a waiting one no start; who would arrive later never does."""
    records = run(
        """
        horizon = 30
        [portfolio.p]
        of = "any"
        count = 5
        arrivals = { on = [0, 1, 2, 4, 31] }
        [desks.window]
        servers = 1
        [activities.review]
        step = "desk"
        desk = "window"
        duration = 10
        correction = { probability = 1, attempts = 3, fix = 3 }
        """
    )
    nan = np.nan
    assert records.over == 30.0
    attempts = np.column_stack(
        (records.attempt_step, records.attempt_ready, records.attempt_start, records.attempt_end)
    )
    np.testing.assert_array_equal(
        attempts,
        [[1, 0, 0, 10], [3, 1, 10, 20], [1, 13, nan, nan], [3, 23, nan, nan], [5, 2, 20, nan], [7, 4, nan, nan]],
    )
    np.testing.assert_array_equal(records.first_ready[1::2], [0, 1, 2, 4, nan])
    np.testing.assert_array_equal(records.milestone("review"), [nan] * 5)
    np.testing.assert_array_equal(records.milestone("arrival"), [0, 1, 2, 4, nan])


@pytest.mark.parametrize(
    ("arrivals", "tranche"),
    [
        ("{ on = [4, -1] }", 0),
        ("{ between = [-3, 5] }", 0),
        ("{ between = [0, 5], batches = [-2] }", 0),
        ("{ on = [0] }", -5),
    ],
)
def test_nothing_comes_before_the_start(arrivals: str, tranche: int) -> None:
    """Time never runs backwards: arrivals and units before day 0 are refused before the run."""
    text = f"""
        [portfolio.p]
        of = "any"
        count = 2
        arrivals = {arrivals}
        [stocks.bank]
        tranches = [{{ on = {tranche}, amount = 9 }}]
        [activities.draw]
        step = "stock"
        stock = "bank"
        """
    with pytest.raises(ScenarioError, match="lies before the start; move start"):
        layout(text)


def test_a_file_in_the_applicants_hands_at_the_horizon() -> None:
    """Between two attempts a step neither waits nor is served: it has no attempt but those that came back."""
    records = run(
        """
        horizon = 12
        [portfolio.p]
        of = "any"
        count = 1
        arrivals = { on = [0] }
        [desks.window]
        servers = 1
        [activities.review]
        step = "desk"
        desk = "window"
        duration = 10
        correction = { probability = 1, attempts = 3, fix = 3 }
        """
    )
    assert log(records) == [("review", 0, 0.0, 0.0, 10.0)]
    assert np.isnan(records.ready[1])
    assert np.isnan(records.start[1])
    assert records.first_ready[1] == 0.0


def test_who_waits_for_units_has_not_started() -> None:
    """A step that waits for units is ready and has no start until it obtains them."""
    records = run(
        """
        [portfolio.p]
        of = "any"
        count = 2
        arrivals = { on = [1] }
        [stocks.bank]
        initial = 1
        [activities.draw]
        step = "stock"
        stock = "bank"
        """
    )
    np.testing.assert_array_equal(records.ready[1::2], [1.0, 1.0])
    np.testing.assert_array_equal(records.start[1::2], [1.0, np.nan])
