"""Peak memory of a sweep of 2 000 points × 10 replications of a small park, against one of 200 points.

``python -m benchmarks.sweep_memory``. Each sweep runs in a process of its own; the peak is that of the process that
keeps the store, and of the largest worker.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

PARK = """
name = "small"
assumed = "made up for a benchmark"
stages = ["approvals"]
classes.project = {}
desks.window = { servers = 2 }
practices.parallel_approvals = {}
policies.green_channel.levers.parallel_approvals = {}

[portfolio.projects]
of = "project"
count = 15
arrivals = { every = "exponential(2) cd" }

[activities]
filing = { step = "desk", stage = "approvals", desk = "window", duration = "lognormal(2, 0.8) cd" }
notice = { step = "notice", stage = "approvals", duration = "10 cd", after = { filing = "parallel_approvals" } }
done = { step = "milestone", stage = "approvals", needs = ["filing", "notice"] }
"""

MEASURED = """
import resource, sys
import parkflow
sys.argv = ["parkflow", *sys.argv[1:]]
try: parkflow.main()
except SystemExit: pass
kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(*(resource.getrusage(kind).ru_maxrss / 1024 for kind in kinds), file=sys.stderr)
"""


def peak(folder: Path, points: int) -> tuple[float, float, float]:
    """Megabytes of the process and of its largest worker, and seconds."""
    park = folder / "small.toml"
    park.write_text(PARK, encoding="utf-8")
    vary = ["--vary", f"levers.parallel_approvals.share=0:1:{points}"]
    command = [
        sys.executable,
        "-c",
        MEASURED,
        "sweep",
        str(park),
        *vary,
        "-n",
        "10",
        "--out",
        str(folder / str(points)),
    ]
    begun = time.perf_counter()
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    own, worker = map(float, answer.stderr.strip().splitlines()[-1].split())
    return own, worker, time.perf_counter() - begun


def main() -> None:
    """Print the peaks and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (peak(Path(folder), points) for points in (200, 2000))
    for points, (own, worker, seconds) in ((200, few), (2000, many)):
        print(f"{points:>5} points × 10: {own:.0f} MB, largest worker {worker:.0f} MB, {seconds:.0f} s")
    print(f"ratio of peaks: {many[0] / few[0]:.2f}")


if __name__ == "__main__":
    main()
