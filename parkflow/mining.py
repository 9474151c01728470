"""Parks learned from event logs, and how well they foretell what came after."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.mining.backtest import Backtest as Backtest
from parkflow.analysis.mining.backtest import backtest_log
from parkflow.analysis.mining.log_files import default_mapping, read_log, read_mapping
from parkflow.analysis.mining.log_mapping import LogMapping
from parkflow.analysis.mining.mined import Mined as Mined
from parkflow.analysis.mining.mined import mined
from parkflow.analysis.mining.onto import onto
from parkflow.comparisons import Folder, Progress, quiet
from parkflow.park import load
from parkflow.policies import at_least

Mapping = str | os.PathLike[str] | LogMapping | None
"""A shipped mapping's name, the path of a mapping file, a mapping, or none."""


def mine(
    log: Folder,
    mapping: Mapping = None,
    *,
    extends: str | None = None,
    out: Folder | None = None,
    progress: Progress = quiet,
) -> Mined:
    """Learn a park from an event log: who comes and when, what comes before what, how long it takes, who does it.

    `log` is the path of an XES or CSV file, packed with gzip or not, or the name of a shipped log. `mapping` says what
    its columns and activities mean; without one every activity is kept under its own name. With `out` the park is
    written as a scenario file; where that `extends` a park, it holds the numbers of what both call by the same name.
    `progress` is called with the number of events read. Raises `ParkflowError` where the log or its mapping cannot be
    used.
    """
    means = _mapping(log, mapping)
    found = mined(read_log(log, means, progress), means)
    if extends is not None:
        table, left = onto(found, load(extends), extends)
        found = replace(found, file=table, findings=(*found.findings, *left))
    if out is not None:
        Path(out).write_text(found.text, encoding="utf-8")
    return found


def backtest(
    log: Folder,
    mapping: Mapping = None,
    *,
    share: float = 2 / 3,
    draws: int = 200,
    seed: int = 1,
    progress: Progress = quiet,
) -> Backtest:
    """Mine a log on the first `share` of its time, foretell the rest by simulation, and score that beside baselines.

    The cases of the rest arrive as they came. Baselines are what took place before, as it was or as a gamma
    distribution, for all cases alike, and as it was by class. Raises `ParkflowError` where the log cannot be used.
    """
    if not 0 < share < 1:
        raise ArgumentError("share", share, "give a share of the log's time between 0 and 1")
    means = _mapping(log, mapping)
    raw = read_log(log, means, progress)
    return backtest_log(raw, means, share, at_least(2, draws, "draws"), at_least(0, seed, "seed"))


def _mapping(log: Folder, mapping: Mapping) -> LogMapping:
    if mapping is None:
        return default_mapping(log)
    return mapping if isinstance(mapping, LogMapping) else read_mapping(mapping)
