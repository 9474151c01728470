"""Judging the model by what was reported: what `parkflow validate` does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.doubt import LEAST_POINTS
from parkflow.analysis.experiments.executors import Executor, local
from parkflow.analysis.provenance import record
from parkflow.analysis.record.run_record import keep_record
from parkflow.analysis.record.stopwatch import Stopwatch
from parkflow.analysis.store.files import StoreError
from parkflow.analysis.store.index import VALIDATION, check_kind
from parkflow.analysis.store.kept_folder import KeptFolder, read_kept
from parkflow.analysis.store.replication_log import ReplicationLog
from parkflow.analysis.validation.definition import judged_parks, of_park
from parkflow.analysis.validation.ledger import Ledger
from parkflow.analysis.validation.line import Line, judge
from parkflow.analysis.validation.robustness import Robustness, robustness
from parkflow.analysis.validation.running import carry_out, work_of
from parkflow.asked import as_asked
from parkflow.comparisons import Folder, Progress, quiet
from parkflow.park import Park, load
from parkflow.policies import at_least, cores
from parkflow.scenarios.load import InputError
from parkflow.sim.checks import ScenarioError, nearest
from parkflow.sim.levers import LeverError
from parkflow.sim.scenario import Scenario

DEFAULT_REPLICATIONS = 60
LOG, LEDGER, TABLE = "replications.jsonl", "ledger.json", "ledger.csv"


def validate(
    parks: Park | tuple[Park, ...] | list[Park] = (),
    *,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    assumptions: int = 0,
    workers: int | None = None,
    out: Folder | None = None,
    progress: Progress = quiet,
) -> Ledger:
    """Set every reported number of some parks beside what the model predicts, and say the verdict on each.

    Named are shipped parks, or scenarios and files that carry the name of one; none means all that something is
    reported of. With `assumptions`, the headline claims are also judged at so many points of the ranges of assumed
    numbers. With `out`, every replication is kept in this folder as it is done and is not run again, and the ledger is
    written there as JSON and CSV. `workers` is the number of processes, all cores if not given, and changes nothing in
    the result. `progress` is called with the number of replications and points done. Raises `ParkflowError` for
    whatever does not fit.
    """
    chosen = [_judged(park) for park in _several(parks)]
    watch = Stopwatch()
    number, counted = at_least(2, replications, "replications"), _Counted(progress)
    points = at_least(LEAST_POINTS, assumptions, "assumptions") if assumptions else 0
    executor = local(min(cores(workers), max(number, points)))
    lines: list[Line] = []
    robust: list[Robustness] = []
    made = record(chosen[0], as_asked("validate"))
    with _claimed(out, str(made["command"])) as folder:
        with ReplicationLog(folder.path / LOG if folder is not None else None, claimed=True) as log:
            for park in chosen:
                lines += _lines(park, number, at_least(0, seed, "seed"), executor, log, counted)
            for park in chosen if points else ():
                headline = [one for one in of_park(park.name) if one.headline]
                robust += robustness(park, headline, points, seed, executor, log, counted) if headline else []
        ledger = Ledger(tuple(lines), seed, number, tuple(robust), made)
        if folder is not None:
            folder.write(LEDGER, json.dumps(ledger.document(), indent=2, ensure_ascii=False))
            folder.write(TABLE, ledger.frame().to_csv(index=False))
    if out is not None:
        call = {"kind": "validate", "parks": [park.name for park in chosen], "seed": seed, "replications": number}
        keep_record(Path(out), call, chosen[0], str(made["command"]), watch.cost(cores(workers)))
    return ledger


def stored_ledger(folder: Folder) -> Ledger:
    """The ledger that `validate` left in a folder, judged again from its replications.

    What the folder does not know under the parks of today is run. Raises `StoreError` where there is none.
    """
    check_kind(Path(folder), VALIDATION)
    found = read_kept(Path(folder), LEDGER, "make it again with parkflow validate")
    if found is None or not {"lines", "replications", "seed"} <= set(found):
        raise StoreError(f"{folder}: holds no ledger; make one with: parkflow validate --out FOLDER")
    parks = tuple(dict.fromkeys(line["park"] for line in found["lines"]))
    return validate(parks, replications=found["replications"], seed=found["seed"], out=folder)


def reports() -> tuple[str, ...]:
    """The parks that something is reported of."""
    return judged_parks()


def _several(parks: Park | tuple[Park, ...] | list[Park]) -> tuple[Park, ...]:
    if isinstance(parks, tuple | list):
        return tuple(parks) or reports()
    return (parks,)


def _judged(park: Park) -> Scenario:
    """The scenario of a park that something is reported of; raises `ArgumentError` for any other."""
    scenario = load(park)
    if scenario.name not in reports():
        remedy = f"nothing is reported of it; {nearest(scenario.name, reports())}"
        raise ArgumentError("park", scenario.name, remedy)
    return scenario


def _lines(
    park: Scenario, replications: int, seed: int, executor: Executor, log: ReplicationLog, progress: Progress
) -> list[Line]:
    """The lines of one park."""
    definitions = of_park(park.name)
    try:
        found = carry_out(work_of(park, definitions, seed), replications, executor, log, progress)
    except (LeverError, ScenarioError) as error:
        raise InputError(f"{park.name}: {error}") from None
    return [judge(one, [values.get(one.line, ()) for values in found]) for one in definitions]


class _Counted:
    """Adds up what is done, for a progress that is told totals."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.done = progress, 0

    def __call__(self, more: int) -> None:
        self.done += more
        self.progress(self.done)


@contextmanager
def _claimed(out: Folder | None, command: str) -> Iterator[KeptFolder | None]:
    """The folder for the ledger, which nobody else may write into, if one is given."""
    if out is None:
        yield None
        return
    with KeptFolder(Path(out), VALIDATION, (LOG, LEDGER, TABLE), command) as folder:
        yield folder
