"""Checking a result by its record, and running it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments import sweep as experiments
from parkflow.analysis.experiments.responses import is_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.record.embedding import verified_page
from parkflow.analysis.record.repetition import Repetition, compared
from parkflow.analysis.record.run_record import Record, RecordError, opened
from parkflow.analysis.record.verification import Verification, verified
from parkflow.analysis.replication.replication import laid_out
from parkflow.analysis.store.index import RECORD
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.store.sweep_folder import SweepFolder
from parkflow.comparisons import Doubting, Folder, Progress, Request, Watch, carry_out, quiet
from parkflow.policies import Site
from parkflow.registration import measures_of
from parkflow.sim.scenario import Scenario
from parkflow.sweeps import carry_out_sweep

REPEATED = ("compare", "run", "sweep")
"""What can be repeated from its folder alone."""


def verify(folder: Folder) -> Verification:
    """Check every file of a result folder, or a report, by the digests in its record; nothing is run.

    Raises `ParkflowError` where there is no record, or where it has been changed itself.
    """
    path = Path(folder)
    return verified_page(path) if path.is_file() else verified(path)


def rerun(
    folder: Folder, *, workers: int | None = None, out: Folder | None = None, progress: Progress = quiet
) -> Repetition:
    """Run a stored run or sweep again, and say whether every number is the same to the last bit, or which moved.

    It needs the folder alone: the park under each policy is in it. With `out` the new folder is kept. Raises
    `ParkflowError` where the folder is not as it was written, or holds what this version cannot read.
    """
    then = Path(folder)
    record = _record_of(then)
    if record["call"]["kind"] not in REPEATED:
        remedy = f"give its command again, into another folder: {record['command']}"
        raise RecordError(then / RECORD, f"is of what {record['call']['kind']} made, which is not repeated", remedy)
    _check_whole(then)
    if out is not None and Path(out).resolve() == then.resolve():
        raise ArgumentError("out", out, "is the folder that is repeated; give another")
    with _place(out) as now:
        if is_sweep(then):
            _sweep_again(then, record, now, workers)
        else:
            _run_again(then, record, now, workers, progress)
        return compared(then, now, (record, opened(now / RECORD)))


def document(found: Repetition) -> dict[str, Any]:
    """What a repetition found as one object of plain values; what is not a number is None."""
    plain = {key: value for key, value in vars(found).items() if key not in ("moved", "changed", "versions")}
    lists = {key: [one._asdict() for one in getattr(found, key)] for key in ("moved", "changed", "versions")}
    for change in lists["changed"]:
        change["greatest"] = change["greatest"] if change["greatest"] == change["greatest"] else None
    return {"identical": found.identical, **plain, **lists}


def replications(folder: Folder) -> int:
    """How many replications a repetition of this folder takes; raises `ParkflowError` where it has no record."""
    return int(_record_of(Path(folder))["call"].get("replications", 1))


def _record_of(folder: Path) -> Record:
    if folder.is_file():
        remedy = "give the folder that it was made from"
        raise RecordError(folder, "is a file, and holds no tables to compare with", remedy)
    return opened(folder / RECORD)


def _check_whole(folder: Path) -> None:
    damaged = verified(folder).damaged
    if damaged:
        what = {"missing": "is missing", "changed": "has been changed"}[damaged[0].what]
        remedy = "there is nothing sure to compare with; restore it from a copy, or make the folder again"
        raise RecordError(folder / damaged[0].file, what, remedy)


@contextmanager
def _place(out: Folder | None) -> Iterator[Path]:
    if out is not None:
        yield Path(out)
        return
    with TemporaryDirectory() as made:
        yield Path(made) / "again"


def _run_again(then: Path, record: Record, now: Path, workers: int | None, progress: Progress) -> None:
    call, stored = record["call"], Run(then)
    layouts = {policy: laid_out(stored.scenarios[policy]) for policy in call["policies"]}
    start, end = call["question"]
    request = Request(
        start, end, call["measures"], call["replications"], call.get("half_width"), call.get("cap"), call["seed"],
        workers, now,
    )  # fmt: skip
    site = Site(stored.document["scenario"], stored.scenario)
    doubting = _doubting(call["assumptions"], call["policies"]) if call["assumptions"] else None
    carry_out(site, layouts, request, call["kind"], Watch(progress), doubting)


def _doubting(written: Mapping[str, Any], policies: Sequence[str]) -> Doubting:
    """How a comparison doubted its assumptions, its policies in their own order, which JSON does not keep."""
    return Doubting(written["points"], {name: written["bundles"][name] for name in policies})


def _sweep_again(then: Path, record: Record, now: Path, workers: int | None) -> None:
    manifest, measures = SweepFolder.open(then).manifest, record["call"]["measures"]
    sweep = load_sweep(Scenario.model_validate(manifest["scenario"]), (), manifest["design"])
    plan = experiments.planned(sweep, None if measures is None else measures_of(measures))
    carry_out_sweep(plan, now, workers, extend=manifest["extended"])
