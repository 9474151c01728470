"""Desks against queueing theory: waits, priorities, networks of desks, and the laws that hold on every path.

Runs start empty. The projects of the first part of each run are left out, some tens of relaxation times; so are the
last ones where later arrivals could have overtaken them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate

Floats = NDArray[np.float64]
System = Callable[[str], Layout]
Replicate = Callable[[Callable[[Records], float], Layout, int], Floats]
Agrees = Callable[..., None]
Times = Callable[[Records, str], tuple[Floats, Floats, Floats]]

WARM_UP = 500
"""Projects at the start of a run that are left out."""

ONE_DESK = """
[classes.any]
[portfolio.projects]
of = "any"
count = 4000
arrivals = {{ every = "exponential(1)" }}
[desks.window]
servers = {servers}
[activities.review]
step = "desk"
desk = "window"
duration = "{service}"
"""

TWO_CLASSES = """
[classes.key]
priority = 0
attributes = {{ size = "{key_size}" }}
[classes.ordinary]
attributes = {{ size = "{ordinary_size}" }}
[portfolio.key]
of = "key"
count = 1600
arrivals = {{ every = "exponential(2.5)" }}
[portfolio.ordinary]
of = "ordinary"
count = 2400
arrivals = {{ every = "exponential(1.6666666666666667)" }}
[desks.window]
servers = 1
rule = "{rule}"
[activities.review]
step = "desk"
desk = "window"
duration = "{service}"
times = ["size"]
"""

KEY_RATE, ORDINARY_RATE = 1 / 2.5, 0.6


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival at M/M/c waits; `load` is arrival rate × mean service."""
    waiting = load**servers / factorial(servers) / (1 - load / servers)
    return waiting / (sum(load**n / factorial(n) for n in range(servers)) + waiting)


def wait_in_mmc(servers: int, load: float) -> float:
    """Mean wait at M/M/c with arrival rate 1."""
    return erlang_c(servers, load) * load / (servers - load)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (3, 1.8)])
def test_mmc(servers: int, load: float, system: System, replicate: Replicate, agrees: Agrees, times: Times) -> None:
    """The mean wait at M/M/c is Erlang's."""

    def mean_wait(records: Records) -> float:
        ready, start, _ = times(records, "review")
        return float((start - ready)[WARM_UP:].mean())

    desk = system(ONE_DESK.format(servers=servers, service=f"exponential({load})"))
    agrees(replicate(mean_wait, desk, 40), wait_in_mmc(servers, load))


@pytest.mark.parametrize(
    ("service", "mean", "cv"),
    [("lognormal(0.6, 0.8)", 0.6, 0.8), ("gamma(0.6, 0.5)", 0.6, 0.5), ("0.6", 0.6, 0.0)],
)
def test_mg1(
    service: str, mean: float, cv: float, system: System, replicate: Replicate, agrees: Agrees, times: Times
) -> None:
    """The mean wait at M/G/1 is Pollaczek's and Khinchine's: load, and the second moment of the service."""

    def mean_wait(records: Records) -> float:
        ready, start, _ = times(records, "review")
        return float((start - ready)[WARM_UP:].mean())

    second_moment = mean**2 * (1 + cv**2)
    desk = system(ONE_DESK.format(servers=1, service=service))
    agrees(replicate(mean_wait, desk, 20), second_moment / (2 * (1 - mean)))


@pytest.mark.slow
@pytest.mark.parametrize(("service", "second"), [("exponential(1)", 2.0), ("gamma(1, 0.5)", 1.25)])
def test_two_priority_classes(
    service: str, second: float, system: System, replicate: Replicate, agrees: Agrees, times: Times
) -> None:
    """Without pre-emption each class waits as Cobham says: the residual work, over the load that goes before it."""
    sizes = 0.5, 0.8
    desk = system(TWO_CLASSES.format(key_size=sizes[0], ordinary_size=sizes[1], rule="class", service=service))
    residual = (KEY_RATE * sizes[0] ** 2 + ORDINARY_RATE * sizes[1] ** 2) * second / 2
    ahead = 1 - KEY_RATE * sizes[0]
    load = KEY_RATE * sizes[0] + ORDINARY_RATE * sizes[1]
    waits = np.array([_waits_by_class(simulate(desk, 7, replication), times) for replication in range(24)])
    agrees(waits[:, 0], residual / ahead)
    agrees(waits[:, 1], residual / (ahead * (1 - load)), 0.05)


def _waits_by_class(records: Records, times: Times) -> list[float]:
    ready, start, _ = times(records, "review")
    group = records.plan.cases.group
    last = min(ready[group == 0].max(), ready[group == 1].max())
    inside = (ready > 400) & (ready < last - 200)
    return [float((start - ready)[inside & (group == key)].mean()) for key in (0, 1)]


TANDEM = """
[classes.any]
[portfolio.projects]
of = "any"
count = 4000
arrivals = { every = "exponential(1)" }
[desks]
first = { servers = 1 }
second = { servers = 2 }
third = { servers = 1 }
[activities.filing]
step = "desk"
desk = "first"
duration = "exponential(0.6)"
[activities.review]
step = "desk"
desk = "second"
duration = "exponential(1.3)"
needs = ["filing"]
[activities.permit]
step = "desk"
desk = "third"
duration = "exponential(0.5)"
needs = ["review"]
"""


@pytest.mark.slow
def test_jackson_tandem(system: System, agrees: Agrees, times: Times) -> None:
    """In a tandem of exponential desks each holds as many projects, on average over time, as if it stood alone."""
    stations = {"filing": (1, 0.6), "review": (2, 1.3), "permit": (1, 0.5)}
    tandem = system(TANDEM)
    runs = [simulate(tandem, 11, replication) for replication in range(20)]
    for activity, (servers, load) in stations.items():
        held = []
        for records in runs:
            ready, _, end = times(records, activity)
            held.append(number_present(ready, end, 300.0, 3500.0))
        agrees(held, wait_in_mmc(servers, load) + load)


def number_present(begin: Floats, end: Floats, first: float, last: float) -> float:
    """Average over a window of the number of projects that have begun and not ended."""
    return float(np.clip(np.minimum(end, last) - np.maximum(begin, first), 0, None).sum() / (last - first))


def test_little_on_a_path_that_starts_and_ends_empty(system: System, times: Times) -> None:
    """Over a whole run the time integral of the number present is the sum of the times spent, to rounding."""
    records = simulate(system(TANDEM), 3, 0)
    arrived, left = records.plan.cases.arrival, times(records, "permit")[2]
    moments = np.sort(np.concatenate((arrived, left)))
    arrivals = np.searchsorted(np.sort(arrived), moments, side="right")
    departures = np.searchsorted(np.sort(left), moments, side="right")
    integral = float(((arrivals - departures)[:-1] * np.diff(moments)).sum())
    assert integral == pytest.approx((left - arrived).sum(), rel=1e-11)
    assert arrivals[-1] == departures[-1] == len(arrived)


@pytest.mark.slow
def test_little_in_a_window(system: System, agrees: Agrees, times: Times) -> None:
    """In a window of a long run the mean number present is the rate times the mean time spent: L = λ W."""
    gaps = []
    for replication in range(20):
        records = simulate(system(TANDEM), 5, replication)
        arrived, left = records.plan.cases.arrival, times(records, "permit")[2]
        inside = (arrived > 300) & (arrived < 3500)
        present = number_present(arrived, left, 300.0, 3500.0)
        gaps.append(present / ((left - arrived)[inside].mean() * inside.sum() / 3200.0))
    agrees(gaps, 1.0, 0.005)


def test_work_is_conserved_on_every_path(system: System, times: Times) -> None:
    """Service times waits summed over all projects is the same under any order of one desk: unfinished work is."""
    totals, mean_waits = [], []
    for rule in ("fifo", "class"):
        layout = system(TWO_CLASSES.format(key_size=0.5, ordinary_size=0.8, rule=rule, service="gamma(1, 0.5)"))
        ready, start, end = times(simulate(layout, 2, 0), "review")
        totals.append(((end - start) * (start - ready)).sum())
        mean_waits.append((start - ready)[:1600].mean())
    assert totals[1] == pytest.approx(totals[0], rel=1e-9)
    assert mean_waits[1] < 0.7 * mean_waits[0]


@pytest.mark.slow
def test_kleinrock_conservation(system: System, agrees: Agrees, times: Times) -> None:
    """The load-weighted mean wait of the classes is the same under first-come and under priority, and is known."""
    sizes = np.array([0.5, 0.8])
    loads = np.array([KEY_RATE, ORDINARY_RATE]) * sizes
    residual = float((np.array([KEY_RATE, ORDINARY_RATE]) * sizes**2).sum()) * 1.25 / 2
    weighted = {}
    for rule in ("fifo", "class"):
        layout = system(TWO_CLASSES.format(key_size=0.5, ordinary_size=0.8, rule=rule, service="gamma(1, 0.5)"))
        waits = np.array([_waits_by_class(simulate(layout, 9, replication), times) for replication in range(16)])
        weighted[rule] = waits @ loads
        agrees(weighted[rule], loads.sum() * residual / (1 - loads.sum()), 0.05)
    difference = weighted["class"] - weighted["fifo"]
    error = difference.std(ddof=1) / 4
    assert abs(difference.mean()) < 4 * error
    assert error < 0.02 * weighted["fifo"].mean()


FORK_JOIN = """
[classes.any]
[portfolio.projects]
of = "any"
count = 4000
arrivals = { every = "exponential(1)" }
[desks]
left = { servers = 1 }
right = { servers = 1 }
[activities.water]
step = "desk"
desk = "left"
duration = "exponential(0.6)"
[activities.power]
step = "desk"
desk = "right"
duration = "exponential(0.6)"
[activities.connected]
step = "milestone"
needs = ["water", "power"]
"""


@pytest.mark.slow
def test_fork_and_join(system: System, replicate: Replicate, agrees: Agrees) -> None:
    """Two parallel M/M/1 desks fed by the same arrivals answer after (12 - ρ)/8 of one desk's mean (Flatto, Hahn)."""

    def mean_response(records: Records) -> float:
        return float((records.milestone("connected") - records.plan.cases.arrival)[WARM_UP:].mean())

    load, service = 0.6, 0.6
    agrees(replicate(mean_response, system(FORK_JOIN), 24), (12 - load) / 8 * service / (1 - load))


CORRECTION = """
[classes.any]
[portfolio.projects]
of = "any"
count = 4000
arrivals = {{ every = "exponential(1)" }}
[desks.window]
servers = 1
[activities.review]
step = "desk"
desk = "window"
duration = "exponential(0.42)"
correction = {{ probability = {probability}, decay = {decay}, attempts = {attempts} }}
"""


@pytest.mark.parametrize(("probability", "decay", "attempts"), [(0.3, 1.0, 5), (0.8, 0.5, 4)])
def test_attempts_and_their_load(
    probability: float, decay: float, attempts: int, system: System, agrees: Agrees
) -> None:
    """Files come back as often as the rounds say, and a desk works for every attempt."""
    window = system(CORRECTION.format(probability=probability, decay=decay, attempts=attempts))
    chances = probability * decay ** np.arange(attempts - 1)
    expected = 1 + np.cumprod(chances).sum()
    made, worked = [], []
    for replication in range(12):
        records = simulate(window, 13, replication)
        made.append(len(records.attempt_step) / 4000)
        worked.append((records.attempt_end - records.attempt_start).sum() / 4000)
    agrees(made, expected, 0.005)
    agrees(worked, expected * 0.42, 0.01)


def test_feedback_queue(system: System, agrees: Agrees) -> None:
    """With feedback to the tail, M/M/1 holds ρ/(1 - ρ) projects, ρ counting all attempts (Jackson)."""
    window = system(CORRECTION.format(probability=0.3, decay=1.0, attempts=6))
    load = 0.42 * (1 - 0.3**6) / 0.7
    held = []
    for replication in range(20):
        records = simulate(window, 17, replication)
        end = records.end[records.plan.steps.activity == 1]
        held.append(number_present(records.plan.cases.arrival, end, 300.0, 3500.0))
    agrees(held, load / (1 - load))
