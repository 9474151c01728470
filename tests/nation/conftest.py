"""A nation of five small zones of two kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

PARK = """
name = "tiny"
assumed = "made up for tests; no number describes a park"
stages = ["approvals"]
question = { from = "arrival", to = "done" }
classes.project = {}
desks.window = { servers = 2 }
practices.parallel_approvals = {}
policies.green_channel.levers.parallel_approvals = {}
policies.half.levers.parallel_approvals.share = 0.5

[portfolio.projects]
of = "project"
count = 6
arrivals = { every = "exponential(2) cd" }

[activities]
filing = { step = "desk", stage = "approvals", desk = "window", duration = "lognormal(2, 0.8) cd" }
notice = { step = "notice", stage = "approvals", duration = "10 cd", after = { filing = "parallel_approvals" } }
done = { step = "milestone", stage = "approvals", needs = ["filing", "notice"] }
"""

NATION = """
title = "Two kinds of zones"
policies = ["green_channel"]

[kinds.small]
zones = 17
park = "tiny.toml"
[kinds.large]
zones = 3
park = "tiny.toml"
changes = { "portfolio.projects.count" = 12, desks.window.servers = 3 }
"""


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the nation."""
    folder = tmp_path_factory.mktemp("nation")
    (folder / "tiny.toml").write_text(PARK, encoding="utf-8")
    (folder / "nation.toml").write_text(NATION, encoding="utf-8")
    return folder / "nation.toml"
