"""Whole commands of this tree against those of another commit: processor time from process start to the last row.

``python -m benchmarks.commands OTHER_TREE [--rounds N] [--store]``, where the other tree is a checkout, such as ``git
worktree add`` makes one; `--store` keeps the ratios of this release in `benchmarks/commands.json`. Each command runs in
both trees in turn, one worker, several rounds; medians are compared, and the rows that are printed byte by byte. The
time is that of the process and all that it starts. The first round, which compiles what is compiled once, does not
count.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parents[1]
STORE = Path(__file__).with_name("commands.json")

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


def compared(name: str, other: Path, rounds: int) -> dict[str, Any]:
    """Print the ratio of one command; returns it with the seconds."""
    seconds: dict[Path, list[float]] = {HERE: [], other: []}
    rows: dict[Path, bytes] = {}
    for number in range(rounds + 1):
        for tree, taken in seconds.items():
            used, rows[tree] = timed(tree, COMMANDS[name])
            taken.extend([used] if number else [])
    ours, theirs = (median(seconds[tree]) for tree in (HERE, other))
    same = rows[HERE] == rows[other]
    print(
        f"{name}: {theirs:.2f} s before, {ours:.2f} s now, {theirs / ours:.1f} ×; "
        f"{len(rows[HERE].splitlines())} lines, {'the same bytes' if same else 'NOT THE SAME'}"
    )
    return {
        "ratio": round(theirs / ours, 2),
        "seconds": round(ours, 2),
        "seconds before": round(theirs, 2),
        "same rows": same,
    }


def main() -> None:
    """Compare every command, and store the ratios if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("other", type=Path, help="a checkout of another commit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--store", action="store_true", help="keep the ratios of this release")
    options = parser.parse_args()
    other = options.other.resolve()
    found = {name: compared(name, other, options.rounds) for name in COMMANDS}
    if options.store:
        asked = ["git", "rev-parse", "--short", "HEAD"]
        commit = subprocess.run(asked, cwd=other, capture_output=True, text=True, check=True).stdout.strip()
        known = json.loads(STORE.read_text(encoding="utf-8")) if STORE.exists() else {}
        known[version("parkflow")] = {"rounds": options.rounds, "commit before": commit, "commands": found}
        STORE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
