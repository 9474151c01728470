"""Base stocks and periodic sittings against inventory and bulk-queue theory."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, factorial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate

Floats = NDArray[np.float64]
System = Callable[[str], Layout]
Replicate = Callable[[Callable[[Records], float], Layout, int], Floats]
Agrees = Callable[..., None]
Times = Callable[[Records, str], tuple[Floats, Floats, Floats]]

LAND_BANK = """
[classes.plant]
[classes.parcel]
[portfolio.plants]
of = "plant"
count = 3000
arrivals = {{ every = "exponential(1)" }}
[portfolio.parcels]
of = "parcel"
count = 3100
process = "parcel"
arrivals = {{ by = "bank" }}
[stocks.bank]
initial = {target}
target = {target}
orders = "parcels"
[activities.draw]
step = "stock"
stock = "bank"
when_short = "{when_short}"
[activities.prepare]
step = "work"
processes = ["parcel"]
duration = "{lead_time}"
[activities.deliver]
step = "stock"
processes = ["parcel"]
stock = "bank"
gives = true
needs = ["prepare"]
"""

LEAD_TIMES = ("lognormal(4, 1.2)", "uniform(0, 8)", "4")


@pytest.mark.slow
@pytest.mark.parametrize("lead_time", LEAD_TIMES)
def test_base_stock_with_backorders(lead_time: str, system: System, agrees: Agrees, times: Times) -> None:
    """Parcels under way are Poisson for any law of the lead time (Palm); a demand finds no unit with P(N >= target)."""
    target, load = 6, 4.0
    bank = system(LAND_BANK.format(target=target, when_short="wait", lead_time=lead_time))
    waited, owed = [], []
    for replication in range(16):
        ready, _, end = times(simulate(bank, 23, replication), "draw")
        waited.append((end > ready)[100:].mean())
        owed.append((end - ready)[100:].mean())
    agrees(waited, stats.poisson.sf(target - 1, load), 0.05)
    backorders = sum((n - target) * exp(-load) * load**n / factorial(n) for n in range(target, 60))
    agrees(owed, backorders, 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("lead_time", LEAD_TIMES)
def test_base_stock_with_lost_demands(lead_time: str, system: System, replicate: Replicate, agrees: Agrees) -> None:
    """Where demands that find no unit go elsewhere, their share is Erlang's B, whatever the lead time's law."""
    target, load = 4, 4.0

    def lost(records: Records) -> float:
        draws = records.plan.steps.activity == records.layout.number["draw"]
        return float(1 - records.held[draws][100:].mean())

    bank = system(LAND_BANK.format(target=target, when_short="go on", lead_time=lead_time))
    blocked = load**target / factorial(target) / sum(load**n / factorial(n) for n in range(target + 1))
    agrees(replicate(lost, bank, 12), blocked)


SITTING = """
horizon = 4000
[classes.any]
[portfolio.projects]
of = "any"
count = 3000
arrivals = {{ every = "exponential(1)" }}
[meetings.leaders]
every = 10
first = 4
{places}
[activities.decide]
step = "meeting"
meeting = "leaders"
"""


def test_wait_for_a_sitting(system: System, replicate: Replicate, agrees: Agrees, times: Times) -> None:
    """Who comes at random to a meeting with room for all waits half the time between sittings."""

    def mean_wait(records: Records) -> float:
        ready, start, _ = times(records, "decide")
        return float((start - ready).mean())

    agrees(replicate(mean_wait, system(SITTING.format(places="")), 10), 5.0, 0.01)


def test_sitting_with_few_places(system: System, agrees: Agrees, times: Times) -> None:
    """With places for 12 a meeting is a bulk queue: it leaves max(Q - 12, 0) waiting, and Little gives the wait."""
    room = system(SITTING.format(places="places = 12"))
    waits = []
    for replication in range(20):
        ready, start, _ = times(simulate(room, 29, replication), "decide")
        np.testing.assert_allclose(start, first_come(ready, 12), rtol=1e-12)
        waits.append((start - ready)[300:].mean())
    agrees(waits, mean_left_over(12, 10.0) / 1.0 + 5.0)


def first_come(ready: Floats, places: int) -> Floats:
    """The sitting at which each project is heard when every sitting hears the first few who have come by then."""
    heard = np.empty(len(ready))
    sitting, next_one = 4.0, 0
    while next_one < len(ready):
        here = int(np.searchsorted(ready, sitting, side="right"))
        last = min(here, next_one + places)
        heard[next_one:last] = sitting
        next_one, sitting = last, sitting + 10.0
    return heard


def mean_left_over(places: int, load: float) -> float:
    """Mean number left waiting after a sitting: the stationary law of Q -> max(Q + Poisson(load) - places, 0)."""
    most = 400
    comers = stats.poisson.pmf(np.arange(most), load)
    left = np.zeros(most)
    left[0] = 1.0
    for _ in range(600):
        agenda = np.convolve(left, comers)[:most]
        left = np.concatenate(([agenda[: places + 1].sum()], agenda[places + 1 :], np.zeros(places)))
    return float(left @ np.arange(most))
