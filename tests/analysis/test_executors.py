"""Executors: workers start once, are told their function once, stay for the next call, and outlive nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

import parkflow
from parkflow.analysis.experiments import executors
from parkflow.analysis.experiments.executors import Local, WorkerLostError, here, local, run_many
from parkflow.analysis.experiments.forks import Forks, can_fork
from parkflow.policies import FEW, processes

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
"""A pool of loky whose workers are ended while batches wait may complain in the thread that ends with it."""

Told = Callable[[Any], Any]
forked_only = pytest.mark.skipif(not can_fork(), reason="workers cannot be forked on this system")


class Squares:
    """Squares numbers, and notes in a file whenever it is pickled to be told to somebody."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes

    def __call__(self, number: int) -> tuple[int, int]:
        """The square, and who computed it."""
        time.sleep(0.01 if number % 3 else 0.03)
        return number**2, os.getpid()

    def __getstate__(self) -> dict[str, Any]:
        with self.notes.open("a") as file:
            file.write("pickled\n")
        return vars(self)


def pickled(notes: Path) -> int:
    """How often a function was pickled."""
    return len(notes.read_text().splitlines()) if notes.exists() else 0


def no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which workers have to be started."""
    monkeypatch.setattr(executors, "can_fork", lambda: False)


def is_running(process: int) -> bool:
    """Whether a process is still there, and no zombie."""
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(workers: set[int]) -> bool:
    """Whether all of some processes end within ten seconds."""
    deadline = time.monotonic() + 10
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(is_running, workers))


@forked_only
def test_forked_workers_inherit_their_function_and_stay(tmp_path: Path) -> None:
    """Nothing is pickled, results come in order, and the next call meets the same workers; another function others."""
    executor, squares = local(2), Squares(tmp_path / "notes")
    first, second = (list(executor(squares, range(12))) for _ in range(2))
    assert [square for square, _ in first] == [number**2 for number in range(12)]
    workers = {process for _, process in first}
    assert len(workers) == 2
    assert os.getpid() not in workers
    assert {process for _, process in second} <= workers
    assert {process for _, process in executor(Squares(tmp_path / "notes"), range(4))}.isdisjoint(workers)
    assert pickled(tmp_path / "notes") == 0
    assert gone(workers)


@pytest.mark.slow
def test_started_workers_are_told_their_function_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many batches there are, and however often the same function is run."""
    no_fork(monkeypatch)
    executor, squares = local(2), Squares(tmp_path / "notes")
    for _ in range(2):
        assert [square for square, _ in executor(squares, range(12))] == [number**2 for number in range(12)]
    assert 1 <= pickled(tmp_path / "notes") <= 2


@forked_only
def test_results_may_come_as_they_are_ready(tmp_path: Path) -> None:
    """All of them, whichever is first; empty work is no work."""
    executor, squares = local(2), Squares(tmp_path / "notes")
    assert sorted(square for square, _ in executor(squares, range(12), ordered=False)) == [n**2 for n in range(12)]
    assert list(executor(squares, [])) == []


def fails(number: int) -> int:
    """Fails at the number three."""
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.slow
@pytest.mark.parametrize("forked", [True, False])
def test_what_the_function_raises_passes_through(forked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With where it arose in the worker; the executor can be used again."""
    if not forked:
        no_fork(monkeypatch)
    executor = local(2)
    with pytest.raises(ValueError, match="three"):
        list(executor(fails, range(6)))
    assert list(executor(fails, range(3))) == [0, 1, 2]


def dies(number: int) -> int:
    """Ends its process at the number three."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.slow
@pytest.mark.parametrize("forked", [True, False])
def test_a_lost_worker_is_told(forked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not waited for; the next call has new workers."""
    if not forked:
        no_fork(monkeypatch)
    executor = local(2)
    with pytest.raises(WorkerLostError):
        list(executor(dies, range(6)))
    assert list(executor(dies, range(3))) == [0, 1, 2]


@forked_only
def test_who_stops_early_leaves_no_workers_behind(tmp_path: Path) -> None:
    """Neither when the results are not read to their end, nor when the executor goes."""
    squares = Squares(tmp_path / "notes")
    executor = Local(2)
    results: Any = executor(squares, range(100))
    early = {next(results)[1] for _ in range(6)}
    results.close()
    assert gone(early)
    kept = {process for _, process in executor(squares, range(6))}
    assert all(map(is_running, kept))
    del executor
    assert gone(kept)


ORPHANS = """
import os, sys, time
from parkflow.analysis.experiments.executors import local

def slow(number):
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    list(local(2)(slow, range(2)))
"""


@forked_only
@pytest.mark.slow
def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """Even in the middle of a batch."""
    (tmp_path / "script.py").write_text(ORPHANS, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(tmp_path / "script.py")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = {int(parent.stdout.readline()) for _ in range(2)}
    assert all(map(is_running, workers))
    parent.kill()
    parent.communicate()
    assert gone(workers)


def test_few_replications_start_no_workers_unless_asked_for() -> None:
    """Starting them takes longer than they save."""
    assert processes(None, FEW) == 1
    assert processes(2, FEW) == 2
    assert processes(5, 3) == 3
    assert processes(None, 1000) == (os.cpu_count() or 1)


def test_the_first_replication_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it builds is inherited by workers, and it is there to be seen before they start."""
    monkeypatch.setattr(executors, "replicate", lambda layouts, seed, replication: {"serial": replication})
    made: list[Any] = []

    def refused(function: Told, batches: Any, ordered: bool = True) -> Any:
        made.extend(batches)
        return map(function, made)

    def number(runs: Any) -> Any:
        return runs["serial"]

    results = run_many(number, {}, 1, range(100), refused)
    assert next(results) == 0
    assert made == []
    assert list(results) == list(range(1, 100))
    sizes = [len(batch) for batch in made]
    assert sizes[:16] == [1] * 16
    assert max(sizes) > 1
    assert sizes[-1] == 1
    assert list(run_many(number, {}, 1, range(1), here)) == [0]


def test_what_is_known_so_far_is_told_after_every_replication() -> None:
    """The last of it is what the table says in the end."""
    told: list[dict[str, float]] = []
    counts: list[int] = []
    found = parkflow.compare(
        "approvals-275", replications=3, measures="days_saved", progress=counts.append,
        so_far=lambda saved: told.append(dict(saved)),
    )  # fmt: skip
    (row,) = found.rows("days_saved", "green_channel", "all")
    assert counts == [1, 2, 3]
    assert len({saved["green_channel"] for saved in told}) == 3
    assert told[-1] == {"green_channel": pytest.approx(row["mean"])}


@forked_only
def test_no_more_workers_start_than_there_are_batches(tmp_path: Path) -> None:
    """Forking sixty of them takes longer than two batches."""
    executor, squares, before = local(60), Squares(tmp_path / "notes"), set(active_children())
    list(executor(squares, range(2)))
    assert len(set(active_children()) - before) <= 3
    assert len({process for _, process in executor(squares, range(20))}) > 3


@forked_only
def test_a_worker_does_not_end_the_workers_of_its_parent(tmp_path: Path) -> None:
    """It inherits the pool with all else, and may be the last to let go of it there."""
    forks = Forks(Squares(tmp_path / "notes"), 2)
    workers = {process for _, (_, process) in forks.carry_out(range(4))}
    child = os.fork()
    if child == 0:
        forks.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert all(map(is_running, workers))
    forks.close()
    assert gone(workers)
