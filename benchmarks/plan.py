"""What draws and laying out cost against an earlier commit: processor time of plans, and the size of a pickled layout.

A process of each side in turn makes the layouts of some parks under all their policies, their first plans, and then
plans of further replications, whose draws the policies share where they can. Printed are medians over the rounds, and
ratios of them: earlier commit over this working tree.

Run it with ``python benchmarks/plan.py COMMIT [--parks P ...] [--rounds N] [--replications N]``.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

ROOT = Path(__file__).parents[1]
PARKS = ("yantai", "mianyang", "zhaoqing")
WARM = 2
"""Replications after the first that are not timed."""


def measured(park: str, replications: int) -> dict[str, float]:
    """Milliseconds of processor time of one park, by what they were spent on, and kilobytes of its layouts."""
    from parkflow.scenarios.load import load
    from parkflow.sim.assembly import make_plan
    from parkflow.sim.layout import Layout
    from parkflow.sim.levers import policy_names, under
    from parkflow.sim.streams import Streams

    scenarios = {policy: under(load(park), policy) for policy in policy_names(load(park))}
    begin = process_time()
    layouts = {policy: Layout(scenario) for policy, scenario in scenarios.items()}
    times = {"layouts": 1e3 * (process_time() - begin)}
    for replication in range(1 + WARM + replications):
        streams = Streams(1, replication)
        for policy, layout in layouts.items():
            begin = process_time()
            make_plan(layout, 1, replication, lambda *_, streams=streams: streams)
            spent = 1e3 * (process_time() - begin)
            if replication == 0:
                times["first plans"] = times.get("first plans", 0.0) + spent
            elif replication > WARM:
                times[policy] = times.get(policy, 0.0) + spent / replications
    times["all policies"] = sum(times[policy] for policy in layouts)
    times["kB pickled"] = sum(len(pickle.dumps(layout)) for layout in layouts.values()) / 1e3
    return times


def in_a_process(tree: Path, park: str, replications: int) -> dict[str, float]:
    """What one process measures that imports the package from a tree."""
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", park, "--replications", str(replications)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compared(commit: str, parks: list[str], rounds: int, replications: int) -> None:
    """Measure both sides in turn and print a table for each park."""
    with tempfile.TemporaryDirectory() as folder:
        earlier = Path(folder) / "earlier"
        subprocess.run(["git", "worktree", "add", "--detach", str(earlier), commit], cwd=ROOT, check=True)
        try:
            for park in parks:
                found = [[in_a_process(tree, park, replications) for tree in (earlier, ROOT)] for _ in range(rounds)]
                print(f"\n{park:24} earlier     now   ratio   (ms of processor time, medians of {rounds} rounds)")
                for key in found[0][0]:
                    before, now = (median(each[side][key] for each in found) for side in (0, 1))
                    print(f"{key:22} {before:9.1f} {now:7.1f} {before / now:7.1f}")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(earlier)], cwd=ROOT, check=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("commit", nargs="?", default="HEAD", help="earlier commit to compare with")
    parser.add_argument("--parks", nargs="+", default=list(PARKS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--replications", type=int, default=6)
    parser.add_argument("--measure", metavar="PARK", help="measure one park here, and print it as JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure, options.replications)))
    else:
        compared(options.commit, options.parks, options.rounds, options.replications)


if __name__ == "__main__":
    main()
