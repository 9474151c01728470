"""Comparing policies of a park, and running one: what `parkflow compare` and `parkflow run` do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from parkflow.analysis.experiments.comparison import Comparison, Keep, SoFar
from parkflow.analysis.experiments.comparison import compare as compare_layouts
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.worth import LeverWorth, lever_worth
from parkflow.analysis.provenance import record
from parkflow.asked import as_asked
from parkflow.catalogue import Levers
from parkflow.park import DEFAULT_PARK, Names, Park
from parkflow.policies import BASELINE, Change, Layouts, Site, at_least, cores, processes, question
from parkflow.registration import Measures, measures_of

DEFAULT_REPLICATIONS = 40
Folder = str | os.PathLike[str]
Progress = Callable[[int], None]
"""Is told how many replications are done."""


def quiet(done: int) -> None:
    """The progress that nobody watches."""


def unwatched(saved: Mapping[str, float]) -> None:
    """The days saved so far that nobody watches."""


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
    seed: int = 1,
    workers: int | None = None,
    out: Folder | None = None,
    progress: Progress = quiet,
    so_far: SoFar = unwatched,
) -> Comparison:
    """Compare policies of a park with a baseline policy, on the same projects.

    Named are one policy or several; none means those that the park reports and the green channel. `levers` are added
    to the policies compared and those in `without` are left out of them; where levers are given and no policy, they
    are added to the serial park. `start` and `end` name milestones; left out, the park's own question is asked.
    Only the `measures` named or handed over are observed, all that are known if none is.
    `workers` is the number of processes, all cores if not given, and changes nothing in the result. With `out`, the
    tables of every replication and the measures are kept in this folder, for `open_run`, `chart` and `report`.
    `progress` is called with the number of replications done, `so_far` with the days per project that each policy saves
    in these. Raises `ParkflowError` for whatever does not fit.
    """
    site, change = Site.of(park), Change.of(levers, without)
    layouts = {baseline: site.layout(baseline)}
    named = site.chosen(policies, baseline, change)
    layouts |= {change.name(policy): site.layout(policy, change) for policy in named}
    watched = progress, so_far
    return _compared(site, layouts, (start, end), measures, replications, seed, workers, out, watched, "compare")


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
    progress: Progress = quiet,
) -> Comparison:
    """Run one policy of a park, with levers added or left out: its days, issues, starts, desks and causes.

    The other arguments are those of `compare`. Raises `ParkflowError` for whatever does not fit.
    """
    site, change = Site.of(park), Change.of(levers, without)
    layouts = {change.name(policy): site.layout(policy, change)}
    watched = progress, unwatched
    return _compared(site, layouts, (start, end), measures, replications, seed, workers, out, watched, "run")


def _compared(
    site: Site,
    layouts: Layouts,
    asked: tuple[str | None, str | None],
    measures: Measures | None,
    replications: int,
    seed: int,
    workers: int | None,
    out: Folder | None,
    watched: tuple[Progress, SoFar],
    function: str,
) -> Comparison:
    """Run layouts by policy, of which the first is the baseline, and keep all that happens if a folder is given."""
    baseline, seed = next(iter(layouts)), at_least(0, seed, "seed")
    milestones, numbers = question(layouts[baseline], *asked), range(at_least(1, replications, "replications"))
    chosen_measures = None if measures is None else measures_of(measures)
    executor = local(processes(workers, replications))
    made = record(site.scenario, as_asked(function))
    with _kept(out) as keep:
        rows = compare_layouts(
            layouts, baseline, milestones, seed, numbers, executor, watched[0], keep, chosen_measures, watched[1]
        )
    scenarios = {policy: layout.scenario for policy, layout in layouts.items()}
    result = Comparison(site.scenario.name, baseline, seed, replications, milestones, rows, made, scenarios)
    if out is not None:
        _write(result, Path(out))
    return result


@contextmanager
def _kept(out: Folder | None) -> Iterator[Keep | None]:
    """What keeps the tables of every replication in a folder, if one is given."""
    if out is None:
        yield None
        return
    from parkflow.analysis.store.run_folder import TableFolder

    with TableFolder(Path(out)) as folder:
        yield folder.append


def _write(result: Comparison, out: Path) -> None:
    """Add the measures, and the park under each policy, to the tables of a run folder."""
    from parkflow.analysis.store.run_folder import write_comparison

    write_comparison(out, result.frame(), result.document(), result.scenarios)


def worth(
    park: Park = DEFAULT_PARK,
    policy: str = "full",
    *,
    start: str | None = None,
    end: str | None = None,
    replications: int = 6,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> LeverWorth:
    """Weigh each lever of a policy: alone against the serial park, and by what its removal from the policy costs.

    Raises `ParkflowError` for whatever does not fit.
    """
    site = Site.of(park)
    asked = question(site.layout(policy), start, end)
    numbers = range(at_least(1, replications, "replications"))
    executor = local(cores(workers))
    return lever_worth(site.scenario, policy, asked, at_least(0, seed, "seed"), numbers, executor, progress)
