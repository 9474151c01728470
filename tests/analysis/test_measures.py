"""Measures: what one replication shows, and one row from many. All numbers are assumed for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.analysis.experiments.comparison import compare
from parkflow.analysis.measures.measure import Observation
from parkflow.analysis.measures.registry import MEASURES, measure
from parkflow.analysis.measures.registry import observe as observed
from parkflow.analysis.measures.summary import Row, summarise
from parkflow.analysis.replication.replication import Replication, laid_out
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

QUESTION = ("arrival", "groundbreaking")
SEED = 12
"""Of this seed the projects of a group that come at one instant are served in the order of their numbers."""
KEYS = ["policy", "measure", "from", "to", "group", "unit", "mean", "low", "high", "replications", "censored"]


def run(servers: int = 1, **more: Any) -> Records:
    """Projects that arrive on given days, are served for 10 days each and break ground."""
    table: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plant": {}},
        "portfolio": {"new": {"of": "plant", "count": 2, "arrivals": {"on": [0.0]}}},
        "desks": {"hall": {"servers": servers}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "10 cd"},
            "groundbreaking": {"step": "milestone", "needs": ["filing"]},
        },
    }
    return simulate(Layout(Scenario.model_validate(table | more)), SEED, 0)


def observe(runs: dict[str, Records], baseline: str, question: tuple[str, str]) -> list[Observation]:
    """What some records show."""
    return observed({policy: Replication(records) for policy, records in runs.items()}, baseline, question)


def seen(observations: list[Observation], name: str, group: str = "all", policy: str = "serial") -> Observation:
    """The one observation of a measure, group and policy."""
    (found,) = (it for it in observations if (it.measure, it.group, it.policy) == (name, group, policy))
    return found


def value(observations: list[Observation], name: str, group: str = "all", policy: str = "serial") -> float:
    """The observed value; for a ratio the numerator over the denominator."""
    found = seen(observations, name, group, policy)
    return found.value / found.weight


def alone(records: Records, question: tuple[str, str] = QUESTION) -> list[Observation]:
    """What one policy shows without another."""
    return observe({"serial": records}, "serial", question)


def test_every_measure_has_one_name() -> None:
    """The registry is the one place of definitions."""
    names = [it.name for it in MEASURES]
    assert len(names) == len(set(names))
    assert [measure(name) for name in names] == list(MEASURES)
    with pytest.raises(KeyError):
        measure("nothing")


def test_days_are_means_and_quantiles_over_projects() -> None:
    """One project takes 10 days, the other waits for it."""
    found = alone(run())
    assert value(found, "days") == 15.0
    assert [value(found, f"days_{name}") for name in ("p10", "p50", "p90")] == [11.0, 15.0, 19.0]
    assert seen(found, "days")[2:4] == QUESTION


def test_who_is_not_finished_counts_up_to_the_end_and_is_censored() -> None:
    """At a horizon of 16 days the second project has 16 days, not 20, and one project is shown as censored."""
    found = alone(run(horizon=16))
    assert value(found, "days") == 13.0
    assert seen(found, "days").censored == seen(found, "started").censored == 1
    assert value(found, "started") == 1
    causes = {name: seen(found, "cause_days", name)[5:] for name in ("service", "queueing")}
    assert causes == {"service": (8.0, 1.0, 1), "queueing": (5.0, 1.0, 1)}


def test_who_withdraws_is_counted_apart() -> None:
    """Of four projects that are filed one after the other some give up: they have no days and are not censored."""
    activities = {
        "filing": {"step": "desk", "desk": "hall", "duration": "10 cd"},
        "gives_up": {"step": "end", "needs": ["filing"], "applies": {"where": {"weak": 1}}},
        "groundbreaking": {"step": "milestone", "needs": ["gives_up"]},
    }
    classes = {"plant": {"attributes": {"weak": 0}}, "doubtful": {"attributes": {"weak": 1}}}
    arrivals = {"arrivals": {"on": [0.0]}, "count": 2}
    portfolio = {"new": {"of": "plant", **arrivals}, "other": {"of": "doubtful", **arrivals}}
    found = alone(run(activities=activities, classes=classes, portfolio=portfolio, horizon=60))
    assert value(found, "days") == 15.0
    assert seen(found, "days").censored == seen(found, "started").censored == 0
    assert [value(found, "withdrawn", group) for group in ("all", "new", "other")] == [0.5, 0.0, 1.0]
    assert value(found, "started") == 2
    to_the_end = alone(run(activities=activities, classes=classes, portfolio=portfolio), ("arrival", "filing"))
    assert value(to_the_end, "days", "other") == 35.0


def test_who_has_not_begun_is_left_out_but_counted() -> None:
    """A project that arrives after the horizon has no days yet, and is censored."""
    portfolio = {"new": {"of": "plant", "count": 2, "arrivals": {"on": [0.0, 50.0]}}}
    found = alone(run(horizon=16, portfolio=portfolio))
    assert value(found, "days") == 10.0
    assert seen(found, "days").censored == 1


def test_milestones_behind_a_project_or_not_its_own_are_no_censoring() -> None:
    """Of a project already building, and of one that needs no filing, nothing is measured."""
    activities = {
        "agreement": {"step": "milestone", "stage": "talks"},
        "filing": {"step": "desk", "desk": "hall", "duration": "10 cd", "stage": "building", "needs": ["agreement"]},
        "groundbreaking": {"step": "milestone", "needs": ["filing"]},
    }
    old = {"of": "plant", "count": 3, "arrivals": {"on": [0.0]}, "in_progress": {"stage": "building", "done": 0.5}}
    new = {"of": "plant", "count": 1, "arrivals": {"on": [0.0]}}
    records = run(4, stages=["talks", "building"], activities=activities, portfolio={"old": old, "new": new})
    found = alone(records, ("agreement", "groundbreaking"))
    assert value(found, "days") == value(found, "days", "new") == 10.0
    assert seen(found, "days").censored == 0
    assert not [it for it in found if it.measure == "days" and it.group == "old"]
    assert value(found, "started") == 4


def test_days_saved_are_paired_by_project() -> None:
    """A second server saves nothing for the first project and 10 days for the second."""
    found = observe({"serial": run(), "fast": run(2)}, "serial", QUESTION)
    assert value(found, "days_saved", policy="fast") == 5.0
    assert value(found, "days_saved_p90", policy="fast") == 9.0
    assert value(found, "share_losing", policy="fast") == 0.0
    assert value(found, "project_days_gained", policy="fast") == 10.0
    assert value(found, "cause_days_saved", "queueing", "fast") == 5.0
    assert not [it for it in found if it.policy == "serial" and measure(it.measure).paired]


def test_a_pair_is_censored_if_either_is_and_restricted_at_the_same_day() -> None:
    """With a horizon of 16 days the second server saves 6 of the 10 days, whichever is the baseline."""
    runs = {"serial": run(horizon=16), "fast": run(2, horizon=16)}
    for baseline, policy, saved in (("serial", "fast", 3.0), ("fast", "serial", -3.0)):
        found = seen(observe(runs, baseline, QUESTION), "days_saved", policy=policy)
        assert (found.value, found.censored) == (saved, 1)


def test_two_runs_of_different_length_are_restricted_at_the_later_end() -> None:
    """The policy is cut off on day 16 and the baseline runs until 30: the open project counts up to 30, and loses."""
    found = observe({"serial": run(horizon=30), "cut": run(horizon=16)}, "serial", QUESTION)
    assert value(found, "days_saved", policy="cut") == (0 + (20 - 30)) / 2


def test_who_has_broken_ground_before_is_not_awaited() -> None:
    """Projects that are building when they arrive neither start during the run nor are censored."""
    activities = {
        "groundbreaking": {"step": "milestone", "stage": "talks"},
        "works": {"step": "work", "duration": "10 cd", "stage": "building", "needs": ["groundbreaking"]},
    }
    old = {"of": "plant", "count": 3, "arrivals": {"on": [0.0]}, "in_progress": {"stage": "building", "done": 0.5}}
    new = {"of": "plant", "count": 1, "arrivals": {"on": [0.0]}}
    records = run(stages=["talks", "building"], activities=activities, portfolio={"old": old, "new": new}, desks={})
    found = seen(alone(records), "started")
    assert (found.value, found.censored) == (1.0, 0)


def test_losers_are_counted_and_their_days_summed() -> None:
    """The same two parks with the other as baseline."""
    found = observe({"serial": run(), "fast": run(2)}, "fast", QUESTION)
    assert seen(found, "share_losing")[5:7] == (1.0, 2.0)
    assert value(found, "project_days_lost") == 10.0
    assert value(found, "project_days_gained") == 0.0


def test_half_a_day_is_no_loss() -> None:
    """A project that loses 0.4 days does not lose."""
    slow = {"hall": {"servers": 2}}
    activities = {
        "filing": {"step": "desk", "desk": "hall", "duration": "10.4 cd"},
        "groundbreaking": {"step": "milestone", "needs": ["filing"]},
    }
    found = observe({"a": run(2), "b": run(desks=slow, activities=activities)}, "a", QUESTION)
    assert value(found, "share_losing", policy="b") == 0.0
    assert value(found, "project_days_lost", policy="b") == pytest.approx(0.8)


def test_policies_must_have_the_same_projects() -> None:
    """Days saved of different projects mean nothing."""
    portfolio = {"new": {"of": "plant", "count": 3, "arrivals": {"on": [0.0]}}}
    with pytest.raises(ValueError, match="same projects"):
        observe({"serial": run(), "other": run(portfolio=portfolio)}, "serial", QUESTION)


def test_groups_and_classes_have_their_own_rows() -> None:
    """Classes are shown only where they are not the groups under other names."""
    arrivals = {"on": [0.0]}
    portfolio = {
        "spring": {"of": "plant", "count": 1, "arrivals": arrivals},
        "autumn": {"of": "plant", "count": 1, "arrivals": arrivals},
        "mega": {"of": "large", "count": 1, "arrivals": arrivals},
    }
    found = alone(run(classes={"plant": {}, "large": {}}, portfolio=portfolio))
    groups = [it.group for it in found if it.measure == "days"]
    assert groups == ["all", "spring", "autumn", "mega", "class:plant", "class:large"]
    assert [value(found, "days", group) for group in groups] == [20.0, 10.0, 20.0, 30.0, 15.0, 30.0]


def test_a_cohort_is_judged_on_its_date() -> None:
    """Of two projects one has broken ground on day 12; before that date, unfinished ones are censored."""
    cohort = {"groups": ["new"], "milestone": "groundbreaking", "by": 12.0}
    assert seen(alone(run(cohort=cohort)), "start_rate", "new")[5:] == (1.0, 2.0, 0)
    assert seen(alone(run(cohort=cohort, horizon=11)), "start_rate", "new")[5:] == (1.0, 2.0, 1)


def test_a_desk_is_measured_in_its_busiest_year() -> None:
    """Ten days of every fifty in the first years, ten of every twenty from day 1000 on: the latter count."""
    days = [50.0 * k for k in range(20)] + [1000.0 + 20.0 * k for k in range(30)]
    portfolio = {"new": {"of": "plant", "count": 50, "arrivals": {"on": days}}}
    found = alone(run(portfolio=portfolio, horizon=3000))
    assert seen(found, "utilisation", "hall")[5:7] == (185.0, 365.0)
    assert value(found, "wait", "hall") == 0.0


def test_a_desk_is_not_idle_while_it_is_closed() -> None:
    """One service of five working days every two weeks, on one of two servers: a quarter of what is open."""
    portfolio = {"new": {"of": "plant", "count": 10, "arrivals": {"on": [14.0 * k for k in range(10)]}}}
    activities = {
        "filing": {"step": "desk", "desk": "hall", "duration": "5 wd"},
        "groundbreaking": {"step": "milestone", "needs": ["filing"]},
    }
    hall = {"hall": {"servers": 2, "calendar": "office"}}
    calendars = {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}}
    records = run(
        portfolio=portfolio, activities=activities, desks=hall, calendars=calendars, start="2024-01-01", horizon=140
    )
    assert seen(alone(records), "utilisation", "hall")[5:7] == (50.0, 200.0)


def test_who_still_waits_at_a_desk_counts_up_to_the_end() -> None:
    """Nobody has served the second project by day 8."""
    found = alone(run(horizon=8))
    assert seen(found, "wait", "hall")[5:] == (4.0, 1.0, 1)


def with_issues(treatment: str = "20 cd", horizon: float | None = None, officer: float = 0.0) -> Records:
    """Twenty projects whose works meet issues that are found after 5 days and solved by the officer or the leaders."""
    issue = {"processes": ["issue"]}
    activities: dict[str, dict[str, Any]] = {
        "works": {"step": "work", "duration": "100 cd", "exposure": 1.0},
        "groundbreaking": {"step": "milestone", "needs": ["works"]},
        "latent": {"step": "work", "duration": "5 cd", **issue},
        "issue_found": {"step": "milestone", "needs": ["latent"], **issue},
        "officer": {"step": "milestone", "needs": ["issue_found"], "solves": officer, **issue},
        "leaders": {"step": "work", "duration": treatment, "needs": ["officer"], "solves": 1.0, **issue},
        "issue_solved": {"step": "milestone", "needs": ["leaders"], **issue},
        "reopened": {"step": "work", "duration": "1 cd", "needs": ["issue_solved"], **issue},
        "issue_closed": {"step": "milestone", "needs": ["reopened"], **issue},
    }
    activities["reopened"]["applies"] = {"probability": 0.0}
    issues = {"rate": 2.0, "categories": {"power": {"weight": 1, "stops": 0.0}}}
    portfolio = {"new": {"of": "plant", "count": 20, "arrivals": {"on": [0.0]}}}
    return run(activities=activities, issues=issues, portfolio=portfolio, horizon=horizon, desks={})


def test_issues_are_counted_timed_and_told_by_tier() -> None:
    """All are found after 5 days and solved 20 days later, by the leaders."""
    found = alone(with_issues())
    count = value(found, "issues_raised")
    assert count > 20
    assert value(found, "issues_found") == count
    assert seen(found, "issues_resolved")[5:] == (count, count, 0)
    assert value(found, "issues_resolved_30") == 1.0
    assert value(found, "issue_days") == pytest.approx(20.0)
    assert (value(found, "issues_solved_at", "officer"), value(found, "issues_solved_at", "leaders")) == (0.0, 1.0)
    assert seen(found, "issues_reopened")[5:7] == (0.0, count)


def test_an_issue_is_solved_by_the_first_that_solves_it() -> None:
    """The leaders take up every issue here, also those that the officer has solved."""
    found = alone(with_issues(officer=1.0))
    assert (value(found, "issues_solved_at", "officer"), value(found, "issues_solved_at", "leaders")) == (1.0, 0.0)


def test_a_share_within_so_many_days_is_of_issues_watched_so_long() -> None:
    """Each takes 40 days: none within 30, all within 70; those found in the last 70 days cannot tell."""
    records = with_issues(treatment="40 cd", horizon=110)
    found = alone(records)
    on = records.milestone("issue_found")
    assert seen(found, "issues_resolved_30")[5:7] == (0.0, float(np.count_nonzero(on <= 80)))
    assert seen(found, "issues_resolved_70")[5:7] == (float(np.count_nonzero(on <= 40)),) * 2
    assert seen(found, "issues_resolved").censored == np.count_nonzero(on > 70)
    assert seen(found, "issues_resolved_30").censored == np.count_nonzero(on > 80)
    assert seen(found, "issues_resolved_70").censored == np.count_nonzero(on > 70)
    days = np.minimum(110 - on[~np.isnan(on)], 40)
    assert value(found, "issue_days") == pytest.approx(days.mean())


def test_a_park_without_issues_or_production_has_no_rows_of_them() -> None:
    """Rows are missing rather than zero where the scenario has no such thing."""
    names = {it.measure for it in alone(run())}
    assert "started" in names
    assert not names & {"completed", "start_rate", "issues_raised", "issues_resolved"}
    assert names <= {it.name for it in MEASURES}


def test_rows_have_the_published_keys_and_plain_values() -> None:
    """A number that is not defined is None, which JSON can write; quantities of the run are not numpy's."""
    rows = summarise([alone(run(horizon=16))])
    assert all(list(row) == KEYS for row in rows)
    assert rows[0]["mean"] == 13.0
    assert rows[0]["low"] is None
    assert {type(cell) for row in rows for cell in row.values()} <= {str, float, int, type(None)}


def test_means_are_over_replications_and_ratios_of_sums() -> None:
    """Censored counts are sums; a replication without the measure counts for nothing."""
    first = [
        Observation("p", "days", "a", "b", "all", 10.0, censored=1),
        Observation("p", "share_losing", "a", "b", "all", 1, 1),
    ]
    second = [
        Observation("p", "days", "a", "b", "all", 20.0, censored=2),
        Observation("p", "share_losing", "a", "b", "all", 1, 3),
    ]
    third = [Observation("p", "days", "a", "b", "all", np.nan, censored=4)]
    days, losing = summarise([first, second, third])
    assert (days["mean"], days["replications"], days["censored"], days["unit"]) == (15.0, 2, 7, "days")
    assert losing["mean"] == 0.5
    assert losing["low"] is not None


def test_net_of_the_park_counts_every_project_that_has_the_end_ahead() -> None:
    """Days saved are of those that the question names; who passed its beginning or is of another group counts too."""
    activities = {
        "agreement": {"step": "milestone", "stage": "talks"},
        "filing": {"step": "desk", "desk": "hall", "duration": "10 cd", "stage": "files", "needs": ["agreement"]},
        "groundbreaking": {"step": "milestone", "stage": "site", "needs": ["filing"]},
    }
    one = {"of": "plant", "count": 1}
    portfolio = {
        "old": one | {"arrivals": {"on": [0.0]}, "in_progress": {"stage": "files", "done": 0.0}},
        "new": one | {"arrivals": {"on": [1.0]}},
        "later": one | {"arrivals": {"on": [2.0]}},
    }
    more: dict[str, Any] = {"stages": ["talks", "files", "site"], "activities": activities, "portfolio": portfolio}
    more["question"] = {"from": "agreement", "to": "groundbreaking", "groups": ["new"]}
    asked = ("agreement", "groundbreaking")
    found = observe({"serial": run(**more), "slow": run(2, **more)}, "serial", asked)
    assert value(found, "days") == 19.0
    assert value(found, "days_saved", policy="slow") == 9.0
    assert not [it for it in found if it.measure == "days_saved" and it.group in ("old", "later")]
    net = {it.group: it.value for it in found if it.measure == "net_days"}
    assert net == {
        "all": 19 / 3, "old": 0.0, "new": 9.0, "later": 10.0, "stage:files": 0.0, "stage:coming": 9.5,
    }  # fmt: skip


def test_who_begins_late_gains_nothing_by_the_horizon() -> None:
    """A policy that only signs 10 days later has the same days after signing, also where the run is cut off."""
    activities = {
        "talks": {"step": "work", "duration": "5 cd"},
        "signed": {"step": "milestone", "needs": ["talks"]},
        "works": {"step": "work", "duration": "40 cd", "needs": ["signed"]},
        "groundbreaking": {"step": "milestone", "needs": ["works"]},
    }
    later = activities | {"talks": {"step": "work", "duration": "15 cd"}}
    runs = {"serial": run(horizon=30, activities=activities), "late": run(horizon=30, activities=later)}
    found = observe(runs, "serial", ("signed", "groundbreaking"))
    assert value(found, "days") - value(found, "days", policy="late") == 10.0
    saved = seen(found, "days_saved", policy="late")
    assert (saved.value, saved.censored) == (0.0, 2)
    runs = {"serial": run(activities=activities), "late": run(activities=later)}
    assert value(observe(runs, "serial", ("signed", "groundbreaking")), "net_days", policy="late") == -10.0


def test_causes_saved_sum_to_the_days_saved_of_cut_off_projects() -> None:
    """At a horizon of 16 days the one that waits has waited for 10 and been served for 6."""
    runs = {"serial": run(horizon=16), "fast": run(2, horizon=16)}
    found = observe(runs, "serial", QUESTION)
    gained = {it.group: it.value for it in found if it.measure == "cause_days_saved" and it.value}
    assert gained == {"queueing": 5.0, "service": -2.0}
    assert sum(gained.values()) == value(found, "days_saved", policy="fast")


def test_no_bound_lies_outside_of_what_it_bounds() -> None:
    """A share of nearly everything, and a count of nearly nothing, whose spread would reach further."""
    rows = summarise(
        [
            [
                Observation("p", "share_losing", "a", "b", "all", lost, 40),
                Observation("p", "started", "", "b", "all", n),
            ]
            for lost, n in ((40, 0.0), (40, 0.0), (30, 5.0))
        ]
    )
    losing, started = rows
    assert losing["high"] == 1.0
    assert started["low"] == 0.0


def test_intervals_of_quantiles_are_rough_from_few_replications() -> None:
    """Those of means are not."""
    assert measure("days_p50").rough(19)
    assert not measure("days_p50").rough(20)
    assert not measure("days").rough(2)


def test_a_replication_does_not_depend_on_its_neighbours() -> None:
    """Rows stand in the order in which they are first met."""
    one, two = (alone(run(horizon=horizon)) for horizon in (16, 12))
    forward, backward = summarise([one, two]), summarise([two, one])
    assert [row["mean"] for row in forward] == pytest.approx([row["mean"] for row in backward], nan_ok=True)
    assert [row["measure"] for row in forward] == [row["measure"] for row in backward]


def lead_times(question: tuple[str, str]) -> dict[str, Row]:
    """Rows of the measures of elapsed time from two replications that have little in common."""
    filing = {"step": "desk", "desk": "hall", "duration": "lognormal(20, 3) cd"}
    levels = {"early": {"step": "milestone"}, "groundbreaking": {"step": "milestone", "needs": ["filing"]}}
    other = {"aside": {"step": "work", "duration": "lognormal(20, 3) cd"}}
    levels["beside"] = {"step": "milestone", "needs": ["aside"]}
    scenario = run(activities={"filing": filing, **other, **levels}).layout.scenario
    asked = ("days", "days_p90", "cause_days", "closed_days")
    rows = compare({"serial": laid_out(scenario)}, "serial", question, 1, range(2), measures=asked)
    return {f"{row['measure']} {row['group']}": row for row in rows}


def test_a_lead_time_is_never_below_nothing_where_its_milestones_have_an_order() -> None:
    """Its interval begins at 0; between milestones that may come either way it does not stop there."""
    for row in lead_times(QUESTION).values():
        assert row["low"] is not None and row["low"] >= 0, row["measure"]
    assert lead_times(QUESTION)["days all"]["low"] == 0
    either = lead_times(("beside", "groundbreaking"))["days all"]["low"]
    assert either is not None and either < 0
