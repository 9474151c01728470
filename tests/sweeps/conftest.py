"""A park of a few milliseconds a replication, and sweeps over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from parkflow.analysis.experiments.sweep import Plan, planned
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.scenarios.toml_files import ALLOWED

PARK = """
name = "tiny"
assumed = "made up for tests; no number describes a park"
stages = ["approvals"]
question = { from = "arrival", to = "done" }

[classes.project]
[portfolio.projects]
of = "project"
count = 15
arrivals = { every = "exponential(2) cd" }

[desks]
window = { servers = 2 }
review = { servers = 1 }

[practices.parallel_approvals]

[activities.filing]
step = "desk"
stage = "approvals"
desk = "window"
duration = "lognormal(2, 0.8) cd"
correction = { probability = 0.2 }
[activities.check]
step = "desk"
stage = "approvals"
desk = "review"
duration = "exponential(1) cd"
after = { filing = "parallel_approvals" }
[activities.notice]
step = "notice"
stage = "approvals"
duration = "10 cd"
after = { check = "parallel_approvals" }
[activities.done]
step = "milestone"
stage = "approvals"
needs = ["filing", "check", "notice"]

[policies.green_channel.levers]
parallel_approvals = {}
"""

VARY = ("desks.window.servers=1,2", "levers.parallel_approvals.share=0.5,1")


@pytest.fixture(scope="session")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The path of the tiny park."""
    path = tmp_path_factory.mktemp("park") / "tiny.toml"
    path.write_text(PARK, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ALLOWED, str(path.parent))  # sweep files of tests lie elsewhere
        yield str(path)


@pytest.fixture
def plan(park: str) -> Callable[..., Plan]:
    """Makes the plan of a sweep over the tiny park."""

    def make(vary: Sequence[str] = VARY, **settings: Any) -> Plan:
        return planned(load_sweep(park, vary, settings))

    return make
