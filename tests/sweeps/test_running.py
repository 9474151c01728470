"""Running a sweep: whatever stops it, whoever computes it, the results are those of an undisturbed run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parkflow.analysis.experiments import batches, executors, sweeper
from parkflow.analysis.experiments.executors import Executor, cluster, here, local
from parkflow.analysis.experiments.forks import can_fork
from parkflow.analysis.experiments.results import block_of
from parkflow.analysis.experiments.sweep import Plan, asked_for, planned, results, run_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.experiments.sweeper import Progress, State
from parkflow.analysis.store.files import StoreError, StoreFullError
from parkflow.analysis.store.sweep_folder import SweepFolder
from parkflow.sim.streams import BLOCK

Plans = Callable[..., Plan]

ROOT = Path(__file__).parents[2]


def run(plan: Plan, out: Path, executor: Executor = here, progress: Progress | None = None, **more: Any) -> SweepFolder:
    """Run a sweep without a word."""
    return run_sweep(plan, out, executor, progress or (lambda state: None), "a test", **more)


def stored(out: Path, table: str = "observations") -> list[tuple[str, ...]]:
    """Every row of a table, in an order that does not depend on who stored it when."""
    rows: list[Mapping[str, Any]] = SweepFolder.open(out).read(table).to_pylist()
    return sorted(tuple(str(value) for value in row.values()) for row in rows)


def summarised(out: Path) -> list[dict[str, Any]]:
    """The rows of the summary."""
    return results(out)[1]


@pytest.fixture
def quick_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, and a chunk after each."""
    monkeypatch.setattr(sweeper, "FLUSH_LEAST", 0.0)
    monkeypatch.setattr(sweeper, "FLUSH_SHARE", 0.0)
    monkeypatch.setattr(sweeper, "SECONDS_A_BATCH", 0.02)


# Stopped and resumed


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_killed_at_ten_random_moments_it_ends_as_if_nothing_had_happened(
    plan: Plans, tmp_path: Path, quick_chunks: None
) -> None:
    """SIGKILL leaves a folder that the next call goes on with, and what was stored is not run again."""
    sweep = plan(replications=100)
    undisturbed = run(sweep, tmp_path / "undisturbed")
    counts = []
    for moment in np.random.default_rng(20_230_731).uniform(0.05, 0.5, size=10):
        _killed_after(moment, lambda: run(sweep, tmp_path / "killed"))
        counts.append(SweepFolder.open(tmp_path / "killed").done.total() if (tmp_path / "killed").exists() else 0)
    finished = run(sweep, tmp_path / "killed")
    assert counts == sorted(counts)
    assert counts[-1] > 0
    assert finished.done.written() == undisturbed.done.written()
    for table in ("observations", "controls"):
        assert stored(tmp_path / "killed", table) == stored(tmp_path / "undisturbed", table)
    assert summarised(tmp_path / "killed") == summarised(tmp_path / "undisturbed")
    assert len(finished.manifest["sessions"]) >= 2


def _killed_after(seconds: float, work: Callable[[], object]) -> None:
    """Do the work in another process, and kill it."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.slow
def test_a_kill_between_any_two_writes_loses_nothing_stored(plan: Plans, tmp_path: Path, quick_chunks: None) -> None:
    """An index that is behind, details without observations and half-written files are put right by the next call."""
    sweep = plan(replications=8)
    run(sweep, tmp_path / "whole")
    folder = tmp_path / "hurt"
    run(plan(replications=2), folder)
    behind = (folder / "index.json").read_bytes()
    run(plan(replications=4), folder)
    before = stored(folder)
    (folder / "index.json").write_bytes(behind)
    (folder / "observations" / "part-0000099.parquet.tmp").write_bytes(b"half")
    (folder / "controls" / "part-0000098.parquet").write_bytes(b"without observations")
    assert stored(folder) == before
    run(sweep, folder)
    assert stored(folder) == stored(tmp_path / "whole")
    assert not list(folder.rglob("*.tmp"))
    assert not (folder / "controls" / "part-0000098.parquet").exists()


@pytest.mark.slow
def test_control_c_leaves_a_usable_folder_and_says_how_to_go_on(tmp_path: Path, park: str) -> None:
    """The command ends with status 130 and one line; its folder opens, and the same command finishes it."""
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "parkflow", "sweep", park, "--vary", "desks.window.servers=1,2"]
    command += ["-n", "3000", "--workers", "2", "--out", str(folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for _ in range(600):
        time.sleep(0.05)
        if list(folder.glob("observations/*.parquet")):
            break
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Give the same command to go on" in said
    assert "Traceback" not in said
    done = SweepFolder.open(folder).done.total()
    assert 0 < done < 6000
    command[command.index("3000")] = "96"
    answer = subprocess.run([*command, "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert '"measures"' in answer.stdout
    assert SweepFolder.open(folder).done.total() >= done


@pytest.mark.slow
def test_a_full_disk_is_told_and_loses_nothing(plan: Plans, tmp_path: Path, quick_chunks: None) -> None:
    """On a file system that fills up the sweep stops with a message; with more room it ends as if undisturbed."""
    sweep = plan(replications=40, detail="events")
    with _small_disk(tmp_path / "disk", "200k") as disk:
        with pytest.raises(StoreFullError, match="replications are stored there and safe"):
            run(sweep, disk / "run")
        done = SweepFolder.open(disk / "run").done.total()
        before = stored(disk / "run")
        assert 0 < done < 160
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        run(sweep, disk / "run")
        run(sweep, tmp_path / "undisturbed")
        assert set(before) < set(stored(disk / "run"))
        for table in ("observations", "projects", "steps", "desks"):
            assert stored(disk / "run", table) == stored(tmp_path / "undisturbed", table)


class _small_disk:  # noqa: N801  (reads as what it gives)
    """A file system in memory of a given size."""

    def __init__(self, path: Path, size: str) -> None:
        self.path, self.size = path, size

    def __enter__(self) -> Path:
        self.path.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={self.size}", "none", str(self.path)]
        try:
            answer = subprocess.run(command, capture_output=True, text=True)
        except FileNotFoundError:
            pytest.skip("no mount on this system")
        if answer.returncode:
            pytest.skip(f"mounting a tmpfs is not permitted here: {answer.stderr.strip()}")
        return self.path

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=False)


# More replications


@pytest.mark.slow
def test_an_extension_adds_replications_and_repeats_none(plan: Plans, tmp_path: Path) -> None:
    """Ten and five more are fifteen, chunks stored before are not touched, and the seed's numbers go on."""
    run(plan(replications=10), tmp_path / "run")
    times = {file: file.stat().st_mtime_ns for file in tmp_path.glob("run/observations/*")}
    extended = run(plan(replications=10), tmp_path / "run", extend=5)
    run(plan(replications=15), tmp_path / "at once")
    assert stored(tmp_path / "run") == stored(tmp_path / "at once")
    assert all(file.stat().st_mtime_ns == before for file, before in times.items())
    again = run(plan(replications=10), tmp_path / "run")
    assert again.done.written() == extended.done.written()


@pytest.mark.slow
def test_an_interrupted_extension_is_finished_not_doubled(plan: Plans, tmp_path: Path, quick_chunks: None) -> None:
    """Giving the interrupted command again, with its --extend, ends at the size that was meant."""
    run(plan(replications=10), tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        run(plan(replications=10), tmp_path / "run", progress=_stop_at(50), extend=20)
    folder = run(plan(replications=10), tmp_path / "run", extend=20)
    assert folder.done.written() == {str(point): "0-29" for point in range(4)}


def _stop_at(done: int) -> Progress:
    def stop(state: State) -> None:
        if state.done >= done:
            raise KeyboardInterrupt

    return stop


@pytest.mark.slow
def test_a_precision_is_reached_and_resumed_at_the_same_size(plan: Plans, tmp_path: Path, quick_chunks: None) -> None:
    """Each point stops at its own size, the same in one go, interrupted, and on two workers."""
    sweep = plan(precision={"half_width": 0.35, "minimum": 16, "maximum": 2000})
    whole = run(sweep, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(sweep, tmp_path / "stopped", progress=_stop_at(100))
    assert run(sweep, tmp_path / "stopped").done.written() == whole.done.written()
    assert run(sweep, tmp_path / "two", local(2)).done.written() == whole.done.written()
    assert len({whole.done.count(point) for point in range(4)}) > 1
    saved = [row for row in summarised(tmp_path / "whole") if row["measure"] == "days_saved"]
    assert len(saved) == 4
    assert all((row["high"] - row["low"]) / 2 <= 0.35 for row in saved)


# Whoever computes it


@pytest.mark.slow
def test_workers_and_batches_change_nothing(plan: Plans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker, two workers, and batches of one replication store the same rows."""
    run(plan(replications=12), tmp_path / "one")
    run(plan(replications=12), tmp_path / "two", local(2))
    monkeypatch.setattr(sweeper, "LARGEST_BATCH", 1)
    run(plan(replications=12), tmp_path / "single")
    for other in ("two", "single"):
        assert stored(tmp_path / other) == stored(tmp_path / "one")
        assert summarised(tmp_path / other) == summarised(tmp_path / "one")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A real Dask scheduler with two worker processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as found:
        yield found.scheduler_address


@pytest.mark.slow
def test_a_cluster_gives_the_same_results(plan: Plans, tmp_path: Path, scheduler: str) -> None:
    """Two worker processes of a Dask scheduler store what this process stores."""
    run(plan(replications=12), tmp_path / "here")
    with cluster(scheduler) as executor:
        run(plan(replications=12), tmp_path / "cluster", executor)
    assert stored(tmp_path / "cluster") == stored(tmp_path / "here")
    assert summarised(tmp_path / "cluster") == summarised(tmp_path / "here")


@pytest.mark.slow
def test_a_cluster_worker_that_dies_in_mid_run_changes_nothing(
    plan: Plans, tmp_path: Path, scheduler: str, quick_chunks: None
) -> None:
    """The scheduler hands the batches of a killed worker to another."""
    run(plan(replications=100), tmp_path / "here")
    with cluster(scheduler) as executor:
        client = executor.args[0]  # type: ignore[attr-defined]
        workers = client.run(os.getpid)
        killed = run(
            plan(replications=100), tmp_path / "killed", executor, _kill_at(40, lambda: next(iter(workers.values())))
        )
        assert set(client.run(os.getpid).values()) != set(workers.values())
    assert killed.failures == {}
    assert stored(tmp_path / "killed") == stored(tmp_path / "here")


def _kill_at(done: int, victim: Callable[[], int]) -> Progress:
    """Kill a process once, when so many replications are done."""
    killed: list[int] = []

    def kill(state: State) -> None:
        if state.done >= done and not killed:
            killed.append(victim())
            os.kill(killed[0], signal.SIGKILL)

    return kill


def _a_worker() -> int:
    """Process id of a worker that this process has forked, or else started by joblib's means."""
    if forked := active_children():
        return int(forked[0].pid or 0)
    answer = subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "LokyProcess"], capture_output=True, text=True)
    return int(answer.stdout.split()[0])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pgrep") is None, reason="no pgrep on this system")
@pytest.mark.parametrize("forked", [True, False])
def test_a_local_worker_that_dies_in_mid_run_changes_nothing(
    plan: Plans, tmp_path: Path, quick_chunks: None, forked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a dead worker had in hand is run again by others, whether workers are forked or started."""
    monkeypatch.setattr(executors, "can_fork", lambda: forked and can_fork())
    run(plan(replications=100), tmp_path / "here")
    killed = run(plan(replications=100), tmp_path / "killed", local(2), _kill_at(40, _a_worker))
    assert killed.failures == {}
    assert stored(tmp_path / "killed") == stored(tmp_path / "here")


# Failures


@pytest.mark.slow
def test_a_point_that_kills_its_worker_is_a_failure_and_the_rest_finish(plan: Plans, tmp_path: Path) -> None:
    """Replications whose worker dies every time are stored as failures; those of other points are all there."""
    cloudpickle = pytest.importorskip("cloudpickle", reason="this joblib brings its own")
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    sweep = plan(vary=("desks.window.servers=1,2",), replications=2)
    deadly = replace(sweep.experiment, variation=_Deadly(sweep.experiment.variation), key="deadly")
    folder = run(replace(sweep, experiment=deadly), tmp_path / "run", local(2))
    assert folder.done.written() == {"0": "0-1"}
    assert {pair: failure.error for pair, failure in folder.failures.items()} == {
        (1, 0): "the worker died",
        (1, 1): "the worker died",
    }


class _Deadly:
    """Ends the process at the second point."""

    def __init__(self, variation: Any) -> None:
        self.variation = variation

    def __call__(self, values: Mapping[str, Any]) -> Any:
        if values["desks.window.servers"] == 2:
            os._exit(1)
        return self.variation(values)


def test_a_point_that_fails_is_told_and_the_rest_finish(plan: Plans, tmp_path: Path) -> None:
    """A point without a valid scenario is stored as a failure with its inputs; the others have all replications."""
    broken = plan(vary=("desks.window.servers=1,2",))
    sweep = _breaking(broken, tmp_path)
    folder = run(sweep, tmp_path / "run")
    assert folder.done.written() == {"0": "0-9"}
    (failure,) = folder.failures.values()
    assert (failure.point, failure.error) == (1, "RuntimeError: a broken point")
    assert failure.inputs["values"] == {"desks.window.servers": 2}
    assert "Traceback" in failure.trace
    again = run(sweep, tmp_path / "run")
    assert again.failures.keys() == folder.failures.keys()
    (tmp_path / "mended").touch()
    mended = run(sweep, tmp_path / "run", retry_failed=True)
    assert mended.failures == {}
    assert mended.done.written() == {"0": "0-9", "1": "0-9"}


class _Breaking:
    """Breaks at the second point until it is mended."""

    def __init__(self, variation: Any, flag: Path) -> None:
        self.variation, self.flag = variation, flag

    def __call__(self, values: Mapping[str, Any]) -> Any:
        if values["desks.window.servers"] == 2 and not self.flag.exists():
            raise RuntimeError("a broken point")
        return self.variation(values)


def _breaking(plan: Plan, folder: Path) -> Plan:
    batches._BUILT.clear()
    breaking = _Breaking(plan.experiment.variation, folder / "mended")
    return replace(plan, replications=10, experiment=replace(plan.experiment, variation=breaking, key=str(folder)))


@pytest.mark.parametrize(
    ("settings", "block"),
    [
        ({"replications": 95}, 1),
        ({"replications": 96}, 16),
        ({"replications": 96, "latin_hypercube": False}, 1),
        ({"replications": 32, "latin_hypercube": True}, 16),
        ({"precision": {"half_width": 9.0}}, 16),
        ({"precision": {"half_width": 9.0, "maximum": 64}}, 1),
    ],
)
def test_replications_come_in_blocks_where_there_may_be_six(
    plan: Plans, tmp_path: Path, settings: dict[str, Any], block: int
) -> None:
    """That is where a precision or many replications are asked for; whoever says how they are drawn is followed."""
    made = plan(**settings)
    assert made.experiment.block == block
    assert made.manifest()["setting"]["block"] == block


def test_a_sweep_goes_on_as_it_began(plan: Plans, tmp_path: Path) -> None:
    """More replications of independent ones are independent ones, though so many by themselves would come in blocks."""
    small, large = (plan(["desks.window.servers=1"], replications=number) for number in (3, 96))
    assert small.experiment.key != large.experiment.key
    run(small, tmp_path / "grown")
    grown, alone = run(large, tmp_path / "grown"), run(large, tmp_path / "alone")
    assert grown.done.count(0) == 96
    assert (grown.manifest["setting"]["block"], alone.manifest["setting"]["block"]) == (1, BLOCK)
    with pytest.raises(StoreError, match="holds another sweep"):
        run(plan(["desks.window.servers=1"], replications=96, latin_hypercube=True), tmp_path / "grown")


def test_only_what_is_asked_for_is_observed_and_the_target_always(park: str, tmp_path: Path) -> None:
    """What a precision is about is observed, whoever names it; it is printed, or else the first of the others."""
    asked: tuple[dict[str, Any], ...] = ({"precision": {"half_width": 9.0, "minimum": 16}}, {"replications": 2})
    folders = []
    for number, settings in enumerate(asked):
        sweep = planned(load_sweep(park, ["desks.window.servers=1"], settings), ["utilisation"])
        folders.append(run(sweep, tmp_path / str(number)).path)
    observed = [{row["measure"] for row in SweepFolder.open(folder).read().to_pylist()} for folder in folders]
    assert observed == [{"utilisation", "days_saved"}, {"utilisation"}]
    assert [asked_for(folder) for folder in folders] == ["days_saved", "utilisation"]


def test_sweeps_that_do_not_tell_were_made_in_blocks_of_64() -> None:
    """An older folder is read as what it is."""
    assert block_of({"latin_hypercube": True}) == 64
    assert block_of({"latin_hypercube": True, "block": 16}) == 16
    assert block_of({"latin_hypercube": False, "block": 1}) == 1


def test_another_sweep_does_not_get_into_the_folder(plan: Plans, tmp_path: Path) -> None:
    """A folder belongs to one design; another seed or other factors are refused, and so is a folder of other files."""
    run(plan(replications=2), tmp_path / "run")
    with pytest.raises(StoreError, match="holds another sweep"):
        run(plan(replications=2, seed=9), tmp_path / "run")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").touch()
    with pytest.raises(StoreError, match="is not empty and holds no sweep"):
        run(plan(replications=2), tmp_path / "other")


OWN = '''
import sys
from dataclasses import replace

import parkflow as pf
from parkflow.analysis.measures.registry import measure


class MoreOfficers(pf.Lever):
    """So many officers more at the window."""

    name = "more_officers"
    officers: int = 1

    def changes(self, scenario):
        return {"desks.window.servers": scenario.desks["window"].servers + self.officers}


def doubled(view):
    return [seen._replace(value=2 * seen.value) for seen in measure("days").observe(view)]


if __name__ == "__main__":
    park, address = sys.argv[1:]
    twice = replace(measure("days"), name="twice_the_days", observe=doubled)
    asked = dict(levers=MoreOfficers, measures=["days", twice], replications=3)
    for where in ({"workers": 1}, {"cluster": address}):
        sweep = pf.sweep(park, {"levers.more_officers.officers": [0, 5]}, **asked, **where)
        assert not sweep.failures, sweep.failures
        print(*sweep.frame("days")["mean"], *sweep.frame("twice_the_days")["mean"])
'''


@pytest.mark.slow
def test_a_cluster_knows_a_lever_and_a_measure_of_ones_own(park: str, tmp_path: Path, scheduler: str) -> None:
    """Both are defined in a script; the workers, which cannot import it, give what this process gives."""
    (tmp_path / "script.py").write_text(OWN, encoding="utf-8")
    command = [sys.executable, "script.py", park, scheduler]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    here, there = ([float(part) for part in line.split()] for line in done.stdout.splitlines())
    assert here == there
    days, twice = here[: len(here) // 2], here[len(here) // 2 :]
    assert len(set(days)) > 1
    assert twice == [2 * one for one in days]
