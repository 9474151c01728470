"""Seconds to know the days saved of `approvals-275` to ±1%: a sweep of parkflow against SimPy as usually written.

``python -m benchmarks.precision_approvals_275 [--variances]`` prints one table. Both sides run in one go on this
machine:

* SimPy as usually written, with independent draws for the two policies, in one process, as such models are run. Its
  seconds a replication are measured here; its variance is the known one, so its seconds to ±1% need not be waited for.
* parkflow as a user has it, from start to end on all cores: draws, both policies on the same projects, all measures,
  the store, the looks and the control variates; it stops by itself. Workers start once, which is told apart.

With ``--variances`` the variances of one replication's days saved are set beside those of DESIGN.md section 10. That
takes some minutes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import usual_simpy
from benchmarks.workload import N_PROJECTS, sample
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.results import findings
from parkflow.analysis.experiments.stopping import read_controls
from parkflow.analysis.experiments.sweep import planned, run_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.measures.precision import precise
from parkflow.analysis.store.sweep_folder import SweepFolder
from parkflow.sim.streams import BLOCK

DAYS_SAVED = 21.378
HALF_WIDTH = 0.01 * DAYS_SAVED
INDEPENDENT = 40.1
"""Known variance of one replication's days saved with independent draws (WORKLOAD.md)."""

SCORE = 1.959964
USUAL = 40
SEEDS = (1, 2, 3)
BLOCKS = 120
Floats = NDArray[np.float64]


def usual(replications: int) -> float:
    """Seconds a replication of both policies, each with draws of its own."""
    begun = time.perf_counter()
    for number in range(replications):
        usual_simpy.run(sample(N_PROJECTS, 100_000 + 2 * number), "SERIAL")
        usual_simpy.run(sample(N_PROJECTS, 100_001 + 2 * number), "PARALLEL")
    return (time.perf_counter() - begun) / replications


def ours(folder: Path, workers: int, **settings: Any) -> tuple[float, SweepFolder]:
    """Seconds from start to end of a sweep of one point, and its folder."""
    begun = time.perf_counter()
    plan = planned(load_sweep("approvals-275", ["levers.parallel_approvals.share=1.0"], settings))
    done = run_sweep(plan, folder, local(workers), lambda state: None, "benchmark")
    return time.perf_counter() - begun, done


def timed(folder: Path, workers: int, seed: int, half_width: float = HALF_WIDTH) -> dict[str, Any]:
    """Run to ±1% and tell how long it took and what was found."""
    seconds, done = ours(folder, workers, seed=seed, precision={"half_width": half_width, "maximum": 4000})
    row = next(iter(findings(done, ["days_saved"])))
    kept = {key: row[key] for key in ("replications", "mean", "estimator")}
    found = (row["high"] - row["low"]) / 2
    return {"seed": seed, "seconds": seconds, "half_width": found, "factor": row["variance_factor"], **kept}


def variances(folder: Path, workers: int) -> Iterator[tuple[str, float, float, float]]:
    """Variance of one replication with its standard error, and that of DESIGN.md, for each estimator."""
    _, plain = ours(folder / "plain", workers, replications=BLOCKS * BLOCK // 4)
    saved, controls = _days_saved(plain), read_controls(plain, [0])[0]
    count = len(saved)
    variance = float(saved.var(ddof=1))
    yield "common random numbers", variance, variance * np.sqrt(2 / count), 6.81
    fitted = variance / precise(saved, controls).factor
    yield "and control variates", fitted, fitted * np.sqrt(2 / count), 3.45
    _, blocks = ours(folder / "blocks", workers, replications=BLOCKS * BLOCK, latin_hypercube=True)
    saved, controls = _days_saved(blocks), read_controls(blocks, [0])[0]
    stratified = float(saved.var(ddof=1)) / precise(saved, controls, in_blocks=True).factor
    yield "and Latin hypercube blocks", stratified, stratified * np.sqrt(2 / (BLOCKS - 1)), 2.89


def _days_saved(folder: SweepFolder) -> Floats:
    rows = folder.read().to_pylist()
    mine = {
        row["replication"]: row["value"] for row in rows if row["measure"] == "days_saved" and row["group"] == "all"
    }
    return np.array([mine[number] for number in sorted(mine)])


def main() -> None:
    """Print the table."""
    workers = os.cpu_count() or 1
    each = usual(USUAL)
    needed = SCORE**2 * INDEPENDENT / HALF_WIDTH**2
    usually = each * needed
    print(f"SimPy as usually written: {each:.3f} s × {needed:.0f} runs = {usually:.0f} s to ±{HALF_WIDTH:.3f} days")
    with tempfile.TemporaryDirectory() as folder:
        for cores in dict.fromkeys((workers, 1)):
            start = timed(Path(folder) / f"{cores}-start", cores, 0, half_width=3.0)["seconds"] if cores > 1 else 0.0
            runs = [timed(Path(folder) / f"{cores}-{seed}", cores, seed) for seed in SEEDS]
            seconds, replications = (float(np.mean([run[key] for run in runs])) for key in ("seconds", "replications"))
            less = usually / seconds
            started = f"; {start:.1f} s before to start the workers" if start else ""
            print(
                f"parkflow, {cores} workers: {seconds:.1f} s, {replications:.0f} runs, {less:.0f} times less{started}"
            )
            for run in runs:
                print("   seed {seed}: {seconds:.1f} s, {replications} replications, {mean:.2f} ±{half_width:.3f}, "
                      "{estimator}, variance ÷ {factor:.2f}".format(**run))  # fmt: skip
        if "--variances" in sys.argv:
            for name, found, error, expected in variances(Path(folder), workers):
                fewer, designed = INDEPENDENT / found, INDEPENDENT / expected
                print(f"{name}: variance {found:.2f} ± {error:.2f} (1 s.e.), DESIGN {expected}; "
                      f"{fewer:.1f} times fewer replications, DESIGN {designed:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
