"""Seconds to know the days saved of `approvals-275` to ±1%: a sweep of parkflow against SimPy as usually written.

``python -m benchmarks.precision_approvals_275 [--variances]`` prints one table, of processor time on one core. Both
sides run in turn, round by round, and medians are taken:

* SimPy as usually written, with independent draws for the two policies. Its seconds a replication are measured here;
  its variance is the known one, so its seconds to ±1% need not be waited for.
* parkflow as a user has it, from start to end: draws, both policies on the same projects, the store, the looks, the
  estimator; it stops by itself. Once with all measures, and once with days saved only (``--measure days_saved``).

What a process does once (compiling an engine, the tables of quantiles) is done in a sweep before, and told apart. With
``--variances`` the variances of one replication's days saved are set beside those of DESIGN.md section 10. That takes
some minutes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import usual_simpy
from benchmarks.workload import N_PROJECTS, sample
from parkflow.analysis.experiments.executors import here
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
USUAL = 10
SEEDS = (1, 2, 3, 4, 5)
BLOCKS = 240
ASKED: dict[str, Sequence[str] | None] = {"all measures": None, "days saved only": ["days_saved"]}
GOALS = {"all measures": 150, "days saved only": 300}
Floats = NDArray[np.float64]


def usual(replications: int) -> float:
    """Seconds a replication of both policies, each with draws of its own."""
    begun = time.process_time()
    for number in range(replications):
        usual_simpy.run(sample(N_PROJECTS, 100_000 + 2 * number), "SERIAL")
        usual_simpy.run(sample(N_PROJECTS, 100_001 + 2 * number), "PARALLEL")
    return (time.process_time() - begun) / replications


def ours(folder: Path, asked: Sequence[str] | None = None, **settings: Any) -> tuple[float, SweepFolder]:
    """Seconds from start to end of a sweep of one point, and its folder."""
    begun = time.process_time()
    plan = planned(load_sweep("approvals-275", ["levers.parallel_approvals.share=1.0"], settings), asked)
    done = run_sweep(plan, folder, here, lambda state: None, "benchmark")
    return time.process_time() - begun, done


def timed(folder: Path, seed: int, asked: Sequence[str] | None, half_width: float = HALF_WIDTH) -> dict[str, Any]:
    """Run to ±1% and tell how long it took and what was found."""
    seconds, done = ours(folder, asked, seed=seed, precision={"half_width": half_width, "maximum": 4000})
    row = next(iter(findings(done, ["days_saved"])))
    kept = {key: row[key] for key in ("replications", "mean", "estimator", "variance_factor", "variance_factor_error")}
    return {"seed": seed, "seconds": seconds, "half_width": (row["high"] - row["low"]) / 2, **kept}


def told(run: dict[str, Any]) -> str:
    """What one sweep took and found, in words."""
    size = "{seconds:.2f} s, {replications} replications, {mean:.2f} ±{half_width:.3f}".format(**run)
    return size + ", {estimator}, variance ÷ {variance_factor:.2f} ± {variance_factor_error:.2f}".format(**run)


def variances(folder: Path) -> Iterator[tuple[str, float, float, float]]:
    """Variance of one replication with its standard error, and that of DESIGN.md, for each estimator."""
    _, plain = ours(folder / "plain", latin_hypercube=False, replications=BLOCKS * BLOCK // 4)
    saved, controls = _days_saved(plain), read_controls(plain, [0])[0]
    count = len(saved)
    variance = float(saved.var(ddof=1))
    yield "common random numbers", variance, variance * np.sqrt(2 / count), 6.81
    fitted = variance / precise(saved, controls).factor
    yield "and control variates", fitted, fitted * np.sqrt(2 / count), 3.45
    _, blocks = ours(folder / "blocks", replications=BLOCKS * BLOCK, latin_hypercube=True)
    saved, controls = _days_saved(blocks), read_controls(blocks, [0])[0]
    stratified = float(saved.var(ddof=1)) / precise(saved, controls, block=BLOCK).factor
    yield "and Latin hypercube blocks", stratified, stratified * np.sqrt(2 / (BLOCKS - 1)), 2.89


def _days_saved(folder: SweepFolder) -> Floats:
    rows = folder.read().to_pylist()
    mine = {
        row["replication"]: row["value"] for row in rows if row["measure"] == "days_saved" and row["group"] == "all"
    }
    return np.array([mine[number] for number in sorted(mine)])


def main() -> None:
    """Print the table."""
    needed = SCORE**2 * INDEPENDENT / HALF_WIDTH**2
    with tempfile.TemporaryDirectory() as folder:
        once = {name: timed(Path(folder) / name, 0, asked, 3.0)["seconds"] for name, asked in ASKED.items()}
        rounds = []
        for seed in SEEDS:
            usually = usual(USUAL) * needed
            runs = {name: timed(Path(folder) / f"{name}-{seed}", seed, asked) for name, asked in ASKED.items()}
            rounds.append((usually, runs))
            for name, run in runs.items():
                print(f"{name}, seed {seed}:", told(run))
        usually = median(each for each, _ in rounds)
        print(f"SimPy as usually written: {usually:.0f} s for {needed:.0f} runs to ±{HALF_WIDTH:.3f} days")
        for name, goal in GOALS.items():
            seconds = median(runs[name]["seconds"] for _, runs in rounds)
            less = median(before / runs[name]["seconds"] for before, runs in rounds)
            print(f"parkflow, {name}: {seconds:.2f} s, {less:.0f} times less (goal {goal}); "
                  f"once {once[name]:.1f} s before")  # fmt: skip
        if "--variances" in sys.argv:
            for name, found, error, expected in variances(Path(folder)):
                fewer, designed = INDEPENDENT / found, INDEPENDENT / expected
                print(f"{name}: variance {found:.2f} ± {error:.2f} (1 s.e.), DESIGN {expected}; "
                      f"{fewer:.1f} times fewer replications, DESIGN {designed:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
