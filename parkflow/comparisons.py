"""Comparing policies of a park, and running one: what `parkflow compare` and `parkflow run` do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.comparison import MOST, Comparison, Gathering, Plan, SoFar
from parkflow.analysis.experiments.doubt import LEAST_POINTS, Asked, Bundles, doubt
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.measures.measure import Measure
from parkflow.analysis.measures.registry import chosen
from parkflow.analysis.provenance import record
from parkflow.analysis.record.stopwatch import Cost, Stopwatch
from parkflow.analysis.store.replication_log import ASSUMPTIONS, ReplicationLog
from parkflow.asked import as_asked
from parkflow.catalogue import Levers
from parkflow.park import DEFAULT_PARK, Names, Park, several
from parkflow.policies import BASELINE, Change, Layouts, Site, at_least, cores, processes, question
from parkflow.registration import Measures, measures_of

if TYPE_CHECKING:
    from parkflow.analysis.store.run_folder import RunFolder

DEFAULT_REPLICATIONS = 40

Folder = str | os.PathLike[str]
Progress = Callable[[int], None]
"""Is told how many replications are done."""


def quiet(done: int) -> None:
    """The progress that nobody watches."""


def unwatched(saved: Mapping[str, float]) -> None:
    """The days saved so far that nobody watches."""


@dataclass(frozen=True)
class Request:
    """How policies of a park are simulated, and what is asked of it; see `compare`."""

    start: str | None = None
    end: str | None = None
    measures: Measures | None = None
    replications: int = DEFAULT_REPLICATIONS
    half_width: float | None = None
    cap: int | None = None
    seed: int = 1
    workers: int | None = None
    out: Folder | None = None
    force: bool = False

    def observed(self) -> tuple[Measure, ...] | None:
        """The measures named; None for all that are known."""
        return None if self.measures is None else measures_of(self.measures)

    def plan(self, stopped: Callable[[], bool]) -> Plan:
        """How many replications; raises `ArgumentError` for numbers that cannot be."""
        few, most = at_least(1, self.replications, "replications"), MOST if self.cap is None else self.cap
        seed = at_least(0, self.seed, "seed")
        if self.half_width is None:
            if self.cap is not None:
                raise ArgumentError(
                    "cap", self.cap, "it ends what runs for a precision; give the half-width wanted too"
                )
            return Plan(seed, few, stopped=stopped)
        if not self.half_width > 0:
            raise ArgumentError("half_width", self.half_width, "give more than 0, in days")
        return Plan(seed, at_least(2, few, "replications"), self.half_width, at_least(few, most, "cap"), stopped)


@dataclass(frozen=True)
class Watch:
    """Who looks on: is told how many replications are done and the days saved so far, and may stop it."""

    progress: Progress = quiet
    so_far: SoFar = unwatched
    stopped: Callable[[], bool] = lambda: False


UNWATCHED = Watch()


def compare(
    park: Park = DEFAULT_PARK,
    policies: Names = (),
    *,
    baseline: str = BASELINE,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    measures: Measures | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    half_width: float | None = None,
    cap: int | None = None,
    seed: int = 1,
    assumptions: int = 0,
    workers: int | None = None,
    out: Folder | None = None,
    force: bool = False,
    progress: Progress = quiet,
    so_far: SoFar = unwatched,
) -> Comparison:
    """Compare policies of a park with a baseline policy, on the same projects.

    Named are one policy or several; none means those that the park's file defines and the green channel. `levers` are
    added to the policies compared and those in `without` are left out of them; where levers are given and no policy,
    they are added to the serial park. `start` and `end` name milestones; left out, the park's own question is asked.
    Only the `measures` named or handed over are observed, all that are known if none is. With `half_width`, in days,
    `replications` are the fewest, and more are run until the days saved of every policy are that sure, `cap` of them at
    the most. With `assumptions`, the
    headline is also simulated at so many points of the ranges of the park's assumed numbers, and the result has the
    interval over assumptions beside that over replications; with `out`, an interrupted run keeps the points done.
    `workers` is the number of processes, all cores if not given, and changes nothing in the result. With `out`, the
    tables of every replication and the measures are kept in this folder, for `open_run`, `chart` and `report`; it
    appears whole when all is done, and one that has a run already is written over only with `force`.
    `progress` is called with the number of replications done, and goes on with the points; `so_far` with the days per
    project that each policy saves in these. Raises `ParkflowError` for whatever does not fit.
    """
    request = Request(start, end, measures, replications, half_width, cap, seed, workers, out, force)
    change, watch = Change.of(levers, without), Watch(progress, so_far)
    return compared(park, several(policies), baseline, change, request, watch, assumptions)


def compared(
    park: Park,
    policies: Sequence[str],
    baseline: str,
    change: Change,
    request: Request,
    watch: Watch = UNWATCHED,
    assumptions: int = 0,
) -> Comparison:
    """What `compare` does, asked for with frozen values."""
    site = Site.of(park)
    points = _points(site, assumptions)
    layouts = {baseline: site.layout(baseline)}
    named = site.chosen(policies, baseline, change)
    layouts |= {change.name(policy): site.layout(policy, change) for policy in named}
    bundles = {baseline: site.levers(baseline)} | {change.name(one): site.levers(one, change) for one in named}
    return carry_out(site, layouts, request, "compare", watch, Doubting(points, bundles) if points else None)


def run(
    park: Park = DEFAULT_PARK,
    policy: str = BASELINE,
    *,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    measures: Measures | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    out: Folder | None = None,
    force: bool = False,
    progress: Progress = quiet,
) -> Comparison:
    """Run one policy of a park, with levers added or left out: its days, issues, starts, desks and causes.

    The other arguments are those of `compare`. Raises `ParkflowError` for whatever does not fit.
    """
    request = Request(start, end, measures, replications, seed=seed, workers=workers, out=out, force=force)
    return ran(park, policy, Change.of(levers, without), request, Watch(progress))


def ran(park: Park, policy: str, change: Change, request: Request, watch: Watch = UNWATCHED) -> Comparison:
    """What `run` does, asked for with frozen values."""
    site = Site.of(park)
    return carry_out(site, {change.name(policy): site.layout(policy, change)}, request, "run", watch)


@dataclass(frozen=True)
class Doubting:
    """How many points of the ranges of assumed numbers are tried, and the levers of each policy at all of them."""

    points: int
    bundles: Bundles


def carry_out(
    site: Site,
    layouts: Layouts,
    request: Request,
    function: str,
    watch: Watch = UNWATCHED,
    doubting: Doubting | None = None,
) -> Comparison:
    """Run layouts by policy, of which the first is the baseline, and keep all that happens if a folder is given.

    A folder that has a run is written over only where the request says so. With `doubting` the headline has its
    intervals over assumptions too, unless it is stopped before.
    Raises `ParkflowError` for whatever does not fit.
    """
    clock, plan, measures = Stopwatch(), request.plan(watch.stopped), request.observed()
    milestones = question(next(iter(layouts.values())), request.start, request.end)
    workers = processes(request.workers, plan.replications)
    made = record(site.scenario, as_asked(function))
    scenarios = {policy: layout.scenario for policy, layout in layouts.items()}
    with _claimed(request.out, request.force) as folder:
        keep = None if folder is None else folder.append
        baseline, known = next(iter(layouts)), chosen(measures)
        gathering = Gathering(layouts, baseline, milestones, known, keep, watch.progress, watch.so_far)
        stopped = gathering.carry_out(plan, local(workers))
        plan = plan.stopped_after(len(gathering.seen)) if stopped else plan
        done, rows = len(gathering.seen), gathering.rows(plan.sampling)
        result = Comparison(site.scenario.name, baseline, plan.seed, done, milestones, rows, made, scenarios, stopped)
        if doubting and not stopped:
            result = _doubted(site, doubting, workers, request.out, watch.progress, result)
        if folder is not None:
            _write(result, folder, _call(function, result, plan, measures, doubting), clock.cost(workers))
    return result


def _call(
    function: str, result: Comparison, plan: Plan, measures: Sequence[Measure] | None, doubting: Doubting | None
) -> dict[str, Any]:
    """What makes the same numbers again."""
    return {
        "kind": function, "baseline": result.baseline, "policies": list(result.scenarios),
        "question": list(result.question), "seed": plan.seed, "replications": plan.replications,
        "measures": None if measures is None else [one.name for one in measures],
        "assumptions": asdict(doubting) if doubting and not result.interrupted else None,
        **({"half_width": plan.half_width, "cap": plan.most} if plan.target else {}),
    }  # fmt: skip


def _points(site: Site, assumptions: int) -> int:
    """So many points of the park's ranges; raises `ArgumentError` where they are too few, or there is no range."""
    if assumptions and not site.scenario.ranges:
        raise ArgumentError(
            "assumptions", assumptions, f"{site.said} states no ranges of its assumed numbers; add some"
        )
    return at_least(LEAST_POINTS, assumptions, "assumptions") if assumptions else 0


def _doubted(
    site: Site, doubting: Doubting, workers: int | None, out: Folder | None, progress: Progress, result: Comparison
) -> Comparison:
    """A comparison with the intervals of its headline over assumptions."""
    points, asked = doubting.points, Asked(site.scenario, doubting.bundles, result.question, result.seed)
    executor = local(min(cores(workers), points))
    with ReplicationLog(Path(out) / ASSUMPTIONS if out is not None else None, claimed=True) as log:
        doubts = doubt(asked, result.measures, points, executor, log, lambda done: progress(result.replications + done))
    return replace(result, doubts=doubts)


@contextmanager
def _claimed(out: Folder | None, force: bool) -> Iterator[RunFolder | None]:
    """The folder for the run, which nobody else may write into, if one is given."""
    if out is None:
        yield None
        return
    from parkflow.analysis.store.run_folder import RunFolder  # loads pandas

    with RunFolder(Path(out), force) as folder:
        yield folder


def _write(result: Comparison, folder: RunFolder, call: Mapping[str, Any], cost: Cost) -> None:
    """Add the measures, the park under each policy, and the record of the run to the tables of a run folder."""
    from parkflow.analysis.record.run_record import keep_record

    folder.finish(result.frame(), result.document(), result.scenarios)
    keep_record(folder.folder, call, result.scenarios[result.baseline], str(result.record["command"]), cost)
