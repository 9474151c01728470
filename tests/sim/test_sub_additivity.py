"""The main result of the priors reappears: levers on land and approvals are worth less together than one by one."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest

from parkflow.scenarios.load import load
from parkflow.sim.layout import Layout
from parkflow.sim.levers import with_levers
from parkflow.sim.records import simulate

READY: dict[str, dict[str, object]] = {"land_bank": {"initial": 50_000, "target": 0}}
START: dict[str, dict[str, object]] = {"start_on_land": {}}
PARALLEL: dict[str, dict[str, object]] = {"parallel_approvals": {}, "agency_service": {"agents": 100}}
RAW = {"attributes.land_source": {"sampled": "1 count", "assumed": "raw land only, as in priors 1"}}
REPLICATIONS = 6

Combination = tuple[int, int, int]


@cache
def lead(combination: Combination, raw: bool = False) -> np.ndarray:
    """Mean days to groundbreaking by replication, with ready land, start upon land, parallel approvals.

    Where `raw`, all land is raw, as in the table of the priors; else it comes as the baseline has it.
    """
    levers: dict[str, dict[str, object]] = {}
    for on, more in zip(combination, (READY, START, PARALLEL), strict=True):
        levers |= more if on else {}
    park = load("baseline").with_changes(RAW if raw else {})
    layout = Layout(with_levers(park, levers))
    runs = [simulate(layout, 5, replication) for replication in range(REPLICATIONS)]
    return np.array([np.nanmean(run.milestone("groundbreaking") - run.milestone("agreement")) for run in runs])


def saved(before: Combination, after: Combination) -> tuple[float, float]:
    """Paired days saved between two combinations, and four of its standard errors."""
    difference = lead(before) - lead(after)
    return difference.mean(), 4 * difference.std(ddof=1) / np.sqrt(REPLICATIONS)


@pytest.mark.slow
@pytest.mark.parametrize("combination", [c for c in product((0, 1), repeat=3) if any(c)])
def test_every_combination_saves_days(combination: Combination) -> None:
    """Nothing here costs days on average."""
    days, margin = saved((0, 0, 0), combination)
    assert days > margin


@pytest.mark.slow
def test_the_order_of_single_savings() -> None:
    """Ready land saves most, start upon land comes second, parallel approvals with assistance third."""
    ready, start, parallel = (lead(c) for c in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    for better, worse in ((ready, start), (start, parallel)):
        gap = worse - better
        assert gap.mean() > 4 * gap.std(ddof=1) / np.sqrt(REPLICATIONS)


@pytest.mark.slow
def test_together_they_save_less_than_the_sum() -> None:
    """Sub-additivity, replication by replication."""
    alone = sum(lead((0, 0, 0)) - lead(c) for c in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    excess = alone - (lead((0, 0, 0)) - lead((1, 1, 1)))
    assert excess.mean() > 4 * excess.std(ddof=1) / np.sqrt(REPLICATIONS)


@pytest.mark.slow
def test_parallel_approvals_are_worth_little_once_work_starts_upon_raw_land() -> None:
    """Land is critical then, so that less than a third is left of what they save one after another (priors 1)."""
    alone, on_top = (lead(c, raw=True) - lead(d, raw=True) for c, d in (((0, 0, 0), (0, 0, 1)), ((0, 1, 0), (0, 1, 1))))
    rest = on_top - alone / 3
    assert rest.mean() < -4 * rest.std(ddof=1) / np.sqrt(REPLICATIONS)


def test_start_upon_land_is_worth_little_once_land_is_ready() -> None:
    """It saves min(land, approvals), and ready land is short: less than half of what it saves on raw land."""
    assert saved((1, 0, 0), (1, 1, 0))[0] < 0.5 * saved((0, 0, 0), (0, 1, 0))[0]
