"""What is read off a replication, against a park that can be reckoned by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from parkflow.analysis.calibration.observables import Observable, observed
from parkflow.analysis.replication.replication import Replication, laid_out, run
from parkflow.scenarios.load import load
from parkflow.sim.levers import bundle, with_levers

PARK = """
name = "four"
start = 2023-01-02
horizon = 1000
assumed = "made for a test"
[attributes]
size = { sampled = "discrete", dist = "discrete", values = [1], weights = [1] }
[classes.one]
[classes.two]
attributes = { size = "2 count" }
[portfolio.early]
of = "one"
count = 3
arrivals = { on = [0, 10, 20] }
[portfolio.late]
of = "two"
count = 1
arrivals = { on = [100] }
[activities.agreement]
step = "milestone"
[activities.land]
step = "work"
duration = "40 cd"
times = ["size"]
needs = ["agreement"]
[activities.start]
step = "milestone"
needs = ["land"]
"""


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Replication:
    """Four projects: three come on days 0, 10 and 20 and take 40 days, one on day 100 takes 80."""
    path = tmp_path_factory.mktemp("four") / "four.toml"
    text = PARK.replace('{ sampled = "discrete", dist = "discrete", values = [1], weights = [1] }', '"1 count"')
    path.write_text(text, encoding="utf-8")
    return run(laid_out(load(path)), 1, 0)


DAYS = {"what": "days", "from": "agreement", "to": "start"}
SHARE = {"what": "share", "to": "start"}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (DAYS, 50),
        ({**DAYS, "statistic": "median"}, 40),
        ({**DAYS, "statistic": "p95"}, np.quantile([40, 40, 40, 80], 0.95)),
        ({**DAYS, "statistic": "log_sd"}, np.log([40, 40, 40, 80]).std()),
        ({**DAYS, "groups": ["late"]}, 80),
        ({**DAYS, "where": {"size": [1]}}, 40),
        ({**DAYS, "during": [5, 101]}, 160 / 3),
        ({**DAYS, "during": [5, 100]}, 40),
        ({**DAYS, "from": ["land", "land.start"]}, 50),
        ({**SHARE, "by": 50}, 0.5),
        ({**SHARE, "by": 50, "groups": ["early"]}, 2 / 3),
        ({**SHARE, "by": "2023-02-21"}, 0.5),
        ({**SHARE, "from": "agreement", "within": 40}, 0.75),
        ({**SHARE, "from": "agreement", "within": 39}, 0),
        ({"what": "count", "to": "start", "during": [40, 60]}, 2),
        ({"what": "count", "to": "start", "during": [40, 61], "over": 6}, 0.5),
        ({"what": "count", "to": "land.ready", "during": [0, 101]}, 4),
    ],
)
def test_days_shares_and_counts(four: Replication, given: dict[str, Any], wanted: float) -> None:
    assert observed(four, "serial", Observable.model_validate(given)) == pytest.approx(wanted)


def test_nothing_to_measure_is_not_a_number(four: Replication) -> None:
    assert np.isnan(observed(four, "serial", Observable.model_validate({**DAYS, "where": {"size": [3]}})))


def test_a_setting_is_the_parameter_that_a_policy_uses() -> None:
    mianyang = load("mianyang")
    seen = run(laid_out(with_levers(mianyang.with_changes({"horizon": 2}), bundle(mianyang, "reported"))), 1, 0)
    for setting, wanted in (("site_visits.visits", 0.82), ("site_visits.detection", 0.45)):
        one = Observable.model_validate({"what": "setting", "setting": setting})
        assert observed(seen, "reported", one) == wanted


@pytest.mark.slow
def test_issues_by_who_solved_them() -> None:
    """How many issues each step solved agrees with the run's own count."""
    zhaoqing = load("zhaoqing")
    seen = run(laid_out(with_levers(zhaoqing, bundle(zhaoqing, "reported"))), 1, 0)
    for solver, count in seen.solutions.items():
        given = {"what": "count", "of": "issues", "to": "issue_solved", "during": [0, 3651], "solved_by": solver}
        assert observed(seen, "reported", Observable.model_validate(given)) == count, solver
