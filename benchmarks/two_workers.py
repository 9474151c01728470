"""How much faster two workers are than one: a sweep of 200 replications of `zhaoqing`, both in one run.

``python -m benchmarks.two_workers [REPLICATIONS]``. The workers are started beforehand, as they are once a night.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from parkflow.analysis.experiments.executors import Executor, here, local
from parkflow.analysis.experiments.sweep import planned, run_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep


def seconds(folder: Path, executor: Executor, replications: int) -> float:
    """Seconds for a sweep of two points with half of the replications each."""
    vary = ["levers.parallel_approvals.share=0.5,1.0"]
    plan = planned(load_sweep("zhaoqing", vary, {"replications": replications // 2}))
    begun = time.perf_counter()
    run_sweep(plan, folder, executor, lambda state: None, "benchmark")
    return time.perf_counter() - begun


def main() -> None:
    """Print the seconds and the ratio."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        both = local(2)
        seconds(Path(folder) / "warm", both, 8)
        two = seconds(Path(folder) / "two", both, replications)
        one = seconds(Path(folder) / "one", here, replications)
    print(f"{replications} replications of zhaoqing: one worker {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f}")


if __name__ == "__main__":
    main()
