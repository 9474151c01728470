"""Whole commands of this tree against those of another commit: processor time from process start to the last row.

``python -m benchmarks.commands OTHER_TREE [ROUNDS]``, where the other tree is a checkout, such as ``git worktree add``
makes one. Each command runs in both trees in turn, one worker, several rounds; medians are compared, and the rows that
are printed byte by byte. The time is that of the process and all that it starts. The first round, which compiles what
is compiled once, does not count.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.kept import keep

HERE = Path(__file__).parents[1]

COMMANDS = {
    "compare zhaoqing, 12 replications": ("compare", "zhaoqing", "-n", "12"),
    "compare yantai, 40 replications": ("compare", "yantai", "-n", "40"),
}


def timed(tree: Path, words: tuple[str, ...]) -> tuple[float, bytes]:
    """Seconds of processor time that a command takes in a tree, and the rows that it prints."""
    command = [sys.executable, "-m", "parkflow", *words, "--workers", "1", "--format", "csv"]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    process = subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    rows = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {tree}")
    return used.ru_utime + used.ru_stime, rows


def compared(name: str, other: Path, rounds: int) -> None:
    """Print and keep the ratio of one command."""
    seconds: dict[Path, list[float]] = {HERE: [], other: []}
    rows: dict[Path, bytes] = {}
    for number in range(rounds + 1):
        for tree, taken in seconds.items():
            used, rows[tree] = timed(tree, COMMANDS[name])
            taken.extend([used] if number else [])
    ours, theirs = (median(seconds[tree]) for tree in (HERE, other))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=other, capture_output=True, text=True)
    same = rows[HERE] == rows[other]
    print(
        f"{name}: {theirs:.2f} s before, {ours:.2f} s now, {theirs / ours:.1f} ×; "
        f"{len(rows[HERE].splitlines())} lines, {'the same bytes' if same else 'NOT THE SAME'}"
    )
    seconds_taken = {"seconds": round(ours, 2), "seconds_before": round(theirs, 2)}
    keep(name, theirs / ours, f"commit {commit.stdout.strip()}", **seconds_taken, rounds=rounds, same_rows=same)


def main() -> None:
    """Compare every command."""
    other, rounds = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for name in COMMANDS:
        compared(name, other, rounds)


if __name__ == "__main__":
    main()
