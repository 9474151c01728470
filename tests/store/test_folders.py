"""Folders defend themselves: whole or not at all, one writer, one kind, never written over by accident."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.store.digests import digest_of
from parkflow.analysis.store.locks import locked
from parkflow.commands import app


def said(*words: object) -> tuple[int, str]:
    """The status of a command, and the one line that it says on standard error."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.stderr.count("\n") == 1, done.output
    return done.exit_code, done.stderr.strip()


def files(folder: Path) -> dict[str, str]:
    """The digest of every file in a folder, by name; its lock is none."""
    return {path.name: digest_of(path).sha256 for path in folder.glob("[!.]*") if path.is_file()}


def test_a_run_is_not_written_over_by_accident(run: Path, park: Path) -> None:
    """One line that tells the two ways out, before anything is simulated; with force it is another run afterwards."""
    before = files(run)
    status, line = said("run", park, "-n", "1", "-w", "1", "--out", run)
    assert (status, line) == (
        2, f"parkflow: {run} holds a run already; give another folder, or write over it with --force",
    )  # fmt: skip
    assert files(run) == before
    assert (
        CliRunner().invoke(app, ["run", str(park), "-n", "1", "-w", "1", "--out", str(run), "--force"]).exit_code == 0
    )
    assert parkflow.Run(run).replications == 1
    assert parkflow.verify(run).damaged == ()


def test_force_is_for_runs_only(sweep: Path, park: Path, tmp_path: Path) -> None:
    """Neither a sweep nor files of the user are written over, whoever insists."""
    for folder in (sweep, tmp_path / "mine"):
        folder.mkdir(exist_ok=True)
        (folder / "measures.csv").write_text("mine", encoding="utf-8")
        before = files(folder)
        status, line = said("run", park, "-n", "1", "-w", "1", "--out", folder, "--force")
        assert status == 2
        assert str(folder) in line
        assert files(folder) == before


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("results", "{run}"), "a sweep is meant; parkflow report and parkflow chart show a run"),
        (("status", "{run}"), "a sweep is meant; parkflow report and parkflow chart show a run"),
        (("chart", "causes", "{sweep}"), "a run is meant; parkflow results and parkflow report show a sweep"),
        (("export", "{sweep}"), "a run is meant; parkflow results and parkflow report show a sweep"),
        (("sweep", "{park}", "--vary", "desks.counter.servers=1,2", "-n", "1", "--out", "{run}"), "a sweep is meant"),
        (("run", "{park}", "-n", "1", "--out", "{sweep}"), "a run is meant"),
    ],
)
def test_a_sweep_where_a_run_is_meant_and_the_reverse(
    words: tuple[str, ...], meant: str, run: Path, sweep: Path, park: Path
) -> None:
    before = files(run), files(sweep)
    status, line = said(*(word.format(run=run, sweep=sweep, park=park) for word in words))
    assert status == 2
    assert meant in line
    assert (files(run), files(sweep)) == before


@pytest.mark.parametrize("kind", ["run", "sweep"])
def test_of_two_commands_at_once_the_second_is_told(kind: str, park: Path, tmp_path: Path) -> None:
    """It does not wait, and the folder stays usable for the first."""
    folder = tmp_path / "folder"
    folder.mkdir()
    words = {
        "run": ("run", park, "-n", "1", "--out", folder),
        "sweep": ("sweep", park, "--vary", "desks.counter.servers=1,2", "-n", "1", "-w", "1", "--out", folder),
    }
    with locked(folder):
        status, line = said(*words[kind])
    assert status == 2
    assert line == f"parkflow: {folder} is being written to by another process; wait for it, or give another folder"
    assert CliRunner().invoke(app, [str(word) for word in words[kind]]).exit_code == 0


def test_a_place_that_is_no_folder_is_refused_before_simulating(park: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("x", encoding="utf-8")
    for place in (taken, taken / "below"):
        status, line = said("run", park, "-n", "1000000", "--out", place)
        assert status == 2
        assert str(place) in line


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_only_be_read_is_refused_before_simulating(park: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    status, line = said("run", park, "-n", "1000000", "--out", tmp_path)
    tmp_path.chmod(0o700)
    assert (status, "cannot be written to (Permission denied)" in line) == (2, True)


def test_a_run_that_fails_leaves_nothing(park: Path, tmp_path: Path) -> None:
    """Neither a folder that it made, nor anything in one that was there."""

    def stopped(done: int) -> None:
        raise RuntimeError

    (tmp_path / "there").mkdir()
    for name in ("new", "there"):
        with pytest.raises(RuntimeError):
            parkflow.run(park, replications=2, workers=1, out=tmp_path / name, progress=stopped)
    assert not (tmp_path / "new").exists()
    assert not list((tmp_path / "there").glob("[!.]*"))


@pytest.mark.slow
def test_a_full_disk_leaves_nothing_half_written(park: Path, run: Path, tmp_path: Path) -> None:
    """The file is named, no file is there under a final name, and an older run stays as it was."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=180k", "none", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("mounting a tmpfs is not permitted here")
    try:
        status, line = said("run", park, "-n", "200", "-w", "1", "--out", disk / "new")
        assert status != 0
        assert "No space left on device" in line
        assert str(disk / "new") in line
        assert not (disk / "new").exists()
        shutil.copytree(run, disk / "old")
        before = files(disk / "old")
        assert said("run", park, "-n", "200", "-w", "1", "--out", disk / "old", "--force")[0] != 0
        assert files(disk / "old") == before
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)
