"""A small park that runs in milliseconds, and targets of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

PARK = """
name = "small"
title = "a small park"
start = 2023-01-02
horizon = 900
assumed = "made for a test"

[calendars.office]
week = [1, 1, 1, 1, 1, 0, 0]

[attributes]
hardship = { sampled = "lognormal(1, 0.3) factor" }

[classes.ordinary]

[portfolio.new]
of = "ordinary"
count = 80
arrivals = { between = [2023-01-02, 2023-12-31], assumed = "a year" }

[desks.window]
servers = 2
calendar = "office"

[activities.agreement]
step = "milestone"

[activities.land]
step = "work"
duration = "lognormal(100, 0.3) cd"
times = ["hardship"]
needs = ["agreement"]

[activities.review]
step = "desk"
desk = "window"
duration = "lognormal(2, 0.5) wd"
needs = ["land"]

[activities.start]
step = "milestone"
needs = ["review"]

[ranges.land_time]
title = "time of land"
title_zh = "用地工期"
keys = ["activities.land.duration"]
by = "factor"
low = 0.5
high = 2

[ranges.spread]
keys = ["attributes.hardship.sampled.cv"]
low = 0.05
high = 0.9

[ranges.window]
keys = ["portfolio.new.arrivals.between"]
by = "days"
low = 0
high = 200

[ranges.review_spread]
keys = ["activities.review.duration.cv"]
low = 0.1
high = 1
"""

TARGETS = """
parks = ["small.toml"]
parameters = ["land_time", "spread", "window", "review_spread"]
replications = 3
points = 20
waves = 2

[[target]]
id = "land"
title = "days of land"
what = "days"
from = "agreement"
to = "land"
value = 130
low = 120
high = 140

[[target]]
id = "spread"
what = "days"
from = "agreement"
to = "land"
statistic = "log_sd"
value = 0.5
low = 0.4
high = 0.6

[[target]]
id = "started"
what = "share"
groups = ["new"]
to = "start"
by = 2023-12-01
value = 0.4
low = 0.3
high = 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the park and its targets."""
    (tmp_path / "small.toml").write_text(PARK, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(TARGETS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def table() -> dict[str, Any]:
    """The targets as plain values."""
    return tomllib.loads(TARGETS)
