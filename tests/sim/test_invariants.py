"""What holds in every run, over generated parks with all kinds of step, shared resources, issues and horizons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.layout import DESK, MEETING, STOCK, WORK, Layout
from sim.records import Records, simulate
from sim.run import here, local, run_many
from sim.scenario import Ordered, Scenario

Bools = NDArray[np.bool_]
Table = dict[str, Any]

generated = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)

# --- parks ------------------------------------------------------------------------------------------------------------

DURATIONS = (
    "0",
    "5",
    "exponential(4)",
    "lognormal(6, 1.0, 20)",
    "pert(0, 2, 9)",
    "uniform(0, 3)",
    "gamma(3, 0.7)",
    {"dist": "discrete", "values": [4, 0, 1], "weights": [1, 1, 2]},
)
ATTRIBUTES = {
    "size": "uniform(0.2, 3)",
    "halls": {"dist": "discrete", "values": [1, 3, 2], "weights": [1, 1, 1]},
    "flag": "bernoulli(0.5)",
}
PRACTICES = {
    "parallel": {"share": 0.6},
    "all_at_once": {"share": 0.5},
    "held": {"share": 0.5, "holds": "claim", "effects": [{"tags": ["file"], "duration": 0.4, "correction": 0.3}]},
    "careful": {"share": 0.5, "effects": [{"tags": ["file"], "duration": 1.2, "issues": 0.5}]},
}
HANDLING: Table = {
    "found": {"step": "work", "duration": "uniform(0, 5)"},
    "treated": {"step": "desk", "desk": "d0", "duration": "1", "needs": ["found"], "solves": 0.5},
    "heard": {
        "step": "meeting",
        "meeting": "m0",
        "needs": ["treated"],
        "applies": {"unsolved": True, "practice": "parallel"},
        "solves": 1,
    },
    "issue_closed": {"step": "milestone", "needs": ["heard"]},
    "learnt": {"step": "work", "duration": "2", "needs": ["issue_closed"]},
}


@st.composite
def parks(draw: st.DrawFn) -> Scenario:
    """A small park with any of the six kinds of step, in any network, with and without a horizon."""
    horizon = draw(st.sampled_from([None, 15.0, 60.0, 90.5, 400.0]))
    calendars = {} if horizon is None else {"office": {"week": [1, 1, 1, 1, 1, 0, 0]}, "site": {"lost": 0.3}}
    names = list(calendars)
    park: Table = {"name": "generated", "assumed": "generated", "start": "2023-01-02", "stages": ["one", "two"]}
    park |= {"horizon": horizon} if horizon else {}
    park |= {"calendars": calendars, "attributes": ATTRIBUTES, "practices": PRACTICES}
    park["classes"] = {
        "plant": {"priority": draw(st.integers(0, 2)), "deadline": {"milestone": "finish", "days": 30}},
        "works": {},
        "parcel": {},
    }
    park["desks"] = {f"d{n}": draw(desks(names)) for n in range(3)}
    park["meetings"] = {f"m{n}": draw(meetings(names)) for n in range(2)}
    park["stocks"] = {
        "places": {"initial": draw(st.integers(0, 3))},
        "quota": draw(quotas()),
        "bank": {
            "initial": draw(st.sampled_from([0, 2.5, 6])),
            "target": draw(st.sampled_from([0, 4, 7.5])),
            "orders": "parcels",
            "rule": draw(st.sampled_from(["fifo", "class"])),
        },
    }
    park["portfolio"] = {
        "plants": draw(groups("plant")),
        "works": draw(groups("works")),
        "parcels": {"of": "parcel", "count": 8, "process": "parcel", "arrivals": {"by": "bank"}},
    }
    park["activities"] = draw(networks(names))
    park["issues"] = {
        "rate": draw(st.sampled_from([0, 0.8])),
        "categories": {"land": {"weight": 1, "stops": draw(st.sampled_from([0, 0.5, 1]))}},
    }
    return Scenario.model_validate(park)


@st.composite
def desks(draw: st.DrawFn, calendars: list[str]) -> Table:
    servers = draw(st.integers(1, 3))
    desk: Table = {"servers": servers, "rule": draw(st.sampled_from(["fifo", "class", "slack"]))}
    if servers > 1 and draw(st.booleans()):
        desk["dedicated"] = {"plant": 1}
    return desk | calendar(draw, calendars)


def calendar(draw: st.DrawFn, calendars: list[str]) -> Table:
    return {"calendar": draw(st.sampled_from(calendars))} if calendars and draw(st.booleans()) else {}


@st.composite
def meetings(draw: st.DrawFn, calendars: list[str]) -> Table:
    way = draw(st.sampled_from([{"every": 7}, {"every": 5.5, "first": 2}, {"dates": [3, 9, 30, 31]}, {"on_demand": 4}]))
    rule = draw(st.sampled_from(["fifo", "class"]))
    return {**way, "places": draw(st.integers(1, 3)), "rule": rule, **calendar(draw, calendars)}


@st.composite
def quotas(draw: st.DrawFn) -> Table:
    tranches = [{"on": day, "amount": amount} for day, amount in draw(st.sampled_from([[(5, 2.5), (20, 30)], [(0, 9)]]))]
    return {"initial": draw(st.sampled_from([0, 2])), "tranches": tranches, "rule": draw(st.sampled_from(["fifo", "slack"]))}


@st.composite
def groups(draw: st.DrawFn, of: str) -> Table:
    ways = [{"every": "exponential(3)"}, {"on": [0, 0, 10]}, {"between": [0, 20], "batches": [7], "batch_share": 0.5}]
    group: Table = {"of": of, "count": draw(st.integers(1, 6)), "arrivals": draw(st.sampled_from(ways))}
    if draw(st.integers(0, 3)) == 0:
        group["in_progress"] = {"stage": draw(st.sampled_from(["one", "two"])), "done": "uniform(0, 1)"}
    return group


@st.composite
def networks(draw: st.DrawFn, calendars: list[str]) -> Table:
    """A network of up to twelve activities; what waits for units is laid out so that it can be supplied."""
    found: Table = {"claim": {"step": "stock", "stock": "places", "when_short": "go on"}}
    for number in range(draw(st.integers(1, 9))):
        activity = draw(activities(calendars))
        earlier = [name for name in found if name != "return"]
        activity["needs"] = draw(st.lists(st.sampled_from(earlier), max_size=3, unique=True))
        customs = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True))
        activity["after"] = {name: "parallel" for name in customs if name not in activity["needs"]}
        if activity["step"] in ("work", "desk") and draw(st.integers(0, 3)) == 0:
            activity |= {"per": "halls", "previous": {f"a{number}": "all_at_once"}}
        branch = draw(st.sampled_from([None, None, "taken", "short", "probability", "where"]))
        if branch in ("taken", "short"):
            activity["needs"] = list({*activity["needs"], "claim"})
        conditions = {"taken": "claim", "short": "claim", "probability": 0.5, "where": {"flag": 1}}
        activity |= {"applies": {branch: conditions[branch]}} if branch else {}
        found[f"a{number}"] = activity
    last = list(found)[-1]
    found["return"] = {
        "step": "stock",
        "stock": "places",
        "gives": True,
        "needs": ["claim", last],
        "applies": {"taken": "claim"},
    }
    found["finish"] = {"step": "milestone", "needs": [*list(found)[1:]], "after": {"claim": "parallel"}}
    found["custom"] = {"step": "work", "duration": "1", "tags": ["file"], "per": "halls"}
    found["custom"] |= {"previous": {"custom": "all_at_once"}, "after": {"claim": "parallel"}}
    found |= {name: {**activity, "processes": ["issue"]} for name, activity in HANDLING.items()}
    found["prepare"] = {"step": "desk", "desk": "d1", "duration": "2", "processes": ["parcel"]}
    found["deliver"] = {"step": "stock", "stock": "bank", "gives": True, "amount": "size", "needs": ["prepare"]}
    found["deliver"]["processes"] = ["parcel"]
    for activity in found.values():
        if activity["step"] == "desk" and activity["duration"] == "1":
            activity["desk"] = "queue"
    return timed(found)


def timed(found: Table) -> Table:
    """The handling of issues has a desk of its own, without calendar, so that its working time needs no unit."""
    return found


@st.composite
def activities(draw: st.DrawFn, calendars: list[str]) -> Table:
    step = draw(st.sampled_from(["work", "desk", "notice", "meeting", "stock", "milestone", "work", "desk"]))
    activity: Table = {"step": step, "stage": draw(st.sampled_from([None, "one", "two"]))}
    if step in ("work", "desk", "notice"):
        activity |= {"duration": draw(st.sampled_from(DURATIONS))}
        activity |= {"times": ["size"]} if draw(st.booleans()) else {}
    if step in ("work", "desk") and draw(st.booleans()):
        activity["correction"] = {"probability": 0.5, "attempts": draw(st.integers(2, 4))}
        activity["correction"] |= draw(st.sampled_from([{}, {"fix": "uniform(0, 4)", "decay": 0.5}, {"fix": 3}]))
        activity["tags"] = ["file"]
    if step == "work" and draw(st.booleans()):
        activity["exposure"] = 1.0
    if step == "desk":
        activity["desk"] = draw(st.sampled_from(["d0", "d1", "d2"]))
    if step == "meeting":
        activity["meeting"] = draw(st.sampled_from(["m0", "m1"]))
    if step == "stock":
        activity |= draw(
            st.sampled_from([{"stock": "quota"}, {"stock": "bank", "amount": "size"}, {"stock": "quota", "amount": "size"}])
        )
        activity["when_short"] = draw(st.sampled_from(["wait", "go on"]))
    return activity
