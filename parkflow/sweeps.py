"""Sweeps from Python: many points of a park, run now or gone on with, and what they found."""

from __future__ import annotations

import shutil
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Literal

from parkflow.analysis.errors import AnalysisError, ArgumentError
from parkflow.analysis.experiments import sweep as experiments
from parkflow.analysis.experiments.executors import Executor, cluster, local
from parkflow.analysis.experiments.sweep_file import Sweep, load_sweep
from parkflow.analysis.experiments.sweeper import State
from parkflow.analysis.record.run_record import keep_record
from parkflow.analysis.record.stopwatch import Stopwatch
from parkflow.asked import as_asked
from parkflow.catalogue import Levers
from parkflow.comparisons import Folder
from parkflow.park import Names, Park, several
from parkflow.policies import Change, Site, cores
from parkflow.registration import Measures, measures_of

if TYPE_CHECKING:
    import pandas as pd

Factors = Mapping[str, Any]
"""Levels by factor: a list of values, or a range as ``{"low": 0, "high": 1, "points": 5}``."""


@dataclass(frozen=True)
class SweepResult:
    """The folder of a sweep. What is stored there is read when it is asked for."""

    folder: Path

    def frame(self, measures: Names = (), groups: bool = False) -> pd.DataFrame:
        """One row per point, policy and measure: its factors, mean, interval and replications.

        Named are measures; none means those of the summary. With `groups` there is one row per group of projects too.
        Raises `ParkflowError` for a measure that does not exist.
        """
        import pandas as pd

        return pd.DataFrame(experiments.results(self.folder, several(measures), groups)[1])

    def document(self) -> dict[str, Any]:
        """The summary as one object of plain values, as ``parkflow results --format json`` prints it."""
        return experiments.document(*experiments.results(self.folder))

    @property
    def failures(self) -> list[dict[str, Any]]:
        """What failed: the point, the replication, the error and its inputs."""
        return list(self.document()["failures"])


def sweep(
    park: Park,
    factors: Factors | None = None,
    policies: Names = (),
    *,
    baseline: str | None = None,
    against: Literal["point", "park"] | None = None,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    measures: Measures | None = None,
    design: Literal["grid", "random", "lhs", "sobol"] | None = None,
    size: int | None = None,
    replications: int | None = None,
    half_width: float | None = None,
    cap: int | None = None,
    seed: int | None = None,
    detail: Literal["summary", "projects", "events"] | None = None,
    latin_hypercube: bool | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    out: Folder | None = None,
    extend: int = 0,
    retry_failed: bool = False,
    repair: bool = False,
    progress: Callable[[State], None] = lambda state: None,
) -> SweepResult:
    """Compare policies of a park at many points, such as every combination of the levels of some factors.

    `park` may also be a shipped sweep or a sweep file, whose settings the arguments overrule. A factor is a dotted key
    of the scenario, as ``desks.planning.servers``, a parameter of a lever, as ``levers.land_bank.target``, or
    ``policy``. Policies are compared with the baseline of the same point, or `against` that of the ``park`` as it
    is, which is usual where a factor changes its desks, meetings, stocks or crews. `levers` are added to the
    policies and those in `without` left out. Only the `measures` named or handed over are observed, all that are
    known if none is. `size` is the number of points of a random, lhs or sobol design. `half_width` asks for days
    saved to this precision instead of `replications`, with at most `cap` of them. `latin_hypercube` draws
    replications in Latin hypercube blocks, or does not; left out, they are where there may be enough of them.
    `cluster` is the address of a Dask scheduler that does the work instead of `workers` processes.

    With `out` the sweep is kept in this folder, and the same call goes on where it stopped; `extend` gives every point
    of a finished sweep so many replications more, `retry_failed` tries again what failed, and `repair` drops what is
    damaged in the folder and runs it again. Without `out` what was
    found lasts as long as the result. Raises `ParkflowError` for whatever does not fit.
    """
    given = {
        "factors": {key: _levels(key, levels) for key, levels in factors.items()} if factors else None,
        "policies": several(policies) or None, "baseline": baseline, "against": against, "from": start, "to": end,
        "design": design,
        "size": size, "replications": replications, "precision": precision(half_width, cap), "seed": seed,
        "detail": detail, "latin_hypercube": latin_hypercube,
    }  # fmt: skip
    checked = sweep_of(park, Change.of(levers, without), settings(given))
    plan, result = experiments.planned(checked, None if measures is None else measures_of(measures)), _place(out)
    carry_out_sweep(plan, result.folder, workers, cluster, progress, extend, retry_failed, repair)
    return result


def carry_out_sweep(
    plan: experiments.Plan,
    folder: Path,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Callable[[State], None] = lambda state: None,
    extend: int = 0,
    retry_failed: bool = False,
    repair: bool = False,
) -> None:
    """Run a sweep into a folder, or go on with it, and write its record when it is complete.

    Raises `ParkflowError` for whatever does not fit.
    """
    watch, command = Stopwatch(), as_asked("sweep")
    with executor(workers, cluster) as work:
        stored = experiments.run_sweep(plan, folder, work, progress, command, extend, retry_failed, repair)
    asked = plan.experiment.measures
    call = {
        "kind": "sweep", "name": plan.name, "seed": plan.sweep.file.seed, "baseline": plan.sweep.file.baseline,
        "replications": stored.done.total(), "measures": None if asked is None else [one.name for one in asked],
    }  # fmt: skip
    keep_record(folder, call, plan.sweep.scenario, command, watch.cost(None if cluster else cores(workers)))


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given, as a sweep file would say it: what is None is left to the file."""
    return {key: value for key, value in given.items() if value is not None}


def precision(half_width: float | None, cap: int | None) -> dict[str, Any] | None:
    """The precision of days saved that is asked for, as a sweep file would say it; a cap alone asks for nothing."""
    return {"half_width": half_width} | ({"maximum": cap} if cap else {}) if half_width else None


def _levels(key: str, levels: Any) -> Any:
    """The levels of a factor as a sweep file would hold them, numpy's numbers as Python's."""
    if isinstance(levels, Mapping):
        return dict(levels)
    if isinstance(levels, str) or not isinstance(levels, Iterable):
        raise ArgumentError(f"factors[{key!r}]", repr(levels), "give a list of levels, such as [2, 3, 4]")
    return [level.item() if hasattr(level, "item") else level for level in levels]


def sweep_of(park: Park, change: Change, given: dict[str, Any], vary: tuple[str, ...] = ()) -> Sweep:
    """The checked sweep; where levers are added or left out, the policies compared are changed ones.

    Raises `ParkflowError` for whatever does not fit.
    """
    if change:
        site = Site.of(park)
        compared = site.chosen(given.get("policies", ()), given.get("baseline", ""), change)
        park, given["policies"] = site.with_policies(compared, change)
    return load_sweep(park, vary, given)


def _place(out: Folder | None) -> SweepResult:
    """Where a sweep is kept: a folder, or a temporary one that goes with the result."""
    if out is not None:
        return SweepResult(Path(out))
    result = SweepResult(Path(mkdtemp(prefix="parkflow-")))
    weakref.finalize(result, shutil.rmtree, result.folder, ignore_errors=True)
    return result


@contextmanager
def executor(workers: int | None, address: str | None) -> Iterator[Executor]:
    """The processes of this machine, or the workers of a cluster; raises `ArgumentError` where there are none."""
    if address is None:
        yield local(cores(workers))
        return
    try:
        connection = cluster(address)
        reached = connection.__enter__()
    except ImportError:
        raise AnalysisError("a cluster needs Dask: install parkflow[cluster]") from None
    except (OSError, ValueError) as error:
        raise ArgumentError("cluster", address, f"no scheduler answers there ({error})") from None
    try:
        yield reached
    finally:
        connection.__exit__(*sys.exc_info())
