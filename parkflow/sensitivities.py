"""What an answer hangs on: what `parkflow sensitivity` does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.ranges import ranges_of
from parkflow.analysis.experiments.sensitivity import Asked, Sensitivity, Size
from parkflow.analysis.experiments.sensitivity import sensitivity as weigh
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.catalogue import Levers
from parkflow.park import DEFAULT_PARK, Names, Park
from parkflow.policies import BASELINE, Change, Site, at_least, cores, question
from parkflow.registration import measures_of

POINTS = "sensitivity.jsonl"
"""The file that keeps the points that were run."""


def sensitivity(
    park: Park = DEFAULT_PARK,
    policies: Names = (),
    *,
    baseline: str = BASELINE,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    measure: str = "days_saved",
    lowest: bool = False,
    trajectories: int = Size.trajectories,
    inputs: int = Size.inputs,
    rows: int = Size.rows,
    seed: int = 1,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Sensitivity:
    """Find on which of a park's assumed numbers the answer hangs, and which of them would overturn it.

    All numbers with a range are screened by `trajectories` of elementary effects; the `inputs` that move the measure
    most get indices of variance, from a design of so many `rows`, a power of two. The policies are those of `compare`;
    with several, it is told where the best of them is not the best. `lowest` says that less of the measure is better.
    With `out`, points are kept in this folder, and the same call goes on where it stopped. The other arguments are
    those of `compare`; `progress` is called with the number of points done. Raises `ParkflowError` for whatever does
    not fit.
    """
    site, change = Site.of(park), Change.of(levers, without)
    [one] = measures_of(measure)
    if not ranges_of(site.scenario):
        raise ArgumentError("park", site.said, "it states no ranges of its assumed numbers; add some")
    named = site.chosen(policies, baseline, change)
    if not named and one.paired:
        raise ArgumentError("policy", "none", f"name one to compare with {baseline}")
    if rows < 2 or rows & (rows - 1):
        raise ArgumentError("rows", rows, "give a power of two, such as 64")
    size = Size(at_least(2, trajectories, "trajectories"), at_least(1, inputs, "inputs"), rows)
    asked_about = question(site.layout(baseline), start, end)
    bundles = {baseline: site.levers(baseline)} | {change.name(it): site.levers(it, change) for it in named}
    asked = Asked(site.scenario, bundles, asked_about, one.name, at_least(0, seed, "seed"), lowest)
    with ReplicationLog(Path(out) / POINTS if out is not None else None) as log:
        return weigh(asked, size, log, local(cores(workers)), progress)
