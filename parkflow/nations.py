"""Nations from Python: the zones of a country, run now or gone on with, and what they show together."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from parkflow.analysis.experiments.nation import NationPlan, nation_rows, planned_nation, run_nation
from parkflow.analysis.experiments.nation_file import load_nation
from parkflow.analysis.experiments.sweeper import State
from parkflow.analysis.record.run_record import keep_record
from parkflow.analysis.record.stopwatch import Stopwatch
from parkflow.analysis.store.index import NATION
from parkflow.analysis.store.sweep_folder import SweepFolder
from parkflow.asked import as_asked
from parkflow.catalogue import load_offers
from parkflow.comparisons import Folder
from parkflow.park import Names, several
from parkflow.policies import at_least, cores
from parkflow.registration import Measures, measures_of
from parkflow.sweeps import executor

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_NATION = "national"


@dataclass(frozen=True)
class NationResult:
    """The folder of a nation. What is stored there is read when it is asked for."""

    folder: Path

    def rows(self) -> list[dict[str, Any]]:
        """One row per kind of zone, policy, measure and group: mean, interval, zones; the kind ``all`` is all zones."""
        return nation_rows(SweepFolder.open(self.folder, NATION))

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    @property
    def failures(self) -> list[dict[str, Any]]:
        """What failed: the block of zones, the replication, the error and its inputs."""
        return [dict(vars(failure)) for failure in SweepFolder.open(self.folder, NATION).failures.values()]


def nation(
    nation: str | os.PathLike[str] = DEFAULT_NATION,
    policies: Names = (),
    *,
    zones: int | None = None,
    measures: Measures | None = None,
    replications: int = 1,
    seed: int = 1,
    workers: int | None = None,
    cluster: str | None = None,
    out: Folder | None = None,
    retry_failed: bool = False,
    repair: bool = False,
    progress: Callable[[State], None] = lambda state: None,
) -> NationResult:
    """Run every zone of a nation under policies, on the same projects, and tell what they show together.

    `nation` is a shipped one or a file that says how many zones of which kinds there are, and which park stands for
    one. `policies` overrule those of the file; with `zones` each kind has so many at most. Workers send sums over
    zones, so that memory does not grow with them. Only the `measures` named or handed over are observed, those of a
    sweep's summary if none is. `cluster` is the address of a Dask scheduler that does the work instead of `workers`
    processes.

    With `out` the nation is kept in this folder, and the same call goes on where it stopped; `retry_failed` tries again
    what failed, and `repair` drops what is damaged there and runs it again. Without it what was found
    lasts as long as the result. Raises `ParkflowError` for whatever does not fit.
    """
    load_offers()
    if zones is not None:
        at_least(1, zones, "zones")
    found = load_nation(nation, several(policies), zones)
    asked = None if measures is None else measures_of(measures)
    numbers = at_least(0, seed, "seed"), at_least(1, replications, "replications")
    plan, result = planned_nation(found, *numbers, asked), _place(out)
    carry_out_nation(plan, result.folder, workers, cluster, progress, retry_failed, repair)
    return result


def carry_out_nation(
    plan: NationPlan,
    folder: Path,
    workers: int | None,
    cluster: str | None,
    progress: Callable[[State], None],
    retry_failed: bool,
    repair: bool = False,
) -> SweepFolder:
    """Run a nation into a folder, or go on with it, and write its record when it is complete; returns the folder.

    Raises `ParkflowError` for whatever does not fit.
    """
    watch, command = Stopwatch(), as_asked("nation")
    with executor(workers, cluster) as work:
        stored = run_nation(plan, folder, work, progress, command, retry_failed, repair)
    call = {"kind": "nation", "name": plan.name, "seed": plan.zones.seed, "replications": plan.replications}
    scenario = next(iter(next(iter(plan.nation.scenarios.values())).values()))
    keep_record(folder, call, scenario, command, watch.cost(None if cluster else cores(workers)))
    return stored


def _place(out: Folder | None) -> NationResult:
    """Where a nation is kept: a folder, or a temporary one that goes with the result."""
    if out is not None:
        return NationResult(Path(out))
    result = NationResult(Path(mkdtemp(prefix="parkflow-")))
    weakref.finalize(result, shutil.rmtree, result.folder, ignore_errors=True)
    return result
