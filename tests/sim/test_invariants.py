"""What holds in every run, over generated parks with all kinds of step, shared resources, issues and horizons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parkflow.analysis.experiments.executors import here, local, run_many
from parkflow.analysis.replication.replication import Replication, replicate
from parkflow.sim.kinds import DESK, MEETING, MILESTONE, STOCK, WORK
from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

Table = dict[str, Any]

generated = settings(max_examples=100, deadline=None, derandomize=True, database=None)
SEEDS = st.integers(0, 2**32)

# --- parks ------------------------------------------------------------------------------------------------------------

DURATIONS: tuple[Table, ...] = (
    {"dist": "constant", "value": 0},
    {"dist": "constant", "value": 5},
    {"dist": "exponential", "mean": 4},
    {"dist": "lognormal", "mean": 6, "cv": 1.0, "cap": 20},
    {"dist": "pert", "low": 0, "mode": 2, "high": 9},
    {"dist": "gamma", "mean": 3, "cv": 0.7},
    {"dist": "discrete", "values": [4, 0, 1], "weights": [1, 1, 2]},
)
ATTRIBUTES: Table = {
    "size": "uniform(0.2, 3)",
    "halls": {"dist": "discrete", "values": [1, 3, 2], "weights": [1, 1, 1]},
    "flag": "bernoulli(0.5)",
}
PRACTICES: Table = {
    "parallel": {"share": 0.6},
    "all_at_once": {"share": 0.5},
    "agent": {"share": 0.5, "holds": "claim", "effects": [{"tags": ["file"], "duration": 0.4, "correction": 0.3}]},
    "careful": {"share": 0.5, "effects": [{"tags": ["file"], "duration": 1.2, "issues": 0.5}]},
}
PARCEL: Table = {
    "prepare": {"step": "desk", "desk": "d1", "duration": DURATIONS[2]},
    "deliver": {"step": "stock", "stock": "bank", "gives": True, "amount": "size", "needs": ["prepare"]},
}
ISSUE: Table = {
    "found": {"step": "work", "duration": DURATIONS[2]},
    "treated": {"step": "desk", "desk": "d0", "duration": DURATIONS[1], "needs": ["found"], "solves": 0.5},
    "heard": {"step": "meeting", "meeting": "m0", "needs": ["treated"], "solves": 1},
    "issue_closed": {"step": "milestone", "needs": ["heard"]},
    "learnt": {"step": "work", "duration": DURATIONS[1], "needs": ["issue_closed"]},
}
ISSUE["heard"]["applies"] = {"unsolved": True, "practice": "parallel"}


@st.composite
def parks(draw: st.DrawFn) -> Scenario:
    """A small park: any network of the six kinds of step, with calendars where there is a horizon."""
    horizon = draw(st.sampled_from([60.0, None, 15.0, 90.5, 400.0]))
    calendars: Table = {} if horizon is None else {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}, "site": {"lost": 0.3}}
    clocks = st.sampled_from([None, *calendars])
    park: Table = {"name": "generated", "assumed": "generated", "start": "2023-01-02", "stages": ["one", "two"]}
    park |= {"horizon": horizon, "calendars": calendars, "attributes": ATTRIBUTES, "practices": PRACTICES}
    deadline = {"milestone": "finish", "days": 30}
    park["classes"] = {"plant": {"priority": draw(st.integers(0, 2)), "deadline": deadline}, "works": {}, "parcel": {}}
    park["desks"] = {name: draw(desks(clocks, horizon is not None)) for name in ("d0", "d1", "d2")}
    park["meetings"] = {name: draw(meetings(clocks)) for name in ("m0", "m1")}
    park["stocks"] = draw(stocks())
    park["portfolio"] = {of: draw(groups(of)) for of in ("plant", "works")}
    park["portfolio"]["parcels"] = {"of": "parcel", "count": 8, "process": "parcel", "arrivals": {"by": "bank"}}
    found = {**draw(networks(clocks)), **processed(PARCEL, "parcel"), **processed(ISSUE, "issue")}
    park["activities"] = {name: timed(activity, park["desks"]) for name, activity in found.items()}
    category = {"weight": 1, "stops": draw(st.sampled_from([0.5, 0, 1]))}
    park["issues"] = {"rate": draw(st.sampled_from([1.2, 0])), "categories": {"land": category}}
    return Scenario.model_validate(park)


def processed(found: Table, process: str) -> Table:
    """Activities that belong to one process."""
    return {name: {**activity, "processes": [process]} for name, activity in found.items()}


def timed(activity: Table, desks: Table) -> Table:
    """The activity with its duration in working days where it has a calendar, its desk's or its own."""
    clock = desks[activity["desk"]]["calendar"] if activity["step"] == "desk" else activity.get("calendar")
    if clock is None or "duration" not in activity:
        return activity
    return {**activity, "duration": {**activity["duration"], "unit": "wd"}}


@st.composite
def desks(draw: st.DrawFn, clocks: st.SearchStrategy[str | None], ends: bool) -> Table:
    servers = draw(st.integers(1, 3))
    dedicated = {"plant": 1} if servers > 1 and draw(st.booleans()) else {}
    rule = draw(st.sampled_from(["fifo", "class", "slack"]))
    desk = {"servers": servers, "rule": rule, "dedicated": dedicated, "calendar": draw(clocks)}
    if draw(st.booleans()):
        desk |= {"limit": draw(st.sampled_from(["12 cd", 3, 25])), "surge": draw(st.integers(0, 2))}
    if ends and draw(st.integers(0, 2)) == 0:
        desk |= {"background": draw(st.sampled_from([0.2, 0.6])), "background_spread": draw(st.sampled_from([0, 0.3]))}
    return desk


@st.composite
def meetings(draw: st.DrawFn, clocks: st.SearchStrategy[str | None]) -> Table:
    way: Table = draw(
        st.sampled_from([{"every": 7}, {"every": 5.5, "first": 2}, {"dates": [3, 9, 30, 31]}, {"on_demand": 4}])
    )
    rule = draw(st.sampled_from(["fifo", "class", "slack"]))
    return {**way, "places": draw(st.integers(1, 3)), "rule": rule, "calendar": draw(clocks)}


@st.composite
def stocks(draw: st.DrawFn) -> Table:
    rules = st.sampled_from(["fifo", "class", "slack"])
    tranches: list[tuple[int, float]] = draw(st.sampled_from([[(5, 2.5), (20, 4)], [(0, 9)]]))
    quota: Table = {"initial": draw(st.sampled_from([0, 40])), "rule": draw(rules)}
    quota["tranches"] = [{"on": day, "amount": amount} for day, amount in tranches]
    bank: Table = {"initial": draw(st.sampled_from([0, 2.5, 6])), "target": draw(st.sampled_from([0, 4, 7.5]))}
    bank |= {"orders": "parcels", "rule": draw(rules), "whole": draw(st.booleans())}
    bank |= draw(st.sampled_from([{}, {"initial": [1.5, 0.5, 2.5]}, {"initial": "uniform(0.5, 3)", "parcels": 3}]))
    bank |= {"lapses": draw(st.sampled_from([[], [12], [4.5, 25]]))}
    quota |= {"lapses": draw(st.sampled_from([[], [5], [30]]))}
    return {"places": {"initial": draw(st.integers(0, 3))}, "quota": quota, "bank": bank}


@st.composite
def groups(draw: st.DrawFn, of: str) -> Table:
    ways = [{"every": "exponential(3)"}, {"on": [0, 0, 10]}, {"between": [0, 20], "batches": [7], "batch_share": 0.5}]
    group: Table = {"of": of, "count": draw(st.integers(3, 8)), "arrivals": draw(st.sampled_from(ways))}
    if draw(st.integers(0, 3)) == 0:
        group["in_progress"] = {"stage": draw(st.sampled_from(["one", "two"])), "done": "uniform(0, 1)"}
    return group


@st.composite
def networks(draw: st.DrawFn, clocks: st.SearchStrategy[str | None]) -> Table:
    """A process that claims a place and returns it, waits for funds, and has up to eight activities of any kind."""
    found: Table = {"claim": {"step": "stock", "stock": "places", "when_short": "go on"}}
    for number in range(draw(st.integers(1, 8))):
        earlier = st.lists(st.sampled_from(list(found)), max_size=2, unique=True)
        activity = draw(activities(clocks))
        activity["needs"] = draw(earlier)
        activity["after"] = {name: "parallel" for name in draw(earlier) if name not in activity["needs"]}
        activity["applies"] = draw(st.sampled_from([{}, {"probability": 0.5}, {"where": {"flag": 1}}]))
        if draw(st.integers(0, 3)) == 0:
            activity["applies"] = {draw(st.sampled_from(["taken", "short"])): "claim"}
            activity["needs"] = list({"claim": None} | dict.fromkeys(activity["needs"]))
            activity["after"].pop("claim", None)
        if activity["step"] in ("work", "desk", "notice") and draw(st.integers(0, 3)) == 0:
            activity |= {"per": "halls", "previous": {f"a{number}": "all_at_once"}}
        found[f"a{number}"] = activity
    found["funds"] = {"step": "stock", "stock": "quota", "amount": "size"}
    found["search"] = {"step": "work", "duration": DURATIONS[2], "exposure": 1.5, "needs": ["claim"]}
    found["search"] |= {"applies": {draw(st.sampled_from(["short", "taken"])): "claim"}}
    found["file"] = {"step": "work", "duration": DURATIONS[1], "tags": ["file"], "exposure": 1.5}
    found["file"] |= {
        "per": "halls",
        "applies": {"probability": 0.8},
        "previous": {"file": "all_at_once"},
        "after": {"claim": "parallel"},
    }
    found["file"] |= draw(st.sampled_from([{"correction": {"probability": 0.5, "fix": 2}}, {}]))
    finish = {"step": "milestone", "needs": list(found)}
    back: Table = {
        "step": "stock",
        "stock": "places",
        "gives": True,
        "needs": ["claim", draw(st.sampled_from(list(found)))],
    }
    back |= {"applies": {"taken": "claim"}, "needs": list(dict.fromkeys(back["needs"]))}
    return {**found, "finish": finish, "return": back}


@st.composite
def activities(draw: st.DrawFn, clocks: st.SearchStrategy[str | None]) -> Table:
    step = draw(st.sampled_from(["work", "desk", "meeting", "stock", "notice", "milestone", "work", "desk"]))
    activity: Table = {"step": step, "stage": draw(st.sampled_from([None, "one", "two"]))}
    if step in ("work", "desk", "notice"):
        activity |= {"duration": draw(st.sampled_from(DURATIONS)), "times": draw(st.sampled_from([[], ["size"]]))}
    if step in ("work", "notice"):
        activity["calendar"] = draw(clocks)
    if step in ("work", "desk", "meeting") and draw(st.booleans()):
        rounds: Table = draw(st.sampled_from([{}, {"fix": "uniform(0, 4)", "decay": 0.5}, {"fix": 3, "repeat": 0.5}]))
        activity["correction"] = {"probability": 0.5, "attempts": draw(st.integers(2, 4)), **rounds}
        activity["tags"] = ["file"]
    if step == "work" and draw(st.booleans()):
        activity["exposure"] = 1.0
    if step in ("desk", "meeting"):
        activity[step] = draw(st.sampled_from(["d0", "d1", "d2"] if step == "desk" else ["m0", "m1"]))
    if step == "stock":
        sizes: list[Table] = [
            {"stock": "quota"},
            {"stock": "quota", "amount": "size"},
            {"stock": "bank", "amount": "size"},
        ]
        activity |= draw(st.sampled_from(sizes)) | {"when_short": draw(st.sampled_from(["wait", "go on"]))}
    return activity


# --- what holds -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_steps_keep_their_order(park: Scenario, seed: int) -> None:
    """No step is ready before its predecessors are over, starts before it is ready or ends before it starts.

    It becomes ready at the very moment when the step that released it ends, which is the last of its predecessors.
    """
    records = simulate(Layout(park), seed, 0)
    steps, first = records.plan.steps, records.first_ready
    assert not (records.start < records.ready).any()
    assert not (records.end < records.start).any()
    arrival = records.plan.cases.arrival[records.plan.cases.parent[steps.case]]
    assert not (first < arrival)[np.isfinite(arrival)].any()
    source, target = edges(records)
    by_skip = np.isin(target, steps.skip_to[records.skipped & (steps.skip_to != np.arange(len(first)))])
    reached = ~np.isnan(first[target]) & ~by_skip
    assert (records.end[source[reached]] <= first[target[reached]]).all()
    released = np.flatnonzero(records.released_by >= 0)
    assert (first[released] == records.end[records.released_by[released]]).all()
    known = set(zip(source.tolist(), target.tolist(), strict=True))
    for step in released[~np.isin(released, target[by_skip])].tolist():
        assert (int(records.released_by[step]), step) in known


def edges(records: Records) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every step that another waits for, and the other."""
    steps = records.plan.steps
    pairs = [
        (source, target)
        for source, (begin, end) in enumerate(zip(steps.edges_begin, steps.edges_end, strict=True))
        for target in records.plan.successors[begin:end]
    ]
    return np.array([s for s, _ in pairs]), np.array([t for _, t in pairs])


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_attempts_follow_each_other(park: Scenario, seed: int) -> None:
    """Every attempt but the last of a step ends, and the next one asks again after the end of the one before."""
    records = simulate(Layout(park), seed, 0)
    for step in np.unique(records.attempt_step).tolist():
        mine = records.attempt_step == step
        ready, start, end = (t[mine] for t in (records.attempt_ready, records.attempt_start, records.attempt_end))
        assert not np.isnan(end[:-1]).any()
        assert not (start < ready).any()
        assert not (end < start).any()
        assert (ready[1:] >= end[:-1]).all()


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_servers_are_neither_oversold_nor_idle(park: Scenario, seed: int) -> None:
    """At any time a pool serves at most as many as it has servers; at an open desk all are busy while somebody waits.

    Who lends a hand counts in his own pool. A desk that is shut takes nobody.
    """
    records = simulate(Layout(park), seed, 0)
    plan, pools = records.plan, records.plan.pools
    served, start, end = (
        records.attempt_pool,
        *(np.nan_to_num(t, nan=np.inf) for t in (records.attempt_start, records.attempt_end)),
    )
    at_desk = plan.steps.kind[records.attempt_step] == DESK
    for desk in np.unique(pools.desk):
        its = np.flatnonzero(pools.desk == desk)
        mine = at_desk & np.isin(plan.steps.resource[records.attempt_step], its)
        moments = np.unique(np.concatenate((records.attempt_ready[mine], start[mine], end[mine])))
        moments = moments[np.isfinite(moments)][:, None]
        working = (start <= moments) & (moments < end)
        for pool in its.tolist():
            assert ((working & (served == pool)).sum(axis=1) <= pools.servers[pool]).all()
        hours = pools.hours[its[0]]
        is_open = np.array([hours < 0 or plan.curves[hours].is_open(day) for day in moments[:, 0].tolist()], dtype=bool)
        waiting = (mine & (records.attempt_ready <= moments) & (moments < start)).sum(axis=1)
        busy = (working & np.isin(served, its)).sum(axis=1)
        assert (busy[(waiting > 0) & is_open] == pools.servers[its].sum()).all()
        begins = start[mine & (served >= 0)].tolist()
        assert hours < 0 or all(plan.curves[hours].is_open(moment) for moment in begins)


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_places_are_never_exceeded(park: Scenario, seed: int) -> None:
    """No sitting hears more than it has places for; it is on the meeting's calendar, or a quorum's delay apart."""
    records = simulate(Layout(park), seed, 0)
    steps = records.plan.steps
    kind, resource = steps.kind[records.attempt_step], steps.resource[records.attempt_step]
    for number, meeting in enumerate(park.meetings.values()):
        mine = (kind == MEETING) & (resource == number) & ~np.isnan(records.attempt_start)
        sittings, heard = np.unique(records.attempt_start[mine], return_counts=True)
        assert (heard <= meeting.places).all()
        if meeting.on_demand is None:
            days = records.plan.meetings.days(number)
            assert all(np.isclose(days, sitting, rtol=1e-12, atol=1e-12).any() for sitting in sittings)
        else:
            assert (np.diff(sittings) >= meeting.on_demand - 1e-9).all()


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_as_many_are_borrowed_as_there_are_and_only_for_who_is_late(park: Scenario, seed: int) -> None:
    """Borrowed officers never exceed the surge, and begin when the file should have begun, or when the office opens."""
    records = simulate(Layout(park), seed, 0)
    plan, steps = records.plan, records.plan.steps
    theirs = np.flatnonzero(records.attempt_borrowed)
    step, ready, start = records.attempt_step[theirs], records.attempt_ready[theirs], records.attempt_start[theirs]
    end = np.nan_to_num(records.attempt_end[theirs], nan=np.inf)
    desk = plan.pools.desk[steps.resource[step]]
    for number, its in enumerate(park.desks.values()):
        mine = desk == number
        at_once = (start[mine] <= start[mine][:, None]) & (start[mine][:, None] < end[mine])
        assert at_once.sum(axis=1).max(initial=0) <= its.surge
    for file, asked, begun in zip(step.tolist(), ready.tolist(), start.tolist(), strict=True):
        clock, days, hours = steps.clock[file], steps.start_by[file], plan.pools.hours[steps.resource[file]]
        due = asked + (days if clock < 0 else plan.curves[clock].delay(asked, days))
        due = due if hours < 0 else plan.curves[hours].next_open(due + 1e-9)
        assert begun == pytest.approx(due, abs=1e-8)


@generated
@given(parks(), SEEDS)
def test_stocks_are_conserved(park: Scenario, seed: int) -> None:
    """A stock holds what it held at first, what came in and was given, less what was taken and what lapsed.

    It is never below zero, and empty after a day of lapsing. Where parcels are whole, the smallest that fits is taken.
    """
    records = simulate(Layout(park), seed, 0)
    steps, stocks = records.plan.steps, records.plan.stocks
    for number, stock in enumerate(park.stocks.values()):
        log = records.levels[records.levels[:, 1] == number]
        level = log[:, 2]
        assert (level >= 0).all()
        assert level[0] == stocks.initial[number]
        mine = (steps.kind == STOCK) & (steps.resource == number)
        over = records.over if park.horizon is None else park.horizon
        came = [t.amount for t in stock.tranches if park.day(t.on) < over or park.horizon is None]
        came += steps.amount[mine & steps.gives & ~records.skipped & ~np.isnan(records.end)].tolist()
        wanted = steps.amount[mine & records.held].tolist()
        lost = [day for day in map(park.day, stock.lapses) if day < over or park.horizon is None]
        lots = stocks.lot[stocks.lot_begin[number] : stocks.lot_begin[number + 1]].tolist()
        parcels = replayed(log, lots, came, wanted, lost, stock.whole)
        np.testing.assert_allclose(level[-1], parcels, rtol=1e-9, atol=1e-9)


def replayed(
    log: NDArray[Any], lots: list[float], came: list[float], wanted: list[float], lost: list[float], whole: bool
) -> float:
    """What is left in store after the changes of a log, each of which is one that came, was wanted, or lapsed."""
    lots, lost = sorted(lots), list(lost)
    for (_, _, before), (day, _, after) in zip(log[:-1].tolist(), log[1:].tolist(), strict=True):
        if lost and day == lost[0] and after == 0:
            lots, _ = [], lost.pop(0)
        elif after >= before:
            came.remove(amount := nearest(came, after - before))
            lots = sorted([*lots, amount])
        elif whole:
            lots.remove(lot := nearest(lots, before - after))
            smaller = max((other for other in lots if other < lot), default=0.0)
            wanted.remove(next(amount for amount in wanted if smaller < amount <= lot))
        else:
            wanted.remove(amount := nearest(wanted, before - after))
            lots = [sum(lots) - amount]
    assert not came and not wanted and not lost
    return sum(lots)


def nearest(amounts: list[float], change: float) -> float:
    """The one of these amounts that a change of level is, but for rounding."""
    found = min(amounts, key=lambda amount: abs(amount - change))
    assert found == pytest.approx(change, abs=1e-9)
    return found


@generated
@given(parks(), SEEDS)
def test_nothing_vanishes(park: Scenario, seed: int) -> None:
    """Every case is there, and each step that is not over waits for one that is not over, or has a reason of its own.

    Without a horizon the only reasons are units that never come and sittings that are never held.
    """
    records = simulate(Layout(park), seed, 0)
    cases, steps = records.plan.cases, records.plan.steps
    counts = [group.count for group in park.portfolio.values()]
    np.testing.assert_array_equal(np.bincount(cases.group[cases.category < 0]), counts)
    source, target = edges(records)
    passed_by = records.skipped & (steps.skip_to != np.arange(len(records.end)))
    holds_up = np.isnan(records.end) | passed_by
    for step in np.flatnonzero(np.isnan(records.end)).tolist():
        before = source[target == step]
        if not np.isnan(records.first_ready[step]):
            assert has_a_reason(records, park, step)
        elif len(before):
            assert holds_up[before].any()
        elif cases.category[steps.case[step]] < 0 and np.isfinite(cases.arrival[steps.case[step]]):
            assert park.horizon is not None
            assert cases.arrival[steps.case[step]] >= park.horizon


def has_a_reason(records: Records, park: Scenario, step: int) -> bool:
    """Whether a step that was ready and is not over could not be."""
    steps, kind, resource = records.plan.steps, records.plan.steps.kind[step], int(records.plan.steps.resource[step])
    waits = np.isnan(records.start[step])
    if kind == STOCK:
        level = records.levels[records.levels[:, 1] == resource][-1, 2]
        line = (steps.kind == STOCK) & (steps.resource == resource) & ~np.isnan(records.ready) & np.isnan(records.end)
        whole = list(park.stocks.values())[resource].whole
        return bool(waits and not steps.goes_on[step] and (whole or steps.amount[line].max() > level))
    if kind == MEETING and waits and not np.isnan(records.ready[step]):
        days = records.plan.meetings.days(resource)
        days = days[(days > records.ready[step]) & (days < (park.horizon or np.inf))]
        meeting = list(park.meetings.values())[resource]
        mine = (steps.kind == MEETING) & (steps.resource == resource)
        starts = np.concatenate((records.start[mine], records.attempt_start[mine[records.attempt_step]]))
        full = [np.isclose(starts, day, rtol=1e-12).sum() >= meeting.places for day in days]
        return all(full) and (park.horizon is not None or meeting.on_demand is None)
    gated, timed_by_days = (steps.gate[step] >= 0).any(), steps.calendar[step] < 0
    if kind == WORK and steps.left[step] == 0 and not gated and timed_by_days and not waits:
        return park.horizon is not None and records.start[step] + steps.work[step] >= park.horizon
    return park.horizon is not None and kind < MILESTONE


@pytest.mark.slow
@generated
@given(parks(), SEEDS)
def test_replications_do_not_depend_on_their_order(park: Scenario, seed: int) -> None:
    """A replication is the same whichever was run before it, and other than its neighbours."""
    layout = Layout(park)
    forwards = [simulate(layout, seed, replication) for replication in (0, 1)]
    backwards = [simulate(Layout(park), seed, replication) for replication in (1, 0)]
    for one, other in zip(forwards, backwards[::-1], strict=True):
        for column in ("ready", "start", "end", "released_by", "held", "skipped", "levels", "attempt_end"):
            np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
    arrivals = [records.plan.steps.work.tolist() for records in forwards]
    assert arrivals[0] != arrivals[1]


@pytest.mark.slow
def test_workers_do_not_matter(small_park: Scenario) -> None:
    """The same seed gives the same records, to the last bit and in the order asked for, in one process and in two."""

    def observe(runs: dict[str, Replication]) -> list[float]:
        records = runs["small"].records
        return [*records.end.tolist(), *records.attempt_start.tolist()]

    layouts, replications = {"small": Layout(small_park)}, [3, 0, *range(20, 4, -1)]
    alone = [repr(seen) for seen in run_many(observe, layouts, 4, replications, here)]
    shared = [repr(seen) for seen in run_many(observe, layouts, 4, replications, local(2))]
    assert shared == alone
    assert alone[1] == repr(observe(replicate(layouts, 4, 0)))
    assert len(set(alone)) == len(alone)
